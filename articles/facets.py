"""The queues of the left pane with their counts, and the addresses of a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.db import connection
from django.http import QueryDict

from articles import tallies
from articles.models import ShelfItem, Story, StoryQuerySet
from articles.pagination import Count, capped
from articles.places import place
from articles.rules import Queue

ANY_SITE = -1
"""Stands for the number of a site in a statement written once."""

ANY_PERSON = -2
"""Stands likewise for whoever asks."""


@dataclass(frozen=True, slots=True)
class QueueCount:
    """A queue of the left pane with its number of stories."""

    name: str
    label: str
    icon: str
    count: Count
    url: str
    current: bool
    alert: bool
    excluded: bool = False
    exclude_url: str = ""


@dataclass(frozen=True, slots=True)
class QueueName:
    """A queue of the left pane: a name, an icon, the parameters that show it, its stories.

    `page` names the queue's own page, if it has one.
    """

    label: str
    icon: str
    parameters: Mapping[str, str]
    of: Callable[[StoryQuerySet], StoryQuerySet]
    is_alarming: bool = False
    page: str = ""


def _standing_in(queue: Queue) -> Callable[[StoryQuerySet], StoryQuerySet]:
    return lambda stories: stories.in_queue(queue)


def _on_shelf(stories: StoryQuerySet) -> StoryQuerySet:
    mine = ShelfItem.objects.filter(user=ANY_PERSON)
    return stories.filter(pk__in=mine.values("story_id"))


QUEUES: Mapping[str, QueueName] = {
    "inbox": QueueName("Inbox", "inbox", {"queue": "inbox"}, _standing_in(Queue.INBOX)),
    "published": QueueName("Published", "globe", {"queue": "published"}, StoryQuerySet.live),
    "below": QueueName("Below the line", "list", {"queue": "below"}, _standing_in(Queue.BELOW)),
    "superseded": QueueName(
        "Superseded", "layers", {"queue": "superseded"}, _standing_in(Queue.SUPERSEDED)
    ),
    "declined": QueueName(
        "Declined", "circle-slash", {"queue": "declined"}, _standing_in(Queue.DECLINED)
    ),
    "snoozed": QueueName(
        "Snoozed", "alarm-clock", {"queue": "snoozed"}, _standing_in(Queue.SNOOZED)
    ),
    "shelf": QueueName("Shelf", "bookmark", {"shelf": "mine"}, _on_shelf),
    "pending": QueueName(
        "To be written", "git-branch", {"pending": "yes"}, StoryQuerySet.needing_export
    ),
    "conflict": QueueName(
        "Conflicts", "git-merge", {"conflict": "yes"}, StoryQuerySet.in_conflict,
        is_alarming=True, page="articles:conflict_list",
    ),
    "issues": QueueName(
        "With issues", "triangle-alert", {"has_issues": "yes"}, StoryQuerySet.with_problems,
        is_alarming=True,
    ),
    "all": QueueName("All stories", "newspaper", {}, StoryQuerySet.not_superseded),
}  # fmt: skip
EXCLUDABLE = frozenset({queue.name.lower() for queue in Queue} - {"published", "superseded"})
"""Queues that a list can leave out. Superseded stories stand behind their leads anyway."""

OF_ONE_PAGE = ("page", "open", "choose", "from")
"""Parameters that lose their meaning where the list changes."""

QUEUE_PARAMETERS = ("queue", "published", "shelf", "pending", "conflict", "has_issues")


def queues(
    site_id: int | None, current: QueryDict, *, user_id: int | None = None
) -> list[QueueCount]:
    """The queues with their counts within one site, or all, for one person. One query."""
    counts = _queue_counts(site_id, user_id)
    here = current_queue(current)
    return [
        QueueCount(
            name=name,
            label=queue.label,
            icon=queue.icon,
            count=counts[name],
            url=place(queue.page)
            if queue.page
            else address(current, drop=QUEUE_PARAMETERS, **queue.parameters),
            current=name == here,
            alert=queue.is_alarming and counts[name].number > 0,
            excluded=name in current.getlist("not_queue"),
            exclude_url=_without(current, name) if name in EXCLUDABLE and name != here else "",
        )
        for name, queue in QUEUES.items()
    ]


def _without(current: QueryDict, name: str) -> str:
    """The list without the stories of a queue; with them, if they are left out now."""
    unwanted = current.getlist("not_queue")
    others = [each for each in unwanted if each != name]
    left_out = others if name in unwanted else [*others, name]
    return address(current, drop=("not_queue",), **({"not_queue": left_out} if left_out else {}))


def _queue_counts(site_id: int | None, user_id: int | None) -> dict[str, Count]:
    sql, parameters = _queue_statement(within_site=site_id is not None)
    given = {ANY_SITE: site_id, ANY_PERSON: user_id}
    with connection.cursor() as cursor:
        cursor.execute(sql, [given.get(each, each) for each in parameters])
        found = dict(cursor.fetchall())
    return {name: capped(found[number]) for number, name in enumerate(QUEUES)}


@cache
def _queue_statement(*, within_site: bool) -> tuple[str, tuple[Any, ...]]:
    """The statement that counts all queues; written once, every list asks it."""
    stories = Story.objects.of_site(ANY_SITE) if within_site else Story.objects.all()
    return tallies.statement([queue.of(stories) for queue in QUEUES.values()])


def current_queue(current: QueryDict) -> str:
    """The name of the queue a query string shows, empty where it is none of them."""
    chosen = {name: value for name in QUEUE_PARAMETERS if (value := current.get(name))}
    return next((name for name, queue in QUEUES.items() if queue.parameters == chosen), "")


def address(current: QueryDict, *, drop: tuple[str, ...], **parameters: str | list[str]) -> str:
    """The list's address with other parameters, from its first page."""
    dropped = {*drop, *OF_ONE_PAGE}
    changed: dict[str, str | list[str]] = {
        name: values for name, values in current.lists() if name not in dropped
    }
    query = urlencode({**changed, **parameters}, doseq=True)
    path = place("articles:story_list")
    return f"{path}?{query}" if query else path


@lru_cache(maxsize=4096)
def _quoted(value: str) -> str:
    """A value as an address has it; the same days and numbers stand in every list."""
    return quote_plus(value)


class SpanLinks:
    """Addresses of the list with other ends of a span."""

    def __init__(self, current: QueryDict, ends: tuple[str, ...]) -> None:
        self.rest = address(current, drop=ends)
        self.start = f"{self.rest}{'&' if '?' in self.rest else '?'}"

    def to(self, given: Mapping[str, str]) -> str:
        """The list within these ends; without ends, the list without the span."""
        if not given:
            return self.rest
        return self.start + "&".join(f"{name}={_quoted(value)}" for name, value in given.items())


class ToggleLinks:
    """Addresses of the list with one value of a parameter more, or one fewer."""

    def __init__(self, current: QueryDict, name: str, *, single: bool = False) -> None:
        """`single`: a new value replaces the one that stands there."""
        self.name = name
        self.chosen = [each for each in current.getlist(name) if each]
        self.rest = address(current, drop=(name,))
        self.mark = "&" if "?" in self.rest else "?"
        kept = "" if single else urlencode([(name, each) for each in self.chosen])
        self.start = f"{self.rest}{self.mark}{kept}{'&' if kept else ''}{name}="

    def toggled(self, value: str) -> str:
        """The list with the value; without it, if it stands there now."""
        if value not in self.chosen:
            return self.start + _quoted(value)
        others = [(self.name, each) for each in self.chosen if each != value]
        return f"{self.rest}{self.mark}{urlencode(others)}" if others else self.rest
