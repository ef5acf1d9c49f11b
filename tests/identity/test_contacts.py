"""Phone numbers and e-mail addresses: one stored form each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.people import contacts, phone

PREFIXES = ("032", "056", "070", "079", "081", "086", "090", "093", "096", "098")


@pytest.mark.parametrize(
    "typed", ["0901234567", "090 123 45 67", "090-123-4567", "+84901234567", "+84 90 1234567", "84901234567", "0084901234567"]
)
def test_one_number_however_it_is_typed(typed: str) -> None:
    assert phone.to_e164(typed) == "+84901234567"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "format"), ("090123", "format"), ("abc", "format"), ("+14155552671", "not_vietnam"), ("02838291234", "not_mobile")],
)
def test_says_what_is_wrong_with_a_number(typed: str, code: str) -> None:
    with pytest.raises(phone.InvalidPhone) as raised:
        phone.to_e164(typed)
    assert raised.value.code == code


@given(st.sampled_from(PREFIXES), st.integers(0, 9_999_999))
def test_storing_twice_changes_nothing(prefix: str, rest: int) -> None:
    stored = phone.to_e164(f"{prefix}{rest:07d}")
    assert stored == f"+84{prefix[1:]}{rest:07d}"
    assert phone.to_e164(stored) == stored
    assert phone.to_e164(phone.spoken(stored)) == stored


@given(st.text(max_size=40))
def test_any_text_is_a_contact_or_refused(text: str) -> None:
    try:
        stored = contacts.normal(text)
    except contacts.InvalidContact:
        return
    assert contacts.normal(stored) == stored


def test_an_address_is_stored_in_small_letters() -> None:
    assert contacts.normal(" An.Nguyen@Example.VN ") == "an.nguyen@example.vn"


@pytest.mark.parametrize("typed", ["an@", "an@example", "@example.vn", "an nguyen@example.vn", "an@exa,mple.vn", "a@b@c.vn"])
def test_refuses_what_is_no_address(typed: str) -> None:
    with pytest.raises(contacts.InvalidContact):
        contacts.normal(typed)


def test_shows_only_enough_to_recognise() -> None:
    assert contacts.hidden("+84901234567") == "******4567"
    assert contacts.hidden("an.nguyen@example.vn") == "a***@example.vn"
    assert contacts.shown("+84901234567") == "0901 234 567"
