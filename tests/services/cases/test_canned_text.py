"""The promise: a placeholder is filled or named as unknown; nothing a value says is filled a second time."""

from hypothesis import given
from hypothesis import strategies as st

from services.cases import canned_text, ordering

VALUES = {"so_ho_so": "H29.141-261121-0001", "ho_ten": "Trần Đại Nghĩa"}


def test_placeholders_are_filled_for_the_case() -> None:
    body = "Kính gửi {ho_ten}, hồ sơ { so_ho_so } trả ngày {han_tra}."
    assert canned_text.fill(body, VALUES) == "Kính gửi Trần Đại Nghĩa, hồ sơ H29.141-261121-0001 trả ngày ……."


def test_unknown_ones_are_named_once_in_order() -> None:
    assert canned_text.unknown("{han tra} {ho_ten} {sohoso} {han tra} {}") == ["han tra", "sohoso", ""]
    assert canned_text.fill("{sohoso}", VALUES) == "{sohoso}"


def test_a_brace_without_a_partner_is_seen() -> None:
    assert canned_text.unpaired("{ho_ten")
    assert canned_text.unpaired("ho_ten}")
    assert not canned_text.unpaired("{ho_ten}, {so_ho_so}")


def test_what_a_value_says_in_braces_stays() -> None:
    assert canned_text.fill("{ho_ten}", {"ho_ten": "{so_ho_so}"}) == "{so_ho_so}"


@given(st.text())
def test_a_text_without_known_names_stays_as_it_is(body: str) -> None:
    if not any(name in body for name in canned_text.NAMES):
        assert canned_text.fill(body, VALUES) == body


@given(st.lists(st.integers(), unique=True), st.integers(), st.booleans())
def test_ordering_loses_nothing_and_can_be_turned_back(keys: list[int], key: int, up: bool) -> None:
    after = ordering.moved(keys, key, up=up)
    assert sorted(after) == sorted(keys)
    if after != keys:
        assert ordering.moved(after, key, up=not up) == keys
