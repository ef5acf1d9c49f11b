"""Finding and listing published procedures."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.core.cache import cache
from django.db import connection
from django.db.models import BooleanField, Count, F, IntegerField, Min, Q, QuerySet, Value, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, RowNumber

from identity.offices.models import Office
from portal.kit import clock
from services.catalogue.lexemes import all_of, any_of, wanted
from services.catalogue.models import Domain, Procedure, Version
from services.catalogue.spelling import Vocabulary, meant

AUDIENCES: dict[str, tuple[str, ...]] = {
    "nguoi-dan": ("công dân", "cá nhân", "hộ gia đình", "người", "học sinh"),
    "doanh-nghiep": ("doanh nghiệp", "tổ chức", "hợp tác xã", "hộ kinh doanh"),
}
"""Whom a procedure is for, as the filter offers it, and how the texts say it."""

WARD_OFFICES = "phuong-xa"
"""What the filter by office calls the people's committees of wards and communes."""

VOCABULARY, VOCABULARY_SECONDS = "catalogue:vocabulary", 300
"""A new procedure's words are known to the spelling within five minutes; searching for them works at once."""

HEAVY = ("form", "documents", "route", "outcome", "steps_text", "legal_basis", "conditions", "source", "agency_name")
"""Columns that lists do not show."""


def _in_force() -> Q:
    """Published, and not ended yet."""
    return Q(current__isnull=False) & (Q(retired_on=None) | Q(retired_on__gt=clock.today()))


def _published() -> QuerySet[Procedure]:
    return (
        Procedure.objects.filter(_in_force())
        .select_related("domain", "current")
        .defer("search", *(f"current__{column}" for column in HEAVY))
    )


def _matches(query: str) -> RawSQL:
    return RawSQL("catalogue_procedure.search @@ %s::tsquery", (query,), output_field=BooleanField())


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search: slugs, each empty where it does not."""

    domain: str = ""
    audience: str = ""
    life_event: str = ""
    office: str = ""

    def __bool__(self) -> bool:
        return bool(self.domain or self.audience or self.life_event or self.office)


EVERYTHING = Filters()


def search(text: str, filters: Filters = EVERYTHING) -> QuerySet[Procedure]:
    """Published procedures with all the words of `text`, marks or not, in any order, the last word perhaps unfinished.

    Each has `exact`: 1 where the words stand side by side as typed. Ordered by ("-exact", "-filings", "id"): first those,
    then by use. No text: all.
    """
    found = _narrowed(_published(), filters)
    asked = wanted(text)
    if not asked.words:
        return found.annotate(exact=Value(0)).order_by("-exact", "-filings", "id")
    exact = Cast(_matches(all_of(asked.pairs)), IntegerField()) if asked.pairs else Value(0)
    return (
        found.alias(hit=_matches(all_of(asked.words))).filter(hit=True).annotate(exact=exact).order_by("-exact", "-filings", "id")
    )


def suggestion(text: str, filters: Filters = EVERYTHING) -> str:
    """For a search that found nothing: the likeliest words with the slips of the keyboard put right, if those find something."""
    read = meant(wanted(text).words, _vocabulary())
    put_right = " ".join(read) if read else ""
    return put_right if put_right and search(put_right, filters).exists() else ""


def nearest(text: str, filters: Filters = EVERYTHING) -> QuerySet[Procedure]:
    """For a search that found nothing: procedures with at least half of its words, those with most of them first, at most 10."""
    found = _narrowed(_published(), filters)
    asked = wanted(text)
    if not asked.words:
        return found.none()
    shared = sum((Cast(_matches(f"'{word}'"), IntegerField()) for word in asked.words), Value(0))
    some = found.alias(hit=_matches(any_of(asked.words))).filter(hit=True).annotate(shared=shared)
    return some.filter(shared__gte=(len(asked.words) + 1) // 2).order_by("-shared", "-filings", "id")[:10]


def _vocabulary() -> Vocabulary:
    """Every lexeme of the published catalogue, read at most every few minutes."""
    lexemes: dict[str, int] | None = cache.get(VOCABULARY)
    if lexemes is None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT word, ndoc FROM ts_stat('SELECT search FROM catalogue_procedure WHERE current_id IS NOT NULL')"
            )
            lexemes = dict(cursor.fetchall())
        cache.set(VOCABULARY, lexemes, VOCABULARY_SECONDS)
    return Vocabulary(lexemes)


def _narrowed(found: QuerySet[Procedure], filters: Filters) -> QuerySet[Procedure]:
    if filters.domain:
        found = found.filter(domain__slug=filters.domain)
    if filters.audience in AUDIENCES:
        said = Q()
        for word in AUDIENCES[filters.audience]:
            said |= Q(current__audience__icontains=word)
        found = found.filter(said)
    if filters.life_event:
        found = found.filter(life_events__contains=[filters.life_event])
    if filters.office == WARD_OFFICES:
        found = found.filter(current__level=Version.Level.WARD, current__agency_function="")
    elif filters.office:
        found = found.filter(current__agency_function=filters.office)
    return found


def popular(most: int) -> list[Procedure]:
    """The procedures filed most often."""
    return list(_published().order_by("-filings", "id")[:most])


def domains() -> list[Domain]:
    """Fields of law with at least one published procedure, each with `count`."""
    return list(
        Domain.objects.annotate(
            count=Count(
                "procedures",
                filter=Q(procedures__current__isnull=False)
                & (Q(procedures__retired_on=None) | Q(procedures__retired_on__gt=clock.today())),
            )
        )
        .filter(count__gt=0)
        .order_by("position", "name")
    )


def life_events() -> dict[str, int]:
    """Slug of each event of life that has published procedures, and how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unnest(life_events), count(*) FROM catalogue_procedure "
            "WHERE current_id IS NOT NULL AND (retired_on IS NULL OR retired_on > %s) GROUP BY 1 ORDER BY 2 DESC, 1",
            [clock.today()],
        )
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class DecidingOffice:
    """A kind of office that decides procedures: slug for the filter, name, and how many procedures."""

    slug: str
    name: str
    count: int


def deciding_offices() -> list[DecidingOffice]:
    """The offices that decide published procedures; the wards are one entry, without a name, in front. Two queries."""
    counted = (
        Procedure.objects.filter(_in_force())
        .values("current__agency_function", "current__level")
        .annotate(count=Count("pk"), said=Min("current__agency_name"))
    )
    functions: dict[str, tuple[int, str]] = {}
    for row in counted:
        function = row["current__agency_function"] or (WARD_OFFICES if row["current__level"] == Version.Level.WARD else "")
        if function:
            count, said = functions.get(function, (0, row["said"]))
            functions[function] = (count + row["count"], said)
    named: dict[str, list[str]] = {}
    for function, name in (
        Office.objects.filter(function__in=functions, is_active=True)
        .exclude(kind=Office.Kind.UNIT)
        .values_list("function", "name")
    ):
        named.setdefault(function, []).append(name)
    wards, _said = functions.pop(WARD_OFFICES, (0, ""))
    # One office has its own name; of several, such as the police of each ward, the law's name for all of them is shown.
    offices = [
        DecidingOffice(function, names[0] if len(names := named.get(function, [])) == 1 else said, count)
        for function, (count, said) in functions.items()
    ]
    offices.sort(key=lambda office: office.name)
    return [DecidingOffice(WARD_OFFICES, "", wards), *offices] if wards else offices


@dataclass(frozen=True, slots=True)
class DomainProcedures:
    """A field of law and its most used published procedures; `total` counts those that are not listed as well."""

    domain: Domain
    procedures: Sequence[Procedure]
    total: int


def by_domain(filters: Filters = EVERYTHING, most: int | None = None) -> list[DomainProcedures]:
    """Published procedures under their field of law, at most `most` of each. One query."""
    place = Window(RowNumber(), partition_by=F("domain"), order_by=(F("filings").desc(), F("id").asc()))
    total = Window(Count("pk"), partition_by=F("domain"))
    found = _narrowed(_published(), filters).annotate(place=place, total=total)
    if most is not None:
        found = found.filter(place__lte=most)
    ordered = found.order_by("domain__position", "domain__name", "place")
    grouped = groupby(ordered, key=lambda procedure: procedure.domain)
    return [DomainProcedures(domain, listed, listed[0].total) for domain, items in grouped if (listed := list(items))]
