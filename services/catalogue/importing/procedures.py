"""RULE: the content of a draft from a record of the national portal.

Every key a content has is filled in, so that the draft opens everywhere in the editor. What the record does not say stays empty,
and what was understood only in part is reported: nothing is invented, and nothing is cut off without saying where the rest is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.kit.folding import fold
from services.catalogue.content import skeleton
from services.catalogue.importing import agencies, fees, outdated, papers, time_limits
from services.catalogue.importing.findings import Finding
from services.catalogue.importing.texts import divided, line, lines, listed, records, slug
from services.catalogue.shapes import CODE

MOST = {"name": 400, "audience": 300, "decision": 60, "result_name": 200, "result_code": 20, "source": 300, "code": 30}
MOST_DOMAIN, MOST_DOMAIN_SLUG = 120, 60
NEW_DOMAIN_POSITION = 100
"""New fields of law stand after those whose order somebody chose."""

CHANNELS: tuple[tuple[str, str], ...] = (
    ("online", "online"),
    ("truc tuyen", "online"),
    ("dich vu cong", "online"),
    ("postal", "postal"),
    ("post", "postal"),
    ("buu chinh", "postal"),
    ("buu dien", "postal"),
    ("in_person", "in_person"),
    ("truc tiep", "in_person"),
    ("tai cho", "in_person"),
)
"""Words for a way to file, folded: the way."""
REFUSAL = re.compile(
    r"^(phieu|van ban|thong bao|cong van)\b.*\b(tu choi|neu ro ly do|sua doi, bo sung|can sua doi|khong (du dieu kien|chap thuan|dong y)|tra (lai )?ho so)"
)
"""Outcomes, folded, that say no."""
FROM_VERSION = ("level", "agency_function", "eligibility", "form", "route", "outcome", "life_events", "minutes_needed")
"""What a record cannot say, and the version in force does."""
IF_EMPTY = ("agency_name", "audience", "decision", "steps_text", "legal_basis", "result_name", "result_code", "source")
"""Facts that stay as they are in the version in force where the record is silent."""
LIMIT = ("limit_value", "limit_unit", "limit_text", "same_day")


@dataclass(frozen=True, slots=True)
class Domain:
    """A field of law."""

    slug: str
    name: str
    position: int

    def as_content(self) -> dict[str, Any]:
        """As a content holds it."""
        return {"slug": self.slug, "name": self.name, "position": self.position}


@dataclass(frozen=True, slots=True)
class Made:
    """The content of a draft and what a person has to look at."""

    content: dict[str, Any]
    findings: list[Finding]


def code_of(record: Mapping[str, Any]) -> str:
    """The code of the procedure; empty when the record has none that could be one."""
    code = line(record.get("code"))
    return code if len(code) <= MOST["code"] and CODE.fullmatch(code) else ""


def missing(record: Mapping[str, Any]) -> Finding | None:
    """Why the record cannot become a draft at all; None when it can."""
    if not code_of(record):
        return Finding("code", "record.code", line(record.get("code"))[:200])
    if not line(record.get("name")):
        return Finding("name", "record.name")
    return None


class Domains:
    """The fields of law, found by name however it is written; new ones get a short name of their own."""

    def __init__(self, known: Sequence[Domain]) -> None:
        self.by_name = {fold(domain.name): domain for domain in known}
        self.slugs = {domain.slug for domain in known}

    def of(self, name: str) -> Domain:
        """The field of law with that name, new if need be."""
        found = self.by_name.get(fold(name))
        if found is None:
            found = Domain(slug(name, self.slugs, MOST_DOMAIN_SLUG, "linh-vuc"), name, NEW_DOMAIN_POSITION)
            self.by_name[fold(name)] = found
            self.slugs.add(found.slug)
        return found


def content(record: Mapping[str, Any], domains: Domains, current: Mapping[str, Any] | None = None) -> Made:
    """The content of a draft; `current` is that of the version in force, if the procedure has one."""
    found: list[Finding] = []
    ends: list[str] = []
    made: dict[str, Any] = {
        **_facts(record, found, ends),
        "domain": current["domain"] if current else _domain(record, domains, found),
        "same_day": False,
        "limit_restarts": False,
        "is_demo": False,
        **(_form_and_route(found) if current is None else {}),
    }
    _limit_and_channels(record, made, found)
    if current is not None:
        found = _from_version(made, found, current)
    taken = list(_field_keys(made.get("form") or skeleton("")["form"]))
    read = papers.papers(record.get("documents"), taken)
    found += read.findings
    made |= {"documents": read.documents, "circumstances": read.circumstances}
    made["conditions"] = "\n".join(part for part in (lines(record.get("conditions")), *read.notes, *ends) if part)
    for key, phrases in outdated.places(made):
        found.append(Finding(key, "wording.old", "; ".join(phrases)))
    return Made(skeleton(code_of(record), made), found)


def _from_version(made: dict[str, Any], found: list[Finding], current: Mapping[str, Any]) -> list[Finding]:
    """Puts in what the version in force knows and the record does not; the findings without those that this answers."""
    kept = [key for key in IF_EMPTY if not made[key] and current.get(key)]
    made |= {key: current[key] for key in (*FROM_VERSION, *kept) if key in current}
    if made["limit_value"] is None and current.get("limit_value"):
        made |= {key: current[key] for key in LIMIT}
    answered = [one for one in found if one.code.endswith(".missing") and one.field in kept]
    return [*(one for one in found if one not in answered), Finding("form", "record.published")]


def _facts(record: Mapping[str, Any], found: list[Finding], ends: list[str]) -> dict[str, Any]:
    """Facts in one line or list; `ends` takes the whole of what had to be shortened."""
    agency = agencies.agency(record)
    found += agency.findings
    if agency.whole_name:
        ends.append(f"Cơ quan thực hiện: {agency.whole_name}")
    name, rest = divided(line(record.get("name")), MOST["name"])
    if rest:
        found.append(Finding("name", "name.long", line(record.get("name"))))
        ends.append(f"Tên đầy đủ của thủ tục: {line(record.get('name'))}")
    facts: dict[str, Any] = {
        "name": name,
        "level": agency.level,
        "agency_name": agency.name,
        "agency_function": agency.function,
        "audience": _short("audience", audience(listed(record.get("subjects"))), found),
        "decision": _short("decision", _decision(record), found),
        "steps_text": listed(record.get("steps")),
        "legal_basis": list(dict.fromkeys(listed(record.get("legal_basis")))),
        "source": _short("source", line(record.get("source_url")) or line(record.get("source")), found),
        **_result(record, found, ends),
    }
    for key, code in (("audience", "audience.missing"), ("steps_text", "steps.missing"), ("legal_basis", "legal.missing")):
        if not facts[key]:
            found.append(Finding(key, code))
    return facts


def _decision(record: Mapping[str, Any]) -> str:
    return re.sub(r"^(quyết định\s*)?(số\s*)?:?\s*(?=\d)", "", line(record.get("decision")), count=1, flags=re.IGNORECASE)


def _short(key: str, text: str, found: list[Finding]) -> str:
    head, rest = divided(text, MOST[key])
    if rest:
        found.append(Finding(key, f"{key}.long", text))
    return head


def audience(subjects: Sequence[str]) -> str:
    """The groups of people in one sentence; “Cán bộ, công chức, viên chức”, which the portal takes apart, whole again."""
    unique = list(dict.fromkeys(subjects))
    officials = [one for one in unique if fold(one) in ("can bo", "cong chuc", "vien chuc")]
    joined: list[str] = []
    for one in unique:
        if one not in officials:
            joined.append(one)
        elif one == officials[0]:
            joined.append(", ".join([officials[0], *(other.lower() for other in officials[1:])]))
    return "; ".join(joined)


def _result(record: Mapping[str, Any], found: list[Finding], ends: list[str]) -> dict[str, Any]:
    """The outcome: the first that is no refusal."""
    results = [(line(item.get("name")), line(item.get("code"))) for item in records(record.get("results"))]
    results = [(name, code) for name, code in results if name]
    if not results:
        found.append(Finding("result_name", "result.missing"))
        return {"result_name": "", "result_code": ""}
    granted = [one for one in results if not REFUSAL.search(fold(one[0]))]
    name, code = (granted or results)[0]
    others = [f"{other} ({number})" if number else other for other, number in results if (other, number) != (name, code)]
    if others:
        found.append(Finding("result_name", "result.several", "; ".join(others)))
    head, rest = divided(name, MOST["result_name"])
    if rest:
        found.append(Finding("result_name", "result.long", name))
        ends.append(f"Kết quả thực hiện thủ tục: {name}")
    return {"result_name": head, "result_code": code if len(code) <= MOST["result_code"] else ""}


def _domain(record: Mapping[str, Any], domains: Domains, found: list[Finding]) -> dict[str, Any]:
    full = line(record.get("field"))
    if not full:
        found.append(Finding("domain", "domain.missing"))
        return {"slug": "", "name": "", "position": 0}
    name, rest = divided(full, MOST_DOMAIN)
    if rest:
        found.append(Finding("domain", "domain.long", full))
    return domains.of(name).as_content()


def channel_of(method: Mapping[str, Any]) -> str:
    """The way to file a method is; empty when it is none we know."""
    folded = [fold(line(method.get(key))) for key in ("channel", "channel_vi")]
    return next((way for text in folded for words, way in CHANNELS if words in text), "")


def _limit_and_channels(record: Mapping[str, Any], made: dict[str, Any], found: list[Finding]) -> None:
    methods = records(record.get("methods"))
    limit = time_limits.limit(record, methods)
    found += limit.findings
    made |= {"limit_value": limit.value, "limit_unit": limit.unit or "working_day", "limit_text": limit.text}
    made["same_day"] = limit.same_day
    known = [(way, method) for method in methods if (way := channel_of(method))]
    for method in methods:
        if not channel_of(method):
            found.append(Finding("channels", "channels.unknown", line(method.get("channel")) or line(method.get("channel_vi"))))
    if not known:
        found.append(Finding("channels", "channels.missing"))
    read = fees.fees(known)
    found += read.findings
    made |= {"fees": read.lines, "channels": list(_channels(known, limit, read))}


def _channels(
    methods: Sequence[tuple[str, Mapping[str, Any]]], limit: time_limits.Limit, read: fees.Fees
) -> Iterator[dict[str, Any]]:
    """Every way to file once, in the order in which pages show them."""
    for way in ("online", "postal", "in_person"):
        of_way = [method for known, method in methods if known == way]
        if not of_way:
            continue
        times = [_time(method, limit) for method in of_way]
        notes = [line(method.get("note")) for method in of_way]
        yield {
            "channel": way,
            "time_text": "; ".join(dict.fromkeys(text for text in times if text)),
            "fee_text": read.words.get(way, ""),
            "note": "\n".join(dict.fromkeys(text for text in notes if text)),
        }


def _time(method: Mapping[str, Any], limit: time_limits.Limit) -> str:
    if said := line(method.get("time_text")):
        return said
    if limit.same_day:
        return limit.text
    read = time_limits.of_method(method)
    return time_limits.spoken(read.value, read.unit) if read else ""


def _form_and_route(found: list[Finding]) -> dict[str, Any]:
    """The form that asks who applies; route and outcome stay the bare beginning."""
    found += [Finding("form", "form.starter"), Finding("route", "route.missing"), Finding("outcome", "outcome.empty")]
    fields = [
        ("applicant_name", "text", "Họ, chữ đệm, tên", "person.full_name", True),
        ("applicant_personal_number", "personal_number", "Số định danh cá nhân", "person.personal_number", True),
        ("applicant_birth_date", "date", "Ngày sinh", "person.birth_date", True),
        ("applicant_address", "text", "Nơi cư trú", "person.address", True),
        ("applicant_phone", "phone", "Số điện thoại", "person.phone", True),
        ("applicant_email", "email", "Thư điện tử", "person.email", False),
    ]
    asked = [
        {"key": key, "kind": kind, "label": label, "required": required, "prefill": prefill}
        for key, kind, label, prefill, required in fields
    ]
    page = {"key": "nguoi-yeu-cau", "title": "Người yêu cầu", "fields": asked}
    return {"form": {"version": 1, "subject_field": "applicant_name", "pages": [page]}}


def _field_keys(form: Any) -> Iterator[str]:
    """Keys of the questions of a form."""
    for page in records(form.get("pages")) if isinstance(form, Mapping) else ():
        for one in records(page.get("fields")):
            yield str(one.get("key"))
