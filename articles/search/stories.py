"""From a parsed query to the stories it means."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from articles.models import Provider, Site, StoryQuerySet, StoryTopic, Topic, topic_key
from articles.rules import Queue
from articles.search.fulltext import with_words
from articles.search.language import (
    MAX_TERMS,
    SHORTEST_BEGINNING,
    Condition,
    Query,
    Words,
)
from articles.weburl import url_key

LOOKUPS = {"=": "", ">": "__gt", ">=": "__gte", "<": "__lt", "<=": "__lte"}

STATES: dict[str, Q] = {
    "live": Q(published__in=[True]),
    "published": Q(published__in=[True]),
    "waiting": Q(queue=Queue.INBOX),
    "inbox": Q(queue=Queue.INBOX),
    "below": Q(queue=Queue.BELOW),
    "superseded": Q(queue=Queue.SUPERSEDED),
    "declined": Q(queue=Queue.DECLINED),
    "removed": Q(queue=Queue.REMOVED),
    "gone": Q(queue=Queue.GONE),
    "lead": Q(is_lead=True),
    "member": Q(is_lead=False),
    "video": Q(kind="video"),
    "article": Q(kind="article"),
    "pending": Q(pending=True),
    "conflict": Q(conflict=True),
    "locked": Q(locked=True),
    "decided": ~Q(decision=""),
    "undecided": Q(decision=""),
    "unfiled": Q(path_key=None),
}


def matching(stories: StoryQuerySet, query: Query) -> StoryQuerySet:
    """The stories a query asks for. A query with errors matches none: nothing is guessed."""
    if query.errors:
        return stories.none()
    return stories.filter(with_words(query.words), *map(condition_of, query.conditions))


def condition_of(condition: Condition) -> Q:
    """What one filter of the language asks of a story."""
    wanted = CONDITIONS[condition.field](condition)
    return ~wanted if condition.exclude else wanted


def half_typed(text: str) -> tuple[Words, ...]:
    """The words of a plain text, the last one perhaps not finished; none where it has none."""
    typed = [part for part in text.split()[:MAX_TERMS] if any(map(str.isalnum, part))]
    return tuple(
        Words(part, prefix=part is typed[-1] and len(part) >= SHORTEST_BEGINNING) for part in typed
    )


def topics_named(name: str) -> list[Topic]:
    """The topics of all sites with this name or slug. One query."""
    return list(Topic.objects.filter(Q(key=topic_key(name)) | Q(slug=name)))


def about(topics: Iterable[Topic]) -> Q:
    """The condition that a story has at least one of the topics."""
    chosen = [topic.pk for topic in topics]
    return Q(Exists(StoryTopic.objects.filter(story=OuterRef("pk"), topic__in=chosen)))


def _provider(condition: Condition) -> Q:
    name = str(condition.value)
    named = Provider.objects.filter(Q(domain__iexact=name) | Q(name__iexact=name))
    return Q(provider__in=list(named.values_list("id", flat=True)))


def _topic(condition: Condition) -> Q:
    return about(topics_named(str(condition.value)))


def _number(condition: Condition) -> Q:
    return Q(**{f"{condition.field}{LOOKUPS[condition.operator]}": condition.value})


def bounds_of(condition: Condition) -> dict[str, datetime]:
    """`since` or `until` (exclusive): the moment that `after:` or `before:` means."""
    if not isinstance(condition.value, date):
        raise TypeError(condition)
    begins = (condition.field == "after") is not condition.exclude
    return {"since" if begins else "until": start_of(condition.value)}


def _date(condition: Condition) -> Q:
    (name, moment), *_ = bounds_of(replace(condition, exclude=False)).items()
    return Q(listed_at__gte=moment) if name == "since" else Q(listed_at__lt=moment)


def _url(condition: Condition) -> Q:
    address = str(condition.value)
    if "://" in address:
        # All sites are named because the index begins with them.
        return Q(site__in=Site.objects.values("id"), url_key=url_key(address))
    return reduce(
        operator.or_, (Q(**{f"{f}__icontains": address}) for f in ("web_url", "original_url"))
    )


def start_of(day: date) -> datetime:
    """Midnight of a day in the person's own time zone; the nearest possible one at the edges."""
    try:
        return timezone.make_aware(datetime.combine(day, time.min)).astimezone(UTC)
    except OverflowError:
        nearest = day + timedelta(days=2) if day.year == 1 else day - timedelta(days=2)
        return timezone.make_aware(datetime.combine(nearest, time.min)).astimezone(UTC)


CONDITIONS: dict[str, Callable[[Condition], Q]] = {
    "provider": _provider,
    "topic": _topic,
    "is": lambda condition: STATES[str(condition.value)],
    "url": _url,
    "quality": _number,
    "heat": _number,
    "after": _date,
    "before": _date,
}
