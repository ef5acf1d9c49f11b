"""The only reader of the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import BooleanField, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, RowNumber

from identity.offices.models import Office
from services.catalogue.lexemes import all_of, any_of, wanted
from services.catalogue.models import Domain, Procedure, Version

AUDIENCES: dict[str, tuple[str, ...]] = {
    "nguoi-dan": ("công dân", "cá nhân", "hộ gia đình", "người", "học sinh"),
    "doanh-nghiep": ("doanh nghiệp", "tổ chức", "hợp tác xã", "hộ kinh doanh"),
}
"""Whom a procedure is for, as the filter offers it, and how the texts say it."""

HEAVY = ("form", "documents", "route", "outcome", "steps_text", "legal_basis", "conditions", "source", "agency_name")
"""Columns that lists do not show."""


def _published() -> QuerySet[Procedure]:
    return (
        Procedure.objects.filter(current__isnull=False)
        .select_related("domain", "current")
        .defer("search", *(f"current__{column}" for column in HEAVY))
    )


def _matches(query: str) -> RawSQL:
    return RawSQL("catalogue_procedure.search @@ %s::tsquery", (query,), output_field=BooleanField())


def search(text: str, domain: str | None = None, audience: str | None = None) -> QuerySet[Procedure]:
    """Published procedures with all the words of `text`, marks or not, in any order, the last word perhaps unfinished.

    Each has `exact`: 1 where the words stand side by side as typed. Ordered by ("-exact", "-filings", "id"): first those,
    then by use. No text: all.
    """
    found = _narrowed(_published(), domain, audience)
    asked = wanted(text)
    if not asked.words:
        return found.annotate(exact=Value(0)).order_by("-exact", "-filings", "id")
    exact = Cast(_matches(all_of(asked.pairs)), IntegerField()) if asked.pairs else Value(0)
    return (
        found.alias(hit=_matches(all_of(asked.words))).filter(hit=True).annotate(exact=exact).order_by("-exact", "-filings", "id")
    )


def nearest(text: str, domain: str | None = None, audience: str | None = None) -> QuerySet[Procedure]:
    """For a search that found nothing: procedures with at least half of its words, those with most of them first, at most 10."""
    found = _narrowed(_published(), domain, audience)
    asked = wanted(text)
    if not asked.words:
        return found.none()
    shared = sum((Cast(_matches(f"'{word}'"), IntegerField()) for word in asked.words), Value(0))
    some = found.alias(hit=_matches(any_of(asked.words))).filter(hit=True).annotate(shared=shared)
    return some.filter(shared__gte=(len(asked.words) + 1) // 2).order_by("-shared", "-filings", "id")[:10]


def _narrowed(found: QuerySet[Procedure], domain: str | None, audience: str | None) -> QuerySet[Procedure]:
    if domain:
        found = found.filter(domain__slug=domain)
    if audience in AUDIENCES:
        said = Q()
        for word in AUDIENCES[audience]:
            said |= Q(current__audience__icontains=word)
        found = found.filter(said)
    return found


def procedure(code: str) -> Procedure:
    """A published procedure with its current version. Raises Procedure.DoesNotExist."""
    return Procedure.objects.filter(current__isnull=False).select_related("domain", "current").defer("search").get(code=code)


def version_of(code: str) -> Version:
    """The version of a procedure one files under now. Raises Procedure.DoesNotExist."""
    version = procedure(code).current
    if version is None:
        raise Procedure.DoesNotExist
    return version


def popular(most: int) -> list[Procedure]:
    """The procedures filed most often."""
    return list(_published().order_by("-filings", "id")[:most])


def domains() -> list[Domain]:
    """Fields of law with at least one published procedure, each with `count`."""
    return list(
        Domain.objects.annotate(count=Count("procedures", filter=Q(procedures__current__isnull=False)))
        .filter(count__gt=0)
        .order_by("position", "name")
    )


@dataclass(frozen=True, slots=True)
class DomainProcedures:
    """A field of law and its most used published procedures; `total` counts those that are not listed as well."""

    domain: Domain
    procedures: Sequence[Procedure]
    total: int


def by_domain(audience: str | None = None, most: int | None = None) -> list[DomainProcedures]:
    """Published procedures under their field of law, at most `most` of each. One query."""
    place = Window(RowNumber(), partition_by=F("domain"), order_by=(F("filings").desc(), F("id").asc()))
    total = Window(Count("pk"), partition_by=F("domain"))
    found = _narrowed(_published(), None, audience).annotate(place=place, total=total)
    if most is not None:
        found = found.filter(place__lte=most)
    ordered = found.order_by("domain__position", "domain__name", "place")
    grouped = groupby(ordered, key=lambda procedure: procedure.domain)
    return [DomainProcedures(domain, listed, listed[0].total) for domain, items in grouped if (listed := list(items))]


def agencies_for(version: Version) -> QuerySet[Office]:
    """The agencies one may file with, by name: those with the version's function, else every ward that has a one-stop centre."""
    active = Office.objects.filter(is_active=True).select_related("parent")
    if version.agency_function:
        return active.filter(function=version.agency_function).exclude(kind=Office.Kind.UNIT).order_by("name", "id")
    desks = Office.objects.filter(parent=OuterRef("pk"), function="one-stop", is_active=True)
    return active.filter(Exists(desks), kind=Office.Kind.WARD).order_by("name", "id")


def receiving_offices(version: Version, most: int = 200) -> list[Office]:
    """Where one may bring the papers: the office of the first step at each agency, with its agency, by name. At most `most`."""
    ref = version.route[0]["office"]
    offices = Office.objects.filter(is_active=True).select_related("parent")
    if "code" in ref:
        return list(offices.filter(code=ref["code"]))
    if "answer_code" in ref:
        return list(offices.filter(code__in=_choices(version, ref["answer_code"])).order_by("name", "id")[:most])
    agencies = agencies_for(version)
    if "answer" in ref:
        agencies = Office.objects.filter(kind=Office.Kind.WARD, is_active=True)
    within = Q(parent__in=agencies) | Q(pk__in=agencies)
    return list(offices.filter(within, function=ref["function"]).order_by("parent__name", "name", "id")[:most])


def _choices(version: Version, key: str) -> list[str]:
    """The values of a choice field: codes of offices."""
    fields = [field for page in version.form["pages"] for field in page["fields"] if field["key"] == key]
    return [choice["value"] for field in fields for choice in field.get("choices", [])]
