"""From the files of a repository to what is new in them.

Unchanged files are known by their digest and not parsed. Of the others only the head, the shared
entries of `related` and the record stay in memory, never the files.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from articles.importer.report import Problem
from articles.repository import Entry, Repository
from articles.repository.parallel import parsed_in_processes
from articles.repository.parsing import (
    LeftOut,
    Outcome,
    ParsedFile,
    Parser,
    Refused,
    Unchanged,
    path_key,
)

Progress = Callable[[int], None]

# Fewer files are read before a second process has started.
WORTH_A_PROCESS = 10_000
MOST_PROCESSES = 4


@dataclass(slots=True)
class Readings:
    """What was found on disk. Paths are given by their keys, problems in the order of reading.

    `seen` are the files that are there, refused ones too.
    """

    incoming: list[ParsedFile] = field(default_factory=list)
    unchanged: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    refused: list[Problem] = field(default_factory=list)
    skipped: list[Problem] = field(default_factory=list)

    def take(self, outcome: Outcome) -> None:
        """Add what became of one file."""
        match outcome:
            case Unchanged():
                self.unchanged.add(outcome.path_key)
                self.seen.add(outcome.path_key)
            case ParsedFile():
                self.incoming.append(outcome)
                self.seen.add(outcome.path_key)
            case Refused(path, key, code, message, line):
                self.refused.append(Problem(path, line, code, message))
                self.seen.add(key)
            case LeftOut(path, skip):
                self.skipped.append(Problem(path, None, skip.code, skip.message))


def read_repository(
    repository: Repository,
    parser: Parser,
    digests: Mapping[str, str],
    *,
    jobs: int,
    progress: Progress,
) -> Readings:
    """Read every file; `digests` gives the digest of each known one by its `path_key`.

    `jobs` is the number of processes; 0 takes as many as pay.
    """
    jobs = jobs or _jobs_that_pay(repository.total - len(digests))
    known = ((e, key, digests.get(key)) for e in repository.entries() for key in [path_key(e.path)])
    outcomes = parsed_in_processes(known, parser, jobs) if jobs > 1 else _parsed(known, parser)
    found = Readings()
    for count, outcome in enumerate(outcomes, start=1):
        if outcome is not None:
            found.take(outcome)
        progress(count)
    return found


def _jobs_that_pay(files: int) -> int:
    if files < WORTH_A_PROCESS:
        return 1
    return min(len(os.sched_getaffinity(0)), MOST_PROCESSES)


def _parsed(
    entries: Iterator[tuple[Entry, str, str | None]], parser: Parser
) -> Iterator[Outcome | None]:
    return (parser.outcome(entry, key, digest) for entry, key, digest in entries)
