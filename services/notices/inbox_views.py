"""The inbox of a person, and how they want to be told."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from identity.people.adapters import remember_language
from identity.people.models import Person
from portal.kit.access import signed_in
from services.notices import actions, lanes, queries
from services.notices.channels import CHANNELS
from services.notices.forms import WAY, PreferenceForm
from services.notices.models import Notice


@signed_in
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything the person was told, newest first; `?xem=chua-doc` shows what is unread."""
    person: Person = request.user  # type: ignore[assignment]  # signed in
    unread = request.GET.get("xem") == "chua-doc"
    page = queries.inbox(person, unread=unread, after=request.GET.get("sau"))
    newest = max((notice.pk for notice in page.items), default=0)
    return render(request, "notices/inbox.html", {"page": page, "only_unread": unread, "newest": newest})


@signed_in
@never_cache
def inbox_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice; opening it marks it as read."""
    person: Person = request.user  # type: ignore[assignment]  # signed in
    try:
        actions.mark_read(person, pk)
        notice = queries.notice_of(person, pk)
    except Notice.DoesNotExist as gone:
        raise Http404 from gone
    # Within the portal, whatever name it is reached by at the moment.
    leads_to = notice.url.removeprefix(settings.SITE_URL)
    return render(request, "notices/notice.html", {"notice": notice, "told": queries.told(notice), "leads_to": leads_to})


@signed_in
@require_POST
def inbox_read(request: HttpRequest) -> HttpResponse:
    """Mark as read: one notice, or everything up to the newest that was shown."""
    person: Person = request.user  # type: ignore[assignment]  # signed in
    one, up_to = request.POST.get("notice", ""), request.POST.get("up_to", "")
    if one.isdecimal():
        try:
            actions.mark_read(person, int(one))
        except Notice.DoesNotExist as gone:
            raise Http404 from gone
    elif up_to.isdecimal():
        actions.mark_all_read(person, int(up_to))
        messages.success(request, _("Everything is marked as read."))
    return redirect("inbox")


@signed_in
@never_cache
def preferences(request: HttpRequest) -> HttpResponse:
    """By which way the person is told what."""
    person: Person = request.user  # type: ignore[assignment]  # signed in
    reach = queries.reach_of(person)
    form = PreferenceForm(request.POST or None, person=person, reach=reach)
    if request.method == "POST" and form.is_valid():
        actions.choose_preferences(person, **form.wishes)
        with override(person.language):
            messages.success(request, _("Saved."))
        response: HttpResponse = redirect("notice_preferences")
        remember_language(response, person.language)
        return response
    groups = [form[WAY + group] for group in form.groups]
    return render(
        request,
        "notices/preferences.html",
        {"form": form, "groups": groups, "reach": reach, "person": person, "has_duty": lanes.Group.DUTY in form.groups},
        status=422 if form.errors else 200,
    )


@signed_in
@require_POST
def address_works(request: HttpRequest) -> HttpResponse:
    """The person says that an address takes messages again."""
    person: Person = request.user  # type: ignore[assignment]  # signed in
    channel = request.POST.get("channel", "")
    if channel in CHANNELS:
        actions.address_works(person, channel)
        messages.success(request, _("Messages go to this address again."))
    return redirect("notice_preferences")
