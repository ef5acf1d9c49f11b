"""The register of an office for a period: which cases, in which words, and who may read it (Mẫu số 07)."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.offices.powers import CASE_POWERS, Power
from identity.people.models import Person
from portal.kit import clock
from portal.kit.paging import Capped, Page, capped_count, page
from services.cases import lifecycle
from services.cases.deadlines import HERE
from services.cases.models import Case, HandOver, WorkItem
from services.cases.queries.official import HEAVY
from services.cases.queries.papers import heads
from services.forms.readout import phone

PREVIEW = 50
MOST_ROWS = 5000
"""So many rows go into one sheet; a longer list is asked for in shorter periods."""
READ_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One case in the register."""

    no: int
    number: str
    procedure: str
    sets: str
    who: str
    where: str
    agency: str
    received: str
    due: str
    returned: str
    means: str
    signed: str
    note: str


def register_offices(person: Person) -> QuerySet[Office]:
    """Whose registers the person may read: of offices where they handle cases, of an agency they lead, and of all they supervise."""
    own, agencies = set(), set()
    for post in offices.posts_of(person):
        if CASE_POWERS.intersection(Power(power) for power in post.powers):
            own.add(post.office_id)
        if Power.APPROVE in post.powers:
            agencies.add(offices.agency_of(post.office).pk)
    supervised = offices.supervised_offices(person).values("pk")
    return (
        Office.objects.filter(Q(pk__in=own | agencies) | Q(pk__in=supervised), is_active=True)
        .select_related("parent")
        .order_by("path")
    )


def register_office(person: Person, code: str) -> Office:
    """That office, if the person may read its register. Raises Office.DoesNotExist."""
    return register_offices(person).get(code=code)


def register_cases(office: Office, since: date, until: date) -> QuerySet[Case]:
    """Cases that came in from the first to the last day: to an agency, all that it answers for; to a unit, those that were at its desk;
    to both, those that their counter received for others.
    """
    start = datetime.combine(since, time.min, HERE)
    end = datetime.combine(until + timedelta(days=1), time.min, HERE)
    came = Q(agency=offices.agency_of(office))
    if not office.is_agency:
        came &= Q(Exists(WorkItem.objects.filter(case=OuterRef("pk"), office=office)))
    return (
        Case.objects.filter(came | Q(reception=office), filed_at__gte=start, filed_at__lt=end)
        .exclude(state=Case.State.DRAFT)
        .select_related("version__procedure", "agency", "applicant")
        .prefetch_related(Prefetch("hand_overs", HandOver.objects.order_by("pk")))
        .defer(*HEAVY)
    )


def register_page(office: Office, since: date, until: date, after: str | None) -> tuple[list[Row], Page[Case]]:
    """Fifty rows in order of filing, and the page they stand on. Two queries."""
    found = page(register_cases(office, since, until), ("filed_at", "id"), after=after, size=PREVIEW)
    return [_row(0, case) for case in found.items], found


def register_count(office: Office, since: date, until: date) -> Capped:
    """How many rows there are, counted no further than a sheet holds."""
    return capped_count(register_cases(office, since, until).select_related(None).prefetch_related(None), MOST_ROWS)


def register_parts(office: Office, since: date, until: date, size: int) -> Iterator[list[Row]]:
    """All rows in order of filing, `size` at a time; never all of them in memory."""
    part: list[Row] = []
    cases = register_cases(office, since, until).order_by("filed_at", "id")
    with override("vi"):
        for number, case in enumerate(cases.iterator(chunk_size=READ_AT_ONCE), start=1):
            part.append(_row(number, case))
            if len(part) == size:
                yield part
                part = []
        if part:
            yield part


def register_head(office: Office, since: date, until: date) -> dict[str, Any]:
    """What stands above the rows."""
    agency = offices.agency_of(office)
    return {
        **heads(agency),
        "office_name": office.name if not office.is_agency else agency.issuing_name or agency.name,
        "place": agency.place or settings.PORTAL_PLACE,
        "since_on": since.isoformat(),
        "until_on": until.isoformat(),
        "made_on": clock.today().isoformat(),
    }


def rows_as_data(rows: list[Row]) -> list[dict[str, Any]]:
    """Rows as a template prints them."""
    return [asdict(row) for row in rows]


def _row(number: int, case: Case) -> Row:
    applicant = case.filed_by
    given = next(iter(reversed(case.hand_overs.all())), None)
    name = case.principal_name or case.subject_name or applicant.full_name
    return Row(
        no=number,
        number=case.number or "",
        procedure=case.version.name,
        sets="01",
        who=name if name == applicant.full_name else f"{name} ({applicant.full_name})",
        where="; ".join(part for part in (applicant.address, phone(applicant.phone) if applicant.phone else "") if part),
        agency=case.agency.name,
        received=_text(case.accepted_at or case.filed_at),
        due=_text(case.due_at),
        returned=_text(case.closed_at if case.state == Case.State.RETURNED else None),
        means=str(given.get_means_display()) if given else "",
        signed=given.recipient if given else "",
        note=_note(case),
    )


def _note(case: Case) -> str:
    """How the case stands, whether the date was kept, and what was out of the ordinary."""
    parts = [str(case.get_state_display())]
    ended = case.completed_at or (clock.now() if case.state in lifecycle.OPEN and not case.paused_at else None)
    if case.due_at and ended and ended > case.due_at:
        parts.append(_("overdue"))
    if case.extended_from:
        parts.append(_("extended, first promised %(date)s") % {"date": _text(case.extended_from)})
    if case.supplements > 1:
        parts.append(_("%(number)s requests for a supplement") % {"number": case.supplements})
    if case.reopened:
        parts.append(_("opened again"))
    return "; ".join(parts)


def _text(at: datetime | None) -> str:
    return f"{clock.local(at):%H:%M %d/%m/%Y}" if at else ""
