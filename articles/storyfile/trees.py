"""Records as the trees that `emit` writes: which keys, in which order, spelled how.

Order and choice of keys are those of the real files: a related entry names its provider without
logos and its images without titles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from articles.storyfile.emit import Scalar, Text, Url, Value, Word
from articles.storyfile.errors import EditRefused
from articles.storyfile.record import (
    IMAGE_KEYS,
    KEYS,
    PROVIDER_KEYS,
    RELATED_KEYS,
    ImageRecord,
    ProviderRecord,
    RelatedRecord,
    StoryRecord,
    Vocabulary,
)

TEXTS = frozenset({"title", "excerpt", "featured_content", "highlight"})
WORDS = frozenset({"category", "kind"})
URLS = frozenset({"web_url", "original_url", "amp_url", "cdn_amp_url"})
SWITCHES = frozenset({"published", "removed"})
NUMBERS = frozenset({"quality", "heat"})
INSTANTS = frozenset({"published_at", "updated_at"})
SCALARS = TEXTS | WORDS | URLS | SWITCHES | NUMBERS | INSTANTS

Pairs = dict[str, Value]

_WRAPPERS: Mapping[str, Callable[[str], Scalar]] = {
    **dict.fromkeys(TEXTS, Text),
    **dict.fromkeys(WORDS, Word),
    **dict.fromkeys(URLS, Url),
}


def scalar(field: str, raw: object) -> Scalar | None:
    """A field's value as it will be written; None where the line has to go.

    Raises EditRefused for a value of the wrong type, so that no file gets one.
    """
    if raw is None or (field in URLS and raw == ""):
        return None
    if field in _WRAPPERS and isinstance(raw, str):
        return _WRAPPERS[field](raw)
    if field in SWITCHES and isinstance(raw, bool):
        return raw
    if field in NUMBERS and isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if field in INSTANTS and isinstance(raw, datetime):
        return raw
    raise EditRefused(f"{field} cannot be {type(raw).__name__}.")


def image_tree(image: ImageRecord, *, titled: bool = True) -> Pairs:
    """One image; a missing size or title has no line."""
    values: dict[str, Value | None] = {
        "url": Url(image.url),
        "width": image.width,
        "height": image.height,
        "is_cached": image.is_cached,
    }
    if titled:
        values["title"] = None if image.title is None else Text(image.title)
        values["attribution"] = None if image.attribution is None else Text(image.attribution)
    return {IMAGE_KEYS[field]: value for field, value in values.items() if value is not None}


def provider_tree(provider: ProviderRecord, *, logos: bool = True) -> Pairs:
    """The provider with its logos, where the story's own."""
    tree: Pairs = {PROVIDER_KEYS["name"]: Word(provider.name)}
    if provider.domain:
        tree[PROVIDER_KEYS["domain"]] = Word(provider.domain)
    if logos and provider.images:
        tree[PROVIDER_KEYS["images"]] = [image_tree(image) for image in provider.images]
    return tree


def related_tree(entry: RelatedRecord, vocabulary: Vocabulary) -> Pairs:
    """One entry of `related`; a value that is not known has no line."""
    values: dict[str, Value | None] = {
        field: scalar(field, getattr(entry, field) or None)
        for field in ("original_url", "web_url", "amp_url", "cdn_amp_url", "kind")
    }
    values |= {
        "title": Text(entry.title),
        "excerpt": Text(entry.excerpt),
        "published_at": entry.published_at,
        "provider": provider_tree(entry.provider, logos=False) if entry.provider else None,
        "quality": entry.quality,
        "images": [image_tree(image, titled=False) for image in entry.images or ()] or None,
    }
    return {
        spelling[vocabulary]: value
        for field, spelling in RELATED_KEYS.items()
        if (value := values[field]) is not None
    }


def story_trees(story: StoryRecord, vocabulary: Vocabulary) -> list[Pairs]:
    """The sections of a story file, in order; a new file has no `secured`."""
    head: Pairs = {}
    for field in KEYS:
        if field in SCALARS - {"featured_content"}:
            raw = getattr(story, field)
            value = scalar(field, None if raw == "" and field not in {"title", "excerpt"} else raw)
            if value is not None and not (field == "removed" and value is False):
                head[KEYS[field][vocabulary]] = value
    sections: dict[str, Value] = {
        "featured_content": Text(story.featured_content) if story.featured_content else [],
        "tags": [Word(name) for name in story.tags or ()],
        "provider": provider_tree(story.provider) if story.provider else [],
        "topics": [Word(name) for name in story.topics],
        "images": [image_tree(image) for image in story.images or ()],
        "related": [related_tree(entry, vocabulary) for entry in story.related],
    }
    filled = [{KEYS[field][vocabulary]: value} for field, value in sections.items() if value != []]
    return [head, *filled]
