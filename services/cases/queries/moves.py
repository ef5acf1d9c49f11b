"""Moving open cases to another version: which there are, which fit, what became of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from portal.kit import clock
from portal.kit.paging import Capped, capped_count
from services.cases import moving, routing
from services.cases.models import OPEN_STATES, Case, CaseAttachment, CaseDocument, CaseEvent, CaseMove, WorkItem
from services.cases.moving import Finding, Progress, Text
from services.catalogue.models import Procedure, Version
from services.documents.models import IssuedDocument
from services.forms.definition import parse

MOVE = "move_version"
"""Name of the action in the life-cycle table."""
EXAMINED = 200
"""Cases a preview looks into."""
LISTED = 50
COUNTED = 10_000


def open_cases(version: Version) -> QuerySet[Case]:
    """Cases under the version that are not closed, in the order in which they came."""
    return Case.objects.filter(version=version, state__in=OPEN_STATES).order_by("id")


def versions_with_open_cases(procedure: Procedure) -> list[tuple[Version, Capped]]:
    """Versions of the procedure under which cases are open, the newest first, with how many. One query more for each version."""
    counted = [(version, capped_count(open_cases(version), COUNTED)) for version in procedure.versions.order_by("-number")]
    return [(version, count) for version, count in counted if count.count]


def targets(procedure: Procedure) -> list[Version]:
    """Versions a case may be moved to: those one files under, or once filed under, the newest first."""
    started = Q(starts_on=None) | Q(starts_on__lte=clock.today())
    return list(procedure.versions.filter(started).order_by("-number"))


def text_of(version: Version) -> Text:
    """What of a version the rule looks at."""
    return Text(
        definition=parse(version.form),
        circumstances=version.circumstances,
        documents=version.documents,
        route=routing.route(version.route),
        limit=(version.limit_value, version.limit_unit),
    )


def progress_of(case: Case) -> Progress:
    """How far the case has come. With work items, attachments and documents prefetched it asks nothing."""
    items = [item for item in case.work_items.all() if item.kind != routing.Kind.WITHDRAWAL]
    filed = case.filed_at or case.created_at
    return Progress(
        answers=case.answers,
        circumstance=case.circumstance,
        filed_on=clock.local(filed).date(),
        accepted=case.accepted_at is not None,
        done=tuple(item.step for item in items if item.state == WorkItem.State.DONE),
        open=tuple(item.step for item in items if item.state == WorkItem.State.OPEN),
        attached=frozenset(link.document for link in case.attachments.all()),
        has_outcome=any(link.issued.kind == IssuedDocument.Kind.OUTCOME for link in case.documents.all()),
    )


def with_progress(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with all that `progress_of` reads, in three more queries for all of them."""
    return cases.prefetch_related(
        Prefetch("work_items", WorkItem.objects.order_by("position", "pk")),
        Prefetch("attachments", CaseAttachment.objects.only("case_id", "document")),
        Prefetch("documents", CaseDocument.objects.select_related("issued").only("case_id", "issued__kind")),
    )


@dataclass(frozen=True, slots=True)
class Examined:
    """One case of a preview; no word in it is of a person."""

    case: Case
    steps: list[str]
    reasons: list[Finding]
    notes: list[Finding]


@dataclass(frozen=True, slots=True)
class Preview:
    """What moving would do: how many cases there are, how many of those looked at fit, and why the others do not."""

    total: Capped
    examined: int
    fitting: int
    staying: int
    reasons: list[tuple[Finding, int]]
    notes: list[tuple[Finding, int]]
    listed: list[Examined]

    @property
    def whole(self) -> bool:
        """Whether every case was looked at."""
        return not self.total.more and self.examined == self.total.count


def preview(old: Version, new: Version) -> Preview:
    """What moving the open cases of one version to another would do, from the oldest cases on. Five queries."""
    cases = list(with_progress(open_cases(old).defer("typed", "provenance"))[:EXAMINED])
    before, after = text_of(old), text_of(new)
    looked = [_examined(case, moving.findings(progress_of(case), before, after)) for case in cases]
    staying = [one for one in looked if one.reasons]
    return Preview(
        total=capped_count(open_cases(old), COUNTED),
        examined=len(looked),
        fitting=len(looked) - len(staying),
        staying=len(staying),
        reasons=_counted(one.reasons for one in staying),
        notes=_counted(one.notes for one in looked if not one.reasons),
        listed=staying[:LISTED],
    )


def _examined(case: Case, found: Sequence[Finding]) -> Examined:
    steps = [item.title for item in case.work_items.all() if item.state == WorkItem.State.OPEN]
    return Examined(case, steps, [one for one in found if one.stops], [one for one in found if not one.stops])


def _counted(found: Iterable[Sequence[Finding]]) -> list[tuple[Finding, int]]:
    """How many cases each finding is about, the most frequent first."""
    return Counter(finding for findings in found for finding in dict.fromkeys(findings)).most_common()


def moves_of(procedure: Procedure, most: int = 20) -> list[CaseMove]:
    """What was moved before, the newest first."""
    found = CaseMove.objects.filter(from_version__procedure=procedure)
    return list(_with_people(found).order_by("-pk")[:most])


def move(key: UUID) -> CaseMove:
    """One move. Raises CaseMove.DoesNotExist."""
    return _with_people(CaseMove.objects.all()).get(key=key)


def _with_people(found: QuerySet[CaseMove]) -> QuerySet[CaseMove]:
    return found.select_related("from_version__procedure", "to_version__procedure", "asked_by", "undone_by")


def unfinished_moves() -> list[int]:
    """Keys of moves on which a worker has still something to do."""
    unfinished = [CaseMove.State.WAITING, CaseMove.State.UNDOING]
    return list(CaseMove.objects.filter(state__in=unfinished).order_by("pk").values_list("pk", flat=True))


def next_cases(move: CaseMove, most: int) -> list[int]:
    """Keys of the next cases that a worker has to look at."""
    if move.state == CaseMove.State.UNDOING:
        by_it = CaseEvent.objects.filter(case=OuterRef("pk"), action=MOVE, data__move=str(move.key))
        cases = open_cases(move.to_version).filter(Exists(by_it))
    else:
        cases = open_cases(move.from_version)
    return list(cases.filter(pk__gt=move.last_case).values_list("pk", flat=True)[:most])


def was_moved_by(case: Case, move: CaseMove) -> bool:
    """Whether it is this move that brought the case where it is."""
    last = CaseEvent.objects.filter(case=case, action=MOVE).order_by("-sequence").first()
    return last is not None and last.data.get("move") == str(move.key) and last.data.get("to") == move.to_version.number
