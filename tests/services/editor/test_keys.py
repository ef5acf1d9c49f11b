"""Keys are made from names, stay unique, and always have the shape that the catalogue asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue.shapes.vocabulary import SLUG
from services.editor.keys import LONGEST, is_makeshift, key_of


@pytest.mark.parametrize(
    ("text", "taken", "key"),
    [
        ("Giấy chứng sinh (bản chính)", set(), "giay-chung-sinh-ban-chinh"),
        ("Đơn đề nghị", {"don-de-nghi"}, "don-de-nghi-2"),
        ("Đơn đề nghị", {"don-de-nghi", "don-de-nghi-2"}, "don-de-nghi-3"),
        ("", set(), "giay-to-1"),
        ("…", {"giay-to-1"}, "giay-to-2"),
        ("Mẫu 1.2", set(), "mau-1-2"),
    ],
)
def test_a_key_says_what_the_name_says(text: str, taken: set[str], key: str) -> None:
    assert key_of(text, taken, "giay-to") == key


@given(st.lists(st.text(max_size=80), max_size=6))
def test_keys_are_short_slugs_and_never_the_same(names: list[str]) -> None:
    taken: set[str] = set()
    for name in names:
        key = key_of(name, taken, "truong-hop")
        assert SLUG.fullmatch(key)
        assert len(key) <= LONGEST
        assert key not in taken
        taken.add(key)


def test_a_key_given_to_something_without_a_name_is_known_as_such() -> None:
    assert is_makeshift("giay-to-3", "giay-to")
    assert not is_makeshift("giay-to-tuy-than", "giay-to")
    assert not is_makeshift("giay-to", "giay-to")
