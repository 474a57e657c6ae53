"""What a parsed file says, as values of the columns of a story."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from articles.filing import image_values
from articles.repository.parsing import ParsedFile
from articles.storyfile.issues import publish_verdict
from articles.storyfile.record import StoryRecord

# Columns of Story that a file alone decides, in the order of `file_values`.
FILE_COLUMNS = (
    "path",
    "path_key",
    "url_key",
    "file_digest",
    "vocabulary",
    "title",
    "excerpt",
    "category",
    "kind",
    "published_at",
    "web_url",
    "original_url",
    "amp_url",
    "cdn_amp_url",
    "provider_name",
    "provider_domain",
    "provider_images",
    "quality",
    "heat",
    "published",
    "removed",
    "featured_content",
    "body",
    "extras",
    "publish_gate",
    "locked",
)


ENTRY = "entry"
"""Where `extras` of a story without a file keeps the digest of the entry that describes it."""


def file_values(parsed: ParsedFile) -> list[Any]:
    """The values of FILE_COLUMNS."""
    record = parsed.record
    provider = record.provider
    return [
        parsed.path,
        parsed.path_key,
        parsed.own_key,
        parsed.digest,
        record.vocabulary,
        record.title,
        record.excerpt,
        record.category[:100],
        record.kind[:16],
        record.published_at,
        record.web_url,
        record.original_url,
        record.amp_url,
        record.cdn_amp_url,
        provider.name if provider else "",
        provider.domain if provider else "",
        provider_images(record),
        record.quality,
        record.heat,
        record.published,
        record.removed,
        record.featured_content,
        record.body,
        extras(record),
        publish_verdict(parsed.issues),
        record.locked,
    ]


def provider_images(record: StoryRecord) -> list[dict[str, Any]] | None:
    """The provider's logos as the story's file lists them; None where it lists none."""
    provider = record.provider
    if provider is None or provider.images is None:
        return None
    return [image_values(image) for image in provider.images]


def extras(record: StoryRecord) -> dict[str, Any]:
    """What the file says beyond the story's columns; `other_keys` names the keys nobody knows."""
    values: Mapping[str, Any] = {
        "updated_at": _instant(record.updated_at),
        "source_url": record.source_url,
        "highlight": record.highlight,
        "tags": None if record.tags is None else list(record.tags),
        "other_keys": list(record.extras),
    }
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _instant(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"
