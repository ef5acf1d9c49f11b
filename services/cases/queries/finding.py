"""Finding cases by words: number, names, answers without marks.

A queue looks among the open work of one's offices and what they finished last, which is as much after ten years as after one. The
search over all cases is answered from the index of words; a common text stops there at 500, and is looked for among the cases of
one's own offices instead, newest first.
"""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import connection, transaction
from django.db.models import Field, Func, Lookup, Q, QuerySet, Value

from identity.offices import queries as offices
from identity.offices.powers import CASE_POWERS
from identity.people.models import Person
from services.cases import numbering, searching
from services.cases.models import Case, WorkItem
from services.cases.queries.official import HEAVY, cases_for_official

FOUND_CAP = 50
RARE = 500
FINISHED_LOOKED_AT = 1000
NEWEST_LOOKED_AT = 3000


class _QueryField(Field):  # type: ignore[type-arg]
    """A tsquery, only ever compared with."""

    def db_type(self, connection: object) -> str:
        return "tsquery"


class Words(Func):
    """A tsquery as it is written: the tokens hold underscores and dots, which to_tsquery would take apart."""

    template = "%(expressions)s::tsquery"
    output_field = _QueryField()

    def __init__(self, query: str) -> None:
        super().__init__(Value(query))


@SearchVectorField.register_lookup
class HasWords(Lookup):  # type: ignore[type-arg]
    """Whether the words of a case answer a tsquery."""

    lookup_name = "has_words"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """`search @@ query`."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}", [*left_params, *right_params]


@SearchVectorField.register_lookup
class HoldsWords(HasWords):
    """The same, but never answered from the index of words: for common words among few cases."""

    lookup_name = "holds_words"

    def process_lhs(self, compiler: Any, connection: Any, lhs: Any = None) -> Any:
        """A concatenation with nothing, which no index knows."""
        left, params = super().process_lhs(compiler, connection, lhs)
        return f"({left} || ''::tsvector)", params


class Tokens(Func):
    """A tsvector of these very tokens."""

    template = "array_to_tsvector(%(expressions)s::text[])"
    output_field = SearchVectorField()

    def __init__(self, tokens: list[str]) -> None:
        super().__init__(Value(tokens))


def _found(query: str) -> list[int]:
    """Keys of cases with these words, in no order, one more than is rare at most.

    How often the beginning of a word occurs the planner only guesses, and with a limit it then reads the table instead of the
    index of words; so nothing else is offered to it.
    """
    rows = Case.objects.filter(search__has_words=Words(query)).order_by()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off")
        found = list(rows.values_list("pk", flat=True)[: RARE + 1])
        cursor.execute("SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = on; SET LOCAL enable_indexonlyscan = on")
    return found


def matching(person: Person, text: str) -> Q | None:
    """A condition on work items of the person's lists; None where nothing is looked for. At most four queries, once for a page."""
    if not text.strip():
        return None
    if numbering.is_case_number(number := numbering.tidy(text)):
        return Q(case__in=list(Case.objects.filter(number=number).values_list("pk", flat=True)))
    exact, loose = searching.query(text), searching.loose_query(text)
    pks = _in_lists(person, loose or exact)
    if loose and pks:
        # Words in their order are meant, if there are such; otherwise the same words anywhere.
        close = Case.objects.filter(pk__in=pks, search__holds_words=Words(exact))
        pks = list(close.values_list("pk", flat=True)) or pks
    return Q(case__in=pks)


def _in_lists(person: Person, query: str) -> list[int]:
    """Cases with these words among the open work of the person's offices and agencies, and the last 1,000 items each finished."""
    if not query:
        return []
    desks = offices.office_ids_where(person, *CASE_POWERS)
    agencies = {offices.agency_of(post.office).pk for post in offices.posts_of(person) if post.office_id in desks}
    items = WorkItem.objects.filter(Q(office__in=desks) | Q(agency__in=agencies), state=WorkItem.State.OPEN)
    found = set(items.filter(case__search__holds_words=Words(query)).values_list("case_id", flat=True))
    for office in desks:
        done = WorkItem.objects.filter(office=office, state=WorkItem.State.DONE).order_by("-finished_at", "-id")
        last = Case.objects.filter(pk__in=done.values("case_id")[:FINISHED_LOOKED_AT])
        found |= set(last.filter(search__holds_words=Words(query)).values_list("pk", flat=True))
    return sorted(found)


def _condition(person: Person, text: str) -> tuple[list[int], str | None] | None:
    """The keys of all cases that fit, or the query where these are too many; None where nothing is looked for."""
    if not text.strip():
        return None
    if numbering.is_case_number(number := numbering.tidy(text)):
        return list(Case.objects.filter(number=number).values_list("pk", flat=True)), None
    exact, loose = searching.query(text), searching.loose_query(text)
    if exact and not loose and len(newest := _newest_at_my_desks(person, exact)) >= FOUND_CAP:
        # One word may be half the country's name: the index of words would be read at length to say no more than that.
        return newest, None
    for query in (exact, loose):
        if query and (pks := _found(query)):
            return (pks, None) if len(pks) <= RARE else ([], query)
    return [], None


def _newest_at_my_desks(person: Person, query: str) -> list[int]:
    """Those with the words among the last 3,000 cases of each office."""
    found: set[int] = set()
    for office in offices.office_ids_where(person, *CASE_POWERS):
        last = WorkItem.objects.filter(office=office).order_by("-case_id").values("case_id")[:NEWEST_LOOKED_AT]
        rows = Case.objects.filter(pk__in=last, search__holds_words=Words(query)).order_by("-pk")
        found |= set(rows.values_list("pk", flat=True)[:FOUND_CAP])
    return sorted(found)


def find_cases(person: Person, text: str) -> list[Case]:
    """Up to 50 cases the person may see, by number, names or answers, newest first. At most six queries for a person with one desk."""
    condition = _condition(person, text)
    if condition is None:
        return []
    pks, query = condition
    seen = cases_for_official(person).defer(*HEAVY)
    if query is not None:
        pks = _at_my_desks(person, query)
        if supervised := list(offices.supervised_offices(person).values_list("pk", flat=True)):
            pks += _newest(Case.objects.filter(agency__in=supervised).exclude(state=Case.State.DRAFT), query)
    return list(seen.filter(pk__in=pks).order_by("-pk")[:FOUND_CAP])


def _at_my_desks(person: Person, query: str) -> list[int]:
    """The newest at each office in turn: along the index of an office's cases, so that no other office's are looked at."""
    found: list[int] = []
    for office in offices.office_ids_where(person, *CASE_POWERS):
        rows = WorkItem.objects.filter(office=office, case__search__has_words=Words(query)).order_by("-case_id")
        found += list(rows.values_list("case_id", flat=True).distinct()[:FOUND_CAP])
    return found


def _newest(cases: QuerySet[Case], query: str) -> list[int]:
    rows = cases.filter(search__has_words=Words(query)).order_by("-pk")
    return list(rows.values_list("pk", flat=True)[:FOUND_CAP])
