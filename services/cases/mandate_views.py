"""Mandates in a person's account: whom they let file for them, and for whom they may file."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from identity.people import actions as people
from identity.people import mandates as rule
from identity.people import queries as accounts
from identity.people.access import person_of
from identity.people.models import Mandate, Person
from portal.kit import clock
from portal.kit.access import signed_in
from portal.kit.refusal import Refused
from services.cases import queries
from services.cases.behalf import Principal
from services.cases.behalf_forms import GrantForm
from services.cases.behalf_wording import BARS
from services.catalogue import queries as catalogue

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One mandate, as the list shows it; `bar` says why it does not hold now, except for its scope."""

    mandate: Mandate
    principal: Principal
    bar: str
    ended: bool
    procedures: list[tuple[str, str]]


@signed_in
@never_cache
def mandates(request: HttpRequest) -> HttpResponse:
    """Those granted and those held, the newest first."""
    person = _resident(request)
    granted = list(accounts.granted_by(person)[:SHOWN])
    held = list(queries.principals_of(person)[:SHOWN])
    names = catalogue.names_of({code for one in (*granted, *held) for code in one.procedures})
    context = {
        "person": person,
        "granted": [_row(one, names) for one in granted],
        "held": [_row(one, names) for one in held],
    }
    return render(request, "people/mandates.html", context)


def _row(mandate: Mandate, names: dict[str, str]) -> Row:
    bar = rule.bar(mandate.terms, "", clock.today())
    if bar == rule.Bar.SCOPE:
        bar = None
    return Row(
        mandate=mandate,
        principal=queries.principal_of(mandate),
        bar=str(BARS[bar]) if bar else "",
        ended=bar in (rule.Bar.REVOKED, rule.Bar.ENDED),
        procedures=[(code, names.get(code, code)) for code in mandate.procedures],
    )


@signed_in
@never_cache
def mandate_grant(request: HttpRequest) -> HttpResponse:
    """Let somebody file in one's name. Asks for the password."""
    person = _resident(request)
    form = GrantForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and _valid(form):
        codes = form.codes_given()
        unknown = sorted(set(codes) - set(catalogue.names_of(set(codes))))
        if unknown:
            form.add_error("codes", _("There is no procedure with the code %(codes)s.") % {"codes": ", ".join(unknown)})
        elif (mandate := _granted(form, person, codes)) is not None:
            messages.success(request, _("%(name)s may now file for you.") % {"name": mandate.agent.full_name})
            return redirect("mandates")
    return render(request, "people/mandate_grant.html", {"form": form})


def _valid(form: GrantForm) -> bool:
    try:
        return form.is_valid()
    except Refused as refused:
        if refused.field not in form.fields:
            raise
        form.add_error(refused.field, refused.message)
        return False


def _granted(form: GrantForm, person: Person, codes: list[str]) -> Mandate | None:
    data = form.cleaned_data
    try:
        return people.grant_mandate(
            person,
            agent_number=data["agent_number"],
            agent_name=data["agent_name"],
            procedures=codes,
            ends_on=data["ends_on"],
        )
    except Refused as refused:
        if refused.field not in form.fields:
            raise
        form.add_error(refused.field, refused.message)
        return None


@signed_in
@never_cache
def mandate_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then take a mandate back, or give it up. 404 for everybody else's."""
    person = _resident(request)
    try:
        mandate = accounts.mandate_of(person, pk)
    except Mandate.DoesNotExist:
        raise Http404 from None
    mine = mandate.grantor_id == person.pk
    if request.method == "POST":
        people.revoke_mandate(person, pk)
        messages.success(request, _("The mandate has been taken back.") if mine else _("You have given up the mandate."))
        return redirect("mandates")
    if mandate.state == Mandate.State.REVOKED:
        return redirect("mandates")
    return render(
        request, "people/mandate_end.html", {"mandate": mandate, "mine": mine, "principal": queries.principal_of(mandate)}
    )


def _resident(request: HttpRequest) -> Person:
    """The signed-in resident; work accounts act for nobody here."""
    person = person_of(request)
    if person.is_official:
        raise Http404
    return person
