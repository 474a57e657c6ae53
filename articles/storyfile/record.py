"""The only place that spells the keys of a story file.

Above this module everything speaks field names (`web_url`), below it nothing knows a key. Two
vocabularies exist: `source` (January 2020: `sourceUrl`, `ampUrl`, `cdnAmpUrl`) and `web` (since
February 2020: `webUrl`, `ampWebUrl`, `cdnAmpWebUrl`); all other keys are spelled alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from yaml.nodes import Node, ScalarNode

from articles.storyfile.addresses import older
from articles.storyfile.document import Document
from articles.storyfile.emit import HOUSE
from articles.storyfile.errors import EditRefused
from articles.storyfile.issues import publish_verdict
from articles.storyfile.parts import Spelling
from articles.storyfile.reading import Reading
from articles.storyfile.related import read_related
from articles.storyfile.shapes import (
    ImageRecord,
    ProviderRecord,
    Publish,
    RelatedRecord,
    StoryRecord,
    Vocabulary,
)
from articles.storyfile.sheet import Sheet
from articles.storyfile.story import Page, build_record

__all__ = [
    "IMAGE_KEYS",
    "KEYS",
    "PROVIDER_KEYS",
    "RELATED_KEYS",
    "ImageRecord",
    "ProviderRecord",
    "Publish",
    "RelatedRecord",
    "StoryRecord",
    "Vocabulary",
    "key_of",
    "publish_verdict",
    "read_record",
]


def _same(key: str) -> dict[Vocabulary, str]:
    return {"web": key, "source": key}


WEB_URL: Mapping[Vocabulary, str] = {"web": "webUrl", "source": "sourceUrl"}
AMP_URL: Mapping[Vocabulary, str] = {"web": "ampWebUrl", "source": "ampUrl"}
CDN_AMP_URL: Mapping[Vocabulary, str] = {"web": "cdnAmpWebUrl", "source": "cdnAmpUrl"}

# Field -> its spelling per vocabulary, in the order in which a new file lists them.
KEYS: Mapping[str, Mapping[Vocabulary, str]] = {
    "category": _same("category"),
    "title": _same("title"),
    "excerpt": _same("excerpt"),
    "published_at": _same("publishedDateTime"),
    "updated_at": _same("updatedDateTime"),
    "original_url": _same("originalUrl"),
    "web_url": WEB_URL,
    "amp_url": AMP_URL,
    "cdn_amp_url": CDN_AMP_URL,
    "kind": _same("type"),
    "quality": _same("quality"),
    "heat": _same("heat"),
    "published": _same("published"),
    "removed": _same("removed"),
    "featured_content": _same("featuredContent"),
    "highlight": _same("highlight"),
    "tags": _same("tags"),
    "provider": _same("provider"),
    "topics": _same("topics"),
    "images": _same("images"),
    "related": _same("related"),
    "secured": _same("secured"),
}

RELATED_KEYS: Mapping[str, Mapping[Vocabulary, str]] = {
    field: KEYS[field]
    for field in (
        "title",
        "excerpt",
        "published_at",
        "original_url",
        "web_url",
        "amp_url",
        "cdn_amp_url",
        "kind",
        "provider",
        "quality",
        "images",
    )
}

PROVIDER_KEYS: Mapping[str, str] = {"name": "name", "domain": "domain", "images": "images"}

IMAGE_KEYS: Mapping[str, str] = {
    "url": "url",
    "width": "width",
    "height": "height",
    "is_cached": "isCached",
    "title": "title",
    "attribution": "attribution",
}


def key_of(field: str, vocabulary: Vocabulary = "web") -> str:
    """Return the spelling of a story's or related entry's `field` in that vocabulary."""
    return KEYS[field][vocabulary]


def _reading_names(keys: Mapping[str, Mapping[Vocabulary, str]]) -> dict[str, str]:
    names = {spelling["web"]: field for field, spelling in keys.items()}
    for field, spelling in keys.items():
        names.setdefault(spelling["source"], older(field))
    return names


SPELLING = Spelling(
    story=_reading_names(KEYS),
    related=_reading_names(RELATED_KEYS),
    provider={key: field for field, key in PROVIDER_KEYS.items()},
    image={key: field for field, key in IMAGE_KEYS.items()},
    control=frozenset(
        {
            *("permalink", "redirect_to", "redirect_from", "layout", "date", "slug"),
            *("ext", "sitemap", "render_with_liquid"),
        }
    ),
)
"""Which field each key stands for; the older spellings come under `older(field)`."""


RELATED_LINE = f"{KEYS['related']['web']}:"
"""The line that opens the related entries in every file of the house style."""


def read_record(document: Document, *, now: datetime | None = None) -> StoryRecord:
    """Read everything a story file says, with every doubt about it; never fails.

    `now` is the instant against which future dates are judged (the present one by default).
    """
    reading = Reading(document)
    if document.has_bom:
        reading.note("encoding.bom", document.root)
    fields = reading.fields(document.root, SPELLING.story)
    found = read_related(reading, fields, SPELLING)
    reading.locked = reading.locked or _is_out_of_reach(document)
    page = Page(fields, extras_of(document.pairs()), found, document.body)
    return build_record(reading, page, SPELLING, now)


def _is_out_of_reach(document: Document) -> bool:
    """Whether a decision about the story has no line of its own to stand in."""
    sheet = Sheet(document.text, document.root, HOUSE["web"])
    try:
        for field in _DECIDED:
            pair = sheet.own_pair(document.root, KEYS[field].values())
            if pair:
                sheet.refuse_shared(*pair)
    except EditRefused:
        return True
    return False


_DECIDED = ("published", "removed", "heat")


def extras_of(pairs: Iterable[tuple[Node, Node]]) -> tuple[ScalarNode, ...]:
    """Return the keys that the desk does not know, in their order."""
    known = SPELLING.story
    return tuple(key for key, _ in pairs if isinstance(key, ScalarNode) and key.value not in known)
