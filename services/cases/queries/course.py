"""The course of a case: actions on it as a whole, where it can go back to, whom it can ask, how its outcome stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from identity.offices import queries as identity_offices
from identity.offices.models import Office, Post
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit import clock
from portal.kit.folding import fold
from services.cases import lifecycle, returning, routing
from services.cases.models import Case, CaseDocument, Extension, WorkItem
from services.cases.queries.authority import powers_on
from services.cases.queries.page import Desks
from services.catalogue import queries as catalogue
from services.documents.models import IssuedDocument
from services.forms.conditions import holds

TURNS = ("return_step", "reopen", "transfer")
"""Actions whose events say which steps open again, and in which round."""
OFFICES_SHOWN = 30
State = IssuedDocument.State


def case_actions(case: Case, person: Person) -> frozenset[str]:
    """Names of the actions the life-cycle table lets the person do on the case as a whole."""
    powers = powers_on(case, person)
    state = lifecycle.State(case.state)
    found = {
        row.name
        for row in lifecycle.TABLE
        if state in row.sources and not isinstance(row.who, lifecycle.Actor) and row.who.intersection(powers)
    }
    if case.supplements < case.supplements_allowed:
        found.discard("allow_supplement")
    if found.isdisjoint({"prepare_extension", "extend"}):
        return frozenset(found)
    prepared = extension_of(case)
    if prepared is not None and prepared.state == Extension.State.SIGNED:
        found -= {"prepare_extension", "extend"}
    elif prepared is None:
        found.discard("extend")
    return frozenset(found)


def extension_of(case: Case) -> Extension | None:
    """The apology with a new date, prepared or signed."""
    return Extension.objects.select_related("prepared_by", "signed_by").filter(case=case).first()


# Rounds


def current_rounds(case: Case) -> dict[str, int]:
    """The round each step is in; steps not named are in their first."""
    turns = case.events.filter(action__in=TURNS).order_by("sequence").values_list("data", flat=True)
    return returning.current(data.get("rounds", {}) for data in turns)


def rounds_so_far(case: Case) -> dict[str, int]:
    """How often each step came."""
    rounds: dict[str, int] = {}
    for step, number in case.work_items.filter(asked_by_item=None).values_list("step", "round"):
        rounds[step] = max(number, rounds.get(step, 0))
    return rounds


def steps_in(case: Case, state: WorkItem.State) -> set[str]:
    """Keys of the steps whose item of the round they are in is in that state."""
    rounds = current_rounds(case)
    items = case.work_items.filter(state=state, asked_by_item=None).values_list("step", "round")
    return {step for step, number in items if number == rounds.get(step, 1)}


# The outcome


def outcome_link(case: Case) -> CaseDocument | None:
    """The latest outcome of the case."""
    links = CaseDocument.objects.filter(case=case, issued__kind=IssuedDocument.Kind.OUTCOME)
    return links.select_related("issued__office").order_by("-pk").first()


def outcome_stands(case: Case) -> returning.Outcome | None:
    """How far the outcome has come; None while a worker is signing or sealing it."""
    link = outcome_link(case)
    state = link.issued.state if link else State.REVOKED
    if state in (State.TO_SIGN, State.TO_SEAL) or case.events.filter(action="sign", handled_at=None).exists():
        return None
    return {State.SIGNED: returning.Outcome.SIGNED, State.ISSUED: returning.Outcome.ISSUED}.get(
        State(state), returning.Outcome.NONE
    )


def notice_coming(case: Case) -> bool:
    """Whether workers have still to issue the notice that the case was refused or stopped."""
    kinds = (IssuedDocument.Kind.REFUSAL, IssuedDocument.Kind.STOP)
    waiting = case.documents.filter(issued__kind__in=kinds, issued__state__in=[State.TO_SIGN, State.SIGNED, State.TO_SEAL])
    ended = case.events.filter(action__in=["refuse", "stop", "grant_withdrawal"], handled_at=None)
    return ended.exists() or waiting.exists()


# Where it can go back to


def returnable(item: WorkItem) -> list[routing.Step]:
    """Steps the case can be returned to from an open item, in the order of the route."""
    case = item.case
    steps = routing.route(case.version.route)
    possible = returning.possible(steps, outcome_stands(case) or returning.Outcome.NONE)
    done = steps_in(case, WorkItem.State.DONE)
    return [step for step in returning.earlier(steps, item.step, done) if step in possible]


def reopenable(case: Case) -> list[routing.Step]:
    """Steps at which a closed or completed case can be opened again: those it came to; reception alone if it was never accepted."""
    steps = routing.route(case.version.route)
    if case.accepted_at is None:
        return [step for step in steps if step.kind is routing.Kind.RECEIVE][:1]
    came = set(case.work_items.values_list("step", flat=True))
    possible = returning.possible(steps, outcome_stands(case) or returning.Outcome.NONE)
    return [step for step in possible if step.key in came]


def last_holders(case: Case, steps: Sequence[str]) -> dict[str, int]:
    """Who did each step last, by key."""
    items = case.work_items.filter(step__in=steps, state=WorkItem.State.DONE).order_by("round")
    return {step: person for step, person in items.values_list("step", "finished_by") if person is not None}


# Where it can be passed on to


def other_agencies(case: Case) -> QuerySet[Office]:
    """The other agencies that handle the procedure, by name."""
    return catalogue.agencies_for(case.version).exclude(pk=case.agency_id)


def leads_nowhere(case: Case) -> routing.Step | None:
    """The first step not yet done that leads to no office with the case's agency as it is set; None when all lead somewhere."""
    desks = Desks(case)
    done = steps_in(case, WorkItem.State.DONE)
    for step in routing.route(case.version.route):
        if step.key not in done and (step.when is None or holds(step.when, case.answers)) and desks.office(step) is None:
            return step
    return None


# Whom it can ask


def offices_to_ask(item: WorkItem, text: str = "", chosen: Sequence[int] = ()) -> list[Office]:
    """Offices with somebody to answer: those chosen, then those whose name fits; without a text those of the agency and above it."""
    today = clock.today()
    posts = Post.objects.filter(
        Q(until=None) | Q(until__gte=today), office=OuterRef("pk"), since__lte=today, powers__contains=[str(Power.PROCESS)]
    )
    able = Office.objects.filter(Exists(posts), is_active=True).exclude(pk=item.office_id).select_related("parent")
    kept = list(able.filter(pk__in=list(chosen)).order_by("name", "id")) if chosen else []
    if words := fold(text).split():
        found = [
            office
            for office in able.order_by("name", "id")
            if all(word in fold(f"{office.name} {office.parent.name if office.parent else ''}") for word in words)
        ]
    else:
        agency = identity_offices.agency_of(item.office)
        near = Q(path__startswith=agency.path)
        if agency.parent is not None:
            near |= Q(parent=agency.parent) & ~Q(kind=Office.Kind.WARD)
        found = list(able.filter(near).order_by("name", "id")[:OFFICES_SHOWN])
    known = {office.pk for office in kept}
    return [*kept, *(office for office in found[:OFFICES_SHOWN] if office.pk not in known)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to an office besides the route, and its answer."""

    item: WorkItem
    open: bool
    answered: bool


def asked_by(item: WorkItem) -> list[Asked]:
    """What the holder of an item asked of other offices, oldest first. One query."""
    items = WorkItem.objects.filter(asked_by_item=item).select_related("office", "finished_by").order_by("pk")
    return [Asked(one, one.state == WorkItem.State.OPEN, one.state == WorkItem.State.DONE) for one in items]


def outstanding(item: WorkItem) -> int:
    """How many offices have still to answer the holder of the item."""
    return WorkItem.objects.filter(asked_by_item=item, state=WorkItem.State.OPEN).count()


def silent_items(limit: int = 500) -> list[int]:
    """Keys of open questions whose own limit has passed, where no answer in time counts as agreement."""
    states = [int(state) for state in lifecycle.BY_NAME["silence"].sources]
    late = WorkItem.objects.filter(
        state=WorkItem.State.OPEN, kind=routing.Kind.CONSULT, silence=True, due_at__lt=clock.now(), case__state__in=states
    )
    return list(late.order_by("due_at", "id").values_list("pk", flat=True)[:limit])
