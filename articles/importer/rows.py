"""Rows of new stories, as values in the order of the columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from articles.filing import image_values
from articles.importer.catalogue import Catalogue
from articles.importer.columns import ENTRY, FILE_COLUMNS, file_values
from articles.importer.network import Node
from articles.models import Story
from articles.models.story_file import pack_ids
from articles.repository.parsing import ParsedFile
from articles.rules import UNKNOWN_DATE
from articles.storyfile.errors import Issue
from articles.storyfile.record import ImageRecord, RelatedRecord

# Columns that depend on the desk, the group or the moment, in the order of `_own_values`.
OWN_COLUMNS = (
    "id",
    "provider_id",
    "coverage_id",
    "is_lead",
    "related_count",
    "queue",
    "recent",
    "issue_count",
)
STAMP_COLUMNS = ("site_id", "created_at", "updated_at")
_GIVEN = {*FILE_COLUMNS, *OWN_COLUMNS, *STAMP_COLUMNS}
_DEFAULTS = {
    field.attname: field.get_default()
    for field in Story._meta.concrete_fields
    if field.attname not in _GIVEN and not field.generated
}
STORY_COLUMNS = (*FILE_COLUMNS, *OWN_COLUMNS, *STAMP_COLUMNS, *_DEFAULTS)

TOPIC_COLUMNS = ("story_id", "topic_id", "position", "name", "listed_at", "queue", "published")
IMAGE_COLUMNS = (
    "story_id", "position", "url", "width", "height", "title", "is_cached", "attribution",
)  # fmt: skip
PROBLEM_COLUMNS = ("story_id", "code", "line", "message")
FILE_BYTES_COLUMNS = ("story_id", "head", "blocks", "tail")
BLOCK_COLUMNS = ("id", "digest", "url_key", "text")


def story_rows(
    nodes: Iterable[Node],
    site_id: int,
    catalogue: Catalogue,
    issues: dict[Node, int],
    now: datetime,
) -> Iterator[list[Any]]:
    """A row of STORY_COLUMNS for each node; `issues` counts the doubts of those that have any."""
    defaults = list(_DEFAULTS.values())
    for node in nodes:
        if node.incoming is not None:
            values = file_values(node.incoming)
            provider = node.incoming.record.provider
        else:
            record = entry_record(node)
            values = entry_values(node, record)
            provider = record.provider
        yield [
            *values,
            node.id,
            catalogue.provider_id(provider),
            node.coverage_id,
            node.is_lead,
            node.related_count,
            node.queue,
            node.recent,
            issues.get(node, 0),
            site_id,
            now,
            now,
            *defaults,
        ]


def entry_record(node: Node) -> RelatedRecord:
    """What a related block says of a story without a file."""
    if node.entry is None or node.entry.record is None:
        raise LookupError(f"No entry describes the story {node.url_key}.")
    return node.entry.record


def entry_values(node: Node, record: RelatedRecord) -> list[Any]:
    """The values of FILE_COLUMNS of a story without a file."""
    provider = record.provider
    return [
        None,
        None,
        node.url_key,
        "",
        "web",
        record.title,
        record.excerpt,
        "news",
        record.kind[:16],
        record.published_at,
        record.web_url,
        record.original_url,
        record.amp_url,
        record.cdn_amp_url,
        provider.name if provider else "",
        provider.domain if provider else "",
        None if provider is None or provider.images is None else _images(provider.images),
        record.quality,
        None,
        False,
        False,
        "",
        "",
        {ENTRY: node.entry.digest if node.entry else ""},
        Story.Gate.ALLOWED.value,
        False,
    ]


def _images(images: Iterable[ImageRecord]) -> list[dict[str, Any]]:
    return [image_values(image) for image in images]


def topic_rows(nodes: Iterable[Node], catalogue: Catalogue) -> Iterator[list[Any]]:
    """Rows of TOPIC_COLUMNS; a topic a file lists twice is taken once."""
    for node in nodes:
        if node.incoming is None:
            continue
        listed_at = node.published_at or UNKNOWN_DATE
        queue, published = node.queue, node.published
        for position, (topic_id, name) in enumerate(distinct_topics(node.incoming, catalogue)):
            yield [node.id, topic_id, position, name, listed_at, queue, published]


def distinct_topics(incoming: ParsedFile, catalogue: Catalogue) -> list[tuple[int, str]]:
    """The ids of a file's topics in its order, with the file's own spelling where it differs."""
    found: dict[int, str] = {}
    for name in incoming.record.topics:
        topic = catalogue.topic(name)
        found.setdefault(topic.id, "" if topic.name == name else name)
    return list(found.items())


def images_of(node: Node) -> tuple[ImageRecord, ...]:
    """The pictures of a story, from its file or from the entry that describes it."""
    if node.incoming is not None:
        return node.incoming.record.images or ()
    return entry_record(node).images or ()


def image_rows(nodes: Iterable[Node]) -> Iterator[list[Any]]:
    """Rows of IMAGE_COLUMNS."""
    for node in nodes:
        for position, image in enumerate(images_of(node)):
            yield [
                node.id,
                position,
                image.url,
                image.width,
                image.height,
                image.title,
                image.is_cached,
                image.attribution,
            ]


def problem_rows(nodes: Iterable[Node], cross: dict[Node, list[Issue]]) -> Iterator[list[Any]]:
    """Rows of PROBLEM_COLUMNS: the doubts of each file, then those beside other stories."""
    for node in nodes:
        own = node.incoming.issues if node.incoming is not None else ()
        for issue in (*own, *cross.get(node, ())):
            yield [node.id, issue.code[:40], issue.line, issue.message]


def file_rows(nodes: Iterable[Node]) -> Iterator[list[Any]]:
    """Rows of FILE_BYTES_COLUMNS; the references have their block ids by now."""
    for node in nodes:
        incoming = node.incoming
        if incoming is not None:
            ids = [r.block_id for r in incoming.references if r.text is not None]
            yield [node.id, incoming.head, pack_ids(ids), incoming.tail]
