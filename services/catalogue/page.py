"""What the page of a procedure shows: the version's JSON in reading order and in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from identity.offices import queries as offices
from identity.offices.hours import SESSIONS, Opening, opening
from identity.offices.models import Office
from portal.kit import clock
from services.catalogue import queries
from services.catalogue.life_events import LIFE_EVENTS
from services.catalogue.models import Procedure, Turnaround, Version
from services.catalogue.shapes import hours, limit_hours
from services.fees import tariff
from services.fees.wording import amount_text, dong, reason_text

CHANNELS: dict[str, tuple[str | Promise, str]] = {
    "online": (gettext_lazy("Online"), "globe"),
    "in_person": (gettext_lazy("At the counter"), "building"),
    "postal": (gettext_lazy("By public post"), "mail"),
}
"""Ways to file, in the order in which the page compares them: name and picture."""

KIND_ICONS = {
    "receive": "inbox",
    "assign": "users",
    "appraise": "search",
    "inspect": "eye",
    "consult": "users",
    "draft": "edit",
    "review": "check",
    "collect_fee": "money",
    "approve": "check-circle",
    "sign": "signature",
    "register": "list",
    "seal": "seal",
    "hand_over": "hand",
}


@dataclass(frozen=True, slots=True)
class Fee:
    """One fee in words; `scope` says for which way to file and which circumstances it is."""

    label: str
    amount: str
    reason: str
    scope: str


@dataclass(frozen=True, slots=True)
class Way:
    """One way to file."""

    channel: str
    label: str
    icon: str
    time_text: str
    fee_text: str
    note: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper; `how` says what to do with it online."""

    name: str
    help: str
    required: bool
    how: str
    icon: str
    form_code: str
    count: str
    replaced_by: str


@dataclass(frozen=True, slots=True)
class Circumstance:
    """One circumstance with its papers; without circumstances the only one has no title."""

    key: str
    title: str
    help: str
    limit: str
    papers: list[Paper]


@dataclass(frozen=True, slots=True)
class Stop:
    """One step of the route. `minutes` are working minutes, None when the law does not count them."""

    number: int
    title: str
    unit: str
    icon: str
    minutes: int | None
    share: int
    is_sample: bool
    is_conditional: bool
    is_last: bool


def limit_text(value: int, unit: str) -> str:
    """`15 ngày`, `3 ngày làm việc`, `8 giờ làm việc`."""
    if unit == Version.LimitUnit.WORKING_HOUR:
        return ngettext("%(count)d working hour", "%(count)d working hours", value) % {"count": value}
    if unit == Version.LimitUnit.WORKING_DAY:
        return ngettext("%(count)d working day", "%(count)d working days", value) % {"count": value}
    return ngettext("%(count)d day", "%(count)d days", value) % {"count": value}


def ways(version: Version) -> list[Way]:
    """The ways to file, online first."""
    given = {channel["channel"]: channel for channel in version.channels}
    return [
        Way(
            channel=key,
            label=str(label),
            icon=icon,
            time_text=given[key]["time_text"],
            fee_text=given[key].get("fee_text") or "",
            note=given[key].get("note") or "",
        )
        for key, (label, icon) in CHANNELS.items()
        if key in given
    ]


@dataclass(frozen=True, slots=True)
class Saving:
    """What filing online saves against the counter, in words; empty texts where the law makes no difference."""

    fee: str
    fee_online: str
    fee_counter: str


def comparison(version: Version, on: date) -> Saving | None:
    """Online against the counter, where both are open and the tariff charges one of them less. None: nothing to compare."""
    given = {channel["channel"] for channel in version.channels}
    if not {"online", "in_person"} <= given:
        return None
    online, counter = (_charged(version, channel, on) for channel in ("online", "in_person"))
    if online is None or counter is None or online >= counter:
        return None
    return Saving(dong(counter - online), dong(online), dong(counter))


def _charged(version: Version, channel: str, on: date) -> int | None:
    """What filing that way costs at least, in đồng; None when an amount is not fixed."""
    lines = tariff.lines(version.fees, channel, on=on)
    if not lines or any(line.amount is None for line in lines):
        return None
    return sum(line.amount or 0 for line in lines if not line.circumstances)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long recent cases took, against the limit. Shares are percent of the longest of the three, for the picture."""

    median_minutes: int
    ninetieth_minutes: int
    limit_minutes: int
    median_share: int
    ninetieth_share: int
    limit_share: int
    on_time: int
    cases: int
    since: date


def turnaround(measured: Turnaround | None, version: Version) -> Pace | None:
    """The measured pace of a procedure. None while too few cases have ended."""
    if measured is None:
        return None
    limit = int(limit_hours(version.limit_value, version.limit_unit) * 60)
    longest = max(limit, measured.ninetieth_minutes, 1)

    def share(minutes: int) -> int:
        return max(2, round(100 * minutes / longest))

    return Pace(
        median_minutes=measured.median_minutes,
        ninetieth_minutes=measured.ninetieth_minutes,
        limit_minutes=limit,
        median_share=share(measured.median_minutes),
        ninetieth_share=share(measured.ninetieth_minutes),
        limit_share=share(limit),
        on_time=measured.on_time,
        cases=measured.cases,
        since=measured.since,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """One office where papers are brought: where it is and whether it is open now."""

    name: str
    address: str
    phone: str
    opening: Opening


def places(found: Sequence[Office], at: datetime) -> list[Place]:
    """The offices as people look for them; `at` is a local moment."""
    listed = []
    for office in found:
        parent = office.parent
        listed.append(
            Place(
                name=office.name,
                address=office.address or (parent.address if parent else ""),
                phone=office.phone or (parent.phone if parent else ""),
                opening=opening(at, partial(_works, offices.working_calendar(office))),
            )
        )
    return listed


def _works(facts: offices.CalendarFacts, day: date) -> bool:
    return day in facts.make_up_days or (day.weekday() < 5 and day not in facts.days_off)


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """An event of life with published procedures."""

    slug: str
    name: str
    icon: str
    count: int


def life_events() -> list[LifeEvent]:
    """The events of life under which something is found, in the order of a life. One query."""
    counted = queries.life_events()
    return [
        LifeEvent(event.slug, _(event.name), event.icon, counted[event.slug]) for event in LIFE_EVENTS if event.slug in counted
    ]


def fees(version: Version, on: date) -> list[Fee]:
    """Every fee that is charged on that day, each with what it applies to."""
    titles = {item["key"]: item["label"] for item in version.circumstances}
    return [
        Fee(line.label, amount_text(line), reason_text(line), _scope(line, titles)) for line in tariff.lines(version.fees, on=on)
    ]


def _scope(line: tariff.Line, titles: Mapping[str, str]) -> str:
    parts = [str(CHANNELS[line.channel][0])] if line.channel else []
    parts += [titles[key] for key in line.circumstances]
    return "; ".join(parts) or _("Every application")


def circumstances(version: Version) -> list[Circumstance]:
    """The papers by circumstance."""
    if not version.circumstances:
        return [Circumstance("", "", "", "", list(_papers(version.documents, "")))]
    return [
        Circumstance(
            key=item["key"],
            title=item["label"],
            help=item.get("help") or "",
            limit=limit_text(item["limit"]["value"], item["limit"]["unit"]) if item.get("limit") else "",
            papers=list(_papers(version.documents, item["key"])),
        )
        for item in version.circumstances
    ]


def _papers(documents: Sequence[Mapping[str, Any]], circumstance: str) -> Iterator[Paper]:
    for document in documents:
        if document.get("circumstances") and circumstance not in document["circumstances"]:
            continue
        how, icon = _how(document.get("electronic", "upload"))
        yield Paper(
            name=document["name"],
            help=document.get("help") or "",
            required=bool(document.get("required")),
            how=how,
            icon=icon,
            form_code=document.get("form_code") or "",
            count=_count(document.get("originals") or 0, document.get("copies") or 0),
            replaced_by=document.get("replaced_by") or "",
        )


def _how(electronic: str) -> tuple[str, str]:
    if electronic == "form":
        return _("Made from the online form"), "edit"
    if electronic == "show":
        return _("To show only, nothing to hand in"), "eye"
    return _("Upload a photo or scan"), "upload"


def _count(originals: int, copies: int) -> str:
    parts = []
    if originals:
        parts.append(ngettext("%(count)d original", "%(count)d originals", originals) % {"count": originals})
    if copies:
        parts.append(ngettext("%(count)d copy", "%(count)d copies", copies) % {"count": copies})
    return ", ".join(parts)


def route(version: Version) -> list[list[Stop]]:
    """The steps in order; steps that run side by side stand in one list. `share` is the part of the whole time, in percent."""
    whole = hours(version.route) or Decimal(1)
    numbered = list(enumerate(version.route, 1))
    return [
        [_stop(number, step, whole, len(numbered)) for number, step in block]
        for _key, block in groupby(numbered, key=lambda pair: pair[1].get("group") or pair[0])
    ]


def _stop(number: int, step: Mapping[str, Any], whole: Decimal, last: int) -> Stop:
    counted = None if step.get("hours") is None else Decimal(str(step["hours"]))
    return Stop(
        number=number,
        title=step["title"],
        unit=step.get("unit") or "",
        icon=KIND_ICONS[step["kind"]],
        minutes=None if counted is None else int(counted * 60),
        share=0 if counted is None else max(2, round(counted / whole * 100)),
        is_sample=bool(step.get("proposed")),
        is_conditional=step.get("when") is not None,
        is_last=number == last,
    )


def route_minutes(version: Version) -> int:
    """Working minutes of the whole route."""
    return int(hours(version.route) * 60)


def context(procedure: Procedure, version: Version) -> dict[str, Any]:
    """What the page of a procedure says about a version; the same for the public page and for the preview of a draft."""
    today = clock.today()
    return {
        "procedure": procedure,
        "version": version,
        "breadcrumbs": [],
        "retired": False,
        "upcoming": None,
        "online": version.files_online,
        "ways": ways(version),
        "comparison": comparison(version, today),
        "turnaround": turnaround(queries.turnaround(procedure) if procedure.pk else None, version),
        "fees": fees(version, today),
        "circumstances": circumstances(version),
        "route": route(version),
        "route_minutes": route_minutes(version),
        "offices": places(queries.receiving_offices(version), clock.local(clock.now())),
        "sessions": SESSIONS,
    }
