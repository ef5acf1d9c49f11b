"""Accounts on the administration site. The site itself is in identity.offices.admin, which asks for the power."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from identity.people import actions, contacts, queries
from identity.people.models import Person

KNOWN = ("full_name", "birth_date", "kind", "date_joined")
"""Of a resident's account, what is shown to compare with the identity card and never changed here. The number is not shown: the
account is found by typing it from the card."""


class OfficialForm(forms.ModelForm):
    """A work account: made here, or changed. A password is set, never shown."""

    username = forms.RegexField(
        r"^[a-z0-9]+([._-][a-z0-9]+)*$",
        label=_("Work account"),
        max_length=60,
        help_text=_("Such as tiepnhan.benthanh: small letters, digits, dots and dashes."),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave empty to keep the one there is."),
    )

    class Meta:
        model = Person
        fields = ("username", "full_name", "email", "phone", "is_active", "is_staff")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.fields["password"].required = True
            self.fields["password"].help_text = ""

    def clean_email(self) -> str | None:
        """The stored form, or nothing."""
        return self._contact("email")

    def clean_phone(self) -> str | None:
        """The stored form, or nothing."""
        return self._contact("phone")

    def _contact(self, name: str) -> str | None:
        typed = self.cleaned_data.get(name)
        if not typed:
            return None
        try:
            contact = contacts.normal(typed)
        except contacts.InvalidContact:
            raise ValidationError(_("This is not an e-mail address or a Vietnamese mobile number.")) from None
        holder = queries.person_by_contact(contact)
        if holder is not None and holder.pk != self.instance.pk:
            raise ValidationError(_("Another account has this phone number or e-mail address."))
        return contact

    def clean_password(self) -> str:
        """Not easy to guess."""
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password, self.instance)
        return password


class ResidentForm(forms.ModelForm):
    """A resident's account can only be closed or opened again here, and its identity noted as checked."""

    class Meta:
        model = Person
        fields = ("is_active", "identity_checked_on")


class PersonAdmin(admin.ModelAdmin):
    """Accounts: work accounts are made here; residents make their own."""

    list_display = ("full_name", "username", "is_active", "is_staff", "kind")
    list_filter = ("is_active", "is_staff")
    search_fields = ("full_name",)
    search_help_text = _(
        "A resident: the whole phone number, e-mail address or personal number. An official: part of the name too."
    )
    ordering = ("full_name", "pk")
    list_per_page = 50
    show_full_result_count = False

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Officials; a resident only when named exactly. Nobody leafs through millions of residents."""
        officials = queryset.filter(kind=Person.Kind.OFFICIAL)
        if not search_term.strip():
            return officials, False
        exact = queries.matching_exactly(search_term).values("pk")
        return queryset.filter(pk__in=exact) | officials.filter(full_name__icontains=search_term.strip()), False

    def get_form(
        self, request: HttpRequest, obj: Person | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        kwargs["form"] = OfficialForm if obj is None or obj.is_official else ResidentForm
        kwargs["fields"] = None
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Person | None = None) -> Any:
        if obj is None or obj.is_official:
            return ("username", "full_name", "password", "email", "phone", "is_active", "is_staff")
        return (*KNOWN, "is_active", "identity_checked_on")

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> Any:
        return () if obj is None or obj.is_official else KNOWN

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """Through the actions."""
        password = form.cleaned_data.get("password", "")
        if not change:
            obj.kind = Person.Kind.OFFICIAL
            if not password:
                obj.set_unusable_password()
        actions.save_account(obj, password)
