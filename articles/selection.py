"""What a list asks for, taken apart so that the best index can serve it in order.

A page in the order of dates is read as a stream of ids from one of three places: the stories
themselves, one topic's rows of `StoryTopic` (which repeat `listed_at`, `queue` and `published`),
or the full-text index, whose rows stand in the order of dates as well. Whatever the stream's own
columns cannot answer is asked of each story it meets, until the page is full.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from articles import prepared, search, streams
from articles.models import Story, StoryQuerySet, StoryTopic, Topic
from articles.pagination import (
    COUNT_LIMIT,
    DEFAULT_ORDER,
    ORDERS,
    PAGE_SIZE,
    Count,
    Order,
    Page,
    Place,
    capped,
    page_of,
    place_of,
)
from articles.rules import Queue

EVERYTHING = Q()
SUPERSEDED = Q(queue=Queue.SUPERSEDED.value)
BESIDE_SUPERSEDED = [queue.value for queue in Queue if queue != Queue.SUPERSEDED]
LEADING: Mapping[str, frozenset[str]] = {
    "listed_at": frozenset({"site_id", "queue", "published", "listed_at"}),
    "heat_rank": frozenset({"queue"}),
    "quality_rank": frozenset(),
    "related_count": frozenset(),
}
"""The columns that an index of stories begins with before it goes on in an order."""

BETTER_THAN_SITE = frozenset({"provider", "pending", "conflict"})
"""Columns with an index of their own that leaves fewer stories than a site has."""

FEWER_THAN_LEADS = frozenset({"pending", "conflict", "issue_count", "woke_at"})
"""Columns with an index of the few stories where they say yes, against that of all leads."""

STATEMENTS_KEPT = 512
"""So many statements are kept: the lists of a newsroom are few, and writing one takes longer than
SQLite takes to answer it.
"""

ROWS = prepared.Prepared(lambda: Story.objects.filter(id__in=prepared.ids()).for_list())
"""The rows of the stories that a statement names."""

SHARED = frozenset({"queue", "published", "listed_at"})
"""Columns that stories and their topics' rows both have."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The stories a list asks for. Everything given must hold; a fresh one means all stories.

    `since` and `until` bound `listed_at`, the latter exclusively. `shared` asks only columns that
    `StoryTopic` repeats, `rest` may ask anything of a story. `folds_members` leaves out the stories
    that stand behind the lead of their group.
    """

    site_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    topic: Topic | None = None
    words: tuple[search.Words, ...] = ()
    folds_members: bool = False
    shared: Q = EVERYTHING
    rest: Q = EVERYTHING

    def filter(self, *conditions: Q, **lookups: Any) -> Selection:
        """The selection with further conditions on a story."""
        found = self
        for condition in (*conditions, *(Q(**{name: value}) for name, value in lookups.items())):
            if SHARED.issuperset(_columns(condition)):
                found = replace(found, shared=found.shared & condition)
            else:
                found = replace(found, rest=found.rest & condition)
        return found

    def of_site(self, site_id: int) -> Selection:
        """The selection within one site."""
        return replace(self, site_id=site_id)

    def about(self, topics: Sequence[Topic]) -> Selection:
        """The selection's stories that have at least one of the topics."""
        if len(topics) == 1 and self.topic is None:
            return replace(self, topic=topics[0])
        return self.filter(search.about(topics))

    def within(self, *, since: datetime | None = None, until: datetime | None = None) -> Selection:
        """The selection between two moments."""
        since = max((each for each in (self.since, since) if each), default=None)
        until = min((each for each in (self.until, until) if each), default=None)
        return replace(self, since=since, until=until)

    def ask(self, query: search.Query) -> Selection:
        """The selection's stories that a query of the search box means."""
        found = replace(self, words=self.words + query.words)
        for condition in query.conditions:
            if condition.field == "topic" and not condition.exclude:
                found = found.about(search.topics_named(str(condition.value)))
            elif condition.field in {"after", "before"}:
                found = found.within(**search.bounds_of(condition))
            else:
                found = found.filter(search.condition_of(condition))
        return found

    def with_half_typed(self, text: str) -> Selection:
        """The selection's stories with all words of a text, the last one perhaps not finished.

        A text without words selects nothing.
        """
        words = search.half_typed(text)
        return replace(self, words=self.words + words) if words else self.filter(pk__in=[])

    @property
    def stories(self) -> StoryQuerySet:
        """All stories selected, in no order."""
        found = Story.objects.filter(*self._conditions, search.with_words(self.words))
        if self.topic:
            chosen = StoryTopic.objects.filter(topic=self.topic)
            found = found.filter(id__in=chosen.values("story_id"))
        return found.filter(**self._bounds)

    @property
    def has_topic_rows(self) -> bool:
        """Whether the rows of the topics alone answer everything asked."""
        return not (self.site_id or self.topic or self.rest or self.words)

    @property
    def topic_rows(self) -> QuerySet[StoryTopic] | None:
        """The rows of all topics, where they answer everything; else None."""
        if not self.has_topic_rows:
            return None
        # Named one by one, the queues are ranges of an index that also holds the queue.
        shown = Q(queue__in=BESIDE_SUPERSEDED) if self.folds_members else EVERYTHING
        return StoryTopic.objects.filter(shown & self.shared, **self._bounds)

    @property
    def is_site_implied(self) -> bool:
        """Whether the topic belongs to the site, so that its stories do too."""
        return self.topic is not None and self.topic.site_id == self.site_id

    @property
    def _conditions(self) -> list[Q]:
        """What is asked of a story apart from its topic, its date and its words."""
        site = Q(site_id=self.site_id) if self.site_id and not self.is_site_implied else Q()
        return [each for each in (site, self._asked, self.rest) if each]

    @property
    def _asked(self) -> Q:
        """What is asked of columns that stories and their topics' rows both have."""
        return self.shared & ~SUPERSEDED if self.folds_members else self.shared

    @property
    def _bounds(self) -> dict[str, datetime]:
        lookups = {"listed_at__gte": self.since, "listed_at__lt": self.until}
        return {lookup: moment for lookup, moment in lookups.items() if moment}

    def page(self, order: Order, place: Place | None = None, size: int = PAGE_SIZE) -> Page:
        """One page with one query: `size` rows from `place` on."""
        reading = order.backwards if place and place.side == "before" else order
        ids = self._ids(reading, place, size + 1)
        if ids is None:
            return Page([], "", "")
        rows = ROWS.ask(ids=ids)
        key = streams.text_key if self._is_by_text(order) else streams.story_key
        rows.sort(key=lambda row: key(reading, row), reverse=reading.descending)
        return page_of(rows, order, place, size)

    def neighbours(self, order: Order, row: dict[str, Any]) -> tuple[int, int]:
        """Ids of the stories before and after a row in a list, 0 at its ends. Two queries."""
        here = place_of(row, order, "after")
        found = [_fetch(self._ids(way, here, 1)) for way in (order.backwards, order)]
        return found[0], found[1]

    def before(self, order: Order, row: dict[str, Any], limit: int = COUNT_LIMIT) -> Count:
        """How many stories stand before a row, looking at no more than `limit + 1`. One query."""
        here = place_of(row, order, "after")
        return capped(_number(self._ids(order.backwards, here, limit + 1)), limit)

    def ids_beyond(self, reading: Order, row: dict[str, Any], limit: int) -> streams.Sql | None:
        """SQL of the ids beyond a row, in the direction of reading; the row itself is not there."""
        return self._ids(reading, place_of(row, reading, "after"), limit)

    def count(self, limit: int = COUNT_LIMIT) -> Count:
        """How many stories there are, looking at no more than `limit + 1`. One query."""
        return capped(_number(self.ids(limit + 1)), limit)

    def among(self, ids: Sequence[int]) -> int:
        """How many of these stories are selected. One query, which begins with them."""
        is_sqlite = connection.vendor == "sqlite"
        found = self._walked("quality_rank") if is_sqlite else self.stories
        return found.filter(pk__in=ids).count()

    def ids(self, limit: int, order: Order | None = None) -> streams.Sql | None:
        """SQL of the first ids in an order, or of any; None where it is clear there are none."""
        return self._ids(order, None, limit)

    def _ids(self, reading: Order | None, place: Place | None, limit: int) -> streams.Sql | None:
        """SQL of the ids from a place on, written once for everybody who asks the same."""
        # Topics are equal by their number, but the statement also knows the topic's site.
        topic_site = self.topic and self.topic.site_id
        return _statement(self, topic_site, connection.vendor, reading, place, limit)

    def ids_between(self, since: datetime, until: datetime, limit: int) -> streams.Sql | None:
        """SQL of ids of stories with known dates between two moments, to count them.

        Of the list that everybody opens an index alone tells them: SQLite reads the whole story
        wherever a statement names a generated column, as `listed_at` is. PostgreSQL is asked for
        the newest ones: so many in no order it would look for from the beginning of the table.
        """
        if replace(self, since=None, until=None) == Selection(folds_members=True):
            return _leads_dated(since, until, limit)
        is_sqlite = connection.vendor == "sqlite"
        newest = None if is_sqlite else ORDERS[DEFAULT_ORDER]
        return replace(self, since=since, until=until).ids(limit, newest)

    def newest(self, limit: int) -> StoryQuerySet:
        """The newest stories selected, so many of them; to be sorted by whoever asks."""
        ids = self.ids(limit, ORDERS[DEFAULT_ORDER])
        if ids is None:
            return Story.objects.none()
        return Story.objects.filter(id__in=RawSQL(*ids))  # noqa: S611  # nosec B611

    def stream(self, order: Order | None) -> streams.Stream:
        """The place from which ids come in this order soonest."""
        column = order.column if order else "listed_at"
        asked = search.match(self.words)
        if asked and self._is_by_text(order):
            return self._text_stream(asked)
        if column == "listed_at" and self.topic:
            return self._topic_stream(self.topic)
        is_sqlite = connection.vendor == "sqlite"
        return streams.StoryStream(self._walked(column) if is_sqlite else self.stories)

    def _is_by_text(self, order: Order | None) -> bool:
        """Whether the full-text index gives the ids in this order."""
        asked = search.match(self.words)
        return bool(asked and not asked.is_exclusion) and (order is None or order.is_by_date)

    def _walked(self, column: str) -> StoryQuerySet:
        """The stories for SQLite, which knows no numbers: rather than walk the index of an order
        and stop at a page, it reads all of a site or a queue to sort it. So it is not told that
        there is an index for those, except where one continues with the column of the order.
        """
        leading = LEADING[column]
        if BETTER_THAN_SITE.intersection(_columns(self.rest)):
            leading -= {"site_id"}
        if FEWER_THAN_LEADS.intersection(_columns(self.rest)):
            leading -= {"queue"}
        here = Q(site_id=self.site_id) if self.site_id and not self.is_site_implied else Q()
        plain = {*SHARED, "site_id"} - leading
        asked = here & self._asked
        others = replace(self, site_id=None, shared=EVERYTHING, folds_members=False).stories
        if plain.isdisjoint(_columns(asked)):
            return others.filter(asked)
        return others.alias(**streams.unindexed_columns()).filter(streams.unindexed(asked, plain))

    def _text_stream(self, asked: search.Match) -> streams.Stream:
        about = [search.about([self.topic])] if self.topic else []
        return streams.TextStream(asked, [*self._conditions, *about], self.since, self.until)

    def _topic_stream(self, topic: Topic) -> streams.Stream:
        rows = StoryTopic.objects.filter(self._asked, topic=topic, **self._bounds)
        site_id = None if self.is_site_implied else self.site_id
        others = Selection(site_id=site_id, words=self.words, rest=self.rest)
        return streams.TopicStream(rows, None if others == Selection() else others.stories)


def _columns(condition: Q) -> Iterator[str]:
    """The columns a condition names; an empty name for anything that is no lookup."""
    for child in condition.children:
        if isinstance(child, Q):
            yield from _columns(child)
        else:
            yield child[0].partition("__")[0] if isinstance(child, tuple) else ""


@lru_cache(maxsize=STATEMENTS_KEPT)
def _statement(  # noqa: PLR0917
    selection: Selection,
    topic_site: int | None,
    vendor: str,
    reading: Order | None,
    place: Place | None,
    limit: int,
) -> streams.Sql | None:
    """SQL of a selection's ids; None where it is clear without asking that there are none."""
    try:
        return selection.stream(reading).ids(reading, place, limit)
    except EmptyResultSet:
        return None


@lru_cache(maxsize=STATEMENTS_KEPT)
def _leads_dated(since: datetime, until: datetime, limit: int) -> streams.Sql:
    dated = Story.objects.filter(~SUPERSEDED, published_at__gte=since, published_at__lt=until)
    return streams.StoryStream(dated).ids(None, None, limit)


def _number(ids: streams.Sql | None) -> int:
    """How many ids a statement gives. One query."""
    if ids is None:
        return 0
    sql, parameters = ids
    return _fetch((f"SELECT COUNT(*) FROM ({sql}) AS found", parameters))  # noqa: S608  # nosec B608


def _fetch(query: streams.Sql | None) -> int:
    """The one number a query gives; 0 where it gives none."""
    if query is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(*query)
        row = cursor.fetchone()
    return int(row[0]) if row else 0
