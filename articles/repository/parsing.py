"""From a file's bytes to what an import keeps of it: the record, and the bytes in pieces.

Plain Python, so that it can run in processes that know nothing of a database.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from articles.repository.entries import (
    Entry,
    EntryError,
    EntrySkippedError,
    EntryVanishedError,
    Skip,
)
from articles.storyfile.digest import digest_of
from articles.storyfile.errors import Issue, StoryFileError
from articles.storyfile.filename import check_name
from articles.storyfile.reader import StoryReader
from articles.storyfile.record import RELATED_LINE, RelatedRecord, StoryRecord
from articles.weburl import url_key

# The heads of files differ little in what a better compression would gain.
COMPRESSION = 1


@dataclass(slots=True, eq=False)
class Reference:
    """One distinct entry of `related`, shared by all files that hold the same text.

    `digest` is that of the text, or of the values where the file could not be cut into blocks
    (then `text` is None). `block_id` is the id of its stored text, once it has one; `record` is
    None until somebody asks what a stored text says.
    """

    url_key: str
    digest: str
    text: bytes | None
    record: RelatedRecord | None
    block_id: int = 0


@dataclass(slots=True, eq=False)
class ParsedFile:
    """A story file: where it lies, what it says, and its bytes in pieces.

    `head` and `tail` are compressed (zlib). `issues` are those of the record and of the name.
    `own_key` is the identity of its address, `links` are the references of distinct addresses,
    without the story itself.
    """

    path: str
    path_key: str
    digest: str
    record: StoryRecord
    issues: tuple[Issue, ...]
    head: bytes
    references: tuple[Reference, ...]
    tail: bytes
    own_key: str
    links: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A file whose bytes are known already."""

    path_key: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that cannot be read as a story."""

    path: str
    path_key: str
    code: str
    message: str
    line: int | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is no story."""

    path: str
    skip: Skip


Outcome = ParsedFile | Unchanged | Refused | LeftOut


def path_key(path: str) -> str:
    """The stored identity of a path."""
    return digest_of(path.encode())


class Parser:
    """Parses files one after the other; each distinct entry of `related` is kept once."""

    def __init__(self) -> None:
        self._stories = StoryReader()
        self._by_text: dict[bytes, Reference] = {}
        self._keys: dict[str, str] = {"": ""}

    def outcome(self, entry: Entry, key: str, known_digest: str | None) -> Outcome | None:
        """What became of one file; None if it vanished since it was listed."""
        if entry.digest and entry.digest == known_digest:
            return Unchanged(key)
        return self._read(entry, key, known_digest)

    def _read(self, entry: Entry, key: str, known_digest: str | None) -> Outcome | None:
        try:
            data = entry.read()
            digest = digest_of(data)
            if digest == known_digest:
                return Unchanged(key)
            return self.parse(entry.path, key, data, digest)
        except EntryVanishedError:
            return None
        except EntrySkippedError as skipped:
            return LeftOut(entry.path, skipped.skip)
        except EntryError as error:
            return Refused(entry.path, key, error.code, error.message, None)
        except StoryFileError as error:
            return Refused(entry.path, key, error.code, error.message, error.line)

    def parse(self, path: str, key: str, data: bytes, digest: str) -> ParsedFile:
        """Read the bytes of a story file. Raises StoryFileError."""
        record, pieces = self._stories.read_in_pieces(data)
        head, tail = pieces.head, pieces.tail
        if len(pieces.blocks) == len(record.related):
            references = self._blocks(pieces.blocks, record.related)
        else:
            head, tail = data, b""
            references = self._values(record.related)
        return ParsedFile(
            path,
            key,
            digest,
            record,
            (*record.issues, *check_name(path)),
            zlib.compress(head, COMPRESSION),
            references,
            zlib.compress(tail, COMPRESSION) if tail else b"",
            self._key(record.url),
            linked(references, own_keys(record.web_url, record.original_url)),
        )

    def references_of(self, data: bytes) -> tuple[Reference, ...]:
        """The references of a file that cannot be cut into blocks."""
        return self._values(self._stories.read(data).related)

    def values_of(self, data: bytes) -> StoryRecord:
        """What the bytes of a story file say. Raises StoryFileError."""
        return self._stories.read(data)

    def record_of(self, block: bytes) -> RelatedRecord:
        """What one block says. It was cut from a file, so it can be read as one."""
        (record,) = self._stories.read(
            b"---\n" + RELATED_LINE.encode() + b"\n" + block + b"---\n"
        ).related
        return record

    def _blocks(
        self, blocks: Sequence[bytes], records: Sequence[RelatedRecord]
    ) -> tuple[Reference, ...]:
        known = self._by_text
        return tuple(
            [
                known.get(text) or self._new(text, record)
                for text, record in zip(blocks, records, strict=True)
            ]
        )

    def _new(self, text: bytes, record: RelatedRecord) -> Reference:
        reference = Reference(self._key(record.url), digest_of(text), text, record)
        self._by_text[text] = reference
        return reference

    def _values(self, records: Sequence[RelatedRecord]) -> tuple[Reference, ...]:
        return tuple(
            Reference(self._key(record.url), digest_of(repr(record).encode()), None, record)
            for record in records
        )

    def _key(self, url: str) -> str:
        key = self._keys.get(url)
        if key is None:
            key = self._keys[url] = url_key(url)
        return key


def own_keys(web_url: str, original_url: str) -> frozenset[str]:
    """The identities under which a story would list itself."""
    return frozenset(url_key(url) for url in (web_url, original_url) if url) | {""}


def linked(references: tuple[Reference, ...], own: frozenset[str]) -> tuple[Reference, ...]:
    """The references of distinct addresses, without the story's own."""
    found: dict[str, Reference] = {}
    for reference in references:
        if reference.url_key not in own:
            found.setdefault(reference.url_key, reference)
    return references if len(found) == len(references) else tuple(found.values())
