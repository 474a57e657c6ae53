"""What an open page asks every few seconds: who is where, which rows changed, how many are new.

At most six queries, however many rows are asked for; one more each where something came in, for
pictures, and where a decided group grew. A quiet pulse, with no row to draw anew, uses two of them
to renew the person's claim and to wake stories that are due.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils import timezone

from articles import claims, desk, presence
from articles.listing import Listing
from articles.models import Presence, Story
from articles.models.change import name_of
from articles.rows import decorate, with_holders

MOST_ARRIVALS = 5_000
"""So many newcomers are looked at; more come at once only with a whole repository."""

Place = tuple[int, int]
"""The number of a group, or 0 and the number of a single story."""

NOTED_EVERY = timedelta(seconds=10)
"""How often a person's presence is written while their page asks every few seconds."""

PRESENCE_COLUMNS = (
    "user_id", "seen_at",
    "story_id", "story__coverage_id", "user__username", "user__first_name", "user__last_name",
)  # fmt: skip


@dataclass
class Pulse:
    """One beat: `here` is the story the person has open, `seen` the versions of their rows.

    `query` is the list on their page, made at `since`.
    """

    by: User
    here: int | None
    seen: Mapping[int, int]
    query: str
    since: datetime | None
    images: bool

    def record(self) -> None:
        """Remember that the person has the story open."""
        if self.here is not None and self.here in self._rows and not self._was_here_just_now:
            presence.record(self.here, by=self.by)

    def changed_rows(self) -> dict[int, dict[str, Any]]:
        """The rows whose version is another than the page has, as the list shows them."""
        changed = {
            pk: self._rows[pk]
            for pk, version in self.seen.items()
            if pk in self._rows and self._rows[pk]["version"] != version
        }
        if changed:
            decorate(list(changed.values()), images=self.images)
        else:
            self._keep_house()
        return changed

    def who(self) -> dict[int, str]:
        """Names of the others at each row's story or anywhere in its group, and who claimed it."""
        named = {pk: self._others_at(pk) for pk in self.seen if pk in self._rows}
        return {pk: ", ".join(names) for pk, names in named.items() if names}

    def here_too(self) -> list[str]:
        """The names of the others who have the person's story or its group open."""
        return self._others_at(self.here) if self.here in self._rows else []

    def arrivals(self) -> int:
        """How many stories of the list came in since the page was made."""
        if self.since is None:
            return 0
        new = Story.objects.filter(created_at__gt=self.since).order_by().values_list("pk")
        back = Story.objects.filter(woke_at__gt=self.since).order_by().values_list("pk")
        arrived = [pk for (pk,) in new.union(back)[:MOST_ARRIVALS]]
        if not arrived:
            return 0
        return Listing(QueryDict(self.query), user=self.by).selection.among(arrived)

    @cached_property
    def _rows(self) -> dict[int, dict[str, Any]]:
        ids = {*self.seen, *([self.here] if self.here is not None else [])}
        rows = with_holders(list(Story.objects.filter(pk__in=ids).for_list()))
        return {row["id"]: row for row in rows}

    @cached_property
    def _present(self) -> list[Presence]:
        """Everybody who is at a story now, this person too. There are never many."""
        there = Presence.objects.fresh().select_related("user", "story")
        return list(there.only(*PRESENCE_COLUMNS).order_by("user_id"))

    @property
    def _was_here_just_now(self) -> bool:
        """Whether writing it down again can wait: a page asks more often than that matters."""
        lately = timezone.now() - NOTED_EVERY
        return any(
            (each.user_id, each.story_id) == (self.by.pk, self.here) and each.seen_at > lately
            for each in self._present
        )

    @cached_property
    def _others(self) -> dict[Place, list[str]]:
        found: dict[Place, list[str]] = {}
        for each in self._present:
            if each.user_id != self.by.pk:
                place = _place(each.story_id, each.story.coverage_id)
                found.setdefault(place, []).append(name_of(each.user))
        return found

    def _others_at(self, pk: int) -> list[str]:
        row = self._rows[pk]
        names = list(self._others.get(_place(pk, row["coverage_id"]), ()))
        if row["claimed_by_id"] != self.by.pk and (holder := row["claimed_by"]):
            names.append(holder)
        return list(dict.fromkeys(names))

    def _keep_house(self) -> None:
        if self.here is not None:
            claims.renew(self.here, by=self.by)
        desk.wake_due()


def _place(story_id: int, coverage_id: int | None) -> Place:
    """Where somebody is: at a group, whichever of its stories, or at a single story."""
    return (coverage_id, 0) if coverage_id else (0, story_id)
