"""The nouns of a story file as plain values: what `record.py` reads and `edits.py` writes.

Nothing here knows how a key is spelled in a file (that is `record.py`) nor where a value stood.
All values are immutable, comparable and picklable; absent text is `""`, an unknown number or
instant is `None`, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from articles.storyfile.errors import Issue

Vocabulary = Literal["web", "source"]
Publish = Literal["allowed", "blocked", "normalise"]


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """One image as the file names it. `url` may be relative to the site (`/assets/...`)."""

    url: str
    width: int | None = None
    height: int | None = None
    title: str | None = None
    is_cached: bool | None = None
    attribution: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderRecord:
    """Who published the story; `domain` is the registrable domain of the article's host."""

    name: str
    domain: str
    images: tuple[ImageRecord, ...] | None = None


@dataclass(frozen=True, slots=True)
class RelatedRecord:
    """One entry of `related`: other coverage of the same event, as this file describes it."""

    title: str
    excerpt: str
    published_at: datetime | None
    web_url: str
    original_url: str
    amp_url: str
    cdn_amp_url: str
    kind: str
    provider: ProviderRecord | None
    quality: int | None
    images: tuple[ImageRecord, ...] | None

    @property
    def url(self) -> str:
        """The address that identifies the entry: the article's, else the original's."""
        return self.web_url or self.original_url


@dataclass(frozen=True, slots=True)
class StoryRecord:
    """Everything the desk, the site and the judge need to know of one story file.

    `published` is what the publisher will do with the file, not what the text looks like.
    `images` is `None` where the file has no such key. `source_url` is the older key's address
    where it stands *beside* `web_url`; alone, it is the `web_url`. `extras` names the keys the
    desk does not know. The encrypted field is only known to be there (`has_secured`).
    """

    category: str
    title: str
    excerpt: str
    published_at: datetime | None
    updated_at: datetime | None
    web_url: str
    source_url: str
    original_url: str
    amp_url: str
    cdn_amp_url: str
    kind: str
    quality: int | None
    heat: int | None
    published: bool
    removed: bool
    featured_content: str
    highlight: str
    tags: tuple[str, ...] | None
    provider: ProviderRecord | None
    topics: tuple[str, ...]
    images: tuple[ImageRecord, ...] | None
    related: tuple[RelatedRecord, ...]
    vocabulary: Vocabulary
    has_secured: bool
    extras: tuple[str, ...]
    body: str
    issues: tuple[Issue, ...]
    notes: tuple[Issue, ...]
    locked: bool
    publish: Publish

    @property
    def url(self) -> str:
        """The address that identifies the story: webUrl, else sourceUrl, else originalUrl."""
        return self.web_url or self.original_url

    @property
    def linked(self) -> tuple[RelatedRecord, ...]:
        """The related entries that can be tied to another story: one per address, never itself."""
        own = {self.web_url, self.original_url}
        first: dict[str, RelatedRecord] = {}
        for entry in self.related:
            if entry.url and entry.url not in own:
                first.setdefault(entry.url, entry)
        return tuple(first.values())
