"""RULE: steps of a route from an internal workflow (quy trình nội bộ) that a province decided.

The annexes name a desk, a task and a time. What is done is read from who does it and from the words of the task; the first row of
`TASKS` that fits decides. The kind and the office of every step are guesses, and are reported as such.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from portal.kit.folding import fold
from services.catalogue.importing.findings import Finding
from services.catalogue.importing.texts import divided, ended, line, listed, records, slug

MOST_TITLE, MOST_NAME = 200, 400
HOURS_PER_DAY = 8
LARGEST_HOURS = 100_000
CENT = Decimal("0.01")


class Who(StrEnum):
    """Who does a step, from the words for the desk."""

    ONE_STOP = "one_stop"
    CLERK = "clerk"
    ASKED = "asked"
    SPECIALIST = "specialist"
    HEAD = "head"
    LEADER = "leader"
    OTHER = "other"


DESKS: tuple[tuple[str, Who], ...] = (
    (r"mot cua|hanh chinh cong|pvhcc|tiep nhan (ho so )?va tra ket qua|bo phan (tiep )?nhan|bo phan tra", Who.ONE_STOP),
    (r"duoc (xin|lay) y kien|^cac so, ban|co quan (co )?lien quan|co quan phoi hop", Who.ASKED),
    (r"^(chuyen vien|cong chuc|vien chuc|can bo|nhan vien|can su)\b", Who.SPECIALIST),
    (r"^(bo phan )?van thu\b|^van phong.*van thu", Who.CLERK),
    (r"^(lanh dao|truong|pho truong|pho)( (phong|ban|bo phan|van phong|to))\b|^chi huy\b", Who.HEAD),
    (
        r"lanh dao|chu tich|giam doc|nguoi dung dau|hieu truong|bo truong|cuc truong|thu truong|^(ubnd|uy ban nhan dan)\b",
        Who.LEADER,
    ),
    (r"chuyen vien|cong chuc|vien chuc|^phong\b|^to\b", Who.SPECIALIST),
)
"""Words for a desk, folded: who that is; the first that fits."""

TASKS: tuple[tuple[frozenset[Who], str, str], ...] = (
    (frozenset({Who.CLERK}), r"dong dau|ky so|phat hanh", "seal"),
    (frozenset({Who.CLERK}), r"", "register"),
    (frozenset({Who.ONE_STOP}), r"(?<!hen )tra ket qua|den nhan ket qua|tra cho to chuc", "hand_over"),
    (frozenset(Who), r"^[\W\d]*(thong bao va |nhan va )?tra ket qua|den nhan ket qua", "hand_over"),
    (frozenset(Who), r"^.{0,60}\b(thu phi|thu le phi|nghia vu tai chinh)\b", "collect_fee"),
    (frozenset({Who.HEAD, Who.LEADER, Who.OTHER, Who.SPECIALIST}), r"^.{0,90}\b(?<!duoc )phan cong\b", "assign"),
    (frozenset({Who.ONE_STOP}), r"tiep nhan|nhan ho so|nop ho so|phieu hen|kiem tra", "receive"),
    (frozenset({Who.ASKED}), r"", "consult"),
    (frozenset(Who), r"^[\W\d]*(xin|lay|gui lay|tham gia|cho) y kien", "consult"),
    (frozenset(Who), r"thuc dia|kiem tra thuc te|tham tra thuc te|xac minh tai|kiem tra hien trang|khao sat thuc te", "inspect"),
    (frozenset({Who.LEADER}), r"\bky\b|phe duyet|\bduyet\b|ban hanh|quyet dinh|cong nhan|dong y", "approve"),
    (frozenset({Who.HEAD, Who.LEADER}), r"", "review"),
    (frozenset({Who.OTHER}), r"\bky\b|phe duyet|ban hanh|^[\W\d]*quyet dinh", "approve"),
    (
        frozenset(Who),
        r"tham dinh|tham tra|tham xet|xu ly|thu ly|giai quyet|kiem tra|xem xet|danh gia|xet duyet|xac minh",
        "appraise",
    ),
    (frozenset(Who), r"du thao|soan thao|tham muu|tong hop|lap to trinh|trinh", "draft"),
    (frozenset(Who), r"vao so|lay so|cap nhat|luu tru|dang tai|chuyen", "register"),
    (frozenset(Who), r"tiep nhan|nop ho so", "receive"),
)
"""Who does it and words of the task, folded: the kind of the step; the first that fits."""
UNRECOGNISED = "appraise"

UNITS: tuple[tuple[str, str], ...] = (
    (r"phong van hoa|van hoa - xa hoi|van hoa xa hoi", "culture-social"),
    (r"phong kinh te|kinh te, ha tang", "economy"),
    (r"tu phap|ho tich", "justice"),
    (r"bao tro xa hoi|btxh", "child-social"),
    (r"cap phep xay dung|quan ly xay dung", "licensing"),
    (r"cong an", "police"),
    (r"dang ky dat dai", "land-registry"),
)
"""Words for a unit, folded: its function."""
PROVINCE = re.compile(r"(ubnd|uy ban nhan dan) (tinh|thanh pho)|hoi dong nhan dan tinh")
FUNCTION_OF = {Who.ONE_STOP: "one-stop", Who.CLERK: "registry", Who.LEADER: "leadership"}

KEY_OF = {
    "receive": "tiep-nhan",
    "assign": "phan-cong",
    "appraise": "tham-dinh",
    "inspect": "thuc-dia",
    "consult": "lay-y-kien",
    "draft": "du-thao",
    "review": "xem-xet",
    "collect_fee": "thu-phi",
    "approve": "phe-duyet",
    "sign": "ky",
    "register": "vao-so",
    "seal": "dong-dau",
    "hand_over": "tra-ket-qua",
}

TIME = re.compile(r"(\d{1,4}(?:[.,]\d{1,3})?)\s*(ngày|giờ|phút|buổi)", re.IGNORECASE)
HOURS_IN = {"ngày": Decimal(HOURS_PER_DAY), "giờ": Decimal(1), "buổi": Decimal(4), "phút": Decimal(1) / 60}
UNCOUNTED = re.compile(r"khong tinh|gio hanh chinh|khong quy dinh")
CODE = re.compile(r"(?<![\d.])\d\.\d{6}(?!\d)(?:\.[A-Z]\d{2}\b)?")
MARKUP = re.compile(r"_{2,}|\*+|[“”\"]")
NAME_CODE = re.compile(r"\(?\s*[-–]?\s*(?:mã\s*(?:số|tthc|thủ tục)?\s*:?\s*)?\d\.\d{6}[^)]{0,20}\)?.*$", re.IGNORECASE)
LEADING = re.compile(r"^[\s)\].;:,*–-]*(?:\d{1,2}(?:\.\d{1,2})*\.?\s+)?(?:quy trình\s+)?", re.IGNORECASE)
MEANINGFUL = 20
"""A heading shorter than this is a scrap of the page, no name."""


@dataclass(frozen=True, slots=True)
class Workflow:
    """An internal workflow as a route template keeps it."""

    name: str
    province: str
    decision: str
    codes: tuple[str, ...]
    steps: list[dict[str, Any]]
    findings: list[Finding]


def workflow(raw: Mapping[str, Any]) -> Workflow:
    """The steps of an internal workflow, the codes of the procedures it is for, and a name."""
    steps, findings = route(records(raw.get("steps")))
    total = _decimal(raw.get("total_hours"))
    taken = hours(steps, given=True)
    if total is not None and steps and taken != total:
        findings.append(Finding("route", "route.total", f"{written(taken)} ≠ {written(total)}"))
    name = _name(raw)
    decision, province = line(raw.get("decision")), line(raw.get("province"))
    if not name:
        findings.append(Finding("name", "route.name", line(raw.get("decision_title")) or line(raw.get("heading"))))
        scrap = ended(MARKUP.sub("", line(raw.get("heading"))))
        about = codes(raw)[0] if codes(raw) else f"…{scrap}" if len(scrap) >= MEANINGFUL else ""
        name = ", ".join(part for part in ("Quy trình nội bộ", about, decision, province) if part)
    for one in steps:
        one.pop("left_out", None)
    return Workflow(divided(name, MOST_NAME)[0], divided(province, 60)[0], divided(decision, 120)[0], codes(raw), steps, findings)


def codes(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """The procedure codes a workflow names, in its list or else in its heading, without the province's own endings."""
    named = " ".join(listed(raw.get("procedure_codes")))
    if not CODE.search(named):
        named = " ".join([line(raw.get("heading")), *listed(raw.get("names"))])
    return tuple(dict.fromkeys(national(code) for code in CODE.findall(named)))


def national(code: str) -> str:
    """`1.009644.H05` -> `1.009644`: the code without what a province adds."""
    return code[:8]


def _name(raw: Mapping[str, Any]) -> str:
    for text in (*listed(raw.get("names")), line(raw.get("heading"))):
        plain = LEADING.sub("", ended(NAME_CODE.sub("", MARKUP.sub("", text[:2000]))), count=1).strip()
        if len(plain) >= MEANINGFUL and plain[:1].isupper():
            return plain
    return ""


def route(rows: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[Finding]]:
    """The steps of a route from the rows of a workflow, and what a person has to look at."""
    found: list[Finding] = []
    kinds: list[str] = []
    recognised: list[bool] = []
    desks = [who(line(row.get("unit"))) for row in rows]
    for place, row in enumerate(rows):
        kind = _kind(desks[place], line(row.get("task")), first=place == 0)
        recognised.append(kind is not None)
        kinds.append(kind or UNRECOGNISED)
    kinds = settled(kinds, [desk == Who.CLERK for desk in desks])
    steps: list[dict[str, Any]] = []
    provincial = [bool(PROVINCE.search(fold(line(row.get("unit"))))) for row in rows]
    for place, row in enumerate(rows):
        key = slug(KEY_OF[kinds[place]], [step["key"] for step in steps])
        made, remarks = _step(row, key, kinds[place], desks[place], above=provincial[place] and not all(provincial))
        steps.append(made)
        found += remarks
        if not recognised[place]:
            found.append(Finding(f"route.{key}", "route.kind", made["title"]))
    found += _whole(kinds) if steps else [Finding("route", "route.empty")]
    return steps, found


def who(unit: str) -> Who:
    """Who a desk is."""
    folded = fold(unit)
    return next((one for words, one in DESKS if re.search(words, folded)), Who.OTHER)


def _kind(desk: Who, task: str, *, first: bool) -> str | None:
    folded = fold(task)
    if first and re.search(r"tiep nhan|nop ho so|nhan ho so", folded):
        return "receive"
    if not folded:
        return None
    return next((kind for desks, words, kind in TASKS if desk in desks and re.search(words, folded)), None)


def settled(kinds: Sequence[str], clerks: Sequence[bool]) -> list[str]:
    """The kinds made into a route: one reception, one signature, one seal after it, one handing over; the others are what led there.

    Earlier signatures approve; earlier seals, later receptions and earlier handings over only register. Where nothing is sealed
    after the signature, the last step of a registry clerk seals.
    """
    made = list(kinds)
    _only(made, "receive", "register", last=False)
    _only(made, "hand_over", "register", last=True)
    approving = [place for place, kind in enumerate(made) if kind == "approve"]
    if approving:
        signed = approving[-1]
        made[signed] = "sign"
        sealing = [place for place in range(signed + 1, len(made)) if made[place] == "seal"]
        sealing = sealing or [place for place in range(signed + 1, len(made)) if made[place] == "register" and clerks[place]]
        made = ["register" if kind == "seal" and place not in sealing[-1:] else kind for place, kind in enumerate(made)]
        for place in sealing[-1:]:
            made[place] = "seal"
    _only(made, "seal", "register", last=True)
    return made


def _only(kinds: list[str], kind: str, otherwise: str, *, last: bool) -> None:
    places = [place for place, one in enumerate(kinds) if one == kind]
    for place in places[:-1] if last else places[1:]:
        kinds[place] = otherwise


def _step(row: Mapping[str, Any], key: str, kind: str, desk: Who, *, above: bool) -> tuple[dict[str, Any], list[Finding]]:
    place = f"route.{key}"
    found: list[Finding] = []
    task = ended(MARKUP.sub("", line(row.get("task")))) or ended(line(row.get("unit"))) or key
    title, rest = divided(task, MOST_TITLE)
    if rest:
        found.append(Finding(place, "route.title", task))
    unit = ended(line(row.get("unit")))
    office = office_of(unit, desk, above=above)
    if not office:
        found.append(Finding(place, "route.office", unit))
    taken = _hours(row)
    step: dict[str, Any] = {"key": key, "title": title, "kind": kind, "office": office, "hours": taken, "unit": unit}
    if kind == "register" and desk == Who.ONE_STOP:
        step["power"] = "receive"
    if kind == "hand_over":
        if taken is not None:
            found.append(Finding(place, "route.hand_over_hours", line(row.get("time_text")) or written(_exact(taken))))
        step |= {"hours": None, "left_out": taken}
    elif taken is None:
        found.append(Finding(place, "route.no_hours", line(row.get("time_text"))))
    return step, found


def office_of(unit: str, desk: Who, *, above: bool) -> dict[str, Any]:
    """The office a desk most likely is, as a route names it; empty when nothing is known of it."""
    folded = fold(unit)
    function = FUNCTION_OF.get(desk) or next((name for words, name in UNITS if re.search(words, folded)), "")
    if not function:
        return {}
    return {"parent": True, "function": function} if above else {"function": function}


def _whole(kinds: Sequence[str]) -> Iterator[Finding]:
    """What the route as a whole lacks."""
    for kind in ("receive", "sign", "seal", "hand_over"):
        if kind not in kinds:
            yield Finding("route", f"route.no_{kind}")
    if "hand_over" in kinds and kinds[-1] != "hand_over":
        yield Finding("route", "route.after")


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, float) and not (value == value and abs(value) < LARGEST_HOURS):
        return None
    text = str(value).strip().replace(",", ".")
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text, re.ASCII):
        return None
    number = Decimal(text)
    return number if number < LARGEST_HOURS else None


def _hours(row: Mapping[str, Any]) -> int | float | None:
    """Working hours of a row: the number given, else what its words say at eight hours a day; None when not counted."""
    given = _decimal(row.get("hours_8h_day"))
    if given is None:
        text = line(row.get("time_text"))
        match = TIME.search(text)
        if not match or UNCOUNTED.search(fold(text)):
            return None
        given = Decimal(match[1].replace(",", ".")) * HOURS_IN[match[2].lower()]
    given = given.quantize(CENT)
    if given <= 0:
        return None
    return int(given) if given == given.to_integral_value() else float(given)


def _exact(taken: float) -> Decimal:
    return Decimal(str(taken))


def hours(steps: Sequence[Mapping[str, Any]], *, given: bool = False) -> Decimal:
    """Working hours of all steps one after the other; `given` counts those that were left out as well."""
    taken = [step.get("hours") or (step.get("left_out") if given else None) for step in steps]
    return sum((_exact(one) for one in taken if one), Decimal(0))


def written(number: Decimal) -> str:
    """A number of hours as it is read: `4`, `2.5`."""
    return f"{number.normalize():f}"


def essence(name: str) -> str:
    """What two spellings of the name of one procedure share; empty when it says too little to tell procedures apart."""
    words = re.sub(r"\([^)]*\)", " ", fold(name[:1000]))
    found = re.sub(r"^(quy trinh |thu tuc |noi bo )+", "", " ".join(re.findall(r"[a-z0-9]+", words)))
    return found if len(found) >= MEANINGFUL else ""
