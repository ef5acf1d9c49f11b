"""One worker at a time on one row, whatever is delivered twice."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection


@contextmanager
def only_worker(namespace: int, pk: int) -> Iterator[bool]:
    """Whether this session alone works on the row; each kind of work has a `namespace` of its own.

    The lock goes with the connection, so a killed worker leaves none.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [namespace, pk & 0x7FFF_FFFF])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [namespace, pk & 0x7FFF_FFFF])
