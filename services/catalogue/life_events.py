"""RULE: the events of life by which people look for a procedure."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.catalogue.words import mark as _


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """One event: its short name in addresses, its name to be translated, its picture."""

    slug: str
    name: str
    icon: str


LIFE_EVENTS: tuple[LifeEvent, ...] = (
    LifeEvent("sinh-con", _("Having a child"), "family"),
    LifeEvent("hoc-tap", _("School and study"), "book"),
    LifeEvent("ket-hon", _("Getting married"), "heart-hand"),
    LifeEvent("cu-tru", _("Moving and residence"), "house"),
    LifeEvent("giay-to-tuy-than", _("Identity papers and certified copies"), "id-card"),
    LifeEvent("viec-lam", _("Employment"), "users"),
    LifeEvent("kinh-doanh", _("Starting and running a business"), "shop"),
    LifeEvent("nha-o-dat-dai", _("Home and land"), "land"),
    LifeEvent("xay-dung", _("Building"), "construction"),
    LifeEvent("xe-co", _("Vehicles and driving"), "car"),
    LifeEvent("suc-khoe", _("Health and health insurance"), "health"),
    LifeEvent("kho-khan", _("In need of support"), "support"),
    LifeEvent("nguoi-co-cong", _("People with merit to the country"), "flag"),
    LifeEvent("nghi-huu", _("Retirement"), "clock"),
    LifeEvent("qua-doi", _("When somebody dies"), "leaf"),
)
"""In the order in which pages offer them, roughly that of a life."""

BY_SLUG: Mapping[str, LifeEvent] = {event.slug: event for event in LIFE_EVENTS}
