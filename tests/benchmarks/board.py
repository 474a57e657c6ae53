"""Everything in one run: every step at every size on every database, as one table."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.databases import Scratch, scratch
from tests.benchmarks.importing import MEGABYTE, ImportBenchmark
from tests.benchmarks.plan import EMPTY, STEPS, Promise, Ratio, Step
from tests.benchmarks.processes import run_step
from tests.benchmarks.report import number

Column = tuple[str, int]
"""A database and how many stories it holds."""
Figure = dict[str, float]
"""Seconds: `wall` and `cpu`; or one `value`."""
Figures = dict[str, list[Figure]]
"""Of every figure what each round has found."""

DECISIONS_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is to measure: sizes, and how often. `keep`: where filled databases stay."""

    sizes: Sequence[int]
    rounds: int
    times: int
    naive_sample: int
    keep: Path | None = None


@dataclass(slots=True)
class Board:
    """Collects the figures of all columns. `repository` is changed: hand in a copy."""

    wanted: Wanted
    repository: Path
    folder: Path
    figures: dict[Column, Figures] = field(default_factory=dict)
    versions: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    def run(self, url: str) -> None:
        """Measure one kind of database: first an empty desk, then the filled ones in turn."""
        with ExitStack() as stack:
            empty = stack.enter_context(scratch(url, self.folder, "_empty"))
            self.versions.append(empty.version)
            filled = {
                size: stack.enter_context(scratch(url, self.folder, f"_{size}", self.wanted.keep))
                for size in self.wanted.sizes
            }
            self._import(empty, EMPTY, self.wanted.rounds)
            for size, database in filled.items():
                with self._stage(f"{database.name}: fill {size:,} stories"):
                    database.fill(size)
            for number_ in range(1, self.wanted.rounds + 1):
                for size, database in filled.items():
                    with self._stage(f"{database.name}, {size:,} stories: read, round {number_}"):
                        self._read(database, size)
            for size, database in filled.items():
                with self._stage(f"{database.name}, {size:,} stories: decide, sync, export"):
                    self._write(database, size)
                self._import(database, size, 1)
                database.clear()

    def _read(self, database: Scratch, size: int) -> None:
        found = run_step("read", str(self.wanted.times), environment=database.template_environment)
        for name, figure in found["figures"].items():
            seconds = figure if isinstance(figure, dict) else {"value": figure}
            self._note(database, size, name, seconds)

    def _write(self, database: Scratch, size: int) -> None:
        database.fresh()
        times = min(self.wanted.times, DECISIONS_AT_MOST)
        found = run_step("decide", str(times), environment=database.environment)
        for name, seconds in found["figures"].items():
            self._note(database, size, name, seconds)
        place = (str(self.repository), str(self.folder), "folder", str(self.wanted.rounds + 1))
        found = run_step("sync", *place, environment=database.environment)
        for name, every in found["figures"].items():
            for seconds in every:
                self._note(database, size, name, seconds)

    def _import(self, database: Scratch, size: int, rounds: int) -> None:
        benchmark = ImportBenchmark(self.repository, database, self.folder)
        holds = f"{size:,} stories" if size else "empty"
        with self._stage(f"{database.name}, {holds}: import"):
            benchmark.run(rounds, self.wanted.naive_sample)
        for name, figure in import_figures(benchmark):
            self._note(database, size, name, figure)

    def _note(self, database: Scratch, size: int, name: str, figure: Figure) -> None:
        column = self.figures.setdefault((database.name, size), {})
        column.setdefault(name, []).append(figure)

    @contextmanager
    def _stage(self, words: str) -> Iterator[None]:
        """Say what goes on, and when, to whoever waits."""
        start = time.monotonic()
        yield
        now = time.monotonic()
        load = os.getloadavg()[0]
        sys.stderr.write(
            f"{now - self.started:6.0f} s  {words} ({now - start:.0f} s, load average {load:.1f})\n"
        )
        sys.stderr.flush()

    @property
    def columns(self) -> list[Column]:
        """In the order of the table."""
        return list(self.figures)

    def head(self) -> tuple[str, ...]:
        """Of the table."""
        return ("", "step", *map(column_name, self.columns), "goal", "")

    def rows(self) -> list[tuple[str, ...]]:
        """A row for every step, and one for each of its ratios."""
        return [row.cells() for row in self.lines()]

    def lines(self) -> list[Line]:
        """What the rows are made of."""
        found: list[Line] = []
        for step in STEPS:
            values = {column: self._figure(column, step) for column in self.columns}
            if all(value is None for value in values.values()):
                continue
            words = f"**{step.area}: {step.name}**, {step.unit}".rstrip(", ")
            found.append(Line(words, step.promises, values))
            for ratio in step.ratios:
                wall, cpu = (self._ratios(step, ratio, key) for key in ("wall", "cpu"))
                found.append(Line(ratio.words, ratio.promises, wall, cpu))
        return [line for line in found if line.is_measured]

    def _figure(self, column: Column, step: Step) -> float | None:
        rounds = self.figures[column].get(step.figure)
        if not rounds:
            return None
        if "value" in rounds[0]:
            return statistics.median(each["value"] for each in rounds)
        return 1_000 * statistics.median(each["wall"] for each in rounds)

    def _ratios(self, step: Step, ratio: Ratio, key: str = "wall") -> dict[Column, float | None]:
        return {column: self._ratio(column, step, ratio, key) for column in self.columns}

    def _ratio(self, column: Column, step: Step, ratio: Ratio, key: str) -> float | None:
        database, size = column
        ones = self.figures[column].get(step.figure)
        if ratio.over:
            others = self.figures[column].get(ratio.over)
        else:
            smallest = min(self.wanted.sizes)
            small = self.figures.get((database, smallest), {}) if size > smallest else {}
            others = small.get(step.figure)
        if not ones or not others:
            return None
        found = quotient(ones, others, key)
        return 1 / found if found and ratio.is_plain else found


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its words, what is promised, what was measured; `cpu` the same of processor time."""

    words: str
    promises: tuple[Promise, ...]
    values: Mapping[Column, float | None]
    cpu: Mapping[Column, float | None] = field(default_factory=dict)

    @property
    def is_measured(self) -> bool:
        """Whether any column has a figure."""
        return any(value is not None for value in self.values.values())

    def cells(self) -> tuple[str, ...]:
        """As the table shows it."""
        numbers = ", ".join(dict.fromkeys(p.number for p in self.promises if p.number))
        goals = ", ".join(str(promise) for promise in self.promises)
        measured = (number(value, "") for value in self.values.values())
        return (numbers, self.words, *measured, goals, self.verdict())

    def verdict(self) -> str:
        """Whether every promise is kept wherever it was measured; else where it is not."""
        judged = self._judged(self.values)
        if not self.promises:
            return ""
        if not judged:
            return "not measured"
        missed = [column for column, good in judged.items() if not good]
        if not missed:
            return "holds"
        kept = self._judged(self.cpu)
        where = [
            column_name(column) + (" (its processor time does)" if kept.get(column) else "")
            for column in missed
        ]
        return f"**does not hold**: {', '.join(where)}"

    def _judged(self, values: Mapping[Column, float | None]) -> dict[Column, bool]:
        return {
            column: all(promise.holds(value) for promise in concerned)
            for column, value in values.items()
            if value is not None
            and (concerned := [p for p in self.promises if p.concerns(*column)])
        }

    def as_json(self) -> dict[str, Any]:
        """Everything known of the row."""
        return {
            "words": self.words,
            "goals": [str(promise) for promise in self.promises],
            "values": {column_name(column): value for column, value in self.values.items()},
            "cpu": {column_name(column): value for column, value in self.cpu.items()},
            "verdict": self.verdict(),
        }


def import_figures(benchmark: ImportBenchmark) -> Iterator[tuple[str, Figure]]:
    """What an import benchmark has found, under the names of the plan."""
    results = benchmark.runs.results
    for name in ("load", "read", "import", "again", "one_changed", "sample", "naive"):
        for each in results[name]:
            yield name, {"wall": each["wall"], "cpu": each["cpu"]}
    yield "memory", {"value": benchmark.memory() / MEGABYTE}
    yield "memory_limit", {"value": benchmark.memory_limit() / MEGABYTE}
    edit = results["edit"][0]
    for name in ("flip", "compose"):
        yield name, {"wall": edit[name], "cpu": edit[name]}
    yield "identical", {"value": benchmark.identical()}
    yield "flipped", {"value": benchmark.flipped()}


def quotient(ones: Sequence[Figure], others: Sequence[Figure], key: str) -> float | None:
    """The median of the ratios of rounds; of the medians, where one has more rounds."""
    key = "value" if "value" in ones[0] else key
    if len(ones) == len(others):
        pairs = [(one[key], other[key]) for one, other in zip(ones, others, strict=True)]
    else:
        medians = (statistics.median(each[key] for each in rounds) for rounds in (ones, others))
        pairs = [tuple(medians)]
    found = [one / other for one, other in pairs if other]
    return statistics.median(found) if found else None


def column_name(column: Column) -> str:
    """What a column is headed with."""
    database, size = column
    return f"{database} {f'{size:,}' if size else 'empty'}"
