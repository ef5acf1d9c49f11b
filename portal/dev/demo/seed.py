"""Puts the demonstration data into the database, through the same actions as everything else."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from identity.offices import actions as offices
from identity.offices.models import Office
from identity.offices.powers import Power
from identity.people import actions as people
from identity.people.models import Person
from portal.dev.demo import PASSWORD, load, procedures
from services.catalogue import actions as catalogue
from services.catalogue.models import Procedure

FIRST_DAY = date(2025, 7, 1)
"""Posts begin with two-tier local government."""


@transaction.atomic
def seed(*, refresh: bool = False) -> int:
    """Add what is missing; returns how many offices, people and procedures were added. A repeat adds nothing.

    Offices, people and procedures that exist are left as they are. With `refresh` the procedures are published again, which
    makes a new version where the data file changed.
    """
    added = _offices(load("city")["offices"]) + _people(load("people"))
    known = set() if refresh else set(Procedure.objects.filter(current__isnull=False).values_list("code", flat=True))
    missing = [raw for raw in procedures() if raw["code"] not in known]
    for raw in missing:
        catalogue.publish(raw)
    return added + len(missing)


def _flat(rows: Iterable[Mapping[str, Any]], parent: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every office with its parent's code, parents first."""
    for row in rows:
        yield parent, {key: value for key, value in row.items() if key != "offices"}
        yield from _flat(row.get("offices", ()), row["code"])


def _offices(rows: list[dict[str, Any]]) -> int:
    known = {office.code: office for office in Office.objects.all()}
    before = len(known)
    for parent, fields in _flat(rows):
        if fields["code"] not in known:
            known[fields["code"]] = offices.create_office(parent=known.get(parent), **fields)
    return len(known) - before


def _people(rows: Mapping[str, Any]) -> int:
    usernames = set(Person.objects.filter(username__isnull=False).values_list("username", flat=True))
    phones = set(Person.objects.filter(phone__isnull=False).values_list("phone", flat=True))
    made = [_official(row) for row in rows["officials"] if row["username"] not in usernames]
    made += [_resident(row) for row in rows["residents"] if row["phone"] not in phones]
    if made:
        # One hash for all: hashing a hundred passwords would take most of a minute.
        Person.objects.filter(pk__in=[person.pk for person in made]).update(password=make_password(PASSWORD))
    return len(made)


def _official(row: Mapping[str, Any]) -> Person:
    administrator = bool(row.get("administrator"))
    person = people.create_official(username=row["username"], full_name=row["full_name"], password=None, is_staff=administrator)
    if administrator:
        person.is_superuser = True
        person.save(update_fields=["is_superuser"])
    held = {office.code: office for office in Office.objects.filter(code__in=[post["office"] for post in row["posts"]])}
    for post in row["posts"]:
        powers = [Power(power) for power in post["powers"]]
        offices.appoint(person, held[post["office"]], post["title"], powers, capacity=post.get("capacity", ""), since=FIRST_DAY)
    return person


def _resident(row: Mapping[str, Any]) -> Person:
    days = {name: date.fromisoformat(row[name]) for name in ("birth_date", "identity_checked_on") if name in row}
    return people.register(**{**row, **days}, password=None, verified=True)
