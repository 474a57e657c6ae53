"""An invented aggregator: it writes what it believes, and never reads what editors wrote."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.importer.newsroom import CONFIG, entry, story
from tests.replay.grounds import Tree

TOPICS = ("Ferries", "Storms", "Harbour", "Trade", "Night trains")
WEIGHT, FLOOR, THRESHOLD = 20, 50, 70


@dataclass(slots=True)
class Item:
    """A story as the robot knows it."""

    name: str
    path: str
    title: str
    quality: int
    topics: list[str]
    images: list[str]
    group: int
    removed: bool = False
    broken: bool = False


@dataclass(slots=True)
class Robot:
    """Changes its mind step by step; every step is one commit.

    A `careful` one leaves no file half written: what cannot be read is not seen until it can.
    The others mend a file that is cut off within a few commits.
    """

    seed: int
    careful: bool = False
    stories: dict[str, Item] = field(default_factory=dict)
    away: dict[str, Item] = field(default_factory=dict)
    made: int = 0

    def commits(self, count: int) -> Iterator[Tree]:
        """The whole tree after each of so many commits."""
        chance = random.Random(self.seed)
        for _ in range(12):
            self._add(chance)
        yield self.tree()
        deeds = [
            *(self._add, self._rewrite, self._rewrite, self._rate, self._rate, self._regroup),
            *(self._regroup, self._rename, self._delete, self._return, self._truncate, self._retag),
        ]
        for _ in range(count - 1):
            self._mend(chance)
            for deed in chance.choices(deeds, k=chance.randint(1, 3)):
                deed(chance)
            yield self.tree()

    def tree(self) -> Tree:
        """Every file as the robot writes it."""
        files = {"_config.yml": CONFIG.encode()}
        groups: dict[int, list[Item]] = {}
        for item in self.stories.values():
            groups.setdefault(item.group, []).append(item)
        for members in groups.values():
            lead = min(members, key=lambda item: (-item.quality, item.path))
            for item in members:
                files[item.path] = _file(item, members, lead)
        return files

    def _any(self, chance: random.Random) -> Item:
        return self.stories[chance.choice(sorted(self.stories))]

    def _add(self, chance: random.Random) -> None:
        self.made += 1
        name = f"n{self.made:03}"
        fresh = chance.random() < 0.5 or not self.stories
        self.stories[name] = Item(
            name,
            f"_news/2026-03-02-{name}.md",
            f"About {name}",
            chance.randint(30, 120),
            chance.sample(TOPICS, 2),
            [f"https://img.example/{name}.jpg"],
            self.made if fresh else self._any(chance).group,
        )

    def _rewrite(self, chance: random.Random) -> None:
        self._any(chance).title = f"Rewritten {chance.randint(1, 9)}"

    def _rate(self, chance: random.Random) -> None:
        self._any(chance).quality = chance.randint(30, 120)

    def _retag(self, chance: random.Random) -> None:
        item = self._any(chance)
        item.topics = chance.sample(TOPICS, chance.randint(1, 3))
        item.images = [f"https://img.example/{chance.randint(1, 9)}.jpg" for _ in range(2)][:1]
        item.removed = chance.random() < 0.2

    def _regroup(self, chance: random.Random) -> None:
        item = self._any(chance)
        self.made += 1
        item.group = self.made if chance.random() < 0.4 else self._any(chance).group

    def _rename(self, chance: random.Random) -> None:
        self.made += 1
        item = self._any(chance)
        item.path = f"_news/2026-03-02-{item.name}-{self.made}.md"

    def _delete(self, chance: random.Random) -> None:
        if len(self.stories) > 8:
            item = self.stories.pop(self._any(chance).name)
            self.away[item.name] = item

    def _return(self, chance: random.Random) -> None:
        if self.away:
            item = self.away.pop(chance.choice(sorted(self.away)))
            self.stories[item.name] = item

    def _truncate(self, chance: random.Random) -> None:
        self._any(chance).broken = not self.careful

    def _mend(self, chance: random.Random) -> None:
        for item in self.stories.values():
            item.broken = item.broken and chance.random() < 0.5


def _file(item: Item, members: list[Item], lead: Item) -> bytes:
    others = sorted((m for m in members if m is not item), key=lambda m: (-m.quality, m.path))
    bonus = WEIGHT * len(others) if item.quality >= FLOOR else 0
    heat = item.quality + bonus if item is lead else -1
    data = story(
        item.name,
        [entry(other.name, title=other.title, quality=other.quality) for other in others],
        title=item.title,
        quality=item.quality,
        heat=heat,
        published=heat >= THRESHOLD and not item.removed,
        topics=item.topics,
        images=item.images,
        removed=item.removed,
    )
    return data[: len(data) // 2] if item.broken else data
