"""Lists of work: tabs, filters, counts, pages, and what stands before and after an item in its list.

Rows, counts, the neighbours of a case and exports all come from `listed`, so they cannot disagree.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.offices.powers import CASE_POWERS, Power
from identity.people.models import Person
from portal.kit import clock
from portal.kit.paging import Capped, Page, capped_count, page
from services.cases import deadlines, routing
from services.cases.models import CaseLabel, CaseMessage, Label, SavedFilter, WorkItem
from services.cases.queries import finding
from services.cases.queries.calendars import calendar_of
from services.cases.queries.labels import labels_for
from services.cases.queries.official import COUNT_CAP, HEAVY, PAUSED, at_my_desk, work_items
from services.cases.queue_filters import ME, NOBODY, Filters, QueueView
from services.catalogue.models import Version

Key = TypeVar("Key", int, str)

PAGE_SIZE = 50
ASKED_CAP = 500
NOT_IN_A_ROW = tuple(f"case__{column}" for column in HEAVY)
BY_DEADLINE = ("due_at", "id")
NEWEST_FIRST = ("-finished_at", "-id")


def order_of(view: QueueView) -> tuple[str, str]:
    """In which order a tab stands: the most urgent first, what is finished by its end."""
    return NEWEST_FIRST if view is QueueView.FINISHED else BY_DEADLINE


def listed(person: Person, filters: Filters, words: Q | None = None) -> QuerySet[WorkItem]:
    """The work items of one tab under the filters, with what a row shows and whether a message waits.

    `words` is what `finding.matching` said of the text, where that was asked before.
    """
    rows = _narrowed(_in_view(person, filters.view), person, filters, words)
    unread = CaseMessage.objects.filter(case=OuterRef("case_id"), office=None, sent_at__isnull=False, read_at=None)
    related = ("case__version__procedure__domain", "case__agency", "case__applicant", "office", "claimed_by", "finished_by")
    return (
        rows.select_related(*related).defer(*NOT_IN_A_ROW).annotate(has_unread=Exists(unread)).order_by(*(order_of(filters.view)))
    )


def queue_page(person: Person, filters: Filters, after: str | None, words: Q | None = None) -> Page[WorkItem]:
    """One page of a tab. One query, besides those for a text."""
    return page(listed(person, filters, words), order_of(filters.view), after=after, size=PAGE_SIZE)


def tab_counts(person: Person, filters: Filters, words: Q | None = None) -> dict[QueueView, Capped]:
    """How many rows each tab has under the filters, counted to 100 at most. One query per tab."""
    words = words or finding.matching(person, filters.text)
    return {
        view: capped_count(_narrowed(_in_view(person, view), person, filters.under(view), words), COUNT_CAP) for view in QueueView
    }


def next_item(person: Person) -> WorkItem | None:
    """The most urgent item nobody holds."""
    return listed(person, Filters(view=QueueView.UNCLAIMED)).first()


def _in_view(person: Person, view: QueueView) -> QuerySet[WorkItem]:
    now = clock.now()
    waiting = Q(case__state__in=PAUSED) & ~Q(kind=routing.Kind.WITHDRAWAL)
    items = work_items(person)
    match view:
        case QueueView.WAITING:
            return items.filter(waiting)
        case QueueView.MINE:
            return items.filter(claimed_by=person).exclude(waiting)
        case QueueView.UNCLAIMED:
            return items.filter(claimed_by=None).exclude(waiting)
        case QueueView.OVERDUE:
            return items.filter(due_at__lt=now).exclude(waiting)
        case QueueView.SOON:
            # One day ahead on the wall clock of the offices: a condition the queue's index can answer.
            return items.filter(due_at__gte=now, due_at__lt=_one_working_day_from(now)).exclude(waiting)
        case QueueView.ELSEWHERE:
            return _elsewhere(person)
        case QueueView.FINISHED:
            return WorkItem.objects.filter(at_my_desk(offices.posts_of(person)), state=WorkItem.State.DONE)
        case _:
            return items.exclude(waiting)


def _elsewhere(person: Person) -> QuerySet[WorkItem]:
    """Open items at other offices, of cases of the person's agencies that were at their desks, or that somebody there asked for."""
    desks = desk_ids(person)
    agencies = {offices.agency_of(post.office).pk for post in offices.posts_of(person) if post.office_id in desks}
    asked = WorkItem.objects.filter(state=WorkItem.State.OPEN, asked_by_item__isnull=False, asked_by_item__office__in=desks)
    seen = Exists(WorkItem.objects.filter(case=OuterRef("case_id"), office__in=desks))
    ours = Q(seen, agency__in=agencies)
    if asked_for := list(asked.values_list("pk", flat=True)[:ASKED_CAP]) if desks else []:
        ours |= Q(pk__in=asked_for)
    return WorkItem.objects.filter(ours, state=WorkItem.State.OPEN).exclude(office__in=desks)


def desk_ids(person: Person) -> list[int]:
    """Offices where the person handles cases."""
    return offices.office_ids_where(person, *CASE_POWERS)


def _one_working_day_from(now: datetime) -> datetime:
    return deadlines.add_minutes(now, deadlines.MINUTES_PER_DAY, calendar_of(None))


def _narrowed(items: QuerySet[WorkItem], person: Person, filters: Filters, words: Q | None = None) -> QuerySet[WorkItem]:
    items = _filtered(items, person, filters)
    words = words or finding.matching(person, filters.text)
    return items if words is None else items.filter(words)


def _filtered(items: QuerySet[WorkItem], person: Person, filters: Filters) -> QuerySet[WorkItem]:
    """Everything but the text."""
    if filters.procedure:
        items = items.filter(case__version__procedure__code=filters.procedure)
    if filters.domain:
        items = items.filter(case__version__procedure__domain__slug=filters.domain)
    if filters.agency is not None:
        items = items.filter(agency=filters.agency)
    if filters.channel is not None:
        items = items.filter(case__channel=filters.channel)
    if filters.state is not None:
        items = items.filter(case__state=filters.state)
    if filters.label is not None:
        items = items.filter(Exists(CaseLabel.objects.filter(case=OuterRef("case_id"), label=filters.label)))
    if filters.holder:
        doer = "finished_by" if filters.view is QueueView.FINISHED else "claimed_by"
        who = {ME: person.pk, NOBODY: None}.get(filters.holder, filters.holder)
        items = items.filter(**{doer: who})
    if filters.due_from:
        items = items.filter(due_at__gte=datetime.combine(filters.due_from, time.min, clock.HERE))
    if filters.due_to:
        items = items.filter(due_at__lt=datetime.combine(filters.due_to, time.min, clock.HERE) + timedelta(days=1))
    return items


# What can be chosen in the filters


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: only what there is at the person's desks."""

    procedures: list[tuple[str, str]]
    domains: list[tuple[str, str]]
    agencies: list[tuple[int, str]]
    labels: list[Label]
    colleagues: list[Person]


def choices(person: Person) -> Choices:
    """Procedures, domains and agencies of open work, labels, colleagues. Five queries."""
    pairs = list(work_items(person).order_by().values_list("case__version", "agency").distinct())
    versions = Version.objects.filter(pk__in={version for version, _agency in pairs}).order_by("number")
    rows = list(versions.values_list("procedure__code", "name", "procedure__domain__slug", "procedure__domain__name"))
    agencies = Office.objects.filter(pk__in={agency for _version, agency in pairs})
    return Choices(
        procedures=_by_name({code: name for code, name, *_rest in rows}),
        domains=_by_name({slug: name for _code, _name, slug, name in rows}),
        agencies=_by_name(dict(agencies.values_list("pk", "name"))),
        labels=labels_for(person),
        colleagues=list(offices.colleagues_of(person)),
    )


def _by_name(names: dict[Key, str]) -> list[tuple[Key, str]]:
    return sorted(names.items(), key=lambda pair: pair[1])


def labels_of_cases(case_pks: Sequence[int], known: Sequence[Label]) -> dict[int, list[Label]]:
    """Those of the known labels that stand on each case. One query."""
    by_pk = {label.pk: label for label in known}
    on: dict[int, list[Label]] = {}
    if by_pk and case_pks:
        rows = CaseLabel.objects.filter(case__in=case_pks, label__in=by_pk).order_by("label__position", "label__name")
        for case_pk, label_pk in rows.values_list("case_id", "label_id"):
            on.setdefault(case_pk, []).append(by_pk[label_pk])
    return on


# Saved filters


def saved_filters(person: Person) -> list[SavedFilter]:
    """The person's own, then those shared in their offices, by name. One query."""
    here = [post.office_id for post in offices.posts_of(person)]
    found = SavedFilter.objects.filter(Q(owner=person) | Q(office__in=here)).select_related("office", "owner")
    return sorted(found, key=lambda one: (one.owner_id != person.pk, one.name, one.pk))


def may_remove(saved: SavedFilter, person: Person) -> bool:
    """Its owner may, and the head of the office it is shared in."""
    return saved.owner_id == person.pk or (saved.office is not None and offices.has_power(person, Power.LEAD, saved.office))


def sharing_offices(person: Person) -> list[Office]:
    """Offices in which the person may share a filter."""
    return [post.office for post in offices.posts_of(person)]


# Neighbours


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The items before and after one in its list; None at an end."""

    before: WorkItem | None
    after: WorkItem | None


def neighbours(person: Person, filters: Filters, pk: int) -> Neighbours:
    """What stands around the item in the list, also when it has left the list meanwhile. Three queries."""
    here = WorkItem.objects.filter(pk=pk).only("pk", "due_at", "finished_at").first()
    first, _pk = order_of(filters.view)
    field = first.lstrip("-")
    value = getattr(here, field, None)
    if here is None or value is None:
        return Neighbours(None, None)
    items = _narrowed(_in_view(person, filters.view), person, filters).select_related("case").only("pk", "case__number")
    later = items.filter(Q(**{f"{field}__gte": value}) & (Q(**{f"{field}__gt": value}) | Q(pk__gt=pk))).order_by(field, "pk")
    earlier = items.filter(Q(**{f"{field}__lte": value}) & (Q(**{f"{field}__lt": value}) | Q(pk__lt=pk))).order_by(
        f"-{field}", "-pk"
    )
    found = Neighbours(before=earlier.first(), after=later.first())
    return found if not first.startswith("-") else replace(found, before=found.after, after=found.before)
