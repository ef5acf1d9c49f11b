"""The conversation in a case: drafts that nothing takes away, messages that are sent once and never change, who has read them.

A page says how many messages its author had sent when it was made (`after`): the same text again from that page is the same message.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import conversation, lifecycle
from services.cases.actions.assignment import touch_held
from services.cases.actions.course import on_case
from services.cases.actions.events import allowed, check_seen, record, site_link
from services.cases.actions.ownership import own_case
from services.cases.actions.telling import tell_official
from services.cases.models import Case, CaseEvent, CaseMessage, MessageFile, WorkItem
from services.cases.queries.notes import writing_office
from services.cases.queries.thread import draft_of, may_write
from services.documents import actions as documents
from services.documents.models import Attachment
from services.notices import actions as notices

THREAD = "trao-doi/"
"""The page of the conversation, under the address of the case."""


@dataclass(frozen=True, slots=True)
class SavedMessage:
    """What became of text that was sent to be kept. `sent`: it is a message already; `elsewhere`: another device's text is in it too."""

    text: str
    sent: CaseMessage | None = None
    elsewhere: bool = False


# Drafts


def save_message_draft(
    case_pk: int, by: Person, body: str, *, was: str = "", files: Sequence[Attachment] = (), after: int | None = None
) -> SavedMessage:
    """Keep what somebody is writing, with files that were checked. `was` is what their page showed before.

    Text that another device wrote meanwhile stays beside it. An empty draft is not kept. Case.DoesNotExist for a stranger; files that
    are not kept are deleted.
    """
    try:
        return _save_draft(case_pk, by, conversation.tidy(body), conversation.tidy(was), files, after)
    except BaseException:
        for one in files:
            documents.discard(one)
        raise


@transaction.atomic
def _save_draft(case_pk: int, by: Person, body: str, was: str, files: Sequence[Attachment], after: int | None) -> SavedMessage:
    case = _case_to_write(case_pk, by)
    if sent := _sent_already(case, by, body, after):
        for one in files:
            documents.discard(one)
        return SavedMessage("", sent=sent)
    _check_open(case)
    draft = draft_of(case, by)
    text = conversation.merged(draft.body, was, body) if draft else body
    if len(text) > conversation.LONGEST_DRAFT:
        message = _("Use at most %(count)d characters.") % {"count": conversation.LONGEST}
        raise Refused("message.long", message, field="body", status=422)
    if draft is None and (text.strip() or files):
        draft = CaseMessage.objects.create(case=case, author=by)
    if draft is None:
        return SavedMessage("")
    _add(draft, files)
    if not text.strip() and not draft.files.exists():
        draft.delete()
        return SavedMessage("")
    draft.body, draft.saved_at = text, clock.now()
    draft.save(update_fields=["body", "saved_at"])
    return SavedMessage(text, elsewhere=text != body)


def _add(draft: CaseMessage, files: Sequence[Attachment]) -> None:
    """Put files into a draft, each content once."""
    here = dict(draft.files.values_list("attachment__sha256", "position"))
    known = set(here)
    new: list[Attachment] = []
    again: list[Attachment] = []
    for one in files:
        (again if one.sha256 in known else new).append(one)
        known.add(one.sha256)
    if len(known) > conversation.MOST_FILES:
        message = _("A message carries at most %(most)d files. Remove one first, or send a second message.")
        raise Refused("message.too_many_files", message % {"most": conversation.MOST_FILES}, field="files", status=422)
    start = max(here.values(), default=-1) + 1
    MessageFile.objects.bulk_create(
        MessageFile(message=draft, attachment=one, position=start + number) for number, one in enumerate(new)
    )
    for one in again:
        documents.discard(one)


@transaction.atomic
def remove_message_file(case_pk: int, by: Person, attachment: UUID) -> None:
    """Take a file out of one's own draft. One that is not there any more changes nothing; a sent message keeps its files."""
    case = _case_to_write(case_pk, by)
    link = (
        MessageFile.objects.select_related("attachment", "message")
        .filter(message__case=case, message__author=by, message__sent_at=None, attachment=attachment)
        .first()
    )
    if link is None:
        return
    draft, stored = link.message, link.attachment
    link.delete()
    documents.discard(stored)
    if not draft.body.strip() and not draft.files.exists():
        draft.delete()


@transaction.atomic
def discard_message_draft(case_pk: int, by: Person) -> None:
    """Delete what the person has written and not sent, with its files."""
    draft = draft_of(_case_to_write(case_pk, by), by)
    if draft is None:
        return
    stored = [link.attachment for link in draft.files.all()]
    draft.delete()
    for one in stored:
        documents.discard(one)


def _case_to_write(case_pk: int, by: Person) -> Case:
    """The locked case of whoever may write in it; Case.DoesNotExist for a stranger."""
    return on_case(case_pk, by)[0] if by.is_official else own_case(case_pk, by)


# Messages


@transaction.atomic
def send_message(case_pk: int, by: Person, body: str, *, after: int | None = None, seen: int | None = None) -> CaseMessage:
    """An official writes to the applicant. With `after` it is their draft, with its files, and a repeat gives the same message.

    Raises Case.DoesNotExist for a stranger, Overtaken, and Refused("message.…") for a message that cannot be sent.
    """
    case, powers = on_case(case_pk, by)
    row = allowed("send_message", case, powers=powers)
    text = conversation.tidy(body)
    if sent := _sent_already(case, by, text, after):
        return sent
    check_seen(case, seen, by)
    office = writing_office(case, by)
    message = _send(case, by, text, after, office)
    touch_held(case, by)
    record(case, row, by=by, office=office, data={"message": str(message.key)})
    return message


@transaction.atomic
def write_message(case_pk: int, by: Person, body: str, *, after: int | None = None) -> CaseMessage:
    """The applicant writes to the office. Otherwise as `send_message`; Refused("message.too_many") after twenty in an hour."""
    case = own_case(case_pk, by)
    row = allowed("write_message", case, actor=lifecycle.Actor.RESIDENT)
    text = conversation.tidy(body)
    if sent := _sent_already(case, by, text, after):
        return sent
    lately = CaseMessage.objects.filter(author=by, office=None, sent_at__gt=clock.now() - conversation.HOUR)
    if lately.count() >= conversation.MOST_AN_HOUR:
        message = _("You have sent %(most)d messages in an hour. Your text is kept here; send it a little later.")
        raise Refused("message.too_many", message % {"most": conversation.MOST_AN_HOUR}, field="body", status=429)
    written = _send(case, by, text, after, None)
    record(case, row, by=by, data={"message": str(written.key)})
    return written


def _sent_already(case: Case, by: Person, body: str, after: int | None) -> CaseMessage | None:
    """The message with that text which the person has sent since their page was made."""
    if after is None:
        return None
    since = CaseMessage.objects.filter(case=case, author=by, sent_at__isnull=False).order_by("sent_at", "id")[max(0, after) :]
    return next((one for one in since if one.body == body.strip()), None)


def _check_open(case: Case) -> None:
    if not may_write(case):
        message = _("This case was closed more than %(days)d days ago, so no more messages can be written in it.")
        raise Refused("message.closed", message % {"days": conversation.AFTER_CLOSING.days})


def _send(case: Case, by: Person, body: str, after: int | None, office: Office | None) -> CaseMessage:
    """The draft, or a message of its own without `after`, becomes a sent message."""
    _check_open(case)
    text = body.strip()
    if not text:
        raise Refused("message.empty", _("Write the message"), field="body", status=422)
    if len(text) > conversation.LONGEST:
        message = _("Use at most %(count)d characters.") % {"count": conversation.LONGEST}
        raise Refused("message.long", message, field="body", status=422)
    draft = draft_of(case, by) if after is not None else None
    if draft is not None and draft.body.strip() != text:
        message = _("This draft was changed on another device. Look at the text below, then send it.")
        raise Refused("message.elsewhere", message, field="body")
    if draft is None:
        sent = CaseMessage(case=case, author=by)
    else:
        sent = draft
        if any(link.attachment.scan == Attachment.Scan.INFECTED for link in draft.files.all()):
            raise Refused("message.infected", _("Remove the file that contained a virus, then send."), field="files", status=422)
    sent.body, sent.office, sent.sent_at = text, office, clock.now()
    sent.save()
    return sent


@transaction.atomic
def mark_read(messages: Sequence[CaseMessage], *, by_office: bool) -> None:
    """The other side has these before it; what was seen before keeps its time."""
    new = [one.pk for one in messages if one.read_at is None and (one.office_id is None) == by_office]
    if new:
        CaseMessage.objects.filter(pk__in=new, read_at=None).update(read_at=clock.now())


# What workers do


def tell_applicant(case: Case, event: CaseEvent) -> None:
    """Tell the applicant that an office has written. What it says stays in the case."""
    notices.queue(
        key=f"case-event-{event.pk}",
        person=case.filed_by,
        event="message_received",
        values={
            "number": case.number or "",
            "procedure": case.version.name,
            "agency": case.agency.name,
            "office": event.office.name if event.office else case.agency.name,
            "return_place": case.agency.name,
            "due": "",
            "reason": "",
            "url": f"{site_link(case)}{THREAD}",
        },
    )


def tell_desks(case: Case, event: CaseEvent) -> None:
    """Tell who holds work in the case that the applicant has written; where nobody does, the heads of the offices it lies at."""
    items = list(
        case.work_items.filter(state=WorkItem.State.OPEN).select_related("office", "claimed_by").order_by("position", "pk")
    )
    told = {item.claimed_by: item for item in items if item.claimed_by is not None}
    if not told:
        last = case.work_items.select_related("office").order_by("-finished_at", "-pk")[:1]
        told = {head: item for item in items or last for head in offices.holders(item.office, Power.LEAD)}
    for person, item in told.items():
        tell_official(f"applicant-wrote-{event.pk}-{person.pk}", person, "applicant_wrote", case, item)
