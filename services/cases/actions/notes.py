"""Notes for colleagues, which the applicant never reads."""

from django.db import transaction
from django.utils.translation import gettext as _

from identity.people.models import Person
from portal.kit.refusal import Refused
from services.cases.actions.events import allowed, locked, record
from services.cases.actions.sharing_out import touch_held
from services.cases.models import CaseNote
from services.cases.queries.authority import powers_on
from services.cases.queries.notes import writing_office

NOTE_LENGTH = 4000


@transaction.atomic
def write_note(case_pk: int, by: Person, body: str) -> CaseNote:
    """Keep a note in the case. It is added to what others wrote, so it fits whatever happened meanwhile."""
    case = locked(case_pk)
    row = allowed("note", case, powers=powers_on(case, by))
    text = body.replace("\r\n", "\n").strip()
    if not text:
        raise Refused("note.empty", _("Write the note"), field="body", status=422)
    if len(text) > NOTE_LENGTH:
        message = _("Use at most %(count)d characters.") % {"count": NOTE_LENGTH}
        raise Refused("note.long", message, field="body", status=422)
    office = writing_office(case, by)
    note = CaseNote.objects.create(case=case, author=by, office=office, body=text)
    touch_held(case, by)
    record(case, row, by=by, office=office, data={"note": note.pk})
    return note
