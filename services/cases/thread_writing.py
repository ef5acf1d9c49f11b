"""Writing a message, for applicants and officials alike: what a form sends, what becomes of it, what is shown of a conversation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.template.defaultfilters import date as date_text
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity.people.models import Person
from portal.kit import clock
from portal.kit.access import ask_to_sign_in
from portal.kit.refusal import Refused
from services.cases import conversation, queries, stash
from services.cases.actions import thread as actions
from services.cases.actions.events import Happened, Overtaken
from services.cases.filer import known_filer, remember
from services.cases.filing_access import SAFE, for_script
from services.cases.filing_papers import ACCEPT, SCAN_NOTES, facts
from services.cases.models import Case, CaseMessage
from services.cases.queries import thread as reading
from services.documents import actions as documents
from services.documents.models import Attachment

BODY, WAS, AFTER, FILES = "body", "_was.body", "_revision", "files"
REMOVE, KEEP, DISCARD = "_remove", "_keep", "_discard"
STASHED = "trao-doi"
FILES_ID = "tep-tin-nhan"

Send = Callable[[str, int], CaseMessage]
"""Sends the person's draft: its text, and how many messages they had sent before it."""


class MessageForm(forms.Form):
    """The words of a message."""

    use_required_attribute = False

    body = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=conversation.LONGEST,
        widget=forms.Textarea(attrs={"mc-rows": 5}),
        error_messages={"required": gettext_lazy("Write the message")},
    )

    def __init__(self, data: Any = None, *, text: str = "", help_text: str | Promise = "") -> None:
        super().__init__(data, auto_id="tin-nhan-%s", initial={BODY: text})
        self.fields[BODY].help_text = str(help_text)


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of a message."""

    id: UUID
    name: str
    size: int
    kind: str
    at: datetime
    href: str
    warning: str | Promise
    note: str = ""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message as one of the two sides reads it; `mine`: their side wrote it."""

    key: UUID
    mine: bool
    who: str
    office: str
    at: datetime
    text: str
    files: list[FileLine]
    read_at: datetime | None
    is_new: bool


@dataclass(slots=True)
class Writing:
    """The form and what was wrong with it. Built from a draft, or from what was just sent."""

    form: MessageForm
    text: str = ""
    file_errors: list[str] = field(default_factory=list)
    since: Sequence[Happened] = ()
    status: int = 200

    @property
    def problems(self) -> list[dict[str, str]]:
        """For the error summary, beside the form's own."""
        return [{"message": text, "href": f"#{FILES_ID}"} for text in self.file_errors]


def rows_of(
    sent: Sequence[CaseMessage], case: Case, number_of_file: Callable[[UUID], str], *, for_office: bool
) -> list[MessageRow]:
    """The messages for one side. Residents read the names of offices, officials those of their colleagues too."""
    rows = []
    for one in sent:
        by_office = one.office is not None
        office = one.office.name if one.office else ""
        name = one.author.full_name if for_office or not by_office else office
        rows.append(
            MessageRow(
                key=one.key,
                mine=by_office == for_office,
                who=name,
                office=office if for_office else "",
                at=one.sent_at or one.saved_at,
                text=one.body,
                files=files_of(one, number_of_file),
                read_at=one.read_at,
                is_new=by_office != for_office and one.read_at is None,
            )
        )
    return rows


def files_of(message: CaseMessage, address: Callable[[UUID], str]) -> list[FileLine]:
    """Its files; what is not scanned yet has no address."""
    return [_file(link.attachment, address) for link in message.files.all()]


def _file(one: Attachment, address: Callable[[UUID], str]) -> FileLine:
    href = address(one.pk) if one.may_be_opened else ""
    return FileLine(one.pk, one.name, one.size, one.media_type, one.uploaded_at, href, SCAN_NOTES.get(one.scan, ""))


def writing_context(case: Case, person: Person, writing: Writing, draft: CaseMessage | None) -> dict[str, Any]:
    """What the form's template shows besides the form. One query."""
    return {
        "writing": writing,
        "draft": draft,
        "after": reading.sent_by(case, person),
        "draft_name": f"{case.key}:{STASHED}:{person.pk}",
        "most_files": conversation.MOST_FILES,
        "files_id": FILES_ID,
        **facts(),
        "accept": ACCEPT,
    }


# What is sent


def after_of(request: HttpRequest) -> int:
    """How many messages the person had sent when the page was made."""
    text = request.POST.get(AFTER, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def receive(request: HttpRequest, case: Case, person: Person, send: Send) -> Writing | None:
    """Do what the pressed button says. None: done, and the person was told; else the form again with what is wrong.

    Whatever is wrong, the text and the files that could be taken are kept as a draft first.
    """
    if DISCARD in request.POST:
        actions.discard_message_draft(case.pk, person)
        messages.success(request, _("The draft was deleted."))
        return None
    text, after = request.POST.get(BODY, ""), after_of(request)
    stored, errors = _received(person, request.FILES.getlist(FILES))
    try:
        saved = actions.save_message_draft(case.pk, person, text, was=request.POST.get(WAS, ""), files=stored, after=after)
    except Refused as refused:
        return _again(case, person, text, refused, errors)
    if saved.sent is not None:
        messages.success(request, _("The message was sent."))
        return None
    if attachment := _uuid(request.POST.get(REMOVE, "")):
        actions.remove_message_file(case.pk, person, attachment)
        return None
    if errors:
        return Writing(_form(saved.text), saved.text, errors, status=422)
    if KEEP in request.POST:
        messages.success(request, _("The draft is kept. Nothing has been sent."))
        return None
    if saved.elsewhere:
        return _wrong(saved.text, _("This draft was changed on another device. Look at the text below, then send it."), 409)
    try:
        send(text, after)
    except Overtaken as overtaken:
        return Writing(_form(saved.text), saved.text, since=overtaken.since, status=409)
    except Refused as refused:
        return _again(case, person, text, refused, [])
    messages.success(request, _("The message was sent."))
    return None


def _received(person: Person, sent: Sequence[UploadedFile]) -> tuple[list[Attachment], list[str]]:
    """The files that are taken, and why the others are not. They are checked outside any transaction."""
    stored, errors = [], []
    for one in sent[: conversation.MOST_FILES]:
        try:
            stored.append(documents.receive(person, one))
        except Refused as refused:
            errors.append(_("%(name)s was not accepted. %(reason)s") % {"name": one.name, "reason": refused.message})
    if len(sent) > conversation.MOST_FILES:
        errors.append(_("A message carries at most %(most)d files.") % {"most": conversation.MOST_FILES})
    return stored, errors


def _again(case: Case, person: Person, text: str, refused: Refused, errors: list[str]) -> Writing:
    """The form with the reason; a refusal that is about neither the words nor the files is the page's."""
    if refused.field == FILES:
        # The text was not kept together with files that are too many.
        saved = actions.save_message_draft(case.pk, person, text, was=text)
        return Writing(_form(saved.text or text), saved.text or text, [*errors, refused.message], status=refused.status)
    if refused.field != BODY:
        raise refused
    draft = reading.draft_of(case, person)
    kept = draft.body if draft is not None and refused.code == "message.elsewhere" else text
    wrong = _wrong(kept, refused.message, refused.status)
    wrong.file_errors = errors
    return wrong


def _wrong(text: str, message: str, status: int) -> Writing:
    form = _form(text)
    form.add_error(BODY, message)
    return Writing(form, text, status=status)


def _form(text: str) -> MessageForm:
    form = MessageForm({BODY: text})
    # Errors are those of sending, not of the field: a draft may be empty or too long.
    form.full_clean()
    form.errors.clear()
    form.cleaned_data = {}
    return form


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def save(request: HttpRequest, case: Case, person: Person, here: str) -> JsonResponse:
    """Keep the draft while it is typed; the answer is that of a page of questions that saves itself."""
    text, after = request.POST.get(BODY, ""), after_of(request)
    try:
        saved = actions.save_message_draft(case.pk, person, text, was=request.POST.get(WAS, text), after=after)
    except Refused as refused:
        return JsonResponse({"code": "refused", "message": refused.message}, status=409)
    if saved.sent is not None:
        return JsonResponse({"code": "filed", "href": here}, status=409)
    at = clock.now()
    too_long = len(saved.text) > conversation.LONGEST
    return JsonResponse(
        {
            "saved_at": at.isoformat(),
            "at": date_text(clock.local(at), "H:i"),
            "revision": str(after),
            "problems": {BODY: _("Use at most %(count)d characters.") % {"count": conversation.LONGEST}} if too_long else {},
            "updated": {BODY: [saved.text]} if saved.elsewhere else {},
            "told": [_("Text from another device was put together with yours.")] if saved.elsewhere else [],
        }
    )


# Sessions that ended while somebody was writing


def sign_in_first(request: HttpRequest, number: str, back: str) -> HttpResponseBase:
    """The way to the sign-in page and back to the view named `back`; what was typed is kept meanwhile. 401 for scripts."""
    if for_script(request):
        return JsonResponse({"code": "signed_out"}, status=401)
    if request.method in SAFE:
        return ask_to_sign_in(request)
    visitor = known_filer(request).visitor
    if key := queries.key_of(number):
        stash.put(visitor, key, STASHED, {BODY: [request.POST.get(BODY, "")], WAS: [request.POST.get(WAS, "")]})
    response = redirect_to_login(reverse(back, args=[number]))
    remember(request, response)
    return response


def take_back_typed(request: HttpRequest, case: Case, person: Person) -> None:
    """Put what was typed before signing in again into the draft, and say so."""
    kept = stash.take(known_filer(request).visitor, case.key, STASHED)
    if kept is None or not kept[BODY][0].strip():
        return
    actions.save_message_draft(case.pk, person, kept[BODY][0], was=kept[WAS][0])
    messages.success(
        request, _("What you had typed before signing in again is kept as a draft. Choose the files again, then send it.")
    )
