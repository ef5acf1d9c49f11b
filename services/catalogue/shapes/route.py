"""RULE: the route: steps, their order, branches that join, offices that can be found, hours within the limit."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, groupby
from typing import Any

from identity.offices.powers import Power
from services.catalogue.shapes.hours import fits_hours, hours, limit_hours, longest, written
from services.catalogue.shapes.problem import Problem, entries, filled, items, keyed, missing, one_of, place_of, too_long, twice
from services.catalogue.shapes.step_fields import step_fields
from services.catalogue.shapes.vocabulary import ALONE, KINDS, LIMIT_UNITS, OFFICE_CODE, SLUG, TITLE_LENGTH
from services.catalogue.words import mark as _
from services.forms import conditions
from services.forms.definition import Definition, Field

Step = Mapping[str, Any]
MOST_POINTS, MOST_DAYS = 20, 90


def route(raw: Mapping[str, Any], definition: Definition | None) -> Iterator[Problem]:
    """Everything that would leave a case standing, or make it late from the start."""
    steps = items(raw.get("route"))
    if not steps:
        yield Problem("route", _("The route has no steps."))
        return
    places = [place_of("route", number, step) for number, step in enumerate(steps)]
    yield from twice("route", steps)
    for place, step in zip(places, steps, strict=True):
        yield from _step(place, step, definition)
    yield from _order(places, steps)
    yield from _branches(places, steps)
    if all(fits_hours(step.get("hours")) for step in steps):
        yield from _time(raw, steps, definition)


def _step(place: str, step: Step, definition: Definition | None) -> Iterator[Problem]:
    yield from entries(place, "route", step)
    yield from keyed(place, step)
    if not filled(step.get("title")):
        yield missing(f"{place}.title")
    yield from too_long(f"{place}.title", step.get("title"), TITLE_LENGTH)
    yield from one_of(f"{place}.kind", step.get("kind"), KINDS)
    if (power := step.get("power")) and power not in list(Power):
        yield Problem(f"{place}.power", _("There is no power “%(power)s”."), {"power": str(power)[:40]})
    if not fits_hours(step.get("hours")):
        yield Problem(f"{place}.hours", _("Hours are a number above zero, or empty when they are not counted."))
    yield from _options(place, step)
    yield from _office(f"{place}.office", step.get("office"), definition, always=step.get("when") is None)
    if step.get("when") is not None:
        yield from _when(f"{place}.when", step["when"], definition)
    yield from step_fields(f"{place}.fields", step.get("title"), step.get("fields"))


def _options(place: str, step: Step) -> Iterator[Problem]:
    points = step.get("points")
    if points is not None and (not isinstance(points, int) or isinstance(points, bool) or not 1 <= points <= MOST_POINTS):
        yield Problem(
            f"{place}.points", _("The weight of the work is a whole number from 1 to %(most)s."), {"most": str(MOST_POINTS)}
        )
    days, asks = step.get("days"), step.get("kind") == "consult"
    if days is not None and (not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= MOST_DAYS):
        yield Problem(f"{place}.days", _("Days are a whole number from 1 to %(most)s."), {"most": str(MOST_DAYS)})
    elif days is not None and (not asks or step.get("hours") is not None):
        yield Problem(f"{place}.days", _("Days are given only where another office is asked, and instead of hours."))
    if step.get("silence") is not True:
        return
    if not asks:
        yield Problem(f"{place}.silence", _("No answer can count as agreement only where another office is asked."))
    elif step.get("hours") is None and days is None:
        yield Problem(f"{place}.silence", _("No answer counts as agreement after a limit of its own: give hours or days."))


def _when(place: str, when: Any, definition: Definition | None) -> Iterator[Problem]:
    operands = definition.operands() if definition else {}
    found = conditions.problems(when, operands)
    for message in found:
        yield Problem(place, "%(message)s", {"message": message})
    if found or definition is None:
        return
    asked = _asked(when, definition)
    if asked and any(message.code == "condition_never" for message in conditions.problems({"and": [when, *asked]}, operands)):
        yield Problem(place, _("The condition can never hold: what it asks for excludes the question it asks about."))


def _asked(when: Any, definition: Definition) -> list[Any]:
    """For every question the condition rests on, and those these rest on: it is asked, or it has no answer."""
    found: list[Any] = []
    waiting, seen = list(conditions.variables(when)), set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for condition in _conditions_of(name.partition(".")[0], definition):
            found.append({"or": [condition, {"==": [{"var": name}, None]}]})
            waiting += conditions.variables(condition)
    return found


def _conditions_of(key: str, definition: Definition) -> list[Any]:
    return [
        condition
        for page in definition.pages
        for field in page.fields
        if field.key == key
        for condition in (page.when, field.when)
        if condition is not None
    ]


def _office(place: str, ref: object, definition: Definition | None, *, always: bool) -> Iterator[Problem]:
    if not isinstance(ref, Mapping) or not ref:
        yield Problem(place, _("The step names no office."))
        return
    for key in ref:
        if key not in ("function", "code", "answer", "answer_code", "parent"):
            yield Problem(place, _("There is no entry “%(key)s” here."), {"key": key})
    if "code" in ref:
        code = ref["code"]
        if not isinstance(code, str) or not OFFICE_CODE.fullmatch(code):
            yield Problem(place, _("“%(code)s” is not an identifier code of an office."), {"code": str(code)[:40]})
        return
    answer = ref.get("answer_code") if "answer_code" in ref else ref.get("answer")
    if "answer_code" in ref or "answer" in ref:
        yield from _from_answer(place, answer, definition, choice="answer_code" in ref, always=always)
    function = ref.get("function")
    if "answer_code" not in ref and not (isinstance(function, str) and SLUG.fullmatch(function)):
        yield Problem(place, _("The step names no office."))


def _from_answer(place: str, answer: object, definition: Definition | None, *, choice: bool, always: bool) -> Iterator[Problem]:
    if definition is None:
        return
    field = next((field for field in definition.fields() if field.key == answer), None)
    if field is None or not (field.kind == "choice" if choice else f"{field.key}.ward" in definition.operands()):
        message = (
            _("The office comes from the answer “%(field)s”, which must be a choice of offices.")
            if choice
            else _("The office comes from the answer “%(field)s”, which must ask for a province and ward.")
        )
        yield Problem(place, message, {"field": str(answer)[:60]})
    elif always and not _always_answered(field, definition):
        yield Problem(place, _("The office comes from the answer “%(field)s”, which must always be asked."), {"field": field.key})
    elif choice:
        for one in field.choices:
            if not OFFICE_CODE.fullmatch(one.value):
                yield Problem(place, _("“%(code)s” is not an identifier code of an office."), {"code": one.value})


def _always_answered(wanted: Field, definition: Definition) -> bool:
    return wanted.required and not _conditions_of(wanted.key, definition)


def _order(places: Sequence[str], steps: Sequence[Step]) -> Iterator[Problem]:
    kinds = [step.get("kind") for step in steps]
    if kinds[0] != "receive":
        yield Problem(places[0], _("A route begins with receiving the application."))
    if kinds[-1] != "hand_over":
        yield Problem(places[-1], _("A route ends with handing over the outcome."))
    elif steps[-1].get("hours") is not None:
        yield Problem(f"{places[-1]}.hours", _("Handing over is not counted: leave its hours empty."))
    for kind in ALONE:
        found = [number for number, one in enumerate(kinds) if one == kind]
        if not found:
            yield Problem("route", _("A route has exactly one step of the kind “%(kind)s”."), {"kind": kind})
        for number in found[1:]:
            yield Problem(places[number], _("A route has exactly one step of the kind “%(kind)s”."), {"kind": kind})
    if "sign" in kinds and "seal" in kinds and kinds.index("seal") < kinds.index("sign"):
        yield Problem(places[kinds.index("seal")], _("The outcome is signed before it is sealed."))
    for place, step in zip(places, steps, strict=True):
        if step.get("kind") in ALONE and (step.get("group") or step.get("when") is not None):
            yield Problem(place, _("This step belongs to every case and stands alone: no group, no condition."))


def _branches(places: Sequence[str], steps: Sequence[Step]) -> Iterator[Problem]:
    runs = [
        (group, [number for number, _step in run])
        for group, run in groupby(enumerate(steps), key=lambda pair: pair[1].get("group") or "")
        if isinstance(group, str) and group
    ]
    counted = Counter(group for group, _numbers in runs)
    seen: set[str] = set()
    for group, numbers in runs:
        if group in seen:
            yield Problem(
                places[numbers[0]],
                _("The branch “%(group)s” never joins: its steps must follow one another."),
                {"group": group},
            )
        elif counted[group] == 1 and len(numbers) == 1:
            yield Problem(
                places[numbers[0]], _("Nothing runs side by side with this step of “%(group)s”."), {"group": group}, warning=True
            )
        seen.add(group)


def _time(raw: Mapping[str, Any], steps: Sequence[Step], definition: Definition | None) -> Iterator[Problem]:
    taken = longest(steps, _excluding(steps, definition)) if definition else hours(steps)
    limits = [("", raw.get("limit_value"), raw.get("limit_unit"))]
    limits += [
        (str(item.get("label") or item.get("key")), item["limit"].get("value"), item["limit"].get("unit"))
        for item in items(raw.get("circumstances"))
        if isinstance(item.get("limit"), Mapping)
    ]
    for circumstance, value, unit in limits:
        if not isinstance(value, int) or isinstance(value, bool) or unit not in LIMIT_UNITS:
            continue
        allowed = limit_hours(value, str(unit))
        if taken > allowed:
            message = (
                _("The steps take %(hours)s working hours, more than the %(limit)s of the circumstance “%(circumstance)s”.")
                if circumstance
                else _("The steps take %(hours)s working hours, more than the limit of %(limit)s.")
            )
            values = {"hours": written(taken), "limit": written(allowed)}
            yield Problem(
                "route",
                message,
                {**values, "circumstance": circumstance} if circumstance else values,
                warning=unit == "calendar_day",
            )


def _excluding(steps: Sequence[Step], definition: Definition) -> set[frozenset[int]]:
    """Pairs of steps, by their numbers, whose conditions never hold together."""
    operands = definition.operands()
    conditional = [
        number
        for number, step in enumerate(steps)
        if step.get("when") is not None and not conditions.problems(step["when"], operands)
    ]
    return {
        frozenset(pair)
        for pair in combinations(conditional, 2)
        if any(
            message.code == "condition_never"
            for message in conditions.problems({"and": [steps[number]["when"] for number in pair]}, operands)
        )
    }
