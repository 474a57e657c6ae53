"""Where the ids of a list come from, in its order: SQL that an index answers from any place on."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Exists,
    F,
    Field,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.expressions import RawSQL

from articles.models import Story, StoryQuerySet, StoryTopic
from articles.pagination import Order, Place
from articles.search import ID_BITS, TABLE, Match, story_id

Sql = tuple[str, tuple[Any, ...]]
"""A statement with its parameters."""

HALF_A_MILLISECOND = timedelta(microseconds=500)


class Stream(Protocol):
    """A source of ids in the order of a list."""

    def ids(self, reading: Order | None, place: Place | None, limit: int) -> Sql:
        """SQL of the ids strictly beyond a place, in reading direction (None: any order).

        Raises EmptyResultSet where it is clear without asking that there are none.
        """


class Row(Func):
    """`(a, b)`: values that are compared together, the first one first."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


def is_beyond(column: str, pk: str, place: Place, reading: Order) -> Func:
    """`(column, pk) < (value, id)`: one index range, also within rows of equal value."""
    here, there = Row(F(column), F(pk)), Row(Value(place.value), Value(place.id))
    sign = f" {_sign(reading)} "
    return Func(
        here, there, template="%(expressions)s", arg_joiner=sign, output_field=BooleanField()
    )


class Unindexed(Func):
    """A column's own value, for which SQLite uses no index."""

    template = "+%(expressions)s"


def unindexed_columns() -> dict[str, Unindexed]:
    """The columns that `unindexed` names, to be added with `alias()`."""
    fields: dict[str, Field[Any, Any]] = {
        "site_id": BigIntegerField(),
        "queue": IntegerField(),
        "published": BooleanField(),
    }
    return {
        f"plain_{name}": Unindexed(F(name), output_field=field) for name, field in fields.items()
    }


def unindexed(condition: Q, columns: Container[str]) -> Q:
    """The same condition, asked in a way that leaves the indexes of these columns alone."""
    children = [_unindexed_child(child, columns) for child in condition.children]
    return Q(*children, _connector=condition.connector, _negated=condition.negated)


def _unindexed_child(child: Any, columns: Container[str]) -> Any:
    if isinstance(child, Q):
        return unindexed(child, columns)
    if isinstance(child, tuple) and child[0].partition("__")[0] in columns:
        return f"plain_{child[0]}", child[1]
    return child


@dataclass(frozen=True, slots=True)
class StoryStream:
    """The stories themselves, by one of the indexes of their table."""

    stories: StoryQuerySet

    def ids(self, reading: Order | None, place: Place | None, limit: int) -> Sql:
        """See Stream."""
        if reading is None:
            return _compiled(self.stories.order_by().values("id")[:limit])
        if place is None:
            return _compiled(self.stories.order_by(*reading.by).values("id")[:limit])
        if connection.vendor != "sqlite":
            found = self.stories.filter(is_beyond(reading.column, "id", place, reading))
            return _compiled(found.order_by(*reading.by).values("id")[:limit])
        return self._merged(reading, place, limit)

    def _merged(self, reading: Order, place: Place, limit: int) -> Sql:
        """SQLite compares rows without the index where the second column is the primary key.

        So the rows of equal value and the rows beyond are two ranges, merged.
        """
        word = "lt" if reading.descending else "gt"
        columns = self.stories.order_by().values("id", reading.column)
        equal = columns.filter(**{reading.column: place.value, f"id__{word}": place.id})
        beyond = columns.filter(**{f"{reading.column}__{word}": place.value})
        merged = equal.union(beyond, all=True).order_by(*reading.by)[:limit]
        sql, parameters = _compiled(merged)
        return f"SELECT id FROM ({sql})", parameters  # noqa: S608  # nosec B608


@dataclass(frozen=True, slots=True)
class TopicStream:
    """The rows of one topic; `others`, if given, are the stories that also hold the rest."""

    rows: QuerySet[StoryTopic]
    others: StoryQuerySet | None

    def ids(self, reading: Order | None, place: Place | None, limit: int) -> Sql:
        """See Stream."""
        found = self.rows.order_by()
        if self.others is not None:
            found = found.filter(Exists(self.others.filter(pk=OuterRef("story_id"))))
        if reading is not None:
            sign = "-" if reading.descending else ""
            found = found.order_by(f"{sign}listed_at", f"{sign}story_id")
            if place:
                found = found.filter(is_beyond("listed_at", "story_id", place, reading))
        return _compiled(found.values("story_id")[:limit])


@dataclass(frozen=True, slots=True)
class TextStream:
    """The rows of the full-text index, whose order is that of the dates (migration 0003)."""

    asked: Match
    conditions: Sequence[Q]
    since: datetime | None = None
    until: datetime | None = None

    def ids(self, reading: Order | None, place: Place | None, limit: int) -> Sql:
        """See Stream."""
        parts: list[Sql] = [(self.asked.sql, self.asked.parameters)]
        if self.since:
            parts.append(_compared(">=", self.since, 0))
        if self.until:
            parts.append(_compared("<", self.until, 0))
        if reading and place and isinstance(place.value, datetime):
            parts.append(_compared(_sign(reading), place.value, place.id))
        if self.conditions:
            here = RawSQL(story_id(), ())  # noqa: S611  # nosec B611
            sql, values = _compiled(Story.objects.filter(*self.conditions, id=here).values("id"))
            parts.append((f"EXISTS ({sql})", values))
        where = " AND ".join(sql for sql, _ in parts)
        order = f" ORDER BY {_text_order(reading)}" if reading else ""
        sql = f"SELECT {story_id()} AS id FROM {TABLE} WHERE {where}{order} LIMIT %s"  # noqa: S608  # nosec B608
        return sql, (*(value for _, some in parts for value in some), limit)


def story_key(reading: Order, row: dict[str, Any]) -> tuple[Any, int]:
    """What the rows of a page are sorted by."""
    return row[reading.column], row["id"]


def text_key(reading: Order, row: dict[str, Any]) -> tuple[Any, int]:
    """The same where the full-text index gave them: SQLite's knows whole seconds, rounded from
    milliseconds.
    """
    moment: datetime = row["listed_at"]
    if connection.vendor == "sqlite":
        moment = (moment + HALF_A_MILLISECOND).replace(microsecond=0)
    return moment, row["id"]


def with_columns(ids: str, columns: str) -> str:
    """SQL of stories by a statement of their ids, with further columns of their own.

    Where the statement reads the stories themselves it takes the columns along; else each story is
    looked up.
    """
    start = 'SELECT "articles_story"."id" AS "id" FROM "articles_story" '
    if ids.startswith(start) and " JOIN " not in ids:
        return ids.replace(' AS "id" FROM', f' AS "id"{columns} FROM', 1)
    return f"SELECT id{columns} FROM articles_story WHERE id IN ({ids})"  # noqa: S608  # nosec B608


def _compared(sign: str, moment: datetime, number: int) -> Sql:
    """SQL that compares the place of a row of the full-text index with a place."""
    value = connection.ops.adapt_datetimefield_value(moment)
    if connection.vendor == "postgresql":
        return f"({TABLE}.listed_at, {TABLE}.story_id) {sign} (%s, %s)", (value, number)
    place = f"(CAST(strftime('%%s', %s) AS INTEGER) << {ID_BITS}) + %s"
    return f"{TABLE}.rowid {sign} ({place})", (value, number)


def _text_order(reading: Order) -> str:
    way = "DESC" if reading.descending else "ASC"
    if connection.vendor == "postgresql":
        return f"{TABLE}.listed_at {way}, {TABLE}.story_id {way}"
    return f"{TABLE}.rowid {way}"


def _sign(reading: Order) -> str:
    return "<" if reading.descending else ">"


def _compiled(queryset: QuerySet[Any, Any]) -> Sql:
    sql, parameters = queryset.query.sql_with_params()
    return sql, tuple(parameters)
