"""Writing the texts that an office uses often."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from identity.offices.models import Office
from identity.people.models import Person
from portal.kit.refusal import Refused
from services.cases import canned_text, ordering
from services.cases.models import CannedText
from services.cases.queries import canned as queries


def check_placeholders(body: str) -> None:
    """Raises Refused on the field `body`, naming what cannot be filled."""
    if wrong := canned_text.unknown(body):
        names = ", ".join(f"{{{name}}}" for name in wrong)
        raise Refused("canned.unknown", _("There is no such placeholder: %(names)s") % {"names": names}, field="body", status=422)
    if canned_text.unpaired(body):
        raise Refused("canned.unpaired", _("A brace { or } has no partner."), field="body", status=422)


def save_text(by: Person, office: Office, *, use: str, title: str, body: str, text: CannedText | None = None) -> CannedText:
    """Write a new text, or change one of the office. Office.DoesNotExist for whoever handles no cases there."""
    office = queries.office_of(by, office.pk)
    check_placeholders(body)
    if text is None:
        last = CannedText.objects.filter(office=office, use=use).aggregate(last=Max("position"))["last"]
        text = CannedText(office=office, position=0 if last is None else last + 1)
    text.use, text.title, text.body = use, title.strip(), body.strip()
    try:
        with transaction.atomic():
            text.save()
    except IntegrityError as same:
        message = _("The office already has a text with this title for this use.")
        raise Refused("canned.twice", message, field="title", status=422) from same
    return text


def set_text_active(by: Person, text: CannedText, *, active: bool) -> None:
    """Take a text out of use, or back into it."""
    queries.office_of(by, text.office_id)
    CannedText.objects.filter(pk=text.pk).update(is_active=active)


@transaction.atomic
def move_text(by: Person, text: CannedText, *, up: bool) -> None:
    """Put a text one place up or down among those for the same use."""
    queries.office_of(by, text.office_id)
    rows = {
        row.pk: row
        for row in CannedText.objects.select_for_update().filter(office=text.office_id, use=text.use).order_by("position", "pk")
    }
    for position, pk in enumerate(ordering.moved(list(rows), text.pk, up=up)):
        rows[pk].position = position
    CannedText.objects.bulk_update(rows.values(), ["position"])
