"""Who set what a story says: the robot that writes the files, an editor, or the site's rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from articles.models import Change, Story, Verb
from articles.models.change import ROBOTS

RULED = frozenset({"heat", "published", "is_lead", "related_count"})
"""What the site's rule settles when a person changes who belongs to a group."""

REGROUPED = frozenset({"coverage", "is_lead", "related_count"})
"""A change that moved one of these changed the coverage."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who set a value, and when. `name` is the person, also where the rule followed from them."""

    kind: Literal["robot", "editor", "rule"]
    name: str
    at: datetime | None
    did: str = ""


def owners(story: Story, changes: Sequence[Change], fields: Iterable[str]) -> dict[str, Owner]:
    """The owner of each field. `changes` is the story's log, newest first.

    A field nobody at the desk owns is the robot's, since the import that last changed it or since
    the story was first seen.
    """
    standing = list(in_force(changes))
    edited = set(story.edited_fields)
    return {
        field: _editor(field, standing) if field in edited else _robot(field, standing, story)
        for field in fields
    }


def in_force(changes: Iterable[Change]) -> Iterator[Change]:
    """The changes that hold, newest first: without what was taken back, and without the taking
    back; what was done again holds.
    """
    void: set[int] = set()
    for change in changes:
        if change.pk in void:
            continue
        if change.undoes_id is not None:
            void.add(change.undoes_id)
        else:
            yield change


def _editor(field: str, changes: Collection[Change]) -> Owner:
    for change in changes:
        if change.verb in ROBOTS or not _touches(change, field):
            continue
        ruled = field in RULED and REGROUPED.intersection(change.before)
        return Owner(
            "rule" if ruled else "editor",
            change.actor_name,
            change.at,
            str(change.get_verb_display()),
        )
    return Owner("editor", "", None)


def _robot(field: str, changes: Collection[Change], story: Story) -> Owner:
    for change in changes:
        if change.verb == Verb.IMPORTED and _touches(change, field):
            return Owner("robot", change.actor_name, change.at)
    return Owner("robot", "", story.created_at)


def _touches(change: Change, field: str) -> bool:
    owned = set(change.after.get("edited_fields", ())) - set(change.before.get("edited_fields", ()))
    return field in change.before or field in change.after or field in owned
