"""What the route editor reads about offices: which a step could mean, how many people there could do it, what can be chosen."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import Any

from django.db.models import Q

from identity.offices.models import Office, Post
from portal.kit import clock
from portal.kit.folding import fold
from services.catalogue.models import RouteTemplate, Version
from services.catalogue.queries import agencies_for
from services.catalogue.shapes import POWER_OF_KIND
from services.forms.definition import Definition

KINDS_OF_PLACE = ("phường", "xã", "đặc khu", "thành phố", "tỉnh", "khu", "vực")
"""Words that begin the name of a place, after what an office is."""
MOST_OFFICES = 2000
MOST_TEMPLATES = 40


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who could do a step: at how many offices, how many people in all, at how many of them nobody; `missing`: no such office.

    `name` is what the office is called: itself where there is one, else what the units have in common.
    """

    name: str
    offices: int
    people: int
    idle: int
    missing: int


class Offices:
    """The offices that the steps of a route may lead to, read at once however many agencies there are."""

    def __init__(self, content: Mapping[str, Any], definition: Definition | None) -> None:
        self._content = content
        self._definition = definition
        steps = content.get("route")
        self._steps = [step for step in steps if isinstance(step, Mapping)] if isinstance(steps, list) else []
        self._refs = [step["office"] for step in self._steps if isinstance(step.get("office"), Mapping)]

    def staffing(self, step: Mapping[str, Any]) -> Staffing:
        """Who could do the step, wherever the case was filed."""
        ref = step.get("office")
        found = self._found(ref) if isinstance(ref, Mapping) else []
        power = str(step.get("power") or POWER_OF_KIND.get(str(step.get("kind")), ""))
        known = [self._named[pk] for pk in found if pk is not None and pk in self._named]
        counts = [self._people[office.pk][power] for office in known]
        return Staffing(
            name=self._called(ref, known),
            offices=len(known),
            people=sum(counts),
            idle=sum(count == 0 for count in counts),
            missing=sum(pk is None for pk in found) if known or found else 0,
        )

    def _called(self, ref: object, known: Sequence[Office]) -> str:
        if len(known) == 1:
            return known[0].name
        function = ref.get("function") if isinstance(ref, Mapping) else ""
        return common_name([office.name for office in known]) or str(function or "")

    def _found(self, ref: Mapping[str, Any]) -> list[int | None]:
        """Every office the reference could mean; None where there is none."""
        if "code" in ref or "answer_code" in ref:
            codes = [ref["code"]] if "code" in ref else self._choices(ref["answer_code"])
            return [self._fixed.get(str(code)) for code in codes]
        agencies: Iterable[tuple[int, int | None]] = self._agencies
        if "answer" in ref:
            agencies = self._wards
        elif ref.get("parent"):
            agencies = {(parent, None) for _pk, parent in self._agencies if parent}
        return [self._units.get((pk, str(ref.get("function")))) for pk, _parent in agencies]

    def _choices(self, key: object) -> list[str]:
        found = [one for one in self._definition.fields() if one.key == key] if self._definition else []
        return [choice.value for one in found for choice in one.choices]

    @cached_property
    def _agencies(self) -> list[tuple[int, int | None]]:
        function = self._content.get("agency_function")
        rows = agencies_for(Version(agency_function=function if isinstance(function, str) else ""))
        return list(rows.order_by("pk").values_list("pk", "parent_id"))

    @cached_property
    def _wards(self) -> list[tuple[int, int | None]]:
        if not self._content.get("agency_function"):
            return self._agencies
        return list(agencies_for(Version(agency_function="")).order_by("pk").values_list("pk", "parent_id"))

    @cached_property
    def _offices(self) -> list[Office]:
        """Every office that could be meant, with little of it."""
        agencies = {pk for pk, _parent in self._agencies}
        if any("answer" in ref for ref in self._refs):
            agencies |= {pk for pk, _parent in self._wards}
        if any(ref.get("parent") for ref in self._refs):
            agencies |= {parent for _pk, parent in self._agencies if parent}
        self._heads = agencies
        functions = {str(ref.get("function")) for ref in self._refs if ref.get("function")}
        codes = {str(ref["code"]) for ref in self._refs if "code" in ref}
        codes.update(code for ref in self._refs if "answer_code" in ref for code in self._choices(ref["answer_code"]))
        inside = Q(pk__in=agencies) | Q(parent__in=agencies, kind=Office.Kind.UNIT)
        wanted = Q(code__in=codes) | (inside & Q(function__in=functions))
        return list(Office.objects.filter(wanted, is_active=True).only("pk", "parent_id", "kind", "function", "code", "name"))

    @cached_property
    def _named(self) -> dict[int, Office]:
        return {office.pk: office for office in self._offices}

    @cached_property
    def _fixed(self) -> dict[str, int]:
        return {office.code: office.pk for office in self._offices}

    @cached_property
    def _units(self) -> dict[tuple[int, str], int]:
        """(agency, function) -> the unit with the function inside it, else the agency itself."""
        found: dict[tuple[int, str], int] = {}
        for office in self._offices:
            if office.kind == Office.Kind.UNIT and office.parent_id in self._heads:
                found[office.parent_id, office.function] = office.pk
        for office in self._offices:
            if office.pk in self._heads:
                found.setdefault((office.pk, office.function), office.pk)
        return found

    @cached_property
    def _people(self) -> dict[int, Counter[str]]:
        """Office -> how many people hold each power there today."""
        today = clock.today()
        posts = Post.objects.filter(
            Q(until=None) | Q(until__gte=today), since__lte=today, office__in=list(self._named), person__is_active=True
        )
        found: dict[int, Counter[str]] = defaultdict(Counter)
        for office, powers in posts.values_list("office_id", "powers"):
            found[office].update(set(powers))
        return found


def common_name(names: Sequence[str]) -> str:
    """What the names begin with, without the kind of place: `Bộ phận Tư pháp – Hộ tịch` of those of all wards.

    Of names that begin differently, what most of them begin with.
    """
    if not names:
        return ""
    most = Counter(tuple(name.split()[:2]) for name in names).most_common(1)[0][0]
    alike = [name.split() for name in names if tuple(name.split()[:2]) == most]
    shared = [words[0] for words in takewhile(lambda words: len(set(words)) == 1, zip(*alike, strict=False))]
    while shared and shared[-1].lower().strip(",") in KINDS_OF_PLACE:
        shared.pop()
    return " ".join(shared).rstrip(",–- ")


def functions() -> list[tuple[str, str]]:
    """Functions that offices have, by what the offices are called."""
    names: dict[str, list[str]] = defaultdict(list)
    rows = Office.objects.filter(is_active=True).exclude(function="").order_by("pk")
    for function, name in rows.values_list("function", "name")[: 10 * MOST_OFFICES]:
        names[function].append(name)
    called = {function: common_name(some) or some[0] for function, some in names.items()}
    twice = Counter(called.values())
    said = [(function, f"{name} ({function})" if twice[name] > 1 else name) for function, name in called.items()]
    return sorted(said, key=lambda one: fold(one[1]))


def fixed_offices(chosen: str) -> list[tuple[str, str]]:
    """Codes and names of offices that are not a ward's own, as the tree has them, and of the one that is chosen."""
    rows = Office.objects.filter(is_active=True).exclude(kind=Office.Kind.WARD).exclude(parent__kind=Office.Kind.WARD)
    found = list(rows.order_by("path").values_list("code", "name", "path")[:MOST_OFFICES])
    listed = [(code, f"{'   ' * max(path.count('/') - 2, 0)}{name}") for code, name, path in found]
    if chosen and chosen not in {code for code, _name in listed}:
        listed += Office.objects.filter(code=chosen, is_active=True).values_list("code", "name")
    return listed


def templates(code: str, text: str = "") -> list[RouteTemplate]:
    """Workflows that provinces decided: those known for the procedure first, else those whose name has all the words."""
    rows = RouteTemplate.objects.defer("findings", "origin").order_by("name", "pk")
    if not text.strip():
        return list(rows.filter(codes__contains=[code])[:MOST_TEMPLATES])
    for word in text.split()[:8]:
        rows = rows.filter(Q(name__icontains=word) | Q(decision__icontains=word) | Q(province__icontains=word))
    return list(rows[:MOST_TEMPLATES])


def template(pk: int) -> RouteTemplate | None:
    """One such workflow."""
    return RouteTemplate.objects.filter(pk=pk).first()
