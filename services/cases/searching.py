"""RULE: by which words a case is found: its number, names and answers, without marks.

Single syllables are too common in Vietnamese to search by: two thirds of all names hold one of ten. So neighbouring syllables are
kept as pairs besides, and a search for several words looks for the pairs.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from portal.kit.folding import words

MOST_TOKENS = 1000
WORD_LENGTH = 40
QUERY_WORDS = 8
PREFIX_LENGTH = 2
"""A shorter word is looked for as it stands: half the country begins with it."""


def tokens(number: str, names: Iterable[str], answers: Mapping[str, Any]) -> list[str]:
    """Words and pairs of neighbouring words of each text, and every end of the number's sequence; sorted, each once."""
    found: dict[str, None] = {}
    for text in (number, *names, *texts(answers)):
        said = [word[:WORD_LENGTH] for word in words(text)]
        found |= dict.fromkeys(said) | dict.fromkeys(_pairs(said))
        if len(found) >= MOST_TOKENS:
            break
    sequence = number.rpartition("-")[2]
    ends = [sequence[start:] for start in range(len(sequence))]
    return sorted({*list(found)[:MOST_TOKENS], *(end for end in ends if end)})


def texts(answers: Any) -> Iterator[str]:
    """Every text in the answers, however deep."""
    if isinstance(answers, str):
        yield answers
    elif isinstance(answers, Mapping):
        for value in answers.values():
            yield from texts(value)
    elif isinstance(answers, list | tuple):
        for value in answers:
            yield from texts(value)
    elif isinstance(answers, int | float) and not isinstance(answers, bool):
        yield str(answers)


def query(text: str) -> str:
    """A tsquery for a text: pairs where several words were typed, the last one as a beginning; empty for no words."""
    said = _said(text)
    return _all(_pairs(said) if len(said) > 1 else said)


def loose_query(text: str) -> str:
    """A tsquery for the same words wherever they stand; empty when it would not find more than `query`."""
    said = _said(text)
    return _all(said) if len(said) > 1 else ""


def _said(text: str) -> list[str]:
    return [word[:WORD_LENGTH] for word in words(text)][:QUERY_WORDS]


def _pairs(said: list[str]) -> list[str]:
    return [f"{left}_{right}" for left, right in pairwise(said)]


def _all(lexemes: list[str]) -> str:
    """Lexemes hold only letters, digits, dots and underscores, so quoting them is enough."""
    if not lexemes:
        return ""
    *firsts, last = lexemes
    ending = ":*" if len(last) >= PREFIX_LENGTH else ""
    return " & ".join([*(f"'{lexeme}'" for lexeme in firsts), f"'{last}'{ending}"])
