"""The conversation with the applicant on the officials' case page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from identity.people.models import Person
from services.cases import conversation
from services.cases.actions import thread as actions
from services.cases.models import CannedText, Case
from services.cases.officials.canned_parts import canned_part
from services.cases.queries import thread as reading
from services.cases.thread_writing import MessageForm, Writing, files_of, rows_of, writing_context

HELP = _("The applicant reads it with the name of your office, not yours. It can no longer be changed once it is sent.")


def thread_part(case: Case, person: Person, writing: Writing | None = None) -> dict[str, Any]:
    """Messages, and the form of a new one with what was typed. Who holds work in the case reads for the office."""
    sent = reading.messages_of(case)
    if any(one.office_id is None and one.read_at is None for one in sent) and reading.reads_for_office(case, person):
        actions.mark_read(sent, by_office=True)
    address = _file_address(case)
    thread: dict[str, Any] = {
        "rows": rows_of(sent, case, address, for_office=True),
        "may_write": reading.official_may_write(case, person),
        "days": conversation.AFTER_CLOSING.days,
        "problems": writing.problems if writing else [],
        "form": writing.form if writing else None,
    }
    if thread["may_write"]:
        draft = reading.draft_of(case, person)
        text = draft.body if draft else ""
        writing = writing or Writing(MessageForm(text=text), text)
        writing.form.fields["body"].help_text = str(HELP)
        thread |= writing_context(case, person, writing, draft)
        thread["draft_files"] = files_of(draft, address) if draft else []
        thread |= canned_part(person, CannedText.Use.MESSAGE, case)
    return {"thread": thread}


def _file_address(case: Case) -> Callable[[UUID], str]:
    return lambda attachment: reverse("casework_message_file", args=[case.number, attachment])
