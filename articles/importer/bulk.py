"""Many rows at once, past the cost of a model instance per row.

SQLite takes them by `executemany`, PostgreSQL by `COPY`; both in the transaction that is open.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models

T = TypeVar("T")
Encoder = Callable[[Any], Any]

# SQLite's oldest limit on the parameters of one statement, less a few for the rest of it.
PARAMETERS = 900


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[list[Any]]) -> int:
    """Insert rows of values in the order of `columns` (attribute names); returns their number.

    Values are what the model's attributes hold: aware datetimes, JSON as Python values.
    """
    encoded = _encoded(model, columns, rows)
    first = next(encoded, None)
    if first is None:
        return 0
    names = ", ".join(_column(model, name) for name in columns)
    table = _quoted(model._meta.db_table)
    if connection.vendor == "postgresql":
        return _copy(f"COPY {table} ({names}) FROM STDIN", first, encoded)
    marks = ", ".join(["%s"] * len(columns))
    every = [first, *encoded]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", every)  # noqa: S608
    return len(every)


def update(model: type[models.Model], columns: Sequence[str], rows: Iterable[list[Any]]) -> None:
    """Set `columns` of the rows whose id stands last in each list of values."""
    encoded = list(_encoded(model, [*columns, "id"], rows))
    if not encoded:
        return
    settings = ", ".join(f"{_column(model, name)} = %s" for name in columns)
    table = _quoted(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {settings} WHERE id = %s", encoded)  # noqa: S608


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids nobody else will get, for rows inserted in the transaction that is open."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return [row[0] for row in cursor.fetchall()]
        # The open transaction is the only one that writes, so the next numbers are ours.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
    return list(range(last + 1, last + 1 + count))


def chunks(values: Iterable[T], size: int = PARAMETERS) -> Iterator[list[T]]:
    """The values in lists of at most `size`, for `IN (...)`."""
    left = iter(values)
    while chunk := list(islice(left, size)):
        yield chunk


def _copy(statement: str, first: list[Any], others: Iterable[list[Any]]) -> int:
    count = 1
    # Django wraps the errors of the statements it knows; COPY is none of them.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        copy.write_row(first)
        for row in others:
            copy.write_row(row)
            count += 1
    return count


def _encoded(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[list[Any]]
) -> Iterator[list[Any]]:
    encoders = list(_encoders(model, columns))
    for row in rows:
        for index, encode in encoders:
            row[index] = encode(row[index])
        yield row


def _encoders(model: type[models.Model], columns: Sequence[str]) -> Iterator[tuple[int, Encoder]]:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    for index, name in enumerate(columns):
        if isinstance(fields[name], models.JSONField):
            yield index, _json
        elif isinstance(fields[name], models.DateTimeField) and connection.vendor == "sqlite":
            yield index, _sqlite_instant


def _column(model: type[models.Model], name: str) -> str:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return _quoted(fields[name].column)


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(name or "")


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value)


def _sqlite_instant(value: datetime | None) -> str | None:
    return None if value is None else str(value.astimezone(UTC).replace(tzinfo=None))
