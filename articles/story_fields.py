"""Every key of a story's file as a line of its page: what it says, who set it, what it said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from articles.filing import vocabulary_of
from articles.labels import IN_FILE
from articles.models import Story, StoryImage, Topic
from articles.ownership import Owner
from articles.storyfile.errors import StoryFileError
from articles.storyfile.reader import StoryReader
from articles.storyfile.record import KEYS, StoryRecord, key_of

IN_PLACE = frozenset(
    {"title", "excerpt", "kind", "topics", "web_url", "original_url", "amp_url", "cdn_amp_url"}
)
"""Fields with a form of their own on the story's page."""

SHAPES: Mapping[str, str] = {
    **dict.fromkeys(("web_url", "original_url", "amp_url", "cdn_amp_url"), "url"),
    **dict.fromkeys(("published_at", "updated_at"), "time"),
    **dict.fromkeys(("excerpt", "highlight"), "text"),
    "featured_content": "code",
    **dict.fromkeys(("published", "removed"), "flag"),
    **dict.fromkeys(("topics", "tags", "images"), "list"),
}
"""How a value is shown; any other is a word or a number."""

ONLY_IN_FILE = ("updated_at", "highlight", "tags")
"""Keys the desk reads from the file alone."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key. `said` is what the file says, `differs` whether the desk says something else."""

    name: str
    label: str
    key: str
    shape: str
    value: Any
    owner: Owner | None
    said: Any = None
    differs: bool = False

    @property
    def in_place(self) -> bool:
        """Whether it has a form of its own."""
        return self.name in IN_PLACE


def file_record(story: Story) -> StoryRecord | None:
    """The story as its file was last read or written, None without a file."""
    stored = getattr(story, "file", None)
    if stored is None:
        return None
    try:
        return StoryReader().read(stored.content())
    except StoryFileError:
        return None


def fields_of(
    story: Story,
    record: StoryRecord | None,
    *,
    topics: Sequence[Topic],
    images: Sequence[StoryImage],
    owners: Mapping[str, Owner],
) -> dict[str, Field]:
    """Every key by field name; those the file does not have are there too, empty."""
    parts = {"topics": [t.name for t in topics], "images": [image.url for image in images]}
    found = {}
    for name in KEYS:
        value, said = _value(name, story, record, parts), _said(name, record)
        owner = owners.get(name)
        differs = record is not None and owner is not None and owner.kind != "robot"
        found[name] = Field(
            name,
            IN_FILE[name],
            key_of(name, vocabulary_of(story)),
            SHAPES.get(name, "word"),
            value,
            owner,
            said,
            differs and value != said,
        )
    return found


def _value(
    name: str, story: Story, record: StoryRecord | None, parts: Mapping[str, list[str]]
) -> Any:
    """What the desk says."""
    if name in parts:
        return parts[name]
    if name == "provider":
        return " · ".join(filter(None, (story.provider_name, story.provider_domain)))
    if name == "related":
        return _entries(story.related_count)
    if name == "secured":
        return _("kept as it is, never shown") if record and record.has_secured else ""
    if name in ONLY_IN_FILE:
        return getattr(record, name, None)
    return getattr(story, name)


def _said(name: str, record: StoryRecord | None) -> Any:
    """What the file says, in the same shape."""
    if record is None or name in {"provider", "secured"}:
        return None
    if name == "related":
        return _entries(len(record.linked))
    if name == "images":
        return [image.url for image in record.images or ()]
    value = getattr(record, name)
    return list(value) if isinstance(value, tuple) else value


def _entries(number: int) -> str:
    return _("no stories") if not number else _("1 story") if number == 1 else f"{number} stories"
