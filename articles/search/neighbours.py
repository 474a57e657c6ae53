"""Which stories share words with one: candidates for suggestions, from the full-text index.

Each word that is looked for has a weight; the stories with the greatest sum are found inside the
database. A window of dates is a range of the index: a year of archive costs what a week costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from articles.rules import UNKNOWN_DATE
from articles.search.fulltext import ID_BITS, SQLITE_ID, TABLE

SEEN_AT_MOST = 100_000
"""Of stories found in all sites so many are looked at for those of the site."""

SECONDS_A_WEEK = 7 * 24 * 60 * 60
UNKNOWN_WEEK = 0
"""Weeks since 1970, as PostgreSQL's index has them; that of `UNKNOWN_DATE`."""

COUNTED_AT_MOST = 50_000
"""Stories of a window that are counted before they are searched."""

Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Sought:
    """Words that count as one, how much finding any of them counts, and in about how many stories
    of the whole archive one stands.
    """

    words: tuple[str, ...]
    weight: float
    stories: int = 0


def neighbours(
    site_id: int, sought: Sequence[Sought], window: Window | None, limit: int
) -> list[int]:
    """The ids of the stories of a site with the greatest sum of weights, best first. One query.

    `window`: between these dates or without a date; None: of any date.
    """
    if not sought:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*statement(site_id, sought, window, limit))
        return [row[0] for row in cursor.fetchall()]


def searched(window: Window | None) -> int | None:
    """How many stories of all sites `neighbours` looks among; None where they are too many to
    count, and where the window is open. One query, none for an open window.
    """
    if window is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(*count_statement(window))
        found = int(cursor.fetchone()[0])
    return found if found < COUNTED_AT_MOST else None


def count_statement(window: Window) -> tuple[str, list[Any]]:
    """SQL of `searched` with its parameters."""
    arms = " UNION ALL ".join(
        f"SELECT * FROM (SELECT 1 FROM articles_story WHERE {each} LIMIT {COUNTED_AT_MOST}) AS s"  # noqa: S608
        for each in ("listed_at BETWEEN %s AND %s", "listed_at = %s")
    )
    moments = [_stored(moment) for moment in (*window, UNKNOWN_DATE)]
    return f"SELECT count(*) FROM ({arms}) AS found", moments  # noqa: S608


def statement(
    site_id: int, sought: Sequence[Sought], window: Window | None, limit: int
) -> tuple[str, list[Any]]:
    """SQL of `neighbours` with its parameters.

    The site is looked up for the best alone, one after the other, until there are enough: a
    larger site that writes about the same crowds nobody out.
    """
    find = _postgresql if connection.vendor == "postgresql" else _sqlite
    found, parameters = find(sought, window)
    sql = (
        f"SELECT id FROM ({found} ORDER BY weight DESC, id DESC LIMIT {SEEN_AT_MOST}) AS found "  # noqa: S608
        "WHERE (SELECT site_id FROM articles_story WHERE articles_story.id = found.id) = %s "
        "LIMIT %s"
    )
    return sql, [*parameters, site_id, limit]


def _stored(moment: datetime) -> Any:
    """As the column of a date holds it."""
    return connection.ops.adapt_datetimefield_value(moment)


def _sqlite(sought: Sequence[Sought], window: Window | None) -> tuple[str, list[Any]]:
    arms: list[str] = []
    parameters: list[Any] = []
    for each in sought:
        words = " OR ".join(f'"{word}"' for word in each.words)
        for condition, values in _rowids(window):
            arms.append(
                f"SELECT {SQLITE_ID} AS id, %s AS weight FROM {TABLE} "  # noqa: S608
                f"WHERE {TABLE} MATCH %s AND {condition}"
            )
            parameters += [each.weight, f"{{title excerpt}} : ({words})", *values]
    found = " UNION ALL ".join(arms)
    return f"SELECT id, sum(weight) AS weight FROM ({found}) GROUP BY id", parameters  # noqa: S608


def _rowids(window: Window | None) -> Iterable[tuple[str, list[Any]]]:
    """Conditions on the rows of the index, with their parameters. Most desks know every date:
    then no word is looked for among the stories without one.
    """
    if window is None:
        return [("true", [])]
    first, last = (int(moment.timestamp()) for moment in window)
    within = "rowid BETWEEN %s AND %s"
    undated = f"{within} AND EXISTS (SELECT 1 FROM articles_story WHERE listed_at = %s)"  # noqa: S608
    return [
        (within, [first << ID_BITS, ((last + 1) << ID_BITS) - 1]),
        (undated, [0, 2**ID_BITS - 1, _stored(UNKNOWN_DATE)]),
    ]


def _postgresql(sought: Sequence[Sought], window: Window | None) -> tuple[str, list[Any]]:
    """Words and weeks stand in one index (migration 0023), which reads of a word what is near."""
    condition, values = _weeks(window)
    arm = (
        f"SELECT story_id AS id, %s::float8 AS weight FROM {TABLE} "  # noqa: S608
        f"WHERE words @@ %s::tsquery AND {condition}"
    )
    parameters: list[Any] = []
    for each in sought:
        parameters += [each.weight, " | ".join(_lexemes(each.words)), *values]
    found = " UNION ALL ".join([arm] * len(sought))
    sql = f"SELECT id, sum(weight) AS weight FROM ({found}) AS arms GROUP BY id"  # noqa: S608
    return sql, parameters


def _weeks(window: Window | None) -> tuple[str, list[Any]]:
    """The condition on the dates of a row, with its parameters.

    The exact one is about no index ("IS TRUE"): by dates alone every story of the window would be
    read and its words compared, which takes five times as long as to read the words.
    """
    if window is None:
        return "true", []
    first, last = (int(moment.timestamp() // SECONDS_A_WEEK) for moment in window)
    near = "articles_search_weeks(listed_at) && %s::integer[]"
    exact = "(listed_at BETWEEN %s AND %s OR listed_at = %s) IS TRUE"
    weeks = sorted({UNKNOWN_WEEK, *range(first, last + 1)})
    return f"{near} AND {exact}", [weeks, *window, UNKNOWN_DATE]


def _lexemes(words: Iterable[str]) -> Iterable[str]:
    """Words as PostgreSQL's query language quotes them; parts follow each other."""
    for word in words:
        parts = "".join(c if c.isalnum() else " " for c in word).split()
        yield "(" + " <-> ".join(f"'{part}'" for part in parts) + ")"
