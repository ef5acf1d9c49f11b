"""RULE: placeholders such as {owner_name}, or {tham-dinh.so_tang} of a step, in the text of a template."""

import re
from collections.abc import Mapping

PLACEHOLDER = re.compile(r"\{((?:[a-z0-9]+(?:-[a-z0-9]+)*\.)?[a-z][a-z0-9_]*)\}")


def names(text: str) -> set[str]:
    """The placeholders a text asks for."""
    return set(PLACEHOLDER.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every placeholder replaced; one without a value becomes dots, as on a paper form."""
    return PLACEHOLDER.sub(lambda match: values.get(match[1]) or "……", text)
