"""A version as one file: what is read back is what was written, or it is refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.catalogue.content import KEYS, canonical, misfits
from services.catalogue.package import InvalidPackage, pack, unpack
from tests.services.catalogue.test_shapes import asked, damaged, version


def written(what: dict[str, Any], /, **changes: Any) -> bytes:
    return json.dumps(pack(what) | changes, ensure_ascii=False, indent=1).encode()


def places(raw: Any) -> list[str]:
    with pytest.raises(InvalidPackage) as refused:
        unpack(raw)
    assert all(str(problem) for problem in refused.value.problems)
    return [problem.place for problem in refused.value.problems]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(damaged())
def test_a_round_trip_is_exact_or_refused(content: dict[str, Any]) -> None:
    try:
        read = unpack(written(content))
    except InvalidPackage:
        assert places(written(content))
        return
    assert canonical(read) == canonical(content)
    assert not misfits(read)


def test_good_content_comes_back() -> None:
    content = version() | {"eligibility": [asked()], "life_events": ["sinh-con"]}
    assert unpack(written(content)) == content
    assert unpack(pack(content)) == content
    assert unpack(b"\xef\xbb\xbf" + written(content)) == content
    assert set(content) < set(KEYS)


def misspelt(content: dict[str, Any]) -> None:
    content["route"][1]["hour"] = 3


@pytest.mark.parametrize(
    ("place", "spoil"),
    [
        ("content.route.xem", misspelt),
        ("content.extra", lambda content: content.update(extra=1)),
        ("content.code", lambda content: content.pop("code")),
        ("content.name", lambda content: content.update(name=3)),
        ("content.outcome", lambda content: content["outcome"].update(colour="red")),
        ("content.documents.don-de-nghi", lambda content: content["documents"][0].update(copies="1")),
    ],
)
def test_what_the_content_may_not_have_is_named(place: str, spoil: Callable[[dict[str, Any]], Any]) -> None:
    content = version()
    spoil(content)
    assert places(written(content)) == [place]


@pytest.mark.parametrize(
    ("place", "raw"),
    [
        ("", b""),
        ("", b"\xff\xfe"),
        ("", b"[1]"),
        ("", b'{"format": 1,}'),
        ("", b'{"format": "a", "format": "b"}'),
        ("", b'{"format": NaN}'),
        ("", b"[" * 100_000),
        ("", b" " * 8_000_001),
        ("", b"9" * 5000),
        ("format", b"{}"),
        ("format", b'{"format": "some-other"}'),
        ("version", written(version(), version=2)),
        ("version", written(version(), version=True)),
        ("note", written(version(), note="x")),
        ("digest", written(version(), digest=None)),
        ("digest", written(version(), digest="sha256:0")),
        ("content", written(version(), content=[])),
        ("digest", written(version()).replace(b'"limit_value": 2', b'"limit_value": 3')),
    ],
)
def test_a_file_that_is_no_package_is_refused_with_a_place(place: str, raw: bytes) -> None:
    assert place in places(raw)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes | str) -> None:
    assert places(raw)
