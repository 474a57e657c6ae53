"""Reads stories without writing anything: would they import, and what is doubtful about them?

So a team can lint a repository before it goes live, and a judge can compare file by file.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from articles.repository import (
    Entry,
    EntryError,
    EntrySkippedError,
    EntryVanishedError,
    Repository,
)
from articles.storyfile.edits import apply_edit
from articles.storyfile.errors import EditRefused, Issue, StoryFileError
from articles.storyfile.filename import check_name
from articles.storyfile.issues import publish_verdict
from articles.storyfile.reader import StoryReader
from articles.storyfile.record import Publish, StoryRecord
from articles.storyfile.shown import printable
from articles.weburl import safe_href

Outcome = Literal["accept", "accept-sanitised", "reject", "skipped"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A doubt, a refusal or a reason for leaving a file out, with its line where it has one."""

    code: str
    message: str
    line: int | None = None


@dataclass(slots=True)
class FileCheck:
    """What an import would make of one file.

    `outcome` is `accept`, `accept-sanitised` (accepted with doubts), `reject` or `skipped`;
    `findings` say why. `export_identical`: writing the story back unchanged gives the same bytes.
    `seconds` is the time it took to read.
    """

    path: str
    outcome: Outcome
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    publish: Publish = "blocked"
    locked: bool = False
    href: str | None = None
    export_identical: bool = False
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The check as a program reads it; `issues` and `error` are codes."""
        accepted = self.outcome.startswith("accept")
        refused = None if accepted or not self.findings else self.findings[0]
        shown = asdict(self)
        del shown["path"], shown["findings"]
        return {
            **shown,
            "issues": [finding.code for finding in self.findings] if accepted else [],
            "error": refused.code if refused else None,
            "line": refused.line if refused else None,
            "messages": [finding.message for finding in self.findings],
        }


def check_repository(repository: Repository) -> Iterator[FileCheck]:
    """Check every file a repository holds; a file that vanishes meanwhile is left out."""
    reader = StoryReader()
    for entry in repository.entries():
        start = time.perf_counter()
        try:
            check = _check(entry, reader)
        except EntryVanishedError:
            continue
        check.seconds = round(time.perf_counter() - start, 4)
        yield check


def as_text(checks: Sequence[FileCheck]) -> str:
    """Every doubt on a line of its own, then the counts on one."""
    lines = []
    for check in checks:
        for finding in check.findings:
            place = f"{check.path}, line {finding.line}" if finding.line else check.path
            lines.append(printable(f"{place}: {finding.message} ({finding.code})"))
    counts = Counter(check.outcome for check in checks)
    lines.append(", ".join(f"{count:,} {word}" for word, count in sorted(counts.items())))
    return "\n".join(lines)


def _check(entry: Entry, reader: StoryReader) -> FileCheck:
    try:
        data = entry.read()
        record = reader.read(data)
    except EntrySkippedError as skipped:
        skip = skipped.skip
        return FileCheck(entry.path, "skipped", [Finding(skip.code, skip.message)])
    except (EntryError, StoryFileError) as error:
        line = error.line if isinstance(error, StoryFileError) else None
        return FileCheck(entry.path, "reject", [Finding(error.code, error.message, line)])
    return _accepted(entry.path, data, record)


def _accepted(path: str, data: bytes, record: StoryRecord) -> FileCheck:
    issues: list[Issue] = [*record.issues, *check_name(path)]
    return FileCheck(
        path,
        "accept-sanitised" if issues else "accept",
        [Finding(issue.code, issue.message, issue.line) for issue in issues],
        [note.code for note in record.notes],
        _fields(record),
        publish_verdict(issues),
        record.locked,
        safe_href(record.url),
        _written_back(data) == data,
    )


def _written_back(data: bytes) -> bytes | None:
    try:
        return apply_edit(data, {})
    except EditRefused:
        return None


def _fields(record: StoryRecord) -> dict[str, Any]:
    return {
        "title": record.title,
        "excerpt": record.excerpt,
        "published_at": _instant(record.published_at),
        "url": record.url or None,
        "kind": record.kind,
        "quality": record.quality,
        "heat": record.heat,
        "published": record.published,
        "removed": record.removed,
        "provider": record.provider.name if record.provider else None,
        "topics": list(record.topics),
        "topics_shown": list(record.topics),
        "topic_count": len(record.topics),
        "related_count": len(record.related),
        "linked_count": len(record.linked),
    }


def _instant(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
