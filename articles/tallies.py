"""How many stories of a selection have what: honest, capped, in a constant number of statements.

Topics and days are counted by one range of an index each, at most `COUNT_LIMIT + 1` rows of it.
Everything else is counted among the newest `COUNT_LIMIT + 1` stories selected (`Sample`): exact
where that is all of them, else a lower bound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.expressions import RawSQL

from articles.models import Topic
from articles.pagination import COUNT_LIMIT, DEFAULT_ORDER, ORDERS, Count, capped
from articles.selection import STATEMENTS_KEPT, Selection
from articles.streams import Sql, with_columns

MOST_SHOWN = 60
"""How many values a filter offers; the search box takes any (`topic:`, `provider:`)."""

MOST_TOPICS = 400
"""How many topics are counted; the site's first ones."""

QUALITY_STEP, QUALITY_TOP = 10, 120
HEAT_STEP, HEAT_TOP = 20, 300
"""Bins of the histograms; the last one holds everything from its top on."""

FIRST_DATE = datetime(1971, 1, 1, tzinfo=UTC)
"""Stories of unknown date stand at 1970 in the lists; no histogram shows them."""

SINCE, UNTIL = datetime(1971, 2, 3, 4, 5, 6, tzinfo=UTC), datetime(1971, 2, 3, 4, 5, 7, tzinfo=UTC)
"""Stand for the ends of a span in a statement that is written once and asked for many spans."""


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _yes_no(value: object) -> str:
    return "yes" if value else "no"


def _size(related: int) -> str:
    if related == 0:
        return "single"
    return "few" if related < 3 else "some" if related < 10 else "many"


def _quality(number: int | None) -> str | None:
    return None if number is None else _bin(max(number, 0), QUALITY_STEP, QUALITY_TOP)


def _heat(number: int | None) -> str | None:
    return None if number is None or number < 0 else _bin(number, HEAT_STEP, HEAT_TOP)


def _bin(number: int, step: int, top: int) -> str:
    return str(top if number >= top else number - number % step)


COLUMNS: Mapping[str, tuple[str, Callable[[Any], str | None]]] = {
    "site": ("site_id", _text),
    "provider": ("provider_id", _text),
    "kind": ("kind", _text),
    "published": ("published", _yes_no),
    "has_amp": ("(amp_url <> '' OR cdn_amp_url <> '')", _yes_no),
    "has_image": (
        "EXISTS (SELECT 1 FROM articles_storyimage WHERE story_id = articles_story.id)",
        _yes_no,
    ),
    "size": ("related_count", _size),
    "quality": ("quality", _quality),
    "heat": ("heat", _heat),
}
"""What is read of each story of a sample for a filter, and which of its values that is."""

TABLES: Mapping[str, str] = {
    "topic": """CAST(topic_id AS TEXT), COUNT(*)%s FROM articles_storytopic
  WHERE story_id IN (SELECT id FROM sample) GROUP BY topic_id""",
    "issue": """code, COUNT(DISTINCT story_id)%s FROM articles_storyproblem
  WHERE story_id IN (SELECT id FROM sample) GROUP BY code""",
}
"""Filters that a story may have several values of: value and number of stories."""

SAMPLED = (*COLUMNS, *TABLES)
"""The filters that a sample counts."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The newest stories of a selection, counted: filter, value, number; frequent ones first."""

    size: int = 0
    numbers: Mapping[str, dict[str, int]] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether the sample is the whole selection, so that its numbers are exact."""
        return self.size <= COUNT_LIMIT

    def count(self, name: str, value: str) -> Count:
        """How many stories have one value of a filter."""
        number = self.numbers.get(name, {}).get(value, 0)
        return Count(min(number, COUNT_LIMIT), self.is_complete)

    def values(self, name: str) -> list[str]:
        """The values of a filter that occur, the most frequent first."""
        return list(self.numbers.get(name, {}))


def sample(selection: Selection, names: Sequence[str]) -> Sample:
    """The newest selected stories, counted by some filters side by side. One query."""
    ids = selection.ids(COUNT_LIMIT + 1, ORDERS[DEFAULT_ORDER])
    if ids is None:
        return Sample()
    columns = [name for name in names if name in COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(_sample_sql(ids[0], names, columns), ids[1])
        rows = cursor.fetchall()
    stories = [row for row in rows if not row[0]]
    numbers: dict[str, dict[str, int]] = {}
    for name, column in zip(columns, list(zip(*stories, strict=True))[3:], strict=False):
        numbers[name] = _tally(column, COLUMNS[name][1])
    counted = [row[:3] for row in rows if row[0]]
    for name, value, number in sorted(counted, key=lambda row: (-row[2], row[1])):
        numbers.setdefault(name, {})[value] = number
    return Sample(len(stories), numbers)


def _sample_sql(ids: str, names: Sequence[str], columns: Sequence[str]) -> str:
    """Every story of a sample with what `columns` read; then the values that stand in tables."""
    read = "".join(f", {COLUMNS[name][0]} AS of_{name}" for name in columns)
    shown = "".join(f", of_{name}" for name in columns)
    # The rows of tables are as wide as those of stories.
    nothing = ", NULL" * len(columns)
    parts = [f"SELECT '{name}', {TABLES[name] % nothing}" for name in names if name in TABLES]
    return (
        f"WITH sample AS ({with_columns(ids, read)}) "  # noqa: S608  # nosec B608
        + " UNION ALL ".join([f"SELECT '', '', 0{shown} FROM sample", *parts])  # noqa: S608  # nosec B608
    )


def _tally(column: Iterable[Any], read: Callable[[Any], str | None]) -> dict[str, int]:
    """How often each value stands in a column, the most frequent first."""
    found: Counter[str] = Counter()
    for value, number in Counter(column).items():
        word = read(value)
        if word is not None:
            found[word] += number
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def are_topics_indexed(selection: Selection) -> bool:
    """Whether `topics_by_index` can answer."""
    return _of_all_sites(selection).has_topic_rows


def _of_all_sites(selection: Selection) -> Selection:
    """A site's topics are its own, so that the site needs not be asked for."""
    return replace(selection, site_id=None)


def topics_by_index(
    selection: Selection, chosen: Collection[int] = (), *, shown: int = MOST_SHOWN
) -> dict[int, tuple[str, Count]] | None:
    """Names and counts of the topics by one range of an index each. One query.

    None where the rows of the topics alone cannot answer what is asked. Once as many topics as are
    `shown` have "1,000+" stories, no other can come before them, and counting ends: a topic of the
    same number stands where its name stands. `chosen` ones are counted whatever they have.
    """
    asked = _topics_statement(_of_all_sites(selection), connection.vendor)
    if asked is None:
        return None
    part, parameters = asked
    sql = _pieces(part, sorted(chosen), shown + len(chosen), within_site=bool(selection.site_id))
    site = (selection.site_id,) if selection.site_id else ()
    with connection.cursor() as cursor:
        cursor.execute(sql, (*site, *parameters, *parameters, *parameters))
        return {pk: (name, capped(number)) for pk, name, number in cursor.fetchall()}


def _pieces(part: str, chosen: Sequence[int], enough: int, *, within_site: bool) -> str:
    """The topics by name, counted in three pieces, each only while fewer than `enough` are full."""
    site = "WHERE site_id = %s" if within_site else ""
    ids = ", ".join(str(int(pk)) for pk in chosen)
    first = f"CASE WHEN id IN ({ids}) THEN 0 ELSE 1 END, " if ids else ""
    name = 'name COLLATE "C"' if connection.vendor == "postgresql" else "name"
    counted = f"""SELECT id, name, (SELECT COUNT(*) FROM ({part}) AS counted) AS number
  FROM named AS articles_topic WHERE"""  # noqa: S608  # nosec B608
    full = f"WHERE number >= {COUNT_LIMIT}"
    return f"""WITH named AS (
  SELECT id, name, ROW_NUMBER() OVER (ORDER BY {first}{name}, id) AS place FROM (
    SELECT id, name FROM articles_topic {site} ORDER BY position, name, id LIMIT {MOST_TOPICS}
  ) AS known),
one AS ({counted} place <= {enough}),
two AS ({counted} place > {enough} AND place <= {2 * enough}
  AND (SELECT COUNT(*) FROM one {full}) < {enough}),
three AS ({counted} place > {2 * enough}
  AND (SELECT COUNT(*) FROM one {full}) + (SELECT COUNT(*) FROM two {full}) < {enough})
SELECT * FROM one UNION ALL SELECT * FROM two UNION ALL SELECT * FROM three"""  # noqa: S608  # nosec B608


@lru_cache(maxsize=STATEMENTS_KEPT)
def _topics_statement(selection: Selection, vendor: str) -> Sql | None:
    """SQL of the rows of the topic that the statement around it stands at, to be counted."""
    rows = selection.topic_rows
    if rows is None:
        return None
    here = rows.filter(topic_id=RawSQL("articles_topic.id", ()))  # nosec B611
    one = here.order_by().values_list(Value(1))[: COUNT_LIMIT + 1]
    part, parameters = one.query.sql_with_params()
    return part, tuple(parameters)


def topic_names(pks: Sequence[int], site_id: int | None) -> dict[int, str]:
    """The names of topics, of one site if that is given. One query."""
    known = Topic.objects.filter(pk__in=pks)
    if site_id:
        known = known.filter(site_id=site_id)
    return dict(known.values_list("id", "name"))


def extent(selection: Selection, until: datetime) -> tuple[datetime, datetime] | None:
    """The dates of the oldest and the newest story before a moment. One query."""
    last = min(until, selection.until or until)
    here = selection.within(since=FIRST_DATE, until=UNTIL)
    found = [here.ids(1, ORDERS[name]) for name in ("oldest", "newest")]
    parts = [each for each in found if each is not None]
    if len(parts) < 2:
        return None
    sql = " UNION ALL ".join(
        f"SELECT listed_at FROM articles_story WHERE id IN (SELECT * FROM ({part}) AS one)"  # noqa: S608  # nosec B608
        for part, _ in parts
    )
    values = [value for _, some in parts for value in some]
    with connection.cursor() as cursor:
        cursor.execute(sql, _dated(values, {UNTIL: last}))
        moments = [_moment(row[0]) for row in cursor.fetchall()]
    return (min(moments), max(moments)) if moments else None


def _dated(values: Iterable[Any], moments: Mapping[datetime, datetime]) -> list[Any]:
    """The parameters of a statement written once, with the moments that are meant now."""
    adapt = connection.ops.adapt_datetimefield_value
    given = {adapt(stands): adapt(means) for stands, means in moments.items()}
    return [given.get(value, value) for value in values]


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def spans(selection: Selection, edges: Sequence[datetime]) -> list[Count]:
    """How many stories lie between each two neighbours of `edges`. One query."""
    bounds = [
        (max(a, selection.since or a), min(b, selection.until or b)) for a, b in pairwise(edges)
    ]
    ids = selection.ids_between(SINCE, UNTIL, COUNT_LIMIT + 1)
    if ids is None or not bounds:
        return [Count(0, is_exact=True) for _ in bounds]
    part = f"SELECT {{}}, COUNT(*) FROM ({ids[0]}) AS counted"  # noqa: S608  # nosec B608
    values = [value for a, b in bounds for value in _dated(ids[1], {SINCE: a, UNTIL: b})]
    with connection.cursor() as cursor:
        sql = " UNION ALL ".join(part.replace("{}", str(n), 1) for n in range(len(bounds)))
        cursor.execute(sql, values)
        found = dict(cursor.fetchall())
    return [capped(found.get(number, 0)) for number in range(len(bounds))]


def capped_counts(querysets: Mapping[str, QuerySet[Any]]) -> dict[str, Count]:
    """How many rows each queryset has, up to the limit, with one statement for all of them."""
    return {name: capped(n) for name, n in _numbers(querysets, COUNT_LIMIT + 1).items()}


def exact_counts(querysets: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """How many rows each queryset has, with one statement for all of them: at most 500."""
    return _numbers(querysets, None)


def _numbers(querysets: Mapping[str, QuerySet[Any]], limit: int | None) -> dict[str, int]:
    sql, parameters = statement(list(querysets.values()), limit)
    found: dict[int, int] = {}
    if sql:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            found = dict(cursor.fetchall())
    return {name: found.get(number, 0) for number, name in enumerate(querysets)}


def counts_of(selections: Mapping[int, Selection]) -> dict[int, Count]:
    """How many stories each selection has, up to the limit, with one statement for all of them."""
    parts: list[str] = []
    parameters: list[Any] = []
    for number, selection in selections.items():
        if ids := selection.ids(COUNT_LIMIT + 1):
            parts.append(f"SELECT {int(number)}, COUNT(*) FROM ({ids[0]}) AS counted")  # noqa: S608  # nosec B608
            parameters.extend(ids[1])
    found: dict[int, int] = {}
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), parameters)
            found = dict(cursor.fetchall())
    return {number: capped(found.get(number, 0)) for number in selections}


def statement(
    querysets: Sequence[QuerySet[Any]], limit: int | None = COUNT_LIMIT + 1
) -> tuple[str, tuple[Any, ...]]:
    """SQL that gives the place of each queryset with its number of rows, up to the limit."""
    parts: list[str] = []
    parameters: list[Any] = []
    for number, queryset in enumerate(querysets):
        limited = queryset.order_by().values("pk")[:limit]
        try:
            sql, values = limited.query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT {number}, COUNT(*) FROM ({sql}) AS counted")  # noqa: S608  # nosec B608
        parameters.extend(values)
    return " UNION ALL ".join(parts), tuple(parameters)
