"""A story's life in the repository: which commit changed which field, before Newsdesk too."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from articles.filing import COLUMNS
from articles.labels import LABELS
from articles.models import Release, Story
from articles.repository import path_bytes
from articles.stores import Step
from articles.storyfile.errors import StoryFileError
from articles.storyfile.reader import StoryReader
from articles.storyfile.record import StoryRecord
from articles.sync import store_of

REVERTIBLE = frozenset(
    {"title", "excerpt", "kind", "published_at", "web_url", "original_url", "amp_url",
     "cdn_amp_url", "topics", "published"}
)  # fmt: skip
"""Fields that a verb of the desk can set again."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What a commit made of one field."""

    name: str
    label: str
    before: object
    after: object
    can_revert: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One commit in the life of a file. `release` is ours, if the desk made the commit."""

    step: Step
    changes: list[FieldChange] = field(default_factory=list)
    what: str = ""
    release: Release | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """Newest first; `since` goes on further back."""

    events: list[Event]
    since: str
    has_history: bool


def life_of(story: Story, since: str = "") -> Life:
    """What git knows of a story's file. Raises StoreError."""
    if story.path is None:
        return Life([], "", has_history=False)
    with store_of(story.site) as store:
        steps, further = store.life(path_bytes(story.path), since)
        has_history = store.has_history
    ours = Release.objects.filter(commit__in=[step.commit for step in steps])
    releases = {release.commit: release for release in ours.select_related("by")}
    events = [_event(step, releases.get(step.commit)) for step in steps]
    return Life(events, further, has_history)


def value_then(story: Story, commit: str, name: str) -> object:
    """What a field said in a commit. Raises StoreError, LookupError, StoryFileError."""
    if name not in REVERTIBLE or story.path is None:
        raise LookupError(name)
    with store_of(story.site) as store:
        data = store.read_at(commit, path_bytes(story.path))
    if data is None:
        raise LookupError(name)
    value: object = getattr(StoryReader().read(data), name)
    return list(value) if isinstance(value, tuple) else value


def _event(step: Step, release: Release | None) -> Event:
    if step.old is None or step.new is None:
        return Event(step, what="added" if step.old is None else "deleted", release=release)
    try:
        reader = StoryReader()
        changes = _changes(reader.read(step.old), reader.read(step.new))
    except StoryFileError:
        return Event(step, what="unreadable", release=release)
    return Event(step, changes, "" if changes else "rewritten", release)


def _changes(old: StoryRecord, new: StoryRecord) -> list[FieldChange]:
    found = [
        (name, getattr(old, name), getattr(new, name)) for name in (*COLUMNS, "topics", "images")
    ]
    found.append(("related", _addresses(old), _addresses(new)))
    return [
        FieldChange(
            name, LABELS.get(name, name.replace("_", " ")), _words(name, before),
            _words(name, after), name in REVERTIBLE,
        )
        for name, before, after in found
        if before != after
    ]  # fmt: skip


def _addresses(record: StoryRecord) -> tuple[str, ...]:
    return tuple(entry.url for entry in record.related)


def _words(name: str, value: Any) -> str:
    if value is None or value in ("", ()):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M UTC")
    if name in {"images", "related"}:
        return f"{len(value)} {'picture' if name == 'images' else 'related'}"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
