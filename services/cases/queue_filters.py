"""RULE: what a list of work shows: its view and its filters, as they stand in an address.

The same description is a link, a saved filter and the order for an export. What an address says that makes no sense is left out:
the list is then longer, never an error.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

TEXT_LENGTH = 80
CODE_LENGTH = 60


class QueueView(StrEnum):
    """Tabs of the queue."""

    ALL = "all"
    UNCLAIMED = "unclaimed"
    MINE = "mine"
    SOON = "soon"
    OVERDUE = "overdue"
    WAITING = "waiting"
    ELSEWHERE = "elsewhere"
    FINISHED = "finished"


VIEWS: Mapping[str, QueueView] = {
    "tat-ca": QueueView.ALL,
    "can-nhan": QueueView.UNCLAIMED,
    "cua-toi": QueueView.MINE,
    "sap-han": QueueView.SOON,
    "qua-han": QueueView.OVERDUE,
    "cho-dan": QueueView.WAITING,
    "noi-khac": QueueView.ELSEWHERE,
    "da-xong": QueueView.FINISHED,
}
"""The tabs in addresses."""
SLUGS = {view: slug for slug, view in VIEWS.items()}

COLUMNS = ("due", "work", "subject", "office", "holder", "agency", "state", "labels", "domain", "channel", "filed")
"""What a row can show. `work` (step, procedure, number) is always there: it names the row."""
USUAL = ("due", "work", "subject", "holder")
"""What it shows until somebody chooses; with desks at several offices the office besides."""

ME, NOBODY = "toi", "chua-ai"
"""Holders that are not a number."""


@dataclass(frozen=True, slots=True)
class Filters:
    """One list of work. Nothing set: all there is to do at one's desks."""

    view: QueueView = QueueView.ALL
    text: str = ""
    procedure: str = ""
    domain: str = ""
    agency: int | None = None
    channel: int | None = None
    label: int | None = None
    state: int | None = None
    holder: str = ""
    due_from: date | None = None
    due_to: date | None = None

    @classmethod
    def read(cls, parameters: Mapping[str, Any]) -> Self:
        """From the parameters of an address, or from what `plain` gave."""
        found = {name: read(parameters.get(key)) for name, (key, read) in PARAMETERS.items()}
        return cls(**{name: value for name, value in found.items() if value not in (None, "")})

    @classmethod
    def read_query(cls, query: str) -> Self:
        """From a query string."""
        return cls.read(dict(parse_qsl(query[:2000])))

    def plain(self) -> dict[str, str]:
        """What is set, as the parameters of an address. Reading it gives the same filters."""
        given: dict[str, str] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value != field.default:
                given[PARAMETERS[field.name][0]] = SLUGS[value] if field.name == "view" else str(value)
        return given

    def query(self) -> str:
        """As a query string."""
        return urlencode(self.plain())

    def under(self, view: QueueView) -> Self:
        """The same filters in another tab."""
        return replace(self, view=view)

    @property
    def filtered(self) -> bool:
        """Whether anything is set besides the tab."""
        return self != type(self)(view=self.view)


def _text(length: int) -> Callable[[Any], str]:
    return lambda value: str(value or "").replace("\0", "").strip()[:length]


def _number(value: Any) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _holder(value: Any) -> str:
    text = str(value or "")
    return text if text in (ME, NOBODY) or _number(text) is not None else ""


def _day(value: Any) -> date | None:
    """`2026-11-26`, or `26/11/2026`."""
    text = str(value or "").strip()
    try:
        if "/" in text:
            day, month, year = text.split("/")
            return date(int(year), int(month), int(day)) if len(year) == 4 else None
        return date.fromisoformat(text)
    except ValueError:
        return None


PARAMETERS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "view": ("xem", lambda value: VIEWS.get(str(value or ""), QueueView.ALL)),
    "text": ("q", _text(TEXT_LENGTH)),
    "procedure": ("tt", _text(CODE_LENGTH)),
    "domain": ("lv", _text(CODE_LENGTH)),
    "agency": ("cq", _number),
    "channel": ("kenh", _number),
    "label": ("nhan", _number),
    "state": ("hs", _number),
    "holder": ("nguoi", _holder),
    "due_from": ("tu", _day),
    "due_to": ("den", _day),
}
"""Field -> its name in addresses, and how it is read."""


def columns(chosen: Sequence[str], *, several_offices: bool = False) -> list[str]:
    """The columns of a row in order: the chosen ones that exist, each once; the usual ones where nothing was chosen."""
    known = [name for name in dict.fromkeys(chosen) if name in COLUMNS]
    if not known:
        known = [name for name in USUAL if name != "holder"] + (["office"] if several_offices else []) + ["holder"]
    return known if "work" in known else ["work", *known]


def moved(names: Sequence[str], name: str, by: int) -> list[str]:
    """The names with one of them a place earlier (-1) or later (1); at an end it stays."""
    order = list(names)
    if name in order:
        place = order.index(name)
        order.insert(min(len(order) - 1, max(0, place + by)), order.pop(place))
    return order
