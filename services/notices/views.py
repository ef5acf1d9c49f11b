"""The page of messages that would have been sent, with the demo accounts; it exists in development only."""

from itertools import groupby

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from identity.offices.wording import POWER_NAMES
from identity.people import contacts
from portal.kit.access import public
from services.notices import development, queries


@public
@never_cache
def development_outbox(request: HttpRequest) -> HttpResponse:
    """The latest messages, with the codes in them made easy to find; `?xem=tai-khoan` shows the demo accounts instead."""
    if not settings.DEVELOPMENT_OUTBOX:
        raise Http404
    if request.GET.get("xem") == "tai-khoan":
        return render(request, "notices/demo_accounts.html", _demo_accounts())
    recipient = request.GET.get("nguoi-nhan", "")[:254]
    kept = [
        {"message": message, "codes": development.codes_in(message.body)} for message in queries.development_messages(recipient)
    ]
    return render(request, "notices/development_outbox.html", {"tab": "messages", "kept": kept, "recipient": recipient})


def _demo_accounts() -> dict[str, object]:
    rows = [
        {
            "agency": post.office.name if post.office.is_agency or post.office.parent is None else post.office.parent.name,
            "name": post.person.full_name,
            "login": post.person.username,
            "what": f"{post.title}, {post.office.name}",
            "powers": ", ".join(str(name) for power, name in POWER_NAMES.items() if power in post.powers),
        }
        for post in queries.demo_officials()
    ]
    residents = [
        {"name": person.full_name, "login": contacts.shown(person.phone or person.email or ""), "what": "", "powers": ""}
        for person in queries.demo_residents()
    ]
    groups = [{"title": _("Residents"), "rows": residents}] if residents else []
    groups += [{"title": agency, "rows": list(found)} for agency, found in groupby(rows, key=lambda row: row["agency"])]
    return {"tab": "accounts", "groups": groups, "password": settings.DEMO_PASSWORD}
