"""What the file of a story has to say, where a person owns the field.

One rule for two readers: the desk asks whether a file is to be written (`Story.pending`), the
exporter what is to be written into it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from articles.models import Story, StoryImage, StoryTopic
from articles.storyfile.issues import NORMALISE_CODES
from articles.storyfile.record import (
    ImageRecord,
    ProviderRecord,
    RelatedRecord,
    StoryRecord,
    Vocabulary,
)
from articles.weburl import url_key

COLUMNS = (
    *("title", "excerpt", "kind", "web_url", "original_url", "amp_url", "cdn_amp_url"),
    *("quality", "heat", "published", "removed", "published_at"),
)
"""Fields whose value in the row is the value in the file's record."""

FILE_FIELDS = frozenset({*COLUMNS, "topics", "images", "related"})
"""The fields of a story that stand in its file."""

HARMLESS = frozenset({"published", "removed", "heat"})
"""Fields whose value, written by the desk, raises no doubt in a file that has none."""

IMAGE_FIELDS = ("url", "width", "height", "title", "is_cached", "attribution")
"""What a file may say of an image."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The topics and images of stories, which stand outside their rows, by story id."""

    topics: Mapping[int, Sequence[str]]
    images: Mapping[int, Sequence[ImageRecord]]

    def topics_of(self, story: Story) -> list[str]:
        """The story's topics as its file spells them, in order."""
        return list(self.topics.get(story.pk, ()))

    def images_of(self, story: Story) -> list[ImageRecord]:
        """The story's images in order."""
        return list(self.images.get(story.pk, ()))


def differences(
    story: Story, record: StoryRecord, fields: Collection[str], parts: Parts
) -> dict[str, object]:
    """The fields among `fields` that the file does not say as the desk does, with their values.

    `record` is what the file says. Related coverage is asked of `leaving_and_joining`.
    """
    both: dict[str, tuple[object, object]] = {
        **{name: (getattr(story, name), getattr(record, name)) for name in COLUMNS},
        "topics": (parts.topics_of(story), list(record.topics)),
        "images": (parts.images_of(story), list(record.images or ())),
    }
    found = {
        field: value for field, (value, said) in both.items() if field in fields and value != said
    }
    if "published_at" in fields and has_odd_date(record):
        found["published_at"] = story.published_at
    return found


def leaving_and_joining(
    record: StoryRecord, listed: Collection[str], members: Collection[str]
) -> tuple[set[str], set[str]]:
    """Who is to leave and who to join the file's related coverage, by identity of address.

    `listed` are the entries the file has, `members` the other stories of the group. Entries
    without an address, and one of the story itself, are left as they are.
    """
    own = {url_key(url) for url in (record.web_url, record.original_url) if url}
    return {*listed} - {*members} - own - {""}, {*members} - {*listed}


def has_odd_date(record: StoryRecord) -> bool:
    """Whether publishing rewrites the date as a full UTC timestamp."""
    return any(issue.code in NORMALISE_CODES for issue in record.issues)


def new_record(story: Story, parts: Parts, related: Iterable[RelatedRecord] = ()) -> StoryRecord:
    """A story without a file as the record of the file it gets, but for its heavy columns."""
    return StoryRecord(
        category=story.category,
        title=story.title,
        excerpt=story.excerpt,
        published_at=story.published_at,
        updated_at=None,
        web_url=story.web_url,
        source_url="",
        original_url=story.original_url,
        amp_url=story.amp_url,
        cdn_amp_url=story.cdn_amp_url,
        kind=story.kind,
        quality=story.quality,
        heat=story.heat,
        published=story.published,
        removed=story.removed,
        featured_content="",
        highlight="",
        tags=None,
        provider=provider_of(story),
        topics=tuple(parts.topics_of(story)),
        images=tuple(parts.images_of(story)) or None,
        related=tuple(related),
        vocabulary=vocabulary_of(story),
        has_secured=False,
        extras=(),
        body="",
        issues=(),
        notes=(),
        locked=False,
        publish="allowed",
    )


def vocabulary_of(story: Story) -> Vocabulary:
    """The spelling of the keys in the story's file."""
    return "source" if story.vocabulary == "source" else "web"


def provider_of(
    story: Story, *, images: tuple[ImageRecord, ...] | None = None
) -> ProviderRecord | None:
    """Who published the story, as its file says it."""
    if not (story.provider_name or story.provider_domain):
        return None
    return ProviderRecord(story.provider_name, story.provider_domain, images)


def topic_names(story_ids: Iterable[int]) -> dict[int, list[str]]:
    """The topics of stories as their files spell them, in order."""
    found: dict[int, list[str]] = {}
    if ids := list(story_ids):
        rows = StoryTopic.objects.filter(story_id__in=ids).order_by("story_id", "position")
        for story_id, spelling, name in rows.values_list("story_id", "name", "topic__name"):
            found.setdefault(story_id, []).append(spelling or name)
    return found


def image_records(story_ids: Iterable[int]) -> dict[int, list[ImageRecord]]:
    """The images of stories in the order of their files."""
    found: dict[int, list[ImageRecord]] = {}
    if ids := list(story_ids):
        rows = StoryImage.objects.filter(story_id__in=ids).order_by("story_id", "position")
        for story_id, *values in rows.values_list("story_id", *IMAGE_FIELDS):
            said: dict[str, Any] = dict(zip(IMAGE_FIELDS, values, strict=True))
            found.setdefault(story_id, []).append(ImageRecord(**said))
    return found


def image_values(image: ImageRecord) -> dict[str, Any]:
    """An image as JSON keeps it: what the file does not say is left out."""
    said = ((name, getattr(image, name)) for name in IMAGE_FIELDS)
    return {name: value for name, value in said if value is not None}
