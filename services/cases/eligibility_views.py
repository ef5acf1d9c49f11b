"""Questions before filing: whether this is the right procedure, before anything is filled in."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.kit.access import public
from portal.kit.forms import YesNo
from services.cases import beginning, eligibility
from services.catalogue import queries as catalogue
from services.catalogue.models import Procedure, Version

SHOWN = "da_hoi"
"""Names the questions a page has shown: only of these an answer can be missed."""


class FitForm(forms.Form):
    """The questions that the answers lead to so far."""

    def __init__(self, asked: Sequence[eligibility.Question], given: Mapping[str, bool], data: Any = None) -> None:
        super().__init__(data, initial=dict(given))
        for one in asked:
            self.fields[one.key] = YesNo(
                label=one.question,
                help_text=one.help,
                error_messages={"required": _("Answer with yes or no: %(question)s") % {"question": one.question}},
            )


@public
@never_cache
def file_eligibility(request: HttpRequest, code: str) -> HttpResponse:
    """Ask, and say whether one can go on; if not, which condition is missing and what to do instead. Nothing is written here."""
    version = _version(code)
    questions = eligibility.questions(version.eligibility)
    start = reverse("file_start", args=[code])
    if not questions or catalogue.is_retired(version.procedure):
        return redirect(start)
    if request.method != "POST":
        given = beginning.read_fits(request.GET.get(beginning.FITS, ""), version)
        return _ask(request, version, FitForm(eligibility.judge(questions, given).asked, given))
    answers = {one.key: request.POST[one.key] == "yes" for one in questions if request.POST.get(one.key) in {"yes", "no"}}
    verdict = eligibility.judge(questions, answers)
    if verdict.waiting and not verdict.stopped:
        shown = set(request.POST.get(SHOWN, "").split())
        form = FitForm(verdict.asked, answers, request.POST)
        form.is_valid()
        for one in verdict.waiting:
            if one.key not in shown:
                # It follows from the answers just given, and has not been seen before.
                form.errors.pop(one.key, None)
        return _ask(request, version, form)
    counted = eligibility.counting(questions, answers)
    onward = f"{start}?{urlencode({beginning.FITS: beginning.sign_fits(version, counted)})}"
    if verdict.fits and not verdict.warned:
        return redirect(onward)
    context = {
        "version": version,
        "procedure": version.procedure,
        "stopped": verdict.stopped,
        "warned": verdict.warned,
        "onward": onward if verdict.fits else "",
        "again": f"{request.path}?{urlencode({beginning.FITS: beginning.sign_fits(version, counted)})}",
    }
    return render(request, "filing/eligibility_result.html", context)


def _version(code: str) -> Version:
    try:
        return catalogue.version_of(code)
    except Procedure.DoesNotExist:
        raise Http404 from None


def _ask(request: HttpRequest, version: Version, form: FitForm) -> HttpResponse:
    context = {
        "version": version,
        "procedure": version.procedure,
        "form": form,
        "shown": " ".join(form.fields),
        "shown_name": SHOWN,
    }
    return render(request, "filing/eligibility.html", context)
