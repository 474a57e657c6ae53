"""Parsing in several processes: the files go out in chunks, what they say comes back in order.

A process sends each distinct entry of `related` once. The processes are started afresh (not
forked), so they share neither database connections nor threads with the one that asks.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import islice

from articles.repository.entries import (
    Entry,
    EntryError,
    EntrySkippedError,
    RepositoryError,
)
from articles.repository.parsing import Outcome, ParsedFile, Parser, Reference, linked, own_keys

CHUNK = 40
"""Files a process takes at a time: enough to make the sending cheap, few enough to share."""

WAITING_CHUNKS = 3
"""Chunks in work or waiting for each process, so that memory stays bounded."""

Task = tuple[Entry, str, str | None]


@dataclass(frozen=True, slots=True)
class _Sent:
    """A parsed file on its way: its references are the digests of entries, sent apart."""

    file: ParsedFile
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Chunk:
    """What a process sends for a chunk: outcomes in order, and the entries not sent before."""

    outcomes: list[Outcome | _Sent | None]
    entries: list[Reference]


def parsed_in_processes(
    tasks: Iterable[Task], parser: Parser, jobs: int
) -> Iterator[Outcome | None]:
    """Parse in `jobs` processes; the outcomes come in the order of the tasks.

    Raises RepositoryError if a process dies.
    """
    known: dict[str, Reference] = {}
    left = iter(tasks)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        waiting: deque[Future[_Chunk]] = deque()
        try:
            while True:
                while len(waiting) < jobs * WAITING_CHUNKS and (chunk := _next_chunk(left)):
                    waiting.append(pool.submit(_parse_chunk, chunk))
                if not waiting:
                    return
                yield from _received(waiting.popleft().result(), known)
        except BrokenProcessPool as error:
            raise RepositoryError("A process that read files died; try --jobs 1.") from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _next_chunk(tasks: Iterator[Task]) -> list[Task]:
    return [(_sendable(entry), key, digest) for entry, key, digest in islice(tasks, CHUNK)]


def _sendable(entry: Entry) -> Entry:
    """An entry another process can read; one of an archive is read here and sent as bytes."""
    if not entry.in_archive or entry.reader is None:
        return entry
    try:
        return Entry(entry.path, partial(bytes, entry.read()), digest=entry.digest)
    except EntrySkippedError as skipped:
        return Entry(entry.path, skip=skipped.skip)
    except EntryError as error:
        return Entry(entry.path, partial(_refuse, error.code, error.message))


def _refuse(code: str, message: str) -> bytes:
    raise EntryError(code, message)


class _Worker:
    """What a process keeps between two chunks: its parser, and which entries it has sent."""

    def __init__(self) -> None:
        self._parser = Parser()
        self._sent: set[str] = set()

    def parse(self, tasks: list[Task]) -> _Chunk:
        outcomes: list[Outcome | _Sent | None] = []
        entries: list[Reference] = []
        for entry, key, digest in tasks:
            outcome = self._parser.outcome(entry, key, digest)
            if isinstance(outcome, ParsedFile):
                new = [r for r in outcome.references if r.digest not in self._sent]
                self._sent.update(reference.digest for reference in new)
                entries += new
                outcomes.append(_packed(outcome))
            else:
                outcomes.append(outcome)
        return _Chunk(outcomes, entries)


@cache
def _worker() -> _Worker:
    return _Worker()


def _parse_chunk(tasks: list[Task]) -> _Chunk:
    """Runs in a process of its own."""
    return _worker().parse(tasks)


def _packed(file: ParsedFile) -> _Sent:
    record = replace(file.record, related=())
    digests = tuple(reference.digest for reference in file.references)
    return _Sent(replace(file, record=record, references=(), links=()), digests)


def _received(chunk: _Chunk, known: dict[str, Reference]) -> Iterator[Outcome | None]:
    for reference in chunk.entries:
        known.setdefault(reference.digest, reference)
    for outcome in chunk.outcomes:
        if isinstance(outcome, _Sent):
            yield _unpacked(outcome, known)
        else:
            yield outcome


def _unpacked(sent: _Sent, known: dict[str, Reference]) -> ParsedFile:
    file = sent.file
    file.references = tuple(known[digest] for digest in sent.digests)
    record = file.record
    file.links = linked(file.references, own_keys(record.web_url, record.original_url))
    return file
