"""The applicant's answer to a request for a supplement: files, corrected answers, words, and sending it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.defaultfilters import date as date_text
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from identity.people.models import Person
from portal.kit import clock
from portal.kit.access import ask_to_sign_in, public
from portal.kit.refusal import Refused
from services.cases import actions, filing_papers, queries, stash, typed
from services.cases.filer import known_filer, remember
from services.cases.filing_access import SAFE, for_script
from services.cases.filing_forms import NOTE_LENGTH
from services.cases.filing_page_views import MERGE, REVISION, others, stored_form
from services.cases.models import Case
from services.cases.supplement_wording import NOTHING_ASKED
from services.cases.supplements import PAGE
from services.forms.build import PageForm
from services.forms.questions import input_id
from services.forms.readout import display

NOTE = "0-note"
"""Name of the input for words to the office; no question's input can have it."""
STASHED = "bo-sung"


class NoteForm(forms.Form):
    """What the applicant says beside the corrected answers and the files."""

    prefix = "0"
    note = forms.CharField(
        label=gettext_lazy("Answer to the office"),
        help_text=gettext_lazy("Say what was added or corrected. If the files and answers say it all, this can stay empty."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"mc-rows": 6}),
    )


AnswerView = Callable[..., HttpResponseBase]


def _asked(view: AnswerView) -> AnswerView:
    """Give the view the applicant's own case while something is asked for in it.

    404 for others; whoever has to sign in again comes back to what they typed; when nothing is asked for the case is shown.
    """

    @wraps(view)
    def opened(request: HttpRequest, number: str) -> HttpResponseBase:
        if not isinstance(request.user, Person):
            return _sign_in_first(request, number)
        try:
            case = queries.my_case(request.user, number)
        except Case.DoesNotExist:
            if for_script(request):
                return JsonResponse({"code": "gone"}, status=404)
            raise Http404 from None
        now = queries.answering(case)
        if now is None:
            href = reverse("my_case", args=[number])
            if for_script(request):
                return JsonResponse({"code": "filed", "href": href}, status=409)
            messages.info(request, str(NOTHING_ASKED))
            return redirect(href)
        return view(request, now)

    return public(never_cache(opened))


def _sign_in_first(request: HttpRequest, number: str) -> HttpResponseBase:
    if for_script(request):
        return JsonResponse({"code": "signed_out"}, status=401)
    if request.method in SAFE:
        return ask_to_sign_in(request)
    visitor = known_filer(request).visitor
    if key := queries.key_of(number):
        stash.put(visitor, key, STASHED, dict(request.POST.lists()))
    response = redirect_to_login(reverse("my_supplement", args=[number]))
    remember(request, response)
    return response


@dataclass(frozen=True, slots=True)
class _Desk:
    """A request about one supplement."""

    request: HttpRequest
    now: queries.Answering

    @property
    def person(self) -> Person:
        assert isinstance(self.request.user, Person)
        return self.request.user

    def save(self, data: QueryDict) -> actions.SavedPage:
        lists = {name: values for name, values in data.lists() if name != NOTE}
        was = typed.before(lists.items()) if MERGE in data else None
        # A browser with a script says what it changed; another device's words stay otherwise.
        says = NOTE in data and (MERGE not in data or f"{typed.WAS}{NOTE}" in data)
        note = str(data[NOTE])[:NOTE_LENGTH] if says else None
        sent = typed.inputs(lists.items())
        return actions.save_answers(self.now.case, self.person, sent, note, revision=data.get(REVISION, ""), was=was)

    def label(self, key: str) -> str:
        return self.now.definition.field(key).label.said()

    def href(self, key: str) -> str:
        return f"#{input_id(self.now.definition.field(key), key)}"


@_asked
def my_supplement(request: HttpRequest, now: queries.Answering) -> HttpResponseBase:
    """What was asked for, and the answer to it."""
    desk = _Desk(request, now)
    if request.method == "POST":
        return _sent(desk, request.POST)
    stashed = stash.take(known_filer(request).visitor, now.case.key, STASHED)
    if stashed is not None:
        data = QueryDict(mutable=True)
        for name, values in stashed.items():
            data.setlist(name, values)
        saved = desk.save(data)
        messages.success(request, _("What was typed before signing in again has been kept and is saved now."))
        return _again(desk, form=saved.form if saved.held else None, held=saved.held, status=200)
    return _show(desk)


@_asked
@require_POST
def my_supplement_save(request: HttpRequest, now: queries.Answering) -> HttpResponseBase:
    """Keep the answers while they are being typed; the answer is that of a draft's page."""
    desk = _Desk(request, now)
    saved = desk.save(request.POST)
    taken = typed.by_question(saved.inputs, saved.taken)
    sent = typed.by_question(typed.inputs(request.POST.lists()), saved.taken)
    blank: typed.Inputs = {name: [] for held in sent.values() for name in held}
    at = clock.now()
    return JsonResponse(
        {
            "saved_at": at.isoformat(),
            "at": date_text(clock.local(at), "H:i"),
            "revision": saved.revision,
            "kept": len(saved.form.answers()),
            "problems": queries.complaints(saved.form),
            "updated": blank | {name: texts for held in taken.values() for name, texts in held.items()},
            "told": others(saved, desk.label),
        }
    )


def _sent(desk: _Desk, data: QueryDict) -> HttpResponseBase:
    """Save what was sent, then send it to the office or say what keeps it from being sent."""
    now = desk.now
    form_type = queries.page_form(now.changed, now.form, PAGE)
    form = form_type(data)
    if form.rearranged:
        plain = form.data
        assert isinstance(plain, QueryDict)
        desk.save(plain)
        return _again(desk, form=form, status=200)
    saved = desk.save(data)
    if saved.held:
        return _again(desk, form=saved.form, held=saved.held)
    for text in others(saved, desk.label):
        messages.info(desk.request, text)
    if "_leave" in data:
        messages.success(desk.request, _("Saved. Nothing has been sent to the office yet."))
        return redirect("my_case", number=now.case.number)
    note = NoteForm(data)
    if not note.is_valid():
        return _again(desk, note=note)
    try:
        actions.answer_supplement(now.case, desk.person, note.cleaned_data["note"])
    except actions.Incomplete as incomplete:
        return _again(desk, problems=dict(incomplete.problems))
    except Refused as refused:
        if refused.code != "case.empty_supplement":
            raise
        note.add_error("note", refused.message)
        return _again(desk, note=note)
    messages.success(desk.request, _("Sent. The office has been told, and the time limit runs again."))
    return redirect("my_case", number=now.case.number)


def _again(
    desk: _Desk,
    *,
    form: PageForm | None = None,
    note: NoteForm | None = None,
    problems: dict[str, str] | None = None,
    held: list[str] | None = None,
    status: int = 422,
) -> HttpResponse:
    """The page as it stands after saving."""
    now = queries.answering(desk.now.case)
    if now is None:
        raise Refused("supplement.closed", str(NOTHING_ASKED))
    return _show(_Desk(desk.request, now), form=form, note=note, problems=problems, held=held, status=status)


def supplement_page(request: HttpRequest, case: Case, errors: dict[str, str]) -> HttpResponse:
    """The page with what is wrong with files, by paper."""
    now = queries.answering(case)
    if now is None:
        raise Refused("supplement.closed", str(NOTHING_ASKED))
    return _show(_Desk(request, now), errors=errors, status=422)


def _show(
    desk: _Desk,
    *,
    form: PageForm | None = None,
    note: NoteForm | None = None,
    problems: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    held: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = desk.now
    open_form = form or stored_form(now.changed, now.form, PAGE, missing=problems is not None)
    asked = {one.key for one in now.form.page(PAGE).fields}
    files = {key: text for key, text in (problems or {}).items() if key not in asked}
    blocks = filing_papers.supplement_blocks(now, {**files, **(errors or {})})
    note_form = note or NoteForm({NOTE: now.request.note} if now.request.note else None)
    named = {typed.question_of(name, asked) for name in open_form.errors}
    missing = [{"message": text, "href": desk.href(key)} for key, text in (problems or {}).items() if key in asked - named]
    context: dict[str, Any] = {
        "case": now.case,
        "asked": now.request,
        "items": queries.items_view(now),
        "form": open_form,
        "has_questions": now.asks_anything,
        "note": note_form,
        "blocks": blocks,
        "added": sum(bool(file.remove_action) for block in blocks for file in block.files),
        "problems": [
            *({"message": block.error, "href": f"#{block.input_id}"} for block in blocks if block.error),
            *missing,
            *({"message": str(text), "href": "#id_0-note"} for text in note_form.errors.get("note", [])),
        ],
        "late": now.request.answer_by < clock.now(),
        "revision": queries.page_revision(now.changed, now.form, PAGE),
        "held": [
            {
                "label": desk.label(key),
                "text": display(now.definition.field(key), now.changed.answers.get(key)),
                "href": desk.href(key),
            }
            for key in held or ()
        ],
        "save_href": reverse("my_supplement_save", args=[now.case.number]),
        "sections": queries.sections(now.case),
        **filing_papers.facts(),
    }
    return render(desk.request, "cases/supplement.html", context, status=status)
