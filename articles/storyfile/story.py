"""Reading the story as a whole: what its values mean together, and for the publisher.

The publisher's truth decides about `published`; what would break the public pages is flagged.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from yaml.nodes import ScalarNode, SequenceNode

from articles.storyfile.addresses import Addresses, older, read_addresses
from articles.storyfile.errors import Issue
from articles.storyfile.issues import clipped, publish_verdict
from articles.storyfile.parts import Spelling, read_images, read_provider, read_topics
from articles.storyfile.reading import (
    LONGEST_EXCERPT,
    Fields,
    Reading,
    check_comment,
    check_text,
    read_flag,
    read_instant,
    read_number,
    read_text,
    read_title,
)
from articles.storyfile.related import EntryReading, check_list, records
from articles.storyfile.scalars import (
    BOOL_TAG,
    implausible,
    is_null,
    is_standard_flag,
    plain_flag,
    stamp,
)
from articles.storyfile.shapes import StoryRecord, Vocabulary
from articles.weburl import youtube_id

SUPERSEDED_HEAT = -1
CIPHER_BLOCK = 16

_LIQUID = re.compile(r"\{[{%]")
# Tags; the publisher's `{: onclick=...}`; links to anything but web addresses, disguised ones too.
# No part may look at the same text again and again: a body of a megabyte can be all brackets.
_HTML = re.compile(
    r"<(?:[a-z][a-z0-9-]*(?:[\s/][^<>]*)?>|/[a-z]|!--|!\[|\?"
    r"|(?:script|style|iframe|svg|img|object|embed|form|base|meta|link)\b)"
    r"|\{:|(?:\]\(|\]:)\s*+<?\s*+(?!https?:|mailto:)[^\s)>/?#]{0,99}(?:[:\\]|&(?:#|colon|tab|newl))",
    re.IGNORECASE,
)
_URL_SAFE = str.maketrans("-_", "+/")
_DIALECT_FIELDS = ("web_url", "amp_url", "cdn_amp_url")


@dataclass(frozen=True, slots=True)
class Page:
    """One file cut into what the story is made of: its fields, keys unknown to us, and body."""

    fields: Fields
    extras: tuple[ScalarNode, ...]
    related: Sequence[EntryReading]
    body: str


def build_record(
    reading: Reading, page: Page, spelling: Spelling, now: datetime | None
) -> StoryRecord:
    """Make the record of a story, with all doubts of the file in the order of its lines."""
    fields = page.fields
    urls = _story_addresses(reading, page)
    title = read_title(reading, fields)
    excerpt = _excerpt(reading, fields)
    published_at = _published_at(reading, fields, now or datetime.now(UTC))
    quality = read_number(reading, fields, "quality")
    heat = read_number(reading, fields, "heat")
    _note_heat(reading, page, quality, heat)
    published = read_published(reading, fields)
    provider = read_provider(reading, fields, spelling)
    topics = read_topics(reading, fields)
    images = read_images(reading, fields, spelling.image)
    has_secured = _secured(reading, fields)
    _check_body(reading, page.body)
    _check_extras(reading, page, spelling)
    category, kind = read_text(reading, fields, "category"), read_text(reading, fields, "kind")
    rare = _Rare.read(reading, fields)
    issues = tuple(sorted(reading.issues, key=_line)) if reading.issues else ()
    return StoryRecord(
        category=category,
        title=title,
        excerpt=excerpt,
        published_at=published_at,
        updated_at=rare.updated_at,
        web_url=urls.web,
        source_url=urls.second,
        original_url=urls.original,
        amp_url=urls.amp,
        cdn_amp_url=urls.cdn_amp,
        kind=kind,
        quality=quality,
        heat=heat,
        published=published,
        removed=rare.removed,
        featured_content=rare.featured_content,
        highlight=rare.highlight,
        tags=rare.tags,
        provider=provider,
        topics=topics,
        images=images,
        related=records(page.related),
        vocabulary=_vocabulary(fields),
        has_secured=has_secured,
        extras=tuple(str(key.value) for key in page.extras),
        body=page.body,
        issues=issues,
        notes=tuple(reading.notes),
        locked=reading.locked,
        publish=publish_verdict(issues),
    )


def _line(found: Issue) -> int:
    return found.line or 0


@dataclass(frozen=True, slots=True)
class _Rare:
    """The fields that most files do not have."""

    updated_at: datetime | None
    removed: bool
    featured_content: str
    highlight: str
    tags: tuple[str, ...] | None

    @classmethod
    def read(cls, reading: Reading, fields: Fields) -> _Rare:
        if fields.keys().isdisjoint(_RARE_FIELDS):
            return _NOTHING_RARE
        return cls(
            read_instant(reading, fields, "updated_at"),
            bool(read_flag(reading, fields, "removed")),
            _featured(reading, fields),
            read_text(reading, fields, "highlight"),
            _tags(reading, fields),
        )


_RARE_FIELDS = frozenset({"updated_at", "removed", "featured_content", "highlight", "tags"})
_NOTHING_RARE = _Rare(None, False, "", "", None)


def _story_addresses(reading: Reading, page: Page) -> Addresses:
    fields = page.fields
    urls = read_addresses(reading, fields)
    own = (urls.web, urls.second, urls.original)
    if not any(url.strip() for url in own):
        reading.doubt("url.missing", fields["web_url"][0] if "web_url" in fields else None)
    if page.related:
        check_list(reading, fields["related"][0], page.related, own)
    return urls


def _excerpt(reading: Reading, fields: Fields) -> str:
    text = read_text(reading, fields, "excerpt")
    if text:
        key, value = fields["excerpt"]
        if len(text) > LONGEST_EXCERPT:
            reading.doubt("excerpt.long", key, size=len(text))
        check_comment(reading, key, value, key.value)
    return text


def _published_at(reading: Reading, fields: Fields, now: datetime) -> datetime | None:
    if "published_at" not in fields:
        reading.doubt("date.missing", None)
        return None
    value = read_instant(reading, fields, "published_at")
    code = implausible(value, now) if value is not None else ""
    if value is not None and code:
        reading.doubt(code, fields["published_at"][0], value=stamp(value))
    return value


def read_published(reading: Reading, fields: Fields) -> bool:
    """Say whether the publisher shows the story: it hides one only for a real false or null."""
    entry = fields.get("published")
    if entry is None:
        reading.doubt("published.missing", None)
        return True
    key, value = entry
    flag = plain_flag(value)
    if flag is not None and is_standard_flag(value):
        return flag
    live = not is_null(value) if flag is None else flag
    text = repr(clipped(str(value.value))) if isinstance(value, ScalarNode) else "as a list"
    text = "as nothing" if is_null(value) else text
    if flag is not None and value.tag == BOOL_TAG:
        word = str(flag).lower()
        reading.doubt("bool.form", key, field=key.value, text=clipped(value.value), value=word)
    else:
        outcome = "shows the story" if live else "hides the story"
        reading.doubt("published.type", key, text=text, value=outcome)
    return live


def _note_heat(reading: Reading, page: Page, quality: int | None, heat: int | None) -> None:
    """Note a heat that no weight of related coverage explains; each site has its own weight."""
    if heat is None or quality is None or heat in {SUPERSEDED_HEAT, quality}:
        return
    bonus = heat - quality
    sizes = {len(page.related), len({entry.url for entry in page.related if entry.url})}
    if bonus < 0 or not any(size and bonus % size == 0 for size in sizes):
        size = len(page.related)
        key = page.fields["heat"][0]
        reading.note("heat.unexpected", key, text=heat, value=quality, size=size)


def _featured(reading: Reading, fields: Fields) -> str:
    entry = fields.get("featured_content")
    if entry is None or is_null(entry[1]):
        return ""
    key, value = entry
    html = str(value.value) if isinstance(value, ScalarNode) else ""
    is_player = youtube_id(html) is not None
    if not is_player and (html.strip() or not isinstance(value, ScalarNode)):
        reading.doubt("featured.untrusted", key)
    return html


def _tags(reading: Reading, fields: Fields) -> tuple[str, ...] | None:
    entry = fields.get("tags")
    if entry is None or is_null(entry[1]):
        return None
    key, value = entry
    items = value.value if isinstance(value, SequenceNode) else [value]
    words = tuple(str(i.value) for i in items if isinstance(i, ScalarNode) and not is_null(i))
    if len(words) != len(items) or not isinstance(value, SequenceNode):
        reading.doubt("text.type", key, field=key.value)
    return words


def _vocabulary(fields: Fields) -> Vocabulary:
    if any(older(name) in fields for name in _DIALECT_FIELDS):
        return "web" if any(name in fields for name in _DIALECT_FIELDS) else "source"
    return "web"


def _secured(reading: Reading, fields: Fields) -> bool:
    entry = fields.get("secured")
    if entry is None:
        return False
    key, value = entry
    if not isinstance(value, ScalarNode) or not _is_cipher(str(value.value)):
        reading.doubt("secured.malformed", key)
    return True


def _is_cipher(text: str) -> bool:
    """Whether a text is base64 of whole cipher blocks, a semicolon, base64 of a 16-byte IV."""
    parts = text.translate(_URL_SAFE).split(";") if "-" in text or "_" in text else text.split(";")
    try:
        cipher, vector = (base64.b64decode(part, validate=True) for part in parts)
    except (binascii.Error, ValueError):
        return False
    return bool(cipher) and len(cipher) % CIPHER_BLOCK == 0 and len(vector) == CIPHER_BLOCK


def _check_body(reading: Reading, body: str) -> None:
    if not body or body.isspace():
        return
    reading.note("body.present", None)
    check_text(reading, body, None, "text below the front matter", one_line=False)
    if _LIQUID.search(body):
        reading.doubt("body.liquid", None)
    if _HTML.search(body):
        reading.doubt("body.html", None)


def _check_extras(reading: Reading, page: Page, spelling: Spelling) -> None:
    for key in page.extras:
        if key.value in spelling.control:
            reading.doubt("key.publisher_control", key, text=key.value)
