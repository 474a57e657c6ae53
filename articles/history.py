"""The log of changes as lines a person reads: field, before, after, and what can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from articles import roles
from articles.labels import LABELS
from articles.models import Change, Coverage, Story
from articles.models.change import ROBOTS

SHOWN = (
    "title", "excerpt", "kind", "published_at", "web_url", "original_url", "amp_url", "cdn_amp_url",
    "quality", "heat", "published", "removed", "topics", "images", "related", "is_lead",
    "related_count", "proposal", "decision", "snoozed_until", "path", "missing",
)  # fmt: skip
"""Fields worth a line, in this order; bookkeeping of the desk is not shown."""

LONGEST = 160


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of history: a change, or the first of a batch of `count`."""

    change: Change
    lines: list[tuple[str, str, str]]
    undo_url: str
    story: Story | None
    count: int = 1
    group: Coverage | None = None

    @property
    def others(self) -> int:
        """How many more changes the batch has."""
        return self.count - 1

    @property
    def batch_url(self) -> str:
        """Activity with every change of the batch, empty for a change alone."""
        if self.count < 2 or self.change.batch is None:
            return ""
        return f"{reverse('articles:change_list')}?batch={self.change.batch}"


def entries(
    changes: Iterable[Change], *, user: User | AnonymousUser, with_story: bool = False
) -> list[Entry]:
    """Changes as entries; neighbours of one batch become one entry."""
    found: list[Entry] = []
    for change in changes:
        last = found[-1] if found else None
        if last and change.batch and last.change.batch == change.batch and with_story:
            found[-1] = replace(last, count=last.count + 1)
            continue
        found.append(entry_of(change, user=user, with_story=with_story))
    return found


def entry_of(change: Change, *, user: User | AnonymousUser, with_story: bool = False) -> Entry:
    """A change as an entry."""
    may_try = may_undo(change, user)
    return Entry(
        change,
        list(lines(change.before, change.after)),
        reverse("articles:change_undo", args=[change.pk]) if may_try else "",
        change.story if with_story else None,
    )


def lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Label, before, after of every field worth showing."""
    for name in SHOWN:
        if name in before or name in after:
            old, new = _said(name, before.get(name)), _said(name, after.get(name))
            if old != new:
                yield LABELS[name], old, new
    for name in after:
        if name.startswith("apart:"):
            old, new = (_kept(said.get(name)) for said in (before, after))
            yield "Kept apart from", old, new


def _said(name: str, value: Any) -> str:
    """A logged value; until when a story sleeps in the reader's zone."""
    if name == "snoozed_until" and value:
        return date_format(timezone.localtime(datetime.fromisoformat(value)), "j F Y, H:i")
    return words(value)


def _kept(said: Any) -> str:
    """The story this one is kept apart from."""
    return words(f"“{said['title']}”" if said else None)


def words(value: Any) -> str:
    """A logged value in words, cut to a line."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        text = ", ".join(str(v.get("url", v)) if isinstance(v, dict) else str(v) for v in value)
        text = text or "nothing"
    else:
        text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def may_undo(change: Change, user: User | AnonymousUser) -> bool:
    """Whether this person may try to take the change back: their own, a publisher any person's."""
    if change.verb in ROBOTS or getattr(change, "is_undone", False):
        return False
    own = change.actor_id == user.pk and roles.can_edit(user)
    return own or (change.actor_id is not None and roles.can_publish(user))
