"""Editors who decide at random, the same in every replay of the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.auth.models import User

from articles import desk
from articles.filing import topic_names
from articles.models import Change, Conflict, Coverage, Story, Topic

Deed = Callable[[random.Random], object]


@dataclass(slots=True)
class Editors:
    """One person with every right, who works with a seeded mind."""

    user: User
    seed: int
    refused: int = 0
    settled: int = 0
    _acts: int = field(default=0)

    def act(self) -> list[Change]:
        """One decision; the changes it wrote. What the desk refuses is left."""
        self._acts += 1
        chance = random.Random(f"{self.seed}-{self._acts}")
        deeds: list[Deed] = [
            *(self._headline, self._headline, self._excerpt, self._topics, self._images),
            *(self._publish, self._publish, self._unpublish, self._decline, self._link),
            *(self._link, self._unlink, self._lead, self._settle, self._settle, self._undo),
        ]
        last = Change.objects.order_by("-id").values_list("id", flat=True).first() or 0
        try:
            chance.choice(deeds)(chance)
        except desk.DeskError:
            self.refused += 1
        return list(Change.objects.filter(pk__gt=last, actor=self.user).order_by("id"))

    def _any(self, chance: random.Random, **wanted: object) -> Story:
        rows = Story.objects.filter(path__isnull=False, missing_since=None, **wanted)
        paths = list(rows.order_by("path").values_list("path", flat=True))
        if not paths:
            raise desk.Invalid({"": "Nothing to do."})
        return Story.objects.get(path=chance.choice(paths))

    def _headline(self, chance: random.Random) -> None:
        desk.edit(self._any(chance), {"title": f"Desk {chance.randint(1, 99)}"}, by=self.user)

    def _excerpt(self, chance: random.Random) -> None:
        desk.edit(self._any(chance), {"excerpt": f"Seen {chance.randint(1, 99)}."}, by=self.user)

    def _topics(self, chance: random.Random) -> None:
        story = self._any(chance)
        has = topic_names([story.pk]).get(story.pk, [])
        names = sorted(Topic.objects.order_by("name").values_list("name", flat=True))
        wanted = [name for name in has if chance.random() < 0.6]
        wanted += [chance.choice(names)] if names else []
        desk.edit(story, {"topics": list(dict.fromkeys(wanted))}, by=self.user)

    def _images(self, chance: random.Random) -> None:
        story = self._any(chance)
        has = [{"url": image.url} for image in story.images.all() if chance.random() < 0.5]
        fresh = {"url": f"https://img.example/desk-{chance.randint(1, 9)}.jpg"}
        wanted = {image["url"]: image for image in [*has, fresh]}
        desk.edit(story, {"images": list(wanted.values())}, by=self.user)

    def _publish(self, chance: random.Random) -> None:
        desk.publish(self._any(chance, published=False), by=self.user)

    def _unpublish(self, chance: random.Random) -> None:
        desk.unpublish(self._any(chance, published=True), by=self.user)

    def _decline(self, chance: random.Random) -> None:
        desk.decline(self._any(chance), by=self.user)

    def _link(self, chance: random.Random) -> None:
        desk.link(self._any(chance), [self._any(chance)], by=self.user)

    def _unlink(self, chance: random.Random) -> None:
        desk.unlink(self._any(chance, coverage__isnull=False), by=self.user)

    def _lead(self, chance: random.Random) -> None:
        desk.choose_lead(self._any(chance, coverage__isnull=False), by=self.user)

    def _undo(self, chance: random.Random) -> None:
        desk.undo_last(by=self.user)

    def _settle(self, chance: random.Random) -> None:
        rows = sorted(Conflict.objects.open().select_related("story"), key=_place)
        if rows:
            answer = chance.choice(list(desk.Answer))
            self.settled += desk.settle_conflicts([chance.choice(rows)], answer, by=self.user).done


def _place(conflict: Conflict) -> tuple[str, str]:
    """The same order whatever the ids."""
    if conflict.story is not None:
        return (conflict.story.path or "", conflict.field)
    group = Coverage.objects.get(pk=conflict.coverage_id)
    paths = group.members.exclude(path=None).order_by("path").values_list("path", flat=True)
    return (paths[0] or "", conflict.field)
