"""Texts an office writes often: which there are, and what their placeholders say for a case."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from identity.offices import queries as offices
from identity.offices.models import Office
from identity.offices.powers import CASE_POWERS
from identity.people.models import Person
from portal.kit import clock
from services.cases.models import CannedText, Case, WorkItem
from services.forms.readout import phone


def offices_at(person: Person) -> list[Office]:
    """Offices where the person handles cases; their texts and labels are theirs to keep."""
    return [post.office for post in offices.posts_of(person) if CASE_POWERS.intersection(post.powers)]


def office_of(person: Person, pk: int) -> Office:
    """One of them. Raises Office.DoesNotExist for any other."""
    for office in offices_at(person):
        if office.pk == pk:
            return office
    raise Office.DoesNotExist


def texts_of(office: Office) -> list[CannedText]:
    """All texts of an office, retired ones too, in their order."""
    return list(CannedText.objects.filter(office=office).order_by("use", "position", "pk"))


def text_of(person: Person, pk: int) -> CannedText:
    """A text of one of the person's offices. Raises CannedText.DoesNotExist."""
    return CannedText.objects.select_related("office").get(pk=pk, office__in=offices_at(person))


def usable(person: Person, use: str) -> QuerySet[CannedText]:
    """Texts for that use of all the person's offices, those in use."""
    found = CannedText.objects.filter(office__in=offices_at(person), use=use, is_active=True)
    return found.select_related("office").order_by("position", "title", "pk")


def values_for(case: Case, person: Person, office: Office | None = None) -> dict[str, str]:
    """What each placeholder says for the case, written by the person at the office. No query when the office is given."""
    office = office or office_for(case, person)
    return {
        "so_ho_so": case.number or "",
        "ho_ten": case.subject_name,
        "nguoi_nop": case.filed_by.full_name,
        "thu_tuc": case.version.name,
        "ngay_nop": _day(case.filed_at),
        "ngay_tiep_nhan": _day(case.accepted_at),
        "han_tra": f"{clock.local(case.due_at):%H:%M %d/%m/%Y}" if case.due_at else "",
        "co_quan": case.agency.name,
        "don_vi": office.name if office else "",
        "dien_thoai": phone(office.phone) if office and office.phone else "",
        "dia_chi": office.address if office else "",
        "can_bo": person.full_name,
        "hom_nay": f"{clock.today():%d/%m/%Y}",
    }


def _day(moment: datetime | None) -> str:
    return f"{clock.local(moment):%d/%m/%Y}" if moment else ""


def office_for(case: Case, person: Person) -> Office | None:
    """At which of their offices the person writes about the case: where it is open, else the first. One query for several."""
    own = offices_at(person)
    if len(own) < 2:
        return own[0] if own else None
    return _at(own, WorkItem.objects.filter(case=case, state=WorkItem.State.OPEN))


def _at(own: Iterable[Office], items: QuerySet[WorkItem]) -> Office | None:
    open_at = set(items.values_list("office_id", flat=True))
    return next((office for office in own if office.pk in open_at), next(iter(own), None))
