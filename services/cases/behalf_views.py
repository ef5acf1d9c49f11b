"""For whom an application is filed: oneself, a business, or somebody else."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from identity.people.models import Mandate
from portal.kit.access import public
from portal.kit.refusal import Refused
from services.cases import actions, queries
from services.cases.behalf import Behalf, Principal
from services.cases.behalf_forms import BusinessForm, HeldForm, PrincipalForm
from services.cases.behalf_wording import BARS
from services.cases.filer import filer_of
from services.cases.filing_access import own_draft
from services.cases.filing_page_views import draft_facts
from services.cases.filing_steps import CHECKING, address, steps_of
from services.cases.models import Case
from services.cases.queries import Held

KINDS: dict[str, tuple[Behalf, str | Promise]] = {
    "chinh-minh": (Behalf.SELF, _("Myself")),
    "doanh-nghiep": (Behalf.BUSINESS, _("A business or organisation")),
    "nguoi-khac": (Behalf.PERSON, _("Somebody else")),
}
"""Values of ?cho=, the principals they stand for and what they are called."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the three, as the page links to it."""

    label: str | Promise
    href: str
    current: bool


@public
@own_draft
def file_behalf(request: HttpRequest, case: Case) -> HttpResponse:
    """Say for whom the draft is filed: choose among the mandates held, or state a principal."""
    behalf = _behalf(request, case)
    held = queries.held_mandates(case.applicant, case.version.procedure.code, behalf) if behalf != Behalf.SELF else []
    usable = [one for one in held if one.bar is None]
    stating = "moi" in request.GET or not usable
    form = _form(request, case, behalf, usable, stating=stating)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            case = _represent(request, case, form)
        except Refused as refused:
            if form is None or refused.field not in form.fields:
                raise
            form.add_error(refused.field, refused.message)
        except Mandate.DoesNotExist:
            raise Http404 from None
        else:
            if request.GET.get("sau") == CHECKING:
                return redirect("file_check", key=case.key)
            return redirect(steps_of(case, queries.definition_of(case), [], "bat-dau").after)
    definition = queries.definition_of(case)
    context = {
        "case": case,
        "form": form,
        "behalf": behalf,
        "stating": stating,
        "kinds": [Kind(label, _href(request, case, value), one == behalf) for value, (one, label) in KINDS.items()],
        "unusable": [(one.principal.name, BARS[one.bar]) for one in held if one.bar is not None],
        "other_href": "" if stating else f"{_href(request, case, _value(behalf))}&moi=1",
        "held_href": _href(request, case, _value(behalf)) if stating and usable else "",
        "steps": steps_of(case, definition, queries.gaps(case), "bat-dau"),
        **draft_facts(case),
    }
    return render(request, "filing/behalf.html", context)


def _behalf(request: HttpRequest, case: Case) -> Behalf:
    kind = KINDS.get(request.GET.get("cho", ""))
    return kind[0] if kind else Behalf(case.behalf)


def _value(behalf: Behalf) -> str:
    return next(value for value, (one, _label) in KINDS.items() if one == behalf)


def _href(request: HttpRequest, case: Case, value: str) -> str:
    href = address("file_behalf", case)
    after = f"&sau={CHECKING}" if request.GET.get("sau") == CHECKING else ""
    return f"{href}{'&' if '?' in href else '?'}cho={value}{after}"


def _form(request: HttpRequest, case: Case, behalf: Behalf, usable: list[Held], *, stating: bool) -> forms.Form | None:
    if behalf == Behalf.SELF:
        return None
    data = request.POST if request.method == "POST" else None
    if not stating:
        return HeldForm(data, held=usable, chosen=case.mandate_id)
    initial: dict[str, Any] = {}
    if case.behalf == behalf and case.mandate_id is None and case.principal_name:
        initial = {"name": case.principal_name, "number": case.principal_number, "basis": queries.basis_of(case)}
    return (BusinessForm if behalf == Behalf.BUSINESS else PrincipalForm)(data, initial=initial)


def _represent(request: HttpRequest, case: Case, form: forms.Form | None) -> Case:
    filer = filer_of(request)
    if isinstance(form, PrincipalForm):
        return actions.represent(case, filer, form.principal())
    if form is None:
        return actions.represent(case, filer, Principal(Behalf.SELF))
    return actions.represent(case, filer, Principal(Behalf(case.behalf)), mandate=form.cleaned_data["mandate"])
