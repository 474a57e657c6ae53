"""Goals, what was measured of them, and both as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio (or a number) that has to stay on one side of a limit; None where not measured.

    `cpu` is the same ratio of processor time, which other work on the machine disturbs less; it
    decides nothing, and says nothing of what a database server does.
    """

    name: str
    measured: float | None
    limit: float
    at_least: bool = False
    cpu: float | None = None
    unit: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the goal is reached."""
        if self.measured is None:
            return None
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    @property
    def verdict(self) -> str:
        """The same in words."""
        return {True: "holds", False: "does not hold", None: "not measured"}[self.holds]

    def as_json(self) -> dict[str, Any]:
        """Everything known of the goal."""
        return {**asdict(self), "holds": self.holds}


def goal_lines(goals: Iterable[Goal]) -> list[str]:
    """The goals as a Markdown table."""
    rows = [
        (
            goal.name,
            number(goal.measured, goal.unit),
            number(goal.cpu, goal.unit),
            f"{'at least' if goal.at_least else 'at most'} {number(goal.limit, goal.unit)}",
            goal.verdict,
        )
        for goal in goals
    ]
    return table(("goal", "measured", "processor time", "limit", ""), rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table whose columns stand straight."""
    every = [list(head), *map(list, rows)]
    widths = [max(len(row[column]) for row in every) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in every
    ]
    return [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]


def number(value: float | None, unit: str) -> str:
    """Three digits of a figure, all of a large one."""
    if value is None:
        return "–"
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{text}{unit}"
