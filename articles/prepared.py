"""Questions that every page asks: their SQL is written once a process, then only filled in.

To write a statement takes Django longer than reading its rows takes the database. Whatever is not
known before somebody asks, a person's number or the moment, stands in the question as a value that
nothing else has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.query import ModelIterable, ValuesIterable, get_related_populators

NUMBER = 987_654_321_012
MOMENT = datetime(1971, 3, 4, 5, 6, 7, tzinfo=UTC)
"""Stand for a number and for a moment, until somebody asks."""

IDS = "SELECT ids_that_are_not_known_yet"
"""Stands for the statement that gives the ids of rows."""

Answer = TypeVar("Answer")


def ids() -> RawSQL:
    """The place of a statement of ids: `filter(id__in=prepared.ids())`."""
    return RawSQL(IDS, ())  # noqa: S611  # nosec B611


def listed(pks: Iterable[int]) -> tuple[str, tuple[Any, ...]]:
    """Ids that are known already, as a statement gives them."""
    return ", ".join(str(int(pk)) for pk in pks) or "NULL", ()


@dataclass(frozen=True, slots=True)
class _Written:
    """A statement, and what its columns become."""

    sql: str
    parameters: tuple[Any, ...]
    compiler: Any


class Prepared(Generic[Answer]):
    """A question with its statement. It is put together when it is first asked; a question of one
    kind of database is none of another.
    """

    def __init__(self, question: Callable[[], QuerySet[Any, Answer]]) -> None:
        """`question` makes the queryset: rows as objects, as dictionaries or as tuples."""
        self._question = question
        self._written: dict[str, _Written] = {}
        self._queryset: QuerySet[Any, Answer] | None = None
        self._writing = Lock()

    def ask(
        self,
        *,
        number: int | None = None,
        moment: datetime | None = None,
        ids: tuple[str, tuple[Any, ...]] = ("", ()),
    ) -> list[Answer]:
        """The rows, with what is known now in its places. One query."""
        queryset = self._queryset = self._question() if self._queryset is None else self._queryset
        connection = connections[queryset.db]
        written = self._written.get(connection.vendor) or self._write(queryset, connection.vendor)
        adapt = connection.ops.adapt_datetimefield_value
        known: Mapping[Any, Any] = {NUMBER: number, adapt(MOMENT): moment and adapt(moment)}
        values = [known.get(each, each) for each in written.parameters]
        with connection.cursor() as cursor:
            cursor.execute(written.sql.replace(IDS, ids[0]), [*values, *ids[1]])
            found = cursor.fetchall()
        return list(_answers(queryset, written.compiler, found))

    def _write(self, queryset: QuerySet[Any, Answer], vendor: str) -> _Written:
        # Django changes a query while it writes it: of two threads at it one would lack its joins,
        # as long as the process lives.
        with self._writing:
            if vendor not in self._written:
                self._written[vendor] = _write(queryset)
            return self._written[vendor]


def _write(queryset: QuerySet[Any, Any]) -> _Written:
    compiler = queryset.query.get_compiler(queryset.db)
    sql, parameters = compiler.as_sql()
    if IDS in sql and parameters:
        raise ValueError("A question about ids has no other parameters.")
    compiler.connection = None
    return _Written(sql, tuple(parameters), compiler)


def _answers(
    queryset: QuerySet[Any, Any], written: Any, found: Iterable[tuple[Any, ...]]
) -> Iterator[Any]:
    """Rows of the database as Django makes them of a queryset."""
    compiler: Any = queryset.query.get_compiler(queryset.db)
    converters = compiler.get_converters([column for column, _, _ in written.select])
    rows = compiler.apply_converters(found, converters) if converters else found
    if queryset._iterable_class is ModelIterable:
        return _objects(written, rows, queryset.db)
    if queryset._iterable_class is ValuesIterable:
        names = [*queryset.query.values_select, *queryset.query.annotation_select]
        return (dict(zip(names, row, strict=True)) for row in rows)
    return map(tuple, rows)


def _objects(written: Any, rows: Iterable[Any], db: str) -> Iterator[Any]:
    """Objects with those that came with them (`select_related`) and what was annotated."""
    info = written.klass_info
    columns = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
    names = [column.target.attname for column, _, _ in written.select[columns]]
    related: Any = get_related_populators(info, written.select, db)  # type: ignore[call-arg]
    for row in rows:
        found = info["model"].from_db(db, names, row[columns])
        for populator in related:
            populator.populate(row, found)
        for name, place in written.annotation_col_map.items():
            setattr(found, name, row[place])
        yield found
