"""One page of questions: shown, saved as it is typed, and sent on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.defaultfilters import date as date_text
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.kit import clock
from portal.kit.access import public, signed_in
from services.cases import actions, queries, stash, typed
from services.cases.filer import filer_of
from services.cases.filing_access import own_draft
from services.cases.filing_steps import CHECKING, address, input_id, leaving, steps_of
from services.cases.models import Case
from services.forms.build import PageForm
from services.forms.definition import Definition
from services.forms.readout import display

REVISION, MERGE = "_revision", "_merge"
"""Inputs of a page that are not answers: what the browser knows of it, and that it tells what it changed."""


@public
@never_cache
@own_draft
def file_page(request: HttpRequest, case: Case, page: str) -> HttpResponse:
    """One page of the form: shows what was saved or typed, saves whatever is sent, says what is wrong."""
    definition = queries.definition_of(case)
    if page not in {one.key for one in definition.pages}:
        raise Http404
    if page not in {one.key for one in definition.pages_shown(case.answers)}:
        # An answer on an earlier page has made this one unnecessary.
        return redirect("file_continue", key=case.key)
    desk = _Desk(request, case, definition, page)
    if request.method == "POST":
        return _sent(desk, request.POST)
    stashed = stash.take(filer_of(request).visitor, case.key, page) if case.pk else None
    return _returned(desk, stashed) if stashed is not None else desk.show(_stored_form(desk))


@dataclass(frozen=True, slots=True)
class _Desk:
    """A request for one page of one draft."""

    request: HttpRequest
    case: Case
    definition: Definition
    page: str

    def save(self, sent: typed.Inputs, data: QueryDict) -> actions.SavedPage:
        was = typed.before(data.lists()) if MERGE in data else None
        saved = actions.save_page(self.case, filer_of(self.request), self.page, sent, revision=data.get(REVISION, ""), was=was)
        saved.case.clerk = self.case.clerk
        return saved

    def label(self, key: str) -> str:
        return self.definition.field(key).label.said()

    def show(self, form: PageForm, case: Case | None = None, held: list[str] | None = None) -> HttpResponse:
        stored = case or self.case
        context = {
            "case": stored,
            "page": self.definition.page(self.page),
            "form": form,
            "steps": steps_of(stored, self.definition, queries.gaps(stored), self.page),
            "revision": queries.page_revision(stored, self.definition, self.page),
            "held": [
                {
                    "label": self.label(key),
                    "text": display(self.definition.field(key), stored.answers.get(key)),
                    "href": f"#{input_id(self.definition, key)}",
                }
                for key in held or ()
            ],
            **draft_facts(stored),
            "save_href": address("file_save", stored, self.page),
        }
        return render(self.request, "filing/page.html", context)


def draft_facts(case: Case) -> dict[str, Any]:
    """What every page of a draft needs besides its own: where the draft is found again."""
    return {"leave_href": leaving(case)}


def _stored_form(desk: _Desk) -> PageForm:
    return stored_form(desk.case, desk.definition, desk.page)


def stored_form(case: Case, definition: Definition, page: str, *, missing: bool = False) -> PageForm:
    """The page as it is stored. Where text is kept that must be corrected it says so; with `missing` also what is not answered."""
    form_type = queries.page_form(case, definition, page)
    kept = queries.stored_inputs(case, definition, page) if missing else case.typed.get(page)
    if kept is None:
        return form_type()
    form = form_type(kept)
    if missing:
        return form
    wrong = queries.complaints(form)
    for name in list(form.errors):
        if name not in wrong:
            del form.errors[name]
    return form


def _sent(desk: _Desk, data: QueryDict) -> HttpResponse:
    """Save what was sent and lead on, or say what is wrong with it."""
    form_type = queries.page_form(desk.case, desk.definition, desk.page)
    rearranged = form_type(data)
    if rearranged.rearranged:
        # A row was added or removed, or a province chosen: the page comes back with everything that was typed.
        saved = desk.save(typed.inputs(_plain(rearranged).lists()), data)
        return desk.show(rearranged, saved.case)
    saved = desk.save(typed.inputs(data.lists()), data)
    back, leaving_now = "_back" in data, "_leave" in data
    if saved.held:
        return desk.show(saved.form, saved.case, saved.held)
    _tell_of_others(desk, saved)
    if not (back or leaving_now or saved.complete):
        return desk.show(saved.form, saved.case)
    if leaving_now:
        messages.success(desk.request, _saved_words(saved.case))
        return redirect(leaving(saved.case))
    # Answers of this page may have changed which pages come before and after it.
    steps = steps_of(saved.case, desk.definition, [], desk.page)
    if back:
        return redirect(steps.before)
    if desk.request.GET.get("sau") == CHECKING:
        return redirect("file_check", key=saved.case.key)
    return redirect(steps.after)


def _plain(form: PageForm) -> QueryDict:
    assert isinstance(form.data, QueryDict)
    return form.data


def _saved_words(case: Case) -> str:
    if case.clerk is not None:
        return _("Saved. The draft lies at the counter.")
    if case.applicant_id:
        return _("Saved. The draft is under My cases and can be continued on any device.")
    return _("Saved in this browser. Sign in to continue on another device.")


def _returned(desk: _Desk, stashed: stash.Sent) -> HttpResponse:
    """The page after signing in again: what was sent when the session had ended is saved now and shown."""
    data = QueryDict(mutable=True)
    for name, values in stashed.items():
        data.setlist(name, values)
    saved = desk.save(typed.inputs(data.lists()), data)
    if not saved.held:
        _tell_of_others(desk, saved)
        messages.success(desk.request, _("What was typed before signing in again has been kept and is saved now."))
        return desk.show(_stored_form(_Desk(desk.request, saved.case, desk.definition, desk.page)), saved.case)
    return desk.show(saved.form, saved.case, saved.held)


def _tell_of_others(desk: _Desk, saved: actions.SavedPage) -> None:
    for text in others(saved, desk.label):
        messages.info(desk.request, text)


def others(saved: actions.SavedPage, label: Callable[[str], str]) -> list[str]:
    """What another device changed meanwhile, in words."""
    told = []
    if saved.taken:
        names = ", ".join(map(label, saved.taken))
        told.append(_("Changed on another device meanwhile, and shown here as it was saved there: %(names)s.") % {"names": names})
    if saved.both:
        names = ", ".join(map(label, saved.both))
        told.append(_("Also changed on another device meanwhile; what was typed here is kept: %(names)s.") % {"names": names})
    return told


# Saved while typing


@public
@never_cache
@require_POST
@own_draft
def file_save(request: HttpRequest, case: Case, page: str) -> HttpResponse:
    """Keep a page while it is being typed. The answer tells when it was saved, what is not right yet, and what others changed."""
    definition = queries.definition_of(case)
    if page not in {one.key for one in definition.pages}:
        raise Http404
    desk = _Desk(request, case, definition, page)
    saved = desk.save(typed.inputs(request.POST.lists()), request.POST)
    taken = typed.by_question(saved.inputs, saved.taken)
    sent = typed.by_question(typed.inputs(request.POST.lists()), saved.taken)
    blank: typed.Inputs = {name: [] for held in sent.values() for name in held}
    return JsonResponse(
        {
            "saved_at": saved.case.saved_at.isoformat(),
            "at": date_text(clock.local(saved.case.saved_at), "H:i"),
            "revision": saved.revision,
            "kept": len(saved.form.answers()),
            "problems": queries.complaints(saved.form),
            "updated": blank | {name: texts for held in taken.values() for name, texts in held.items()},
            "told": others(saved, desk.label),
        }
    )


@public
@never_cache
def file_token(request: HttpRequest) -> JsonResponse:
    """The forms' secret of this browser: a page that was open while somebody signed in holds one that no longer counts."""
    return JsonResponse({"token": get_token(request)})


@signed_in
def file_signed_in(request: HttpRequest) -> HttpResponse:
    """Where signing in leads that was opened beside a page in the middle of typing: back to that page."""
    return render(request, "filing/signed_in.html")
