"""The pages on which the facts, papers, fees and questions of a draft are edited."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from portal.kit import clock
from portal.kit.refusal import Refused
from services.catalogue import differences
from services.catalogue.models import VersionDraft
from services.catalogue.page import CHANNELS
from services.editor import saving, sections
from services.editor.forms import CalculatorForm
from services.editor.pages import by_place, draft_of, editor, is_open, revision_of, show
from services.editor.sheets import EligibilitySheet, FactsSheet, FeesSheet, PapersSheet, Sheet
from services.fees import tariff
from services.fees.wording import amount_text, reason_text

form_page = require_http_methods(["GET", "HEAD", "POST"])
More = Callable[[HttpRequest, VersionDraft], Mapping[str, Any]]


@editor
@form_page
def facts(request: HttpRequest, key: UUID) -> HttpResponse:
    """What must be published about the procedure (Điều 15 Nghị định 224/2026/NĐ-CP)."""
    return _edit(request, key, "editor_facts", FactsSheet)


@editor
@form_page
def papers(request: HttpRequest, key: UUID) -> HttpResponse:
    """Circumstances, papers, and which paper is for which circumstance."""
    return _edit(request, key, "editor_papers", PapersSheet)


@editor
@form_page
def fees(request: HttpRequest, key: UUID) -> HttpResponse:
    """The tariff, and what would be charged."""
    return _edit(request, key, "editor_fees", FeesSheet, _charged)


@editor
@form_page
def eligibility(request: HttpRequest, key: UUID) -> HttpResponse:
    """Questions before filing."""
    return _edit(request, key, "editor_eligibility", EligibilitySheet)


def _edit(request: HttpRequest, key: UUID, name: str, sheet_class: type[Sheet], more: More | None = None) -> HttpResponse:
    """Show a page of the draft, or save it and show it anew. What was typed is never lost: not to a mistake, not to a colleague."""
    draft = draft_of(key)
    context: dict[str, Any] = {"fresh": request.GET.get("tai", ""), "did": request.GET.get("vua", "")}
    status = 200
    if request.method == "POST":
        sheet = sheet_class(draft, request.POST.copy())
        done = sheet.rearrange()
        if sheet.is_valid():
            try:
                saving.save(request, draft, sheet.changes(), revision_of(request))
            except Refused as refused:
                if refused.code not in saving.CONFLICTS:
                    raise
                context |= _conflict(draft, sheet, revision_of(request), refused)
                status = 409
            else:
                _tell(request, sheet)
                return redirect(_after(request, draft, name, sheet))
        elif done:
            context |= {"fresh": sheet.at_now(), "did": done.what}
    else:
        sheet = sheet_class(draft)
    sheet.focus(context["fresh"], context["did"])
    problems = sections.findings_on(draft, name)
    context |= {"sheet": sheet, "found": by_place(problems), "next_part": _next(draft, name)}
    context |= more(request, draft) if more else {}
    return show(request, draft, f"editor/{name.removeprefix('editor_')}.html", context, status=status)


def _tell(request: HttpRequest, sheet: Sheet) -> None:
    done = sheet.done
    if done is None:
        messages.success(request, _("Saved."))
    elif done.what == "remove":
        text = _("Removed: %(title)s.") % {"title": done.title} if done.title else _("Removed.")
        lost = sheet.lost() if isinstance(sheet, PapersSheet) else []
        if lost:
            text += " " + ngettext(
                "What was only for it went with it: %(names)s.", "What was only for it went with it: %(names)s.", len(lost)
            ) % {"names": "; ".join(lost)}
        messages.success(request, f"{text} {_('“Undo” at the top brings it back.')}")


def _after(request: HttpRequest, draft: VersionDraft, name: str, sheet: Sheet) -> str:
    """Where one goes on: at the row that was moved or added, at the next part, or here."""
    here = reverse(name, args=[draft.key])
    if sheet.done and (at := sheet.at()):
        return f"{here}?tai={at}&vua={sheet.done.what}#dong-{at}"
    if sheet.done is None and "_next" in request.POST:
        return _next(draft, name)["href"]
    return here


def _next(draft: VersionDraft, name: str) -> dict[str, Any]:
    names = list(sections.TITLES)
    at = names.index(name)
    following = names[at + 1]
    return {"title": sections.TITLES[following], "href": reverse(following, args=[draft.key])}


def _conflict(draft: VersionDraft, sheet: Sheet, revision: int, refused: Refused) -> dict[str, Any]:
    """What others changed in these parts since the page was drawn, against what was typed."""
    typed = {**draft.content, **sheet.changes()}
    return {
        "conflict": refused.message,
        "conflict_is_final": not is_open(draft),
        "others": saving.changed_since(draft, revision, sheet.keys),
        "clashes": differences.differences(typed, draft.content),
    }


def _charged(request: HttpRequest, draft: VersionDraft) -> Mapping[str, Any]:
    """What the saved tariff charges for a way to file, a circumstance and a day."""
    content = draft.content
    channels = [str(item.get("channel")) for item in content.get("channels") or [] if item.get("channel") in CHANNELS]
    asked = QueryDict(mutable=True)
    asked.update({name: request.GET[name] for name in request.GET if name.startswith(("kenh", "truong_hop", "ngay"))})
    today = clock.today()
    form = CalculatorForm(asked or None, circumstances=content.get("circumstances") or [], channels=channels, today=today)
    valid = form.is_bound and form.is_valid()
    channel = (form.cleaned_data["kenh"] if valid else "") or (channels[0] if channels else "")
    circumstances = [str(one.get("key")) for one in content.get("circumstances") or []]
    circumstance = (form.cleaned_data.get("truong_hop", "") if valid else "") or (circumstances[0] if circumstances else "")
    day = (form.cleaned_data["ngay"] if valid else None) or today
    if form.is_bound and not valid:
        return {"calculator": form, "charged": None}
    applying = tariff.lines([fee for fee in content.get("fees") or [] if _is_line(fee)], channel, circumstance, day)
    amounts = [line.amount for line in applying]
    return {
        "calculator": form,
        "charged": [{"label": line.label, "amount": amount_text(line), "reason": reason_text(line)} for line in applying],
        "total": None if None in amounts else sum(amount for amount in amounts if amount is not None),
        "calculated_for": day,
    }


def _is_line(fee: Mapping[str, Any]) -> bool:
    """Whether the line says enough to be worked out."""
    return bool(fee.get("key")) and "label" in fee and (fee.get("amount") is None or isinstance(fee["amount"], int))
