"""RULE: what the content of a version is: its keys, what each holds in the rough, and the content a new procedure begins with.

Content is plain JSON: the columns of `Version` that an editor writes, with `code` and `domain` of the procedure. A draft may hold
any content that fits in the rough; `shapes` says what is wrong with it in detail.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

TEXTS = (
    "name",
    "level",
    "agency_name",
    "agency_function",
    "audience",
    "decision",
    "limit_unit",
    "limit_text",
    "conditions",
    "result_name",
    "result_code",
    "source",
)
LISTS = ("channels", "fees", "circumstances", "documents", "route", "steps_text", "legal_basis", "eligibility", "life_events")
RECORDS = ("form", "outcome")

FACTS = (
    "name",
    "level",
    "agency_name",
    "agency_function",
    "audience",
    "decision",
    "limit_value",
    "limit_unit",
    "limit_text",
    "same_day",
    "limit_restarts",
    "channels",
    "fees",
    "circumstances",
    "documents",
    "eligibility",
    "form",
    "route",
    "outcome",
    "steps_text",
    "conditions",
    "legal_basis",
    "result_name",
    "result_code",
    "source",
    "is_demo",
    "life_events",
    "minutes_needed",
)
"""The columns of a version that its editor writes, in the order in which they are read."""

KEYS = ("code", "domain", *FACTS)
"""Every key a content may have."""

LARGEST = 2_000_000
"""Characters of a content written as JSON."""
DEEPEST = 60

LIMIT_UNITS = ("working_hour", "working_day", "calendar_day")


def misfits(content: Mapping[str, Any]) -> list[str]:
    """The keys that no content has or whose value is of another kind altogether, in the order given; none: it can be kept."""
    return [str(key) for key, value in content.items() if key not in KEYS or not _fits(key, value)]


def _fits(key: str, value: Any) -> bool:
    if not _storable(value, 0):
        return False
    if key in (*TEXTS, "code"):
        return isinstance(value, str)
    if key in LISTS:
        kind = str if key in ("steps_text", "legal_basis", "life_events") else dict
        return isinstance(value, list) and all(isinstance(item, kind) for item in value)
    if key in (*RECORDS, "domain"):
        return isinstance(value, dict)
    if key in ("same_day", "limit_restarts", "is_demo"):
        return isinstance(value, bool)
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**15)


def _storable(value: Any, depth: int) -> bool:
    """Whether it is JSON that the database can hold: no NUL, no half characters, no endless numbers, not nested without end."""
    if depth > DEEPEST:
        return False
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and _storable(key, depth) and _storable(item, depth + 1) for key, item in value.items())
    if isinstance(value, list):
        return all(_storable(item, depth + 1) for item in value)
    if isinstance(value, float):
        return value - value == 0
    return value is None or isinstance(value, bool | int)


def size(content: Mapping[str, Any]) -> int:
    """How many characters the content has as JSON."""
    return len(json.dumps(content, ensure_ascii=False))


def changed_keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The keys whose values differ, in the order in which they are read. An absent key differs from every value."""
    absent = object()
    return [key for key in KEYS if canonical(old.get(key, absent)) != canonical(new.get(key, absent))]


def canonical(value: Any) -> str:
    """The value as text that is the same for the same JSON: true is not 1, and the order of entries says nothing."""
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    except TypeError:
        return repr(value)


def of_facts(code: str, domain: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """A content from its parts, with the keys in reading order."""
    return {"code": code, "domain": dict(domain), **{fact: facts[fact] for fact in FACTS if fact in facts}}


def skeleton(code: str, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The content a new procedure begins with: every key, a form with the applicant and a route that holds together.

    `given` is put in place of its parts.
    """
    start: dict[str, Any] = {
        **dict.fromkeys(TEXTS, ""),
        **{key: [] for key in LISTS},
        "level": "ward",
        "limit_value": None,
        "limit_unit": "working_day",
        "same_day": False,
        "limit_restarts": False,
        "channels": [{"channel": "online", "time_text": "", "fee_text": "", "note": ""}],
        "form": _form(),
        "route": list(_route()),
        "outcome": {
            "title": "",
            "summary": "",
            "symbol": "",
            "layout": "certificate",
            "basis": [],
            "paragraphs": [],
            "articles": [],
            "rows": [["Họ, chữ đệm, tên", "{applicant_name}"]],
            "recipients": ["Như trên", "Lưu: VT"],
        },
        "is_demo": False,
        "minutes_needed": None,
    }
    domain = {"slug": "", "name": "", "position": 0}
    start.update(given or {})
    return of_facts(code, start.pop("domain", domain), start)


def _form() -> dict[str, Any]:
    return {
        "version": 1,
        "subject_field": "applicant_name",
        "pages": [
            {
                "key": "nguoi-yeu-cau",
                "title": "Người yêu cầu",
                "fields": [
                    {
                        "key": "applicant_name",
                        "kind": "text",
                        "label": "Họ, chữ đệm, tên",
                        "required": True,
                        "prefill": "person.full_name",
                    }
                ],
            }
        ],
    }


def _route() -> Iterable[dict[str, Any]]:
    steps = (
        ("tiep-nhan", "Tiếp nhận, kiểm tra hồ sơ", "receive", "one-stop", "Trung tâm Phục vụ hành chính công"),
        ("tham-dinh", "Thẩm định hồ sơ, dự thảo kết quả", "appraise", "", "Phòng chuyên môn"),
        ("ky", "Ký kết quả", "sign", "leadership", "Lãnh đạo cơ quan"),
        ("dong-dau", "Vào sổ, đóng dấu", "seal", "registry", "Văn thư"),
        ("tra-ket-qua", "Trả kết quả", "hand_over", "one-stop", "Trung tâm Phục vụ hành chính công"),
    )
    for key, title, kind, function, unit in steps:
        office = {"function": function} if function else {}
        yield {"key": key, "title": title, "kind": kind, "office": office, "hours": None, "unit": unit, "proposed": False}
