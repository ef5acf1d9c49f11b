"""RULE: the papers of a record, the circumstances their headings stand for, and the notes between them.

A row with neither originals nor copies is a note, not a paper: it explains the paper before it. A heading over papers is a
circumstance only where somebody files under it; headings that merely say what follows, or that somebody is authorised, are not.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.kit.folding import fold, words
from services.catalogue.importing.findings import Finding
from services.catalogue.importing.texts import divided, ended, line, records, same, slug, whole

MOST_NAME, MOST_LABEL, MOST_FORM = 300, 200, 200
MOST_COPIES = 99
LONG_HEADING = 60
"""A heading longer than this says something, even where it is no circumstance: it goes into the explanation."""
WINDOW = 200
"""Glued file names and words that lead on are looked for in so many characters at the end."""
FILES = 5

EXTENSION = r"\.(?:docx?|pdf|xlsx?|rtf|odt|rar|zip|jpe?g|png)"
TAILS: tuple[re.Pattern[str], ...] = (
    re.compile(rf"(?<=[.;)\]”\"])\s*m[ẫa]u\s[^;]{{1,90}}{EXTENSION}[^;]{{0,90}}$", re.IGNORECASE),
    re.compile(rf"(?<=[a-zà-ỹđ])(?:mau so|phuluc|mẫu)[\w.\- ()]*{EXTENSION}$", re.IGNORECASE),
    re.compile(rf"(?<=[.;)\]”\"])\s*\d{{0,2}}\.?[^.;)\]]{{0,60}}(?:\([^)]*\))?{EXTENSION}$", re.IGNORECASE),
    re.compile(r"(?<=[.;)\]”\"])\s*\d{1,2}\.[A-Za-z0-9_]{3,}$"),
    re.compile(r"(?<=\w)\.\d{1,2}\.[A-Za-z0-9_]{3,}$"),
    re.compile(r"(?<=[)\].;])\.?(?:Mau|Mu|Phuluc|PL|TTHC\d)[\w.\- ]*$"),
    re.compile(r"(?<=[a-zà-ỹđ])(?:Mau|Phuluc|TTHC\d)[\w.\- ()]*$"),
    re.compile(r"(?:(?<=[^\W\d][.;])|(?<=[)”\"][.;]))\d{1,2}$"),
)
"""Ends of names that are names of files which the portal glued on; the first that fits is cut off, again and again."""

ENUMERATOR = re.compile(
    r"^\s*(?:[-+*•.]+|\(?(?:[ivx]{1,4}|\d{1,2}|[a-zđ])(?:\.\d{1,2})*\)|\d{1,2}(?:\.\d{1,2})*\.|[a-h]\.(?=\s?(?:trường hợp|đối với|hồ sơ)))\s*",
    re.IGNORECASE,
)
LEADING_ON = re.compile(
    r"[,;:\s]*hồ sơ\s*:?\s*$|[,;:\s]*(?:thì\s*)?(?:thành phần\s*)?(?:hồ sơ\s*)?(?:kèm theo hồ sơ.*phải có|(?:bao )?gồm(?:\s*các giấy tờ sau(?: đây)?)?|cụ thể(?: như sau)?|như sau)\s*:?\s*$",
    re.IGNORECASE,
)
GENERAL = re.compile(
    r"(giay to (phai|can) (nop|xuat trinh).*|thanh phan ho so.*|so luong ho so|luu y.*|ghi chu.*|chu y.*|ho so( de nghi)?( bao)?( gom)?"
    r"|.*nop 0?1 \(?mot\)? bo ho so.*|.*cac( loai)? giay to sau( day)?.*|ngoai cac tai lieu quy dinh.*|ban khai.*|01 ban chinh.*)"
)
"""Headings, folded, that say what follows but are no circumstance."""
NOTES = re.compile(r"(luu y|ghi chu|chu y|so luong ho so)\b")
SHOWN = re.compile(r"\bxuat trinh\b")
AUTHORISED = re.compile(r"\buy quyen\b")
IF_ANY = re.compile(r"\(?n[ếe]u có\)?|n[ếe]u thuộc|trường hợp có\b", re.IGNORECASE)
CONDITIONAL = re.compile(r"\s*(?:[-+a-z)\d.]*\s*)?(?:trường hợp|đối với|trong trường hợp|nếu)\b", re.IGNORECASE)
FORM = re.compile(
    r"(?:theo\s+)?((?:mẫu(?:\s+số)?|phụ lục|biểu mẫu)\s+[\w/.\-]{0,20}\d[\w/.\-]{0,20}[^;()]{0,120}?"
    r"(?:thông tư|nghị định|quyết định)(?:\s+số)?\s*\d+/\d{4}/[\wĐđ\-]+)",
    re.IGNORECASE,
)
SHORT_FORM = re.compile(r"\(?\s*(mẫu(?:\s+số)?\s+[A-ZĐ]{0,4}\d[\w/.\-]{0,30})", re.IGNORECASE)
DECLARATION = re.compile(r"\b(to khai|don|phieu|giay de nghi|van ban de nghi|giay khai|ban khai)\b")
OTHER = ("truong-hop-khac", "Không thuộc các trường hợp còn lại")


@dataclass(slots=True)
class Row:
    """One row of the record, cleaned."""

    heading: str
    name: str
    whole_name: str
    file: str
    originals: int
    copies: int
    note: bool
    counted: bool
    help: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Papers:
    """Papers and circumstances as a version keeps them, notes that belong to no paper, and what a person has to look at."""

    documents: list[dict[str, Any]]
    circumstances: list[dict[str, Any]]
    notes: list[str]
    findings: list[Finding]


def papers(value: Any, taken: Collection[str]) -> Papers:
    """The papers of a record; their keys differ from those taken, which are the fields of the form."""
    rows = [row for raw in records(value) if (row := _row(raw)).name]
    kept, notes = _notes(rows)
    findings: list[Finding] = []
    if not kept:
        findings.append(Finding("documents", "documents.only_notes" if rows else "documents.missing"))
    circumstances, of_heading = _circumstances(kept)
    if circumstances:
        findings.append(Finding("circumstances", "circumstances.guessed", "; ".join(item["label"] for item in circumstances)))
        if circumstances[0]["key"] == OTHER[0]:
            findings.append(Finding(f"circumstances.{OTHER[0]}", "circumstances.other"))
    unheaded = any(not row.heading for row in kept)
    lone = {row.heading for row in kept if unheaded and not circumstances and row.heading and not is_general(row.heading)}
    documents: list[dict[str, Any]] = []
    for row in kept:
        made = _document(row, of_heading, lone)
        known = next((one for one in documents if _alike(one, made)), None)
        if known:
            _join(known, made)
            continue
        made["key"] = slug(made["name"], [*taken, *(one["key"] for one in documents)], fallback="giay-to")
        documents.append({"key": made.pop("key"), **made})
        findings += _remarks(row, f"documents.{documents[-1]['key']}")
    every = [item["key"] for item in circumstances]
    for one in documents:
        one["circumstances"] = [] if set(one["circumstances"]) == set(every) else one["circumstances"]
    for row in rows:
        if row.note and row.file and not NOTES.search(fold(row.heading)):
            findings.append(Finding("documents", "documents.note_with_form", row.whole_name))
    return Papers(documents, circumstances, notes, findings)


def _row(raw: Mapping[str, Any]) -> Row:
    heading, full, file = line(raw.get("case")), line(raw.get("name")), line(raw.get("form_file"))
    originals, copies = whole(raw.get("originals")), whole(raw.get("copies"))
    counted = originals is not None or copies is not None
    return Row(
        heading=heading,
        name=cleaned(full, file),
        whole_name=full,
        file=file,
        originals=min(max(originals or 0, 0), MOST_COPIES) if counted else 1,
        copies=min(max(copies or 0, 0), MOST_COPIES),
        note=counted and not originals and not copies,
        counted=counted,
    )


def cleaned(name: str, file: str = "") -> str:
    """A name without the file names that were glued to its end, and without the number before it."""
    text = name
    if file and text.endswith(file) and len(text) > len(file):
        text = text[: -len(file)]
    for _again in range(4):
        head, end = text[:-WINDOW], text[-WINDOW:]
        cuts = (head + tail.sub("", end, count=1) for tail in TAILS)
        shorter = next((cut for cut in cuts if cut != text and len(cut) >= 8), text)
        if shorter == text:
            break
        text = shorter.rstrip()
    bare = ENUMERATOR.sub("", text, count=1)
    return ended(bare) or ended(text) or name


def _notes(rows: Sequence[Row]) -> tuple[list[Row], list[str]]:
    """The papers, each with the notes that follow it under the same heading, and the notes that follow none."""
    kept: list[Row] = []
    loose: list[str] = []
    for row in rows:
        if not row.note:
            kept.append(row)
        elif kept and kept[-1].heading == row.heading and not NOTES.search(fold(row.heading)):
            kept[-1].help.append(row.name)
        elif row.name not in loose:
            loose.append(row.name)
    return kept, loose


def _circumstances(rows: Sequence[Row]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The circumstances that headings stand for, and the key of each such heading."""
    headings = list(dict.fromkeys(row.heading for row in rows if row.heading and not is_general(row.heading)))
    if len(headings) < 2:
        return [], {}
    made: list[dict[str, Any]] = []
    of_heading: dict[str, str] = {}
    for heading in headings:
        label, rest = divided(heading_name(heading), MOST_LABEL)
        key = slug(label, [OTHER[0], *(item["key"] for item in made)], fallback="truong-hop")
        made.append({"key": key, "label": label, "help": rest})
        of_heading[heading] = key
    if any(not row.heading for row in rows):
        made.insert(0, {"key": OTHER[0], "label": OTHER[1], "help": ""})
    return made, of_heading


def is_general(heading: str) -> bool:
    """Whether a heading only says what follows, or that somebody is authorised; it is no circumstance then."""
    folded = same(ENUMERATOR.sub("", heading))
    return bool(GENERAL.fullmatch(folded) or AUTHORISED.search(folded))


def heading_name(heading: str) -> str:
    """A heading without its number and the words that lead on to what follows."""
    text = heading
    while (bare := ENUMERATOR.sub("", text, count=1)) != text:
        text = bare
    return ended(text[:-WINDOW] + LEADING_ON.sub("", text[-WINDOW:])) or ended(heading)


def _document(row: Row, of_heading: Mapping[str, str], lone: Collection[str]) -> dict[str, Any]:
    """A paper; those under a heading that is no circumstance, but a condition all the same, are needed only if it applies."""
    name, rest = divided(row.name, MOST_NAME)
    folded = fold(row.heading)
    helps = [text for text in (rest, *row.help) if text]
    sometimes = bool(AUTHORISED.search(folded)) or row.heading in lone
    if sometimes or (row.heading not in of_heading and len(row.heading) > LONG_HEADING):
        helps.insert(0, heading_name(row.heading))
    made: dict[str, Any] = {
        "name": name,
        "help": "\n".join(dict.fromkeys(helps)),
        "circumstances": [of_heading[row.heading]] if row.heading in of_heading else [],
        "required": not (sometimes or IF_ANY.search(row.name) or CONDITIONAL.match(row.name)),
        "originals": row.originals,
        "copies": row.copies,
        "electronic": "show" if SHOWN.search(folded) and not re.search(r"\bnop\b", folded) else "upload",
        "max_files": FILES,
    }
    if code := form_code(row.name):
        made["form_code"] = code
    return made


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two rows are one paper that is needed in several circumstances."""
    return (
        bool(one["circumstances"] and other["circumstances"])
        and same(one["name"]) == same(other["name"])
        and (one["originals"], one["copies"], one["electronic"]) == (other["originals"], other["copies"], other["electronic"])
    )


def _join(known: dict[str, Any], made: Mapping[str, Any]) -> None:
    known["circumstances"] = list(dict.fromkeys([*known["circumstances"], *made["circumstances"]]))
    helps = [*known["help"].split("\n"), *made["help"].split("\n")]
    known["help"] = "\n".join(dict.fromkeys(text for text in helps if text))
    known["required"] = known["required"] and made["required"]


def _remarks(row: Row, place: str) -> Iterator[Finding]:
    if same(row.name) != same(ENUMERATOR.sub("", row.whole_name)):
        yield Finding(place, "documents.cleaned", row.whole_name)
    if not row.counted:
        yield Finding(place, "documents.count", row.whole_name)
    if row.file:
        yield Finding(place, "documents.form", f"{row.name} ({row.file})")
    elif DECLARATION.match(fold(row.name)):
        yield Finding(place, "documents.declaration", row.name)


def form_code(name: str) -> str:
    """The statutory form a paper is filled in on: `Mẫu CT01 ban hành kèm theo Thông tư số 53/2025/TT-BCA`; empty when unnamed."""
    match = FORM.search(name) or SHORT_FORM.search(name)
    text = ended(match[1]) if match else ""
    return text[:1].upper() + text[1:] if len(text) <= MOST_FORM else ""


NOT_SIGNIFICANT = frozenset(
    words(
        "ban sao chup chinh co chung thuc cua theo quy dinh hoac va cac loai giay to trong truong hop doi voi da duoc cap mot 01 "
        "cong dan the"
    )
)
"""Words, folded, that do not tell one paper from another."""


def matching(documents: Sequence[Mapping[str, Any]], replaced: str) -> list[int]:
    """Places of the papers that the annex means: those with all the telling words of one of the papers it names."""
    named = re.split(r"\s+trong trường hợp\s+|:", replaced, maxsplit=1)[0]
    wanted = [telling for part in re.split(r"[;,]|\s+hoặc\s+|\(", named) if (telling := _telling(part))]
    found = []
    for place, document in enumerate(documents):
        name = line(document.get("name"))
        if DECLARATION.match(fold(name)):
            continue
        has = set(same(name).split())
        if any(telling <= has for telling in wanted):
            found.append(place)
    return found


def _telling(text: str) -> frozenset[str]:
    telling = frozenset(word for word in same(text).split() if word not in NOT_SIGNIFICANT)
    return telling if len(telling) >= 2 else frozenset()
