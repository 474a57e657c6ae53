"""What an import did: counts of files, and every problem with its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from articles.exits import Exit
from articles.storyfile.shown import printable


class ImportStopped(Exception):  # noqa: N818 - a decision to ask first, not an error
    """The import wrote nothing because a person has to say what is meant; the text asks.

    `gone` is the number of files about whose loss it asks, 0 where it stopped for another reason.
    """

    def __init__(self, words: str, gone: int = 0) -> None:
        super().__init__(words)
        self.gone = gone


@dataclass(slots=True)
class Counts:
    """Files by what became of them.

    Every file is one of `created` ... `skipped`: `updated` stories follow their file in all, in
    `merged` ones the desk's edits stay, in those in `conflict` file and desk both changed a value.
    `missing` are known files that are not there.
    `with_issues` counts accepted files with at least one doubt, `embedded` the stories known only
    from somebody's related block that this run added.
    """

    created: int = 0
    updated: int = 0
    merged: int = 0
    unchanged: int = 0
    conflict: int = 0
    refused: int = 0
    skipped: int = 0
    missing: int = 0
    with_issues: int = 0
    embedded: int = 0

    def __add__(self, other: Counts) -> Counts:
        mine, theirs = asdict(self), asdict(other)
        return Counts(**{name: mine[name] + theirs[name] for name in mine})

    def __str__(self) -> str:
        shown = [f"{count:,} {name}" for name, count in asdict(self).items()]
        return ", ".join(shown).replace("_", " ")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to say about one file: where, the stable code, a sentence."""

    path: str
    line: int | None
    code: str
    message: str

    def __str__(self) -> str:
        place = f"{printable(self.path)}, line {self.line}" if self.line else printable(self.path)
        return f"{place}: {printable(self.message)} ({self.code})"


@dataclass(slots=True)
class ImportReport:
    """One import: its counts, its problems by path, and how long it took in seconds."""

    counts: Counts = field(default_factory=Counts)
    problems: list[Problem] = field(default_factory=list)
    seconds: float = 0.0
    dry_run: bool = False

    @property
    def exit_code(self) -> int:
        """Good, or refused files; conflicts, skipped and missing files are good."""
        return Exit.REFUSED if self.counts.refused else Exit.GOOD

    def as_json(self) -> dict[str, Any]:
        """The report as the command prints it and a program reads it."""
        problems = [asdict(problem) for problem in self.problems]
        return {**asdict(self.counts), "seconds": round(self.seconds, 3), "problems": problems}

    def as_text(self) -> str:
        """Every problem on a line of its own, then the counts on one."""
        return "\n".join([*(str(problem) for problem in self.problems), self.summary()])

    def summary(self) -> str:
        """The counts on one line."""
        how = "dry run, nothing was written" if self.dry_run else f"{self.seconds:.1f} s"
        return f"{self.counts} ({how})"


def joined(reports: Iterable[ImportReport]) -> ImportReport:
    """Several imports as one."""
    whole = ImportReport()
    for report in reports:
        whole.counts += report.counts
        whole.problems += report.problems
        whole.seconds += report.seconds
        whole.dry_run |= report.dry_run
    return whole
