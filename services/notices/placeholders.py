"""RULE: a city's own wording of a message: plain text with placeholders in braces, each checked before it is used."""

import re
from collections.abc import Mapping

KNOWN = (
    *("number", "procedure", "agency", "office", "return_place", "due", "reason", "url"),
    *("portal", "place", "hotline"),
)
"""What a text may name, in the order in which the page lists it."""
IN_SUBJECTS = frozenset({"number", "portal", "place"})
"""A subject is read on locked screens: it carries nothing personal but the case number."""
LONGEST_SUBJECT, LONGEST_BODY, LONGEST_SMS = 150, 4000, 300
PLACEHOLDER = re.compile(r"\{(\w+)\}")
BRACE = re.compile(r"[{}]")

SAMPLE: Mapping[str, str] = {
    "number": "H29.26-261121-0042",
    "procedure": "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
    "agency": "Ủy ban nhân dân phường Bến Thành",
    "office": "Trung tâm Phục vụ hành chính công",
    "return_place": "Trung tâm Phục vụ hành chính công",
    "due": "16:30 04/12/2026",
    "reason": "Bản vẽ chưa có chữ ký của người thiết kế",
}
"""What a preview shows."""


def problems(subject: str, body: str, channel: str) -> list[tuple[str, str, str]]:
    """What is wrong with a text: field, code and the word in question, in order; nothing when it can be used.

    Codes: unknown, in_subject, brace, address (an SMS does not say where to look), long.
    """
    found = []
    for field, text in (("subject", subject), ("body", body)):
        names = PLACEHOLDER.findall(text)
        found += [(field, "unknown", name) for name in dict.fromkeys(names) if name not in KNOWN]
        if field == "subject":
            found += [(field, "in_subject", name) for name in dict.fromkeys(names) if name in KNOWN and name not in IN_SUBJECTS]
        if BRACE.search(PLACEHOLDER.sub("", text)):
            found.append((field, "brace", ""))
    if "url" not in PLACEHOLDER.findall(body):
        found.append(("body", "address", "url"))
    if channel == "sms" and len(fill(body, {**SAMPLE, "url": "https://" + "x" * 40})) > LONGEST_SMS:
        found.append(("body", "long", str(LONGEST_SMS)))
    return found


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with the values in place of its placeholders; what is not known becomes nothing."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text)
