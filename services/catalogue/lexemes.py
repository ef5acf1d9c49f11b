"""RULE: the words under which a procedure is found, and what a person meant by a search.

Vietnamese syllables are few and shared by most names, so pairs of neighbouring syllables are kept as well: `khai_sinh` finds
birth registration first, while `khai` and `sinh` apart are all over the catalogue.
"""

from dataclasses import dataclass
from itertools import pairwise

from portal.kit.folding import words

FILLERS = frozenset(
    [
        "lam",
        "xin",
        "toi",
        "muon",
        "can",
        "thi",
        "thu",
        "tuc",
        "dich",
        "vu",
        "cong",
        "cho",
        "cua",
        "va",
        "la",
        "o",
        "tai",
        "ve",
        "voi",
        "nhu",
        "the",
        "nao",
        "gi",
        "ho",
        "so",
        "giup",
        "minh",
    ]
)
"""Said in a search without naming anything; left out unless nothing else was said."""

LONGEST = 12
"""Words of a search that are looked at."""


def lexemes(code: str, *texts: str) -> set[str]:
    """All lexemes of a procedure: code, code without its level digit, words, pairs of neighbouring words."""
    found = {code.lower(), code.lower().partition(".")[2]}
    for text in texts:
        said = words(text)
        found.update(said)
        found.update(f"{one}_{other}" for one, other in pairwise(said))
    return found


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search: its words in order, the last perhaps unfinished, and the pairs of neighbours among them."""

    words: tuple[str, ...]
    pairs: tuple[str, ...]


def wanted(text: str) -> Wanted:
    """What to look for; no words when nothing was typed."""
    said = words(text)
    telling = [word for word in said if word not in FILLERS] or said
    kept = list(dict.fromkeys(telling))[:LONGEST]
    pairs = [f"{one}_{other}" for one, other in pairwise(said) if one in kept and other in kept]
    return Wanted(tuple(kept), tuple(pairs))


def all_of(found: tuple[str, ...]) -> str:
    """A PostgreSQL tsquery: every word, the last by its beginning."""
    quoted = [f"'{word}'" for word in found]
    return " & ".join([*quoted[:-1], f"{quoted[-1]}:*"]) if quoted else ""


def any_of(found: tuple[str, ...]) -> str:
    """A PostgreSQL tsquery: at least one of the words."""
    return " | ".join(f"'{word}'" for word in found)
