"""The administration site: accounts, offices, posts and the working calendar, for officials with the power to administer."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import ForeignKey, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from identity.offices import actions, queries
from identity.offices.models import CalendarDay, Office, Post
from identity.offices.powers import Power
from identity.offices.wording import POWER_NAMES
from identity.people.admin import PersonAdmin
from identity.people.models import Person
from identity.trail.admin import LookAdmin
from identity.trail.models import Look
from portal.kit.access import declare


class AdministrationSite(admin.AdminSite):
    """Signing in happens on the portal's own page; residents do not learn that the site is there."""

    site_header = _("Administration")
    site_title = _("Administration")
    index_title = _("Accounts, offices and calendar")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        person = request.user
        return isinstance(person, Person) and person.is_staff and Power.ADMINISTER in queries.powers_of(person)

    def get_urls(self) -> list[Any]:
        patterns = super().get_urls()
        for pattern in _flat(patterns):
            # A method takes no attributes, its function does.
            declare(Power.ADMINISTER, getattr(pattern.callback, "__func__", pattern.callback))
        return patterns

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """Whoever may not be here: visitors sign in, residents get 404, officials 403."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or request.get_full_path())
        if not request.user.is_official:
            raise Http404
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_change_password")


def _flat(patterns: Iterable[URLPattern | URLResolver]) -> Iterable[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _flat(pattern.url_patterns)
        else:
            yield pattern


class DayField(forms.DateField):
    """A day as it is written in Vietnam; Django's Vietnamese formats would read 10/01 as the first of October."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["widget"] = AdminDateWidget(format=DAY_FORMATS[0])
        super().__init__(input_formats=DAY_FORMATS, **kwargs)


DAY_FORMATS = ["%d/%m/%Y", "%Y-%m-%d"]
"""The second is what the calendar beside the input writes."""


class Rows(admin.ModelAdmin):
    """The site has checked the power; nothing is deleted, because cases refer to it."""

    list_per_page = 50
    show_full_result_count = False
    formfield_overrides = {models.DateField: {"form_class": DayField}}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class People(PersonAdmin, Rows):
    """Accounts."""


class Looks(LookAdmin, Rows):
    """Who looked at whose data."""


class OfficeForm(forms.ModelForm):
    """An office; it cannot hang below itself."""

    class Meta:
        model = Office
        fields = (
            *("parent", "kind", "function", "code", "name", "issuing_name", "symbol", "place"),
            *("ward_code", "address", "phone", "is_active"),
        )

    def clean_parent(self) -> Office | None:
        """Not the office itself or one below it."""
        parent: Office | None = self.cleaned_data["parent"]
        if parent is not None and self.instance.pk and parent.path.startswith(self.instance.path):
            raise ValidationError(_("An office cannot be placed below itself."))
        return parent


class Offices(Rows):
    """The tree of offices, as an indented list."""

    form = OfficeForm
    list_display = ("indented", "code", "kind", "function", "is_active")
    list_display_links = ("indented",)
    list_filter = ("kind", "is_active", "function")
    search_fields = ("name", "code")
    ordering = ("path",)

    @admin.display(description=_("name"))
    def indented(self, office: Office) -> SafeString:
        """The name, further right the deeper it is."""
        return format_html("{}{}", "— " * (office.path.count("/") - 2), office.name)

    def save_model(self, request: HttpRequest, obj: Office, form: Any, change: bool) -> None:
        """Through the actions, which keep the paths."""
        actions.save_office(obj)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        kwargs["queryset"] = Office.objects.filter(is_active=True).order_by("path")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class PostForm(forms.ModelForm):
    """A post; its powers as tick boxes."""

    powers = forms.MultipleChoiceField(
        label=_("Powers"),
        choices=[(power.value, name) for power, name in POWER_NAMES.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Post
        fields = ("person", "office", "title", "capacity", "powers", "since", "until")


class Posts(Rows):
    """Who holds what post where."""

    form = PostForm
    list_display = ("person", "title", "office", "carried", "since", "until")
    list_select_related = ("person", "office")
    search_fields = ("person__full_name", "person__username", "office__name", "title")
    ordering = ("office__path", "pk")

    @admin.display(description=_("powers"))
    def carried(self, post: Post) -> str:
        """The powers in words."""
        return ", ".join(str(POWER_NAMES[Power(power)]) for power in post.powers)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "person":
            kwargs["queryset"] = Person.objects.filter(kind=Person.Kind.OFFICIAL).order_by("full_name", "pk")
        else:
            kwargs["queryset"] = Office.objects.filter(is_active=True).order_by("path")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Post, form: Any, change: bool) -> None:
        """Through the actions."""
        actions.save_post(obj)


class CalendarDays(Rows):
    """Days off and make-up days besides the national holidays."""

    list_display = ("day", "name", "is_working", "office", "decision")
    list_select_related = ("office",)
    list_filter = ("is_working",)
    date_hierarchy = "day"
    ordering = ("-day",)
    fields = ("day", "is_working", "name", "decision", "office")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        kwargs["queryset"] = Office.objects.filter(is_active=True).order_by("path")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def save_model(self, request: HttpRequest, obj: CalendarDay, form: Any, change: bool) -> None:
        """Through the actions."""
        actions.save_calendar_day(obj)

    def delete_model(self, request: HttpRequest, obj: CalendarDay) -> None:
        """Through the actions."""
        actions.remove_calendar_day(obj)

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[CalendarDay]") -> None:
        """Through the actions."""
        for row in queryset:
            actions.remove_calendar_day(row)


site = AdministrationSite(name="admin")
site.register(Person, People)
site.register(Office, Offices)
site.register(Post, Posts)
site.register(CalendarDay, CalendarDays)
site.register(Look, Looks)
