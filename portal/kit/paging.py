"""Keyset pages: the next page costs the same however deep it is.

A cursor holds the ordering values of the row it stands at, so rows that come or go never shift a page. It needs no
signature: it only names values to compare with, and the query keeps its own limits on what may be seen.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)

NEXT, PREVIOUS = "n", "p"


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of one page; a cursor is None where there is nothing beyond."""

    items: list[Row]
    next_cursor: str | None
    previous_cursor: str | None

    def __bool__(self) -> bool:
        return bool(self.items)


@dataclass(frozen=True, slots=True)
class Capped:
    """A count that stopped at a limit; `more` says that there are more than `count`."""

    count: int
    more: bool

    def __str__(self) -> str:
        return f"{self.count}+" if self.more else str(self.count)


def page(queryset: QuerySet[Row], order: Sequence[str], after: str | None = None, size: int = 50) -> Page[Row]:
    """One page of `queryset` in `order` ("due_at", "-filed_at", "id"): the last field must be unique, none may be null.

    `after` is a cursor of an earlier page. One that cannot be read counts as none: the first page is a fair answer.
    """
    fields = [_Field(name.lstrip("-"), name.startswith("-")) for name in order]
    direction, values = _read(queryset, fields, after)
    backwards = direction == PREVIOUS
    wanted = [field.turned() for field in fields] if backwards else fields
    found = queryset.order_by(*(field.ordering() for field in wanted))
    if values is not None:
        found = found.filter(_beyond(wanted, values))
    rows = list(found[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards and len(rows) < size:
        # Back at the start: a full first page rather than the few rows before the cursor.
        return page(queryset, order, None, size)
    if backwards:
        rows.reverse()
    if not rows:
        return Page(items=[], next_cursor=None, previous_cursor=None) if values is None else page(queryset, order, None, size)
    has_next = more if not backwards else True
    has_previous = more if backwards else values is not None
    return Page(
        items=rows,
        next_cursor=_write(NEXT, fields, rows[-1]) if has_next else None,
        previous_cursor=_write(PREVIOUS, fields, rows[0]) if has_previous else None,
    )


def capped_count(queryset: QuerySet[Any], cap: int = 100) -> Capped:
    """How many rows there are, counting no further than `cap`."""
    count = queryset.order_by()[: cap + 1].count()
    return Capped(count=min(count, cap), more=count > cap)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    descending: bool

    def turned(self) -> "_Field":
        return _Field(self.name, not self.descending)

    def ordering(self) -> Any:
        return F(self.name).desc() if self.descending else F(self.name).asc()


def _beyond(fields: Sequence[_Field], values: Sequence[Any]) -> Q:
    """Rows after `values`. The first comparison stands alone as well, so that an index range can be walked."""
    condition = Q()
    same = Q()
    for field, value in zip(fields, values, strict=True):
        condition |= same & Q(**{f"{field.name}__{'lt' if field.descending else 'gt'}": value})
        same &= Q(**{field.name: value})
    first = fields[0]
    return Q(**{f"{first.name}__{'lte' if first.descending else 'gte'}": values[0]}) & condition


def _write(direction: str, fields: Sequence[_Field], row: Model) -> str:
    values = []
    for field in fields:
        value: Any = row
        for part in field.name.split("__"):
            value = getattr(value, part)
        values.append(_plain(value))
    text = json.dumps([direction, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) or not isinstance(value, str | int | float | bool) else value


def _read(queryset: QuerySet[Any], fields: Sequence[_Field], cursor: str | None) -> tuple[str, list[Any] | None]:
    """Direction and values of a cursor, each value as its column's type; no values when it cannot be read."""
    try:
        text = base64.urlsafe_b64decode((cursor or "") + "=" * (-len(cursor or "") % 4))
        direction, *values = json.loads(text)
        if (
            direction not in {NEXT, PREVIOUS}
            or len(values) != len(fields)
            or None in values
            or any("\0" in str(value) for value in values)
        ):
            return NEXT, None
        return direction, [_column(queryset, field.name).to_python(value) for field, value in zip(fields, values, strict=True)]
    except (ValueError, TypeError, binascii.Error, ValidationError):
        return NEXT, None


def _column(queryset: QuerySet[Any], path: str) -> Any:
    """The column, or the annotation's output, that a value belongs to."""
    if path in queryset.query.annotations:
        return queryset.query.annotations[path].output_field
    model: type[Model] = queryset.model
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model  # type: ignore[assignment]
    return model._meta.pk if name == "pk" else model._meta.get_field(name)
