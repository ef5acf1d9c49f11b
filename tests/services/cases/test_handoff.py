"""The code between phone and counter: what can be read of it, and what is noted."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from services.cases import handoff
from services.cases.handoff import HandedIn, Move

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)


def test_a_code_is_read_however_it_is_typed() -> None:
    code = handoff.new_code()
    assert handoff.read(f" {handoff.spaced(code).lower()}\n") == (code, None)
    assert handoff.read("-".join(code)) == (code, None)


def test_the_word_of_a_qr_code_is_read_bare_and_in_its_address() -> None:
    key, code = uuid4(), handoff.new_code()
    word = handoff.sign(key, code)
    assert handoff.read(word) == (code, key)
    assert handoff.read(f"https://mot-cua.example/can-bo/tiep-nhan/ma/?ma={word}") == (code, key)


@pytest.mark.parametrize("text", ["", "ABC", "O0I1B8", "a:b:c", "https://mot-cua.example/?x=1", "https://[", "é" * 6])
def test_anything_else_is_no_code(text: str) -> None:
    assert handoff.read(text) == ("", None)


def test_the_history_grows_and_tells_who_began_it() -> None:
    begun = handoff.noted({"owner": {"source": "record"}}, Move.BEGUN, AT, "Quầy 1", "Lan")
    assert not handoff.came_from_applicant(begun)
    taken = handoff.noted(begun, Move.TAKEN, AT, "Quầy 1", "Lan")
    assert handoff.came_from_applicant(taken)
    assert len(taken[handoff.HISTORY]) == 2
    assert taken["owner"] == {"source": "record"}


def test_what_was_handed_in_is_read_back() -> None:
    counted = handoff.with_handed_in({}, {"don": HandedIn(1, 2)})
    assert handoff.handed_in(counted, "don") == HandedIn(1, 2)
    assert handoff.handed_in(counted, "khac") is None
