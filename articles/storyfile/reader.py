"""Reading many story files fast, with the very same records as the careful way gives.

Most of a real file is its `related` entries, and the same entry stands in dozens of files. So a
file is cut on its text into a head, related blocks and a tail; a block is parsed and checked once
for all files it stands in. Head, blocks and tail are taken only in the strict grammar of `lines`;
any surprise sends the whole file to `Document.parse` and `read_record`, which decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from yaml.nodes import MappingNode, SequenceNode

from articles.storyfile.document import DEFAULT_LIMITS, Document, Limits
from articles.storyfile.lines import (
    DEEPEST,
    MAP_TAG,
    SEQ_TAG,
    LineSource,
    NotInGrammarError,
    Pair,
    parse_item,
    parse_mapping,
)
from articles.storyfile.reading import Reading
from articles.storyfile.record import RELATED_LINE, SPELLING, extras_of, read_record
from articles.storyfile.related import EntryReading, read_entry
from articles.storyfile.shapes import StoryRecord
from articles.storyfile.story import Page, build_record

REMEMBERED_BLOCKS = 20_000
"""How many distinct related entries are kept; the largest repository measured has 4,476."""

_OPENER = b"---\n"
_CLOSER = b"\n---"
_DASH = b"  - "
_NEXT = b"\n" + _DASH
_RELATED = f"\n{RELATED_LINE}\n".encode()
_NODES_A_LINE = 3


@dataclass(frozen=True, slots=True)
class Pieces:
    """A file cut before, in and behind its related entries; all joined are exactly the file."""

    head: bytes
    blocks: tuple[bytes, ...]
    tail: bytes


def split(data: bytes) -> Pieces:
    """Cut a file into head, one block per related entry, and tail, on its text alone.

    A file that is not in the house style is all head. Whether the blocks are what they look like
    is not checked here.
    """
    cut = _cut(data)
    if cut is None:
        return Pieces(data, (), b"")
    start, end = cut
    blocks = tuple(_DASH + block + b"\n" for block in _blocks(data, start, end))
    return Pieces(data[:start], blocks, data[end + 1 :])


def _cut(data: bytes) -> tuple[int, int] | None:
    """Where the first related entry begins, and the line end that closes the last one."""
    mark = data.find(_RELATED + _DASH)
    if mark < 0:
        return None
    start = mark + len(_RELATED)
    closer = data.rfind(_CLOSER)
    end = data.rfind(b"\n\n", start, closer)
    if end < 0:
        end = closer
    return (start, end) if end > start else None


def _blocks(data: bytes, start: int, end: int) -> list[bytes]:
    return data[start + len(_DASH) : end].split(_NEXT)


class _Block:
    """A related entry that was read: what it says, its text in a file, how many lines it has."""

    __slots__ = ("entry", "lines", "text")

    def __init__(self, entry: EntryReading, text: bytes) -> None:
        self.entry = entry
        self.text = text
        self.lines = text.count(b"\n")


class StoryReader:
    """Reads story files one after the other and remembers the related entries it has seen.

    The records are those of `read_record`, errors those of `Document.parse` (StoryFileError).
    Keep one reader for an import; it holds the distinct related entries and no file.
    """

    def __init__(self, *, limits: Limits = DEFAULT_LIMITS, now: datetime | None = None) -> None:
        self.limits = limits
        self.now = now or datetime.now(UTC)
        self._source = LineSource()
        self._memo: dict[bytes, _Block] = {}
        self._most_lines = limits.max_nodes // _NODES_A_LINE
        self._may_hurry = limits.max_depth > DEEPEST + 2

    def read(self, data: bytes) -> StoryRecord:
        """Return the record of a file; raises StoryFileError for one that is no story."""
        return self.read_in_pieces(data)[0]

    def read_in_pieces(self, data: bytes) -> tuple[StoryRecord, Pieces]:
        """Return the record and the file in pieces; raises StoryFileError.

        The blocks are exactly the record's related entries, one by one. A file in which that is
        not certain is all head. Equal blocks of two files are, as a rule, one and the same object.
        """
        if self._may_hurry and len(data) <= self.limits.max_bytes:
            try:
                return self._read_lines(data)
            except (NotInGrammarError, UnicodeDecodeError):
                pass
        record = read_record(Document.parse(data, self.limits), now=self.now)
        return record, Pieces(data, (), b"")

    def _read_lines(self, data: bytes) -> tuple[StoryRecord, Pieces]:
        closer = data.rfind(_CLOSER)
        if not data.startswith(_OPENER) or data[closer + len(_CLOSER) :].strip(b"\n"):
            raise NotInGrammarError
        cut = _cut(data)
        if cut is None:
            record = self._record(self._pairs(data, len(_OPENER), closer, 2), ())
            return record, Pieces(data, (), b"")
        start, end = cut
        head = self._pairs(data, len(_OPENER), start - len(_RELATED), 2)
        line = 2 + data.count(b"\n", len(_OPENER), start)
        blocks = self._known(_blocks(data, start, end))
        tail_line = line + sum([block.lines for block in blocks])
        if tail_line > self._most_lines:
            raise NotInGrammarError
        tail = self._pairs(data, end + 1, closer, tail_line)
        key = parse_mapping(RELATED_LINE, line - 1)[0][0]
        pairs = [*head, (key, SequenceNode(SEQ_TAG, [])), *tail]
        texts = tuple([block.text for block in blocks])
        return self._record(pairs, blocks, line), Pieces(data[:start], texts, data[end + 1 :])

    def _pairs(self, data: bytes, start: int, end: int, line: int) -> list[Pair]:
        return parse_mapping(data[start:end].decode(), line) if start < end else []

    def _known(self, blocks: Sequence[bytes]) -> list[_Block]:
        memo = self._memo
        try:
            return [memo[block] for block in blocks]
        except KeyError:
            return [memo.get(block) or self._learn(block) for block in blocks]

    def _learn(self, block: bytes) -> _Block:
        node = parse_item((_DASH + block).decode())
        entry = read_entry(Reading(self._source), node, SPELLING)
        if entry.locked:
            # Its message names lines of the file, which differ from file to file.
            raise NotInGrammarError
        if len(self._memo) >= REMEMBERED_BLOCKS:
            self._memo.clear()
        learnt = self._memo[block] = _Block(entry, _DASH + block + b"\n")
        return learnt

    def _record(self, pairs: list[Pair], blocks: Sequence[_Block], line: int = 0) -> StoryRecord:
        if not pairs:
            raise NotInGrammarError
        reading = Reading(self._source)
        root = MappingNode(MAP_TAG, pairs)
        fields = reading.fields(root, SPELLING.story)
        entries = tuple([block.entry for block in blocks])
        if reading.locked or ("related" in fields and not blocks):
            raise NotInGrammarError
        for block in blocks:
            if block.entry.is_doubtful:
                block.entry.tell(reading, line)
            line += block.lines
        page = Page(fields, extras_of(pairs), entries, "")
        return build_record(reading, page, SPELLING, self.now)
