"""Bulk actions: what one would do with each chosen work item, and how far those that were begun have come."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from identity.offices import queries as offices
from identity.offices.powers import CASE_POWERS
from identity.people.models import Person
from portal.kit import clock
from portal.kit.paging import Page, page
from services.cases import bulk_rules, lifecycle, routing
from services.cases.models import BulkEntry, BulkRun, CaseDocument, CaseEvent, WorkItem
from services.cases.queries.canned import offices_at
from services.cases.queries.official import HEAVY
from services.cases.queries.papers import outcome_data
from services.documents.models import IssuedDocument

GRACE = timedelta(seconds=10)
PATIENCE = timedelta(minutes=15)
"""How long a signed-off outcome may take to be drawn up before the run says so and ends."""
TRIES = 3
"""After so many failed tries the run says that the document is not there yet; workers go on trying."""
PAGE_SIZE = 50
LISTED = 20
NEEDED_TO_SIGN = frozenset({"answers", "version__form", "version__outcome", "version__route"})
NOT_IN_A_ROW = tuple(f"case__{column}" for column in (*HEAVY, "typed", "provenance"))


# What would happen


@dataclass(frozen=True, slots=True)
class Outlook:
    """One chosen work item: the single action that would be done with it, or the code of why it cannot be.

    `taken` says that it is taken on the way. `blanks` are the places of an outcome that would stay empty.
    """

    item: WorkItem
    action: str
    reason: str
    taken: bool
    blanks: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether it would be done."""
        return not self.reason


def chosen(person: Person, pks: Collection[int]) -> QuerySet[WorkItem]:
    """Those of the work items that are at the person's desks, open or not, in deadline order."""
    at_desk = Q(pk__in=[])
    for post in offices.posts_of(person):
        if powers := sorted(CASE_POWERS.intersection(post.powers)):
            at_desk |= Q(office=post.office_id, power__in=powers)
    return WorkItem.objects.filter(at_desk, pk__in=pks).order_by("due_at", "id")


def outlooks(person: Person, kind: str, pks: Collection[int]) -> list[Outlook]:
    """What the bulk action would do with each, by the same table as the single action. At most two queries, and one for the posts."""
    needed = NEEDED_TO_SIGN if kind == BulkRun.Kind.SIGN else frozenset()
    hidden = [name for name in NOT_IN_A_ROW if name.removeprefix("case__") not in needed]
    items = (
        chosen(person, pks)
        .select_related(
            "case__version__procedure",
            "case__agency__parent",
            "case__applicant",
            "office__parent__parent__parent",
            "claimed_by",
            "finished_by",
        )
        .defer(*hidden)
    )
    if kind == BulkRun.Kind.SIGN:
        # Notes of earlier steps may stand in the outcome.
        items = items.prefetch_related("case__work_items")
    return [outlook(person, kind, item) for item in items[: bulk_rules.MOST]]


def outlook(person: Person, kind: str, item: WorkItem) -> Outlook:
    """What the bulk action would do with one item."""
    mine, held = item.claimed_by_id == person.pk, item.claimed_by_id is not None
    facts = bulk_rules.Facts(
        step=routing.Kind(item.kind),
        state=lifecycle.State(item.case.state),
        is_open=item.state == WorkItem.State.OPEN,
        mine=mine,
        held=held,
        powers=powers_at(item.office_id, person),
    )
    reason = bulk_rules.why_not(kind, facts)
    action = bulk_rules.deed(kind, facts.step)
    empty: tuple[str, ...] = ()
    if not reason and kind == BulkRun.Kind.SIGN:
        empty = tuple(bulk_rules.blanks(outcome_data(item.case, item, person)))
        reason = "blanks" if empty else ""
    return Outlook(item, action, reason, taken=kind in bulk_rules.STEP_ACTIONS and not held, blanks=empty)


def powers_at(office_pk: int, person: Person) -> frozenset[str]:
    """The person's powers at one office."""
    return frozenset[str]().union(*(post.powers for post in offices.posts_of(person) if post.office_id == office_pk))


def colleagues(person: Person, items: Iterable[WorkItem]) -> list[Person]:
    """Who can be given at least one of the items: colleagues who hold its power at its office. One query per office and power."""
    found: dict[int, Person] = {}
    for office, power in {(item.office, item.power) for item in items}:
        found.update({one.pk: one for one in offices.holders(office, power) if one.pk != person.pk})
    return sorted(found.values(), key=lambda one: (one.full_name, one.pk))


# Runs


def run_of(person: Person, key: UUID) -> BulkRun:
    """A run the person began. Raises BulkRun.DoesNotExist for anybody else's."""
    return BulkRun.objects.get(key=key, asked_by=person)


def runs_of(person: Person) -> list[BulkRun]:
    """The person's newest runs."""
    return list(BulkRun.objects.filter(asked_by=person).order_by("-pk")[:LISTED])


def entries_page(run: BulkRun, state: str, after: str | None) -> Page[BulkEntry]:
    """One page of a run's cases, all or those with one result, in the order of the preview."""
    entries = run.entries.select_related("case__version", "work_item").defer(*NOT_IN_A_ROW)
    return page(entries.filter(state=state) if state else entries, ("position",), after=after, size=PAGE_SIZE)


def failed_items(run: BulkRun) -> list[int]:
    """Work items of a run that were not done."""
    failed = run.entries.filter(state=BulkEntry.State.FAILED, work_item__isnull=False).order_by("position")
    return [pk for pk in failed.values_list("work_item_id", flat=True) if pk is not None]


def signed_off(run: BulkRun, entries: QuerySet[BulkEntry]) -> QuerySet[BulkEntry]:
    """Those of a signing run whose decision its asker has taken; the document is drawn up by workers."""
    decided = CaseEvent.objects.filter(work_item=OuterRef("work_item"), action="sign", actor=run.asked_by_id)
    return entries.filter(Exists(decided))


def to_do(run: BulkRun, most: int) -> list[int]:
    """Keys of the next entries on which a worker has something to do."""
    waiting = run.entries.filter(state=BulkEntry.State.WAITING)
    if run.kind == BulkRun.Kind.SIGN:
        waiting = waiting.exclude(pk__in=signed_off(run, waiting).values("pk"))
    return list(waiting.order_by("position").values_list("pk", flat=True)[:most])


@dataclass(frozen=True, slots=True)
class Signing:
    """How the document of one signed-off entry stands."""

    entry: int
    signed: bool
    code: str


def signing(run: BulkRun) -> list[Signing]:
    """How far the documents have come that a signing run still waits for. Two queries."""
    waiting = run.entries.filter(state=BulkEntry.State.WAITING)
    entries = dict(signed_off(run, waiting).values_list("work_item", "pk"))
    links = CaseDocument.objects.filter(work_item__in=entries, issued__kind=IssuedDocument.Kind.OUTCOME).select_related("issued")
    documents = {link.work_item_id: link.issued for link in links.defer("issued__data", "issued__signatures").order_by("pk")}
    decided_at = dict(WorkItem.objects.filter(pk__in=entries).values_list("pk", "finished_at"))
    return [_signing(entry, documents.get(item), decided_at.get(item)) for item, entry in entries.items() if item is not None]


def _signing(entry: int, document: IssuedDocument | None, decided_at: datetime | None) -> Signing:
    if document is not None and document.state != IssuedDocument.State.TO_SIGN:
        return Signing(entry, signed=True, code="")
    if document is not None and document.last_error and document.attempts >= TRIES:
        known = document.last_error == "signing_unavailable"
        return Signing(entry, signed=False, code="signing.unavailable" if known else "signing.failed")
    late = decided_at is not None and clock.now() - decided_at > PATIENCE
    return Signing(entry, signed=False, code="signing.late" if late else "")


def unfinished_runs() -> list[int]:
    """Keys of runs that no worker looked at in the last ten seconds."""
    stale = Q(tried_at=None, asked_at__lt=clock.now() - GRACE) | Q(tried_at__lt=clock.now() - GRACE)
    return list(BulkRun.objects.filter(stale, state=BulkRun.State.RUNNING).order_by("asked_at").values_list("pk", flat=True))


def offered(person: Person, kinds: Sequence[str]) -> list[str]:
    """Which of the bulk actions somebody with these posts can ever do."""
    powers = frozenset[str]().union(*(post.powers for post in offices.posts_of(person)))
    return [kind for kind in kinds if bulk_rules.offered(kind, powers)] if offices_at(person) else []
