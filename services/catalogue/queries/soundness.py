"""Whether a draft may be published: its content, and whether the offices of its route exist and somebody there may act."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q

from identity.offices.models import Office, Post
from portal.kit import clock
from services.catalogue.models import Domain, Procedure, Version, VersionDraft
from services.catalogue.queries.procedures import agencies_for
from services.catalogue.queries.versions import upcoming
from services.catalogue.shapes import POWER_OF_KIND, Problem, problems
from services.catalogue.words import mark as _
from services.forms.definition import Definition, InvalidDefinition, parse

NAMED = 3
"""Offices that a problem calls by name; the others are counted."""


def draft_findings(draft: VersionDraft) -> list[Problem]:
    """Everything wrong with a draft, in reading order; what does not stop publishing is a warning."""
    return [*problems(draft.content), *_left_by_import(draft), *_meanwhile(draft), *route_findings(draft.content)]


def route_findings(content: Mapping[str, Any]) -> list[Problem]:
    """Steps of the route that nobody could do: no such office, or nobody there with the power. At most six queries."""
    steps = [step for step in _list(content.get("route")) if isinstance(step, Mapping)]
    tree = _Tree(content, steps)
    found: list[Problem] = []
    for number, step in enumerate(steps):
        key = step.get("key")
        found += tree.problems(f"route.{key}" if isinstance(key, str) and key else f"route.{number}", step)
    return found


def _left_by_import(draft: VersionDraft) -> Iterator[Problem]:
    open_notes = sum(1 for finding in draft.findings if isinstance(finding, Mapping) and not finding.get("settled"))
    if open_notes:
        yield Problem("findings", _("Notes of the import that nobody has looked at yet: %(count)d."), {"count": open_notes})


def _meanwhile(draft: VersionDraft) -> Iterator[Problem]:
    """What was published beside the draft."""
    procedure = Procedure.objects.filter(code=draft.code).select_related("current").first()
    if procedure is not None and procedure.current_id is not None and procedure.current_id != draft.base_id:
        yield Problem(
            "code",
            _("Version %(number)d came into force after this draft was begun. Look at the differences before you publish."),
            {"number": procedure.current.number if procedure.current else 0},
            warning=True,
        )
    coming = upcoming(procedure) if procedure else None
    if coming is not None and coming.starts_on:
        yield Problem(
            "code",
            _("Version %(number)d is published and begins on %(day)s. What this draft changes is not in it."),
            {"number": coming.number, "day": f"{coming.starts_on:%d/%m/%Y}"},
            warning=True,
        )
    said = draft.content.get("domain")
    slug, name = (said.get("slug"), said.get("name")) if isinstance(said, Mapping) else (None, None)
    domain = Domain.objects.filter(slug=slug).first() if isinstance(slug, str) else None
    if domain is not None and domain.name != name:
        yield Problem(
            "domain", _("This field of law is already called “%(name)s” and stays so."), {"name": domain.name}, warning=True
        )


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where a step would be done in one case: the office, or none; `where` names the agency or the code it was looked for at."""

    where: str
    office: int | None


class _Tree:
    """The offices a route may lead to; everything is read at once, however many agencies there are."""

    def __init__(self, content: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> None:
        self._content = content
        self._refs = [ref for step in steps if isinstance(ref := step.get("office"), Mapping)]

    def problems(self, place: str, step: Mapping[str, Any]) -> Iterator[Problem]:
        ref = step.get("office")
        power = step.get("power") or POWER_OF_KIND.get(str(step.get("kind")))
        if not isinstance(ref, Mapping) or not ref or power is None:
            return
        desks = self._desks(ref)
        if not desks:
            if ref.get("function") and "code" not in ref and "answer_code" not in ref:
                yield Problem(f"{place}.office", _("There is no agency at which this step could be done."))
            return
        lost = [desk.where for desk in desks if desk.office is None]
        idle = [desk.where for desk in desks if desk.office is not None and str(power) not in self._held[desk.office]]
        if lost and "function" in ref and "code" not in ref and "answer_code" not in ref:
            yield Problem(
                f"{place}.office",
                _("There is no active office with the function “%(function)s” at: %(where)s."),
                {"function": str(ref["function"]), "where": _named(lost)},
            )
        elif lost:
            yield Problem(f"{place}.office", _("There is no active office with the code %(where)s."), {"where": _named(lost)})
        if idle:
            yield Problem(
                place,
                _("Nobody holds the power “%(power)s” at: %(where)s."),
                {"power": str(power), "where": _named(idle)},
                warning=len(idle) < len(desks),
            )

    def _desks(self, ref: Mapping[str, Any]) -> list[_Desk]:
        """Every office the reference could mean."""
        if "code" in ref or "answer_code" in ref:
            codes = [ref["code"]] if "code" in ref else self._choices(ref["answer_code"])
            return [self._fixed_desk(code) for code in codes if isinstance(code, str)]
        function = ref.get("function")
        if not isinstance(function, str):
            return []
        if "answer" in ref:
            agencies: Iterable[Office] = self._wards
        elif ref.get("parent"):
            agencies = list({agency.parent.pk: agency.parent for agency in self._agencies if agency.parent}.values())
        else:
            agencies = self._agencies
        return [_Desk(agency.name, self._units.get((agency.pk, function))) for agency in agencies]

    def _fixed_desk(self, code: str) -> _Desk:
        office = self._fixed.get(code)
        return _Desk(f"{office.name} ({code})" if office else code, office.pk if office else None)

    def _choices(self, key: object) -> list[str]:
        field = next((field for field in self._definition.fields() if field.key == key), None) if self._definition else None
        return [choice.value for choice in field.choices] if field else []

    @cached_property
    def _definition(self) -> Definition | None:
        try:
            return parse(self._content.get("form"))
        except InvalidDefinition:
            return None

    @cached_property
    def _agencies(self) -> list[Office]:
        function = self._content.get("agency_function")
        return list(agencies_for(Version(agency_function=function if isinstance(function, str) else "")))

    @cached_property
    def _wards(self) -> list[Office]:
        """The wards a place can name: those with a one-stop centre."""
        return list(agencies_for(Version(agency_function="")))

    @cached_property
    def _fixed(self) -> dict[str, Office]:
        codes = {ref["code"] for ref in self._refs if isinstance(ref.get("code"), str)}
        codes.update(code for ref in self._refs if "answer_code" in ref for code in self._choices(ref["answer_code"]))
        return {office.code: office for office in Office.objects.filter(code__in=codes, is_active=True)} if codes else {}

    @cached_property
    def _units(self) -> dict[tuple[int, str], int]:
        """(agency, function) -> the unit with the function inside it, or the agency itself."""
        agencies = {agency.pk for agency in self._agencies}
        if any("answer" in ref for ref in self._refs):
            agencies |= {ward.pk for ward in self._wards}
        if any(ref.get("parent") for ref in self._refs):
            agencies |= {agency.parent_id for agency in self._agencies if agency.parent_id}
        functions = {ref["function"] for ref in self._refs if isinstance(ref.get("function"), str)}
        inside = Q(pk__in=agencies) | Q(parent__in=agencies, kind=Office.Kind.UNIT)
        rows = Office.objects.filter(inside, function__in=functions, is_active=True).values_list(
            "pk", "parent_id", "kind", "function"
        )
        found: dict[tuple[int, str], int] = {}
        for pk, parent, kind, function in rows:
            if kind == Office.Kind.UNIT and parent in agencies:
                found[parent, function] = pk
            if pk in agencies:
                found.setdefault((pk, function), pk)
        return found

    @cached_property
    def _held(self) -> dict[int, set[str]]:
        """Office -> powers that somebody holds there today."""
        today = clock.today()
        wanted = {*self._units.values(), *(office.pk for office in self._fixed.values())}
        posts = Post.objects.filter(
            Q(until=None) | Q(until__gte=today), since__lte=today, office__in=wanted, person__is_active=True
        ).values_list("office_id", "powers")
        held: dict[int, set[str]] = defaultdict(set)
        for office, powers in posts:
            held[office].update(powers)
        return held


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _named(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - NAMED
    return "; ".join(names[:NAMED]) + (f" (+{more})" if more > 0 else "")
