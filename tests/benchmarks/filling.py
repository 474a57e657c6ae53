"""Invented rows straight into the tables, for lists of any length.

Words and providers are as unevenly common as in life. A third of all words are stop words; of the
others the commonest stands in a quarter of all stories, the hundredth in one of 45, the thousandth
in one of 400 (hand-labelled sets of real news: 28-78 %, one of 30, one of 200), and the last in a
few. Dates rise with the ids over six years. Same number, same rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from django.db import connection, transaction

from articles.importer import bulk
from articles.models import Provider, Site, Story, StoryImage, Topic, topic_key
from articles.models.topic import StoryTopic
from articles.rules import SUPERSEDED_HEAT, HeatRule, Queue
from articles.textmatch import STOP_WORDS

AT_ONCE = 20_000
TOPICS = 300
PROVIDERS = 5_000
STORIES_A_PROVIDER = 20
WORDS = 100_000
EVENLY = 7
"""So much less than by Zipf's law the first words stand out: names come and go."""
HEADLINE = (8, 12)
EXCERPT = (25, 35)
"""Words of a text: the fewest and the most."""
START = datetime(2020, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=6 * 365)
RULE = HeatRule()

FIELDS = [field for field in Story._meta.concrete_fields if not field.generated]
COLUMNS = tuple(field.attname for field in FIELDS)
TOPIC_COLUMNS = ("story_id", "topic_id", "position", "name", "listed_at", "queue", "published")
IMAGE_COLUMNS = ("story_id", "position", "url")

Row = dict[str, Any]


def word(rank: int) -> str:
    """The word of that rank: 0 is the most common."""
    return f"w{rank:05d}"


@dataclass(slots=True)
class _Pool:
    """A long list of values, the first ones often and the last ones seldom; read in a circle."""

    values: list[Any]

    @classmethod
    def of(cls, values: Sequence[Any], power: float, random: Random) -> _Pool:
        weights = list(accumulate((rank + 1) ** -power for rank in range(len(values))))
        return cls(random.choices(values, cum_weights=weights, k=200_003))

    def at(self, place: int) -> Any:
        return self.values[place % len(self.values)]

    def some(self, place: int, count: int) -> list[Any]:
        start = place % (len(self.values) - count)
        return self.values[start : start + count]


class Filling:
    """Fills an empty, migrated database with `count` stories."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.random = Random(count)
        self.site = Site.objects.create(slug="one")
        self.other_site = Site.objects.create(slug="two")
        self.words = _vocabulary()
        self.topics = _Pool.of(self._topics(), 0.9, self.random)
        self.providers = _Pool.of(self._providers(), 0.8, self.random)
        self.defaults = {field.attname: field.get_default() for field in FIELDS}

    def fill(self) -> None:
        """Write everything, and let the database look at it."""
        if connection.vendor == "sqlite":
            # Nobody misses this database after a crash.
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous=OFF")
        for numbers in bulk.chunks(range(1, self.count + 1), AT_ONCE):
            with transaction.atomic():
                self._write([self._story(number) for number in numbers])
        tidy()

    def _write(self, stories: list[Row]) -> None:
        ids = bulk.new_ids(Story, len(stories))
        for story, pk in zip(stories, ids, strict=True):
            story["id"] = pk
        bulk.insert(Story, COLUMNS, ([story[name] for name in COLUMNS] for story in stories))
        bulk.insert(StoryTopic, TOPIC_COLUMNS, self._topic_rows(stories))
        bulk.insert(StoryImage, IMAGE_COLUMNS, _image_rows(stories))

    def _topics(self) -> list[int]:
        names = [f"Topic {number}" for number in range(TOPICS)]
        made = Topic.objects.bulk_create(
            Topic(site=self.site, name=name, slug=topic_key(name), key=topic_key(name))
            for name in names
        )
        return [topic.pk for topic in made]

    def _providers(self) -> list[int]:
        number = max(1, min(PROVIDERS, self.count // STORIES_A_PROVIDER))
        made = Provider.objects.bulk_create(
            Provider(domain=f"paper-{index}.example", name=f"Paper {index}")
            for index in range(number)
        )
        return [provider.pk for provider in made]

    def _story(self, number: int) -> Row:
        random = self.random
        at = (START + SPAN * (number / self.count)).replace(microsecond=0)
        quality = max(0, min(100, int(random.gauss(55, 18))))
        related = 0 if random.random() < 0.5 else int(-3 * math.log(1 - random.random()))
        superseded = random.random() < 0.28
        heat = SUPERSEDED_HEAT if superseded else RULE.heat(quality, related)
        published = not superseded and random.random() < 0.14
        recent = number > self.count * 0.98
        return {
            **self.defaults,
            "site_id": (self.site if number % 20 else self.other_site).pk,
            "path": f"{at:%Y-%m-%d}-{number}.md",
            "path_key": f"{number:032x}",
            "url_key": f"{number:032x}",
            "title": self._text(*HEADLINE),
            "excerpt": self._text(*EXCERPT),
            "published_at": at,
            "web_url": f"https://paper.example/{number}",
            "provider_id": self.providers.at(random.randrange(2**20)),
            "provider_name": "Paper",
            "quality": quality,
            "heat": heat,
            "published": published,
            "queue": _queue(superseded, published, recent).value,
            "recent": recent,
            "is_lead": not superseded,
            "related_count": related,
            "kind": "article" if number % 11 else "video",
            "pending": number % 10_007 == 0,
            "conflict": number % 50_021 == 0,
            "issue_count": int(number % 100 == 0),
            "created_at": at,
            "updated_at": at,
        }

    def _text(self, fewest: int, most: int) -> str:
        words, weights = self.words
        count = self.random.randint(fewest, most)
        return " ".join(self.random.choices(words, cum_weights=weights, k=count))

    def _topic_rows(self, stories: Iterable[Row]) -> Iterator[list[Any]]:
        for story in stories:
            if story["site_id"] != self.site.pk:
                continue
            chosen = self.topics.some(self.random.randrange(2**20), 2)
            if chosen[0] == chosen[1] or self.random.random() < 0.65:
                chosen = chosen[:1]
            for position, topic in enumerate(chosen):
                repeated = (story["published_at"], story["queue"], story["published"])
                yield [story["id"], topic, position, "", *repeated]


def tidy() -> None:
    """What PostgreSQL does by itself within minutes, and SQLite when it is optimized."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _vocabulary() -> tuple[list[str], list[float]]:
    """Every word with the sum of the weights up to it; of every five uses one is a plural."""
    weights = {word(rank): 0.8 / (rank + 1 + EVENLY) for rank in range(WORDS)}
    weights |= {f"{each}s": weight / 4 for each, weight in weights.items()}
    stop = sum(weights.values()) / 2 / len(STOP_WORDS)
    weights |= dict.fromkeys(sorted(STOP_WORDS), stop)
    return list(weights), list(accumulate(weights.values()))


def _image_rows(stories: Iterable[Row]) -> Iterator[list[Any]]:
    for story in stories:
        if story["id"] % 2:
            yield [story["id"], 0, f"https://pictures.example/{story['id']}.jpg"]


def _queue(superseded: bool, published: bool, recent: bool) -> Queue:
    if superseded:
        return Queue.SUPERSEDED
    if published:
        return Queue.PUBLISHED
    return Queue.INBOX if recent else Queue.BELOW
