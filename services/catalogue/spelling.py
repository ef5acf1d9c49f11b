"""RULE: what a person may have meant by a word that no procedure has.

Vietnamese syllables are short and close to one another, so distance alone decides little: a reading is better when its
neighbouring syllables stand side by side in the catalogue (`khai_sinh`). Works on folded words; distances count exchanged
neighbours as one slip (optimal string alignment).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from portal.kit.folding import fold

PER_WORD = 8
"""Readings of one word that are weighed."""
SLIP, STRANGER, APART = 1.0, 2.5, 0.7
"""What a slip of the keyboard costs, a word nobody knows, and neighbours that never stand side by side."""


@dataclass(frozen=True)
class Vocabulary:
    """Folded words of the catalogue and how many procedures have each; pairs of neighbours are joined by `_`."""

    lexemes: Mapping[str, int]

    @cached_property
    def words(self) -> list[str]:
        """Single words, the commonest first."""
        return sorted((one for one in self.lexemes if "_" not in one), key=lambda word: -self.lexemes[word])

    @cached_property
    def joined(self) -> dict[str, str]:
        """Pairs typed without the space between them."""
        return {one.replace("_", ""): one for one in self.lexemes if "_" in one}

    def begins(self, start: str) -> bool:
        """Whether some word begins so."""
        return any(word.startswith(start) for word in self.words)


def slips(word: str) -> int:
    """How many slips a word of that length may hold; codes hold none."""
    if any(character.isdigit() for character in word):
        return 0
    return 0 if len(word) < 2 else 1 if len(word) < 6 else 2


def meant(said: Sequence[str], vocabulary: Vocabulary) -> tuple[str, ...] | None:
    """The likeliest reading of the words; None when it is what was said. The last word may be unfinished."""
    best: dict[tuple[str, ...], float] = {(): 0.0}
    for place, word in enumerate(said):
        readings = list(_readings(word, vocabulary, last=place == len(said) - 1))
        reached: dict[tuple[str, ...], float] = {}
        for path, cost in best.items():
            for reading, own in readings:
                beside = 0.0
                if path and len(reading) == 1 and f"{path[-1]}_{reading[0]}" not in vocabulary.lexemes:
                    beside = APART
                total, longer = cost + own + beside, (*path, *reading)
                if total < reached.get(longer, float("inf")):
                    reached[longer] = total
        # Only the last word of a path matters for what follows: a few of the best are enough.
        best = dict(sorted(reached.items(), key=lambda pair: pair[1])[:PER_WORD])
    found = min(best, key=lambda path: best[path])
    return None if found == tuple(said) else found


def _readings(word: str, vocabulary: Vocabulary, *, last: bool) -> Iterator[tuple[tuple[str, ...], float]]:
    known = word in vocabulary.lexemes or (last and vocabulary.begins(word))
    yield (word,), 0.0 if known else STRANGER
    if pair := vocabulary.joined.get(word):
        yield tuple(pair.split("_")), SLIP / 2
    if allowed := slips(word):
        near = process.extract(word, vocabulary.words, scorer=OSA.distance, score_cutoff=allowed, limit=PER_WORD)
        yield from (((other,), SLIP * distance) for other, distance, _ in near if other != word)


def with_marks(read: str, texts: Iterable[str]) -> str:
    """Folded words as they are written in the texts: `khai sinh` -> `khai sinh`, `lai xe` -> `lái xe`; others stay as they are."""
    written: dict[str, str] = {}
    for word in (word for text in texts for word in re.findall(r"\w+", text)):
        written.setdefault(fold(word), word.lower())
    return " ".join(written.get(word, word) for word in read.split())
