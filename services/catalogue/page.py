"""What the page of a procedure shows: the version's JSON in reading order and in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from services.catalogue.models import Version
from services.catalogue.shapes import hours
from services.fees import tariff
from services.fees.wording import amount_text, reason_text

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
