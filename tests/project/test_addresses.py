"""The promise: nobody can open an address that does not say who may."""

import re
from collections.abc import Iterator

import pytest
from django.urls import ResolverMatch, URLPattern, URLResolver, get_resolver

from identity.offices.powers import Power
from portal.kit.access import PUBLIC, SIGNED_IN, power_of

KNOWN = {PUBLIC, SIGNED_IN, "official", *(power.value for power in Power)}


def addresses(
    patterns: list[URLPattern | URLResolver], prefix: str = "", namespaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, ResolverMatch]]:
    """Every address of the portal with what the access middleware would see."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = namespaces + ((pattern.namespace,) if pattern.namespace else ())
            yield from addresses(pattern.url_patterns, route, inner)
        else:
            yield route, ResolverMatch(pattern.callback, (), {}, url_name=pattern.name, namespaces=list(namespaces), route=route)


EVERY = dict(addresses(get_resolver().url_patterns))


@pytest.mark.parametrize("route", sorted(EVERY))
def test_an_address_says_who_may_open_it(route: str) -> None:
    declared = power_of(EVERY[route])
    assert declared, f"/{route} declares no power"
    assert set(re.split(r"[ ,|]+or[ ,|]+|[,|] *", declared)) <= KNOWN, declared


def test_names_of_addresses_are_given_once() -> None:
    names = [match.view_name for match in EVERY.values() if match.url_name and "api" not in match.view_name]
    assert len(names) == len(set(names)), sorted({name for name in names if names.count(name) > 1})
