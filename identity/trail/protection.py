"""The database itself keeps a log append-only: rows are never deleted, and only named columns of them ever change."""

import re
from collections.abc import Sequence

from django.db.migrations.operations import RunSQL

NAME = re.compile(r"[a-z_][a-z0-9_]{0,40}")


def append_only(table: str, mutable: Sequence[str] = ()) -> RunSQL:
    """A migration operation: an UPDATE may change the `mutable` columns only, a DELETE is refused; undone by migrating back.

    TRUNCATE is left to the rights of the database role: test runs empty their tables with it.
    """
    for name in (table, *mutable):
        if not NAME.fullmatch(name):
            raise ValueError(f"not a plain name: {name}")
    function = f"{table}_append_only"
    allowed = ", ".join(f"'{column}'" for column in mutable)
    return RunSQL(
        sql=f"""
            CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $body$
            BEGIN
                IF TG_OP = 'UPDATE'
                   AND to_jsonb(NEW) - ARRAY[{allowed}]::text[] = to_jsonb(OLD) - ARRAY[{allowed}]::text[] THEN
                    RETURN NEW;
                END IF;
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
            END
            $body$;
            CREATE TRIGGER {function} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}();
        """,
        reverse_sql=f"DROP TRIGGER {function} ON {table}; DROP FUNCTION {function}();",
    )
