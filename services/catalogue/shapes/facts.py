"""RULE: the facts of a version: what the law requires to be published, ways to file, circumstances, fees, papers."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from services.catalogue.life_events import BY_SLUG
from services.catalogue.shapes.problem import Problem, entries, filled, items, keyed, missing, one_of, place_of, too_long, twice
from services.catalogue.shapes.vocabulary import (
    CHANNELS,
    CODE,
    ELECTRONIC,
    LARGEST_AMOUNT,
    LARGEST_NUMBER,
    LEVELS,
    LIMIT_UNITS,
    LONGEST,
    SLUG,
)
from services.catalogue.words import mark as _
from services.forms.definition import Definition

REQUIRED_TEXTS = ("name", "agency_name", "audience", "limit_text", "result_name")
MOST_FILES = 20
MOST_MINUTES = 600
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def facts(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """The texts and numbers of the version itself."""
    code = raw.get("code")
    if not isinstance(code, str) or len(code) > 30 or not CODE.fullmatch(code):
        yield Problem("code", _("A procedure code looks like 1.013225."))
    yield from _domain(raw.get("domain"))
    for key in REQUIRED_TEXTS:
        if not filled(raw.get(key)):
            yield missing(key)
    for key, most in LONGEST.items():
        yield from too_long(key, raw.get(key), most)
    yield from one_of("level", raw.get("level"), LEVELS)
    function = raw.get("agency_function")
    if raw.get("level") in LEVELS and raw.get("level") != "ward" and not function:
        yield Problem("agency_function", _("Say which agency decides when it is not the ward."))
    elif function and not (isinstance(function, str) and SLUG.fullmatch(function)):
        yield Problem("agency_function", _("A key has small letters, digits and hyphens only."))
    yield from _limit("limit_value", "limit_unit", raw.get("limit_value"), raw.get("limit_unit"))
    for key in ("steps_text", "legal_basis"):
        lines = raw.get(key)
        if not isinstance(lines, list) or not lines or not all(filled(text) for text in lines):
            yield Problem(key, _("The law requires this to be published: give at least one line."))
    yield from _life_events(raw.get("life_events"))
    minutes = raw.get("minutes_needed")
    if minutes is not None and not (isinstance(minutes, int) and 1 <= minutes <= MOST_MINUTES):
        yield Problem("minutes_needed", _("Between 1 and %(most)d minutes, or empty."), {"most": MOST_MINUTES})


def _domain(domain: object) -> Iterator[Problem]:
    slug = domain.get("slug") if isinstance(domain, Mapping) else None
    name = domain.get("name") if isinstance(domain, Mapping) else None
    if not filled(name) or not isinstance(slug, str) or not SLUG.fullmatch(slug):
        yield Problem("domain", _("The field of law needs a name and a short name."))
    else:
        yield from too_long("domain", name, 120)
        yield from too_long("domain", slug, 60)
    position = domain.get("position", 0) if isinstance(domain, Mapping) else 0
    if not isinstance(position, int) or isinstance(position, bool) or not 0 <= position <= LARGEST_NUMBER:
        yield Problem("domain", _("The entry “%(key)s” cannot be read: it is of another kind."), {"key": "position"})


def _life_events(value: object) -> Iterator[Problem]:
    for number, slug in enumerate(value if isinstance(value, list) else []):
        if not isinstance(slug, str) or slug not in BY_SLUG:
            yield Problem(f"life_events.{number}", _("There is no event of life “%(slug)s”."), {"slug": str(slug)[:40]})
        elif slug in value[:number]:  # type: ignore[index]
            yield Problem(f"life_events.{number}", _("“%(slug)s” is listed more than once."), {"slug": slug})


def _limit(number_place: str, unit_place: str, value: object, unit: object) -> Iterator[Problem]:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= LARGEST_NUMBER:
        yield Problem(number_place, _("A time limit is a whole number above zero."))
    yield from one_of(unit_place, unit, LIMIT_UNITS)


def channels(value: object) -> Iterator[Problem]:
    """Ways to file."""
    found = items(value)
    if not found:
        yield Problem("channels", _("Give at least one way to file."))
    for number, channel in enumerate(found):
        place = f"channels.{number}"
        yield from entries(place, "channels", channel)
        yield from one_of(place, channel.get("channel"), CHANNELS)
        if not filled(channel.get("time_text")):
            yield Problem(place, _("Say in words how long it takes this way."))
        if channel.get("channel") in [other.get("channel") for other in found[:number]]:
            yield Problem(place, _("This way to file is listed more than once."))


def circumstances(value: object) -> Iterator[Problem]:
    """Circumstances (trường hợp) with their own limits."""
    found = items(value)
    yield from twice("circumstances", found)
    for number, item in enumerate(found):
        place = place_of("circumstances", number, item)
        yield from entries(place, "circumstances", item)
        yield from keyed(place, item)
        if not filled(item.get("label")):
            yield missing(place)
        limit = item.get("limit")
        if isinstance(limit, Mapping):
            yield from _limit(f"{place}.limit", f"{place}.limit", limit.get("value"), limit.get("unit"))
            for key in limit:
                if key not in ("value", "unit"):
                    yield Problem(f"{place}.limit", _("There is no entry “%(key)s” here."), {"key": key})


def known_circumstances(raw: Mapping[str, Any]) -> set[str]:
    """The keys of the circumstances."""
    return {key for item in items(raw.get("circumstances")) if isinstance(key := item.get("key"), str)}


def _unknown_circumstances(place: str, item: Mapping[str, Any], known: set[str]) -> Iterator[Problem]:
    wanted = item.get("circumstances")
    for key in wanted if isinstance(wanted, list) else []:
        if not isinstance(key, str) or key not in known:
            yield Problem(place, _("There is no circumstance “%(key)s”."), {"key": str(key)[:40]})


def fees(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """Fee lines; several may share a key when they exclude one another."""
    known = known_circumstances(raw)
    for number, fee in enumerate(items(raw.get("fees"))):
        place = place_of("fees", number, fee)
        yield from entries(place, "fees", fee)
        if not filled(fee.get("key")) or not filled(fee.get("label")):
            yield Problem(place, _("A fee needs a key and a label."))
        amount = fee.get("amount")
        if amount is not None and (not isinstance(amount, int) or isinstance(amount, bool) or not 0 <= amount <= LARGEST_AMOUNT):
            yield Problem(place, _("An amount is a whole number of đồng."))
        if amount is None and not filled(fee.get("note")):
            yield Problem(place, _("Without an amount the note must say how the fee is worked out."))
        if fee.get("channel") is not None:
            yield from one_of(place, fee["channel"], CHANNELS)
        yield from _days(place, fee)
        yield from _unknown_circumstances(place, fee, known)


def _days(place: str, fee: Mapping[str, Any]) -> Iterator[Problem]:
    days = [fee.get("since"), fee.get("until")]
    wrong = [day for day in days if day is not None and not _is_date(day)]
    if wrong:
        yield Problem(place, _("A date is written as 2026-12-31."))
    elif all(days) and str(days[1]) < str(days[0]):
        yield Problem(place, _("The last day comes before the first."))


def _is_date(value: object) -> bool:
    if not isinstance(value, str) or not DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def documents(raw: Mapping[str, Any], definition: Definition | None) -> Iterator[Problem]:
    """Papers, whose keys are none of the form's: files are kept under either."""
    found = items(raw.get("documents"))
    known = known_circumstances(raw)
    fields = {field.key for field in definition.fields()} if definition else set()
    yield from twice("documents", found)
    for number, document in enumerate(found):
        place = place_of("documents", number, document)
        yield from entries(place, "documents", document)
        yield from keyed(place, document)
        if isinstance(key := document.get("key"), str) and key in fields:
            yield Problem(place, _("A question of the form has the key “%(key)s” as well."), {"key": key})
        if not filled(document.get("name")):
            yield missing(place)
        yield from one_of(place, document.get("electronic", "upload"), ELECTRONIC)
        if not 1 <= _whole(document.get("max_files"), 1) <= MOST_FILES:
            yield Problem(place, _("Between 1 and %(most)d files."), {"most": MOST_FILES})
        yield from _unknown_circumstances(place, document, known)


def _whole(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise
