"""The demonstration city in a test's database: made once in each process by its own command, then put back as it was.

Seeding checks and publishes every procedure, which takes seconds; the same rows are copied back in a tenth of one.
"""

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

MADE_BY_MIGRATIONS = frozenset({"django_content_type", "django_migrations", "django_site", "auth_permission"})
_ROWS: dict[str, bytes] = {}


def seed_city() -> None:
    """Offices, people and procedures of the demonstration, in an otherwise empty database."""
    if not _ROWS:
        call_command("seed_demo", verbosity=0)
        _ROWS.update(_read())
        return
    with transaction.atomic():
        _write()


def _tables() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - MADE_BY_MIGRATIONS)


def _read() -> dict[str, bytes]:
    rows = {}
    with connection.cursor() as cursor:
        for table in _tables():
            with cursor.copy(f"COPY {connection.ops.quote_name(table)} TO STDOUT") as out:
                if content := b"".join(bytes(part) for part in out):
                    rows[table] = content
    return rows


def _write() -> None:
    with connection.cursor() as cursor:
        for table, content in _ROWS.items():
            with cursor.copy(f"COPY {connection.ops.quote_name(table)} FROM STDIN") as into:
                into.write(content)
        seeded = [model for model in apps.get_models() if model._meta.db_table in _ROWS]
        for statement in connection.ops.sequence_reset_sql(no_style(), seeded):
            cursor.execute(statement)
