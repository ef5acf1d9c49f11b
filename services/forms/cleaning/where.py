"""RULE: where something is: a ward, an address, a land parcel, a point on the map."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from services.forms import finding, places
from services.forms.cleaning.common import Wrong, WrongParts, one_line, typed
from services.forms.fields import Field
from services.forms.wording import Complaint, part_label

STREET_LENGTH = 200
COORDINATE = re.compile(r"([+-]?[0-9]{1,3}(?:\.[0-9]{1,15})?)\s*°?\s*[NE]?", re.IGNORECASE)
BOTH = re.compile(r"\(?\s*([0-9]+\.[0-9]+)\s*°?\s*N?\s*[,;\s]\s*([0-9]+\.[0-9]+)\s*°?\s*E?\s*\)?", re.IGNORECASE)
REACH = (((8.3, 23.4), (102.1, 109.6)), ((6.4, 17.3), (109.3, 117.6)))
"""Latitudes and longitudes of the mainland with its coast, and of Hoàng Sa and Trường Sa."""
PARCEL = re.compile(r"[0-9A-Za-zĐđ][0-9A-Za-zĐđ ./,&-]{0,29}")


def part(given: Any, name: str) -> Any:
    """One input of a question that has several."""
    return given.get(name) if isinstance(given, Mapping) else None


def province_ward(one: Field, given: Any, today: date) -> dict[str, str]:
    """A ward and the province it lies in."""
    if not isinstance(given, Mapping):
        raise Wrong("no_province", parts=["province"])
    province, ward = (value.strip() if isinstance(value := given.get(name), str) else "" for name in ("province", "ward"))
    province = one.province or province or places.province_of(ward)
    if not places.province_name(province):
        raise Wrong("no_province", parts=["province"])
    if not ward:
        raise Wrong("no_ward", parts=["ward"])
    if places.province_of(ward) != province:
        raise Wrong("foreign_ward", parts=["ward"], province=places.province_name(province))
    return {"province": province, "ward": ward}


def address(one: Field, given: Any, today: date) -> dict[str, str]:
    """A ward with house number and street, or hamlet."""
    complaints: dict[str, Complaint] = {}
    found: dict[str, str] = {}
    given = _with_ward_named(one, given, complaints)
    try:
        if not complaints:
            found = province_ward(one, given, today)
    except Wrong as wrong:
        complaints |= dict.fromkeys(wrong.parts, wrong.complaint)
    street = given.get("street") if isinstance(given, Mapping) else None
    line = one_line(street) if isinstance(street, str) else ""
    if not line:
        complaints["street"] = Complaint("missing_text", label=part_label(one.kind, "street"))
    elif len(line) > STREET_LENGTH:
        complaints["street"] = Complaint("too_long", most=STREET_LENGTH, count=len(line))
    if complaints:
        raise WrongParts(complaints)
    return {**found, "street": line}


def _with_ward_named(one: Field, given: Any, complaints: dict[str, Complaint]) -> Any:
    """The address with the ward that was named but not chosen, where the name leaves no doubt."""
    name = given.get("find") if isinstance(given, Mapping) else None
    if not isinstance(name, str) or not one_line(name) or given.get("ward"):
        return given
    chosen = given.get("province")
    wards = finding.wards_named(one_line(name), one.province or (chosen if isinstance(chosen, str) else ""))
    if len(wards) == 1:
        return {**given, "province": wards[0].province, "ward": wards[0].ward}
    complaints["find"] = Complaint("several_wards" if wards else "no_such_ward")
    return given


def land_parcel(one: Field, given: Any, today: date) -> dict[str, str]:
    """The numbers of a map sheet and of a parcel on it, as the land certificate prints them."""
    complaints: dict[str, Complaint] = {}
    found: dict[str, str] = {}
    for name in ("sheet", "parcel"):
        value = part(given, name)
        try:
            found[name] = typed("" if value is None else value, "not_parcel")
        except Wrong as wrong:
            complaints[name] = wrong.complaint
            continue
        if not found[name]:
            complaints[name] = Complaint("missing_text", label=part_label(one.kind, name))
        elif not PARCEL.fullmatch(found[name]):
            complaints[name] = Complaint("not_parcel")
    if complaints:
        raise WrongParts(complaints)
    return found


def map_point(one: Field, given: Any, today: date) -> dict[str, float]:
    """A point by its coordinates in degrees; both may be pasted into the first input: `10.776, 106.700`."""
    parts = given if isinstance(given, Mapping) else {"lat": given}
    typed_parts = {name: one_line(value) if isinstance(value := parts.get(name), str) else value for name in ("lat", "lng")}
    if isinstance(typed_parts["lat"], str) and not typed_parts["lng"] and (both := BOTH.fullmatch(typed_parts["lat"])):
        typed_parts = {"lat": both[1], "lng": both[2]}
    complaints: dict[str, Complaint] = {}
    found: dict[str, float] = {}
    for name in ("lat", "lng"):
        value = _degrees(typed_parts[name])
        if value is None:
            blank = typed_parts[name] in (None, "")
            complaints[name] = Complaint("missing_text", label=part_label(one.kind, name)) if blank else Complaint(f"not_{name}")
        else:
            found[name] = value
    if complaints:
        raise WrongParts(complaints)
    if not in_reach(found["lat"], found["lng"]):
        swapped = in_reach(found["lng"], found["lat"])
        raise WrongParts({"lat": Complaint("swapped_point" if swapped else "far_point")})
    return found


def _degrees(value: Any) -> float | None:
    if isinstance(value, str):
        text = value.replace(",", ".") if value.count(",") == 1 and "." not in value else value
        made = COORDINATE.fullmatch(text)
        number = Decimal(made[1]) if made else None
    else:
        ordinary = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 180
        number = Decimal(str(value)) if ordinary else None
    if number is None or not number.is_finite() or abs(number) > 180:
        return None
    return float(round(number, 6))


def in_reach(lat: float, lng: float) -> bool:
    """Whether the point may lie in Việt Nam."""
    return any(south <= lat <= north and west <= lng <= east for (south, north), (west, east) in REACH)
