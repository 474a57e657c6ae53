"""Reading `related`: the other coverage of the event, as the file lists it.

Entries are kept as written, odd ones too. An entry is read by itself, without a look at the story
around it, so that the fast reader can read the same text once for a thousand files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from articles.storyfile.addresses import Addresses, check_address, read_addresses
from articles.storyfile.errors import Issue
from articles.storyfile.issues import clipped, issue
from articles.storyfile.parts import Spelling, read_images, read_provider
from articles.storyfile.reading import (
    Fields,
    Reading,
    read_instant,
    read_number,
    read_text,
    read_title,
)
from articles.storyfile.scalars import is_null
from articles.storyfile.shapes import RelatedRecord

_BARE_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)

# Doubts of an entry that stand for themselves; all others are gathered into `related.fields`.
_OWN_DOUBTS = ("url.", "text.", "key.", "image.private_host")


@dataclass(frozen=True, slots=True)
class EntryReading:
    """One related entry as read, with its doubts; lines count from the entry's first, as 0."""

    record: RelatedRecord | None
    url: str
    issues: tuple[Issue, ...] = ()
    notes: tuple[Issue, ...] = ()
    locked: bool = False

    @property
    def is_doubtful(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.issues or self.notes)

    def tell(self, reading: Reading, first_line: int) -> None:
        """Pass the doubts on to the reading of a file in which the entry begins on that line."""
        reading.take(_shifted(self.issues, first_line), _shifted(self.notes, first_line))
        reading.locked = reading.locked or self.locked


def _shifted(found: Sequence[Issue], by: int) -> tuple[Issue, ...]:
    return tuple(Issue(i.code, i.message, None if i.line is None else i.line + by) for i in found)


def read_related(reading: Reading, fields: Fields, spelling: Spelling) -> tuple[EntryReading, ...]:
    """Read the list of related entries, and pass the doubts of each on."""
    entry = fields.get("related")
    if entry is None or is_null(entry[1]):
        return ()
    key, value = entry
    is_list = isinstance(value, SequenceNode)
    nodes = list(value.value) if is_list else _odd_list(reading, key, value)
    found = tuple(read_entry(reading, node, spelling) for node in nodes)
    for node, one in zip(nodes, found, strict=True):
        if one.is_doubtful:
            one.tell(reading, reading.source.line_of(node))
    return found


def _odd_list(reading: Reading, key: ScalarNode, value: Node) -> list[Node]:
    reading.locked = True
    is_entry = isinstance(value, MappingNode)
    what = "one entry without a dash" if is_entry else "no list"
    cure = f"Related coverage is {what}: write it as a list of entries in the file."
    reading.doubt("related.type", key, cure=cure)
    return [value] if is_entry else []


def read_entry(around: Reading, node: Node, spelling: Spelling) -> EntryReading:
    """Read one entry of `related` by itself."""
    reading = Reading(around.source)
    if isinstance(node, MappingNode):
        record: RelatedRecord | None = _entry(reading, node, spelling)
    else:
        record = _bare_entry(reading, node)
    url = "" if record is None else record.url
    if not reading.issues and not reading.notes:
        return EntryReading(record, url)
    first = -around.source.line_of(node)
    issues, notes = _shifted(reading.issues, first), _shifted(reading.notes, first)
    return EntryReading(record, url, issues, notes, reading.locked)


def _bare_entry(reading: Reading, node: Node) -> RelatedRecord | None:
    text = str(node.value) if isinstance(node, ScalarNode) and not is_null(node) else ""
    what = "a list" if not isinstance(node, ScalarNode) else "only a text" if text else "empty"
    cure = f"A related entry is {what}: write its title and address on lines, or remove it."
    reading.doubt("related.type", node, cure=cure)
    if not text:
        return None
    if not _BARE_ADDRESS.fullmatch(text):
        return RelatedRecord(text, "", None, "", "", "", "", "", None, None, None)
    check_address(reading, text, node, "The related address")
    return RelatedRecord("", "", None, text, "", "", "", "", None, None, None)


def _entry(reading: Reading, node: MappingNode, spelling: Spelling) -> RelatedRecord:
    fields = reading.fields(node, spelling.related)
    urls = read_addresses(reading, fields)
    quiet = Reading(reading.source)
    record = _record(quiet, fields, urls, spelling)
    name = clipped(record.title or record.url or "without a title")
    if not record.url:
        reading.doubt("related.no_url", node, text=name)
    _gather(reading, quiet, node, name)
    return record


def _record(quiet: Reading, fields: Fields, urls: Addresses, spelling: Spelling) -> RelatedRecord:
    return RelatedRecord(
        title=read_title(quiet, fields),
        excerpt=read_text(quiet, fields, "excerpt"),
        published_at=read_instant(quiet, fields, "published_at"),
        web_url=urls.web,
        original_url=urls.original,
        amp_url=urls.amp,
        cdn_amp_url=urls.cdn_amp,
        kind=read_text(quiet, fields, "kind"),
        provider=read_provider(quiet, fields, spelling, required=False),
        quality=read_number(quiet, fields, "quality") if "quality" in fields else None,
        images=read_images(quiet, fields, spelling.image),
    )


def _gather(reading: Reading, quiet: Reading, node: Node, name: str) -> None:
    """Pass on what stands for itself, and gather the odd values of an entry into one doubt."""
    odd: list[Issue] = []
    own: list[Issue] = []
    quoted: list[Issue] = []
    for found in quiet.issues:
        if found.code == "date.quoted":
            quoted.append(found)
        elif found.code.startswith(_OWN_DOUBTS) and found.code != "text.type":
            own.append(found)
        else:
            odd.append(found)
    reading.take(own, [*quoted, *quiet.notes])
    reading.locked = reading.locked or quiet.locked
    if odd:
        line = odd[0].line or reading.source.line_of(node)
        cure = " ".join(found.message for found in odd[:6])
        reading.take([issue("related.fields", line, text=repr(name), cure=cure)], ())


def check_list(
    reading: Reading, key: Node | None, found: Sequence[EntryReading], own: Sequence[str]
) -> None:
    """Raise `related.self` and `related.duplicate`, once each for the whole list."""
    urls = [entry.url for entry in found if entry.url]
    different = set(urls)
    if any(url in different for url in own if url):
        reading.doubt("related.self", key)
    if len(different) != len(urls):
        reading.doubt("related.duplicate", key, size=len(urls) - len(different))


def records(found: Sequence[EntryReading]) -> tuple[RelatedRecord, ...]:
    """Return the entries that could be read as such, in their order."""
    return tuple(entry.record for entry in found if entry.record is not None)
