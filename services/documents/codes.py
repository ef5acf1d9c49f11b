"""RULE: the code printed on a document and typed at the verification page.

Eleven random characters and a check character, from 31 that nobody confuses (no 0, O, 1, I, L). 31 is prime, so the weighted
sum finds every single wrong character and every two that were swapped: a typing error is told apart from an unknown code.
"""

import re
import secrets
import unicodedata
from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12
ADDRESS = re.compile(r"/kiem-chung/([^/?#\s]+)")


class NotACode(Exception):
    """`code` says why: empty, length, character, check. `character` is the first one that no code has."""

    def __init__(self, code: str, character: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.character = character


def check_character(body: str) -> str:
    """The last character, from the eleven before it."""
    total = sum(weight * ALPHABET.index(character) for weight, character in enumerate(body, start=2))
    return ALPHABET[total % len(ALPHABET)]


def new(choose: Callable[[str], str] = secrets.choice) -> str:
    """A new random code, without hyphens."""
    body = "".join(choose(ALPHABET) for _ in range(LENGTH - 1))
    return body + check_character(body)


def grouped(code: str) -> str:
    """`ABCDEFGHJKMN` -> `ABCD-EFGH-JKMN`, as printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def parse(text: str) -> str:
    """The code in what somebody typed or pasted: case, spaces, hyphens and the address around it do not matter."""
    if found := ADDRESS.search(text):
        text = found[1]
    plain = unicodedata.normalize("NFKD", text.upper())
    typed = "".join(character for character in plain if character.isalnum())
    if not typed:
        raise NotACode("empty")
    for character in typed:
        if character not in ALPHABET:
            raise NotACode("character", character)
    if len(typed) != LENGTH:
        raise NotACode("length")
    if check_character(typed[:-1]) != typed[-1]:
        raise NotACode("check")
    return typed
