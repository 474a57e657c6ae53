"""What an export did: counts of stories, and every story that was not written, with the reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from articles.exits import Exit
from articles.storyfile.shown import printable


@dataclass(slots=True)
class Counts:
    """Pending stories by what became of them.

    `written` and `created` are files; `already` are stories whose file said so before the run.
    `conflict`: the file is not what was read. `missing`: it is gone. `refused`: it could not be
    written. What is in none of these was not reached.
    """

    written: int = 0
    created: int = 0
    already: int = 0
    conflict: int = 0
    missing: int = 0
    refused: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{count:,} {name}" for name, count in asdict(self).items())


@dataclass(frozen=True, slots=True)
class Problem:
    """A story that was not written: its path, the stable code, a sentence."""

    path: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{printable(self.path)}: {printable(self.message)} ({self.code})"

    def as_json(self) -> dict[str, Any]:
        """As the command prints it and the run keeps it."""
        return {"path": self.path, "line": None, "code": self.code, "message": self.message}


@dataclass(slots=True)
class ExportReport:
    """One export. `pending` is what still waits afterwards; `failure` says why it stopped."""

    counts: Counts = field(default_factory=Counts)
    problems: list[Problem] = field(default_factory=list)
    diffs: list[str] = field(default_factory=list)
    pending: int = 0
    seconds: float = 0.0
    dry_run: bool = False
    failure: str = ""

    @property
    def exit_code(self) -> int:
        """Good, failed, or some stories were not written."""
        if self.failure:
            return Exit.FAILED
        return Exit.REFUSED if self.problems else Exit.GOOD

    def count_values(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self.counts)

    def as_json(self) -> dict[str, Any]:
        """The report for a program."""
        found: dict[str, Any] = {
            **self.count_values(),
            "pending": self.pending,
            "seconds": round(self.seconds, 3),
            "problems": [problem.as_json() for problem in self.problems],
        }
        if self.dry_run:
            found["diff"] = self.diffs
        return {**found, "failure": self.failure} if self.failure else found

    def summary(self) -> str:
        """The counts on one line."""
        how = "dry run, nothing was written" if self.dry_run else f"{self.seconds:.1f} s"
        return f"{self.counts}, {self.pending:,} pending ({how})"
