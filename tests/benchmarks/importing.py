"""The import: against merely loading the files, against a naive one, again, and in memory."""

from __future__ import annotations

import shutil
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from articles.storyfile.reader import split
from tests.benchmarks.databases import Scratch
from tests.benchmarks.front import story_files
from tests.benchmarks.plan import FLIP_GAIN, FLOORS, NAIVE_GAIN, ONE_CHANGED, UNCHANGED
from tests.benchmarks.processes import run_step
from tests.benchmarks.report import Goal

MEGABYTE = 1_000_000
MEMORY_SHARE, MEMORY_LEAST = 0.75, 96 * MEGABYTE
FEW_FILES = 500
"""Up to so many files the naive import takes them all."""

Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """How much there is to import."""

    files: int
    bytes: int
    entries: int
    distinct_entries: int

    @classmethod
    def of(cls, repository: Path) -> Content:
        """Count the stories of a repository, and the related entries in them."""
        files = size = entries = 0
        distinct: set[bytes] = set()
        for path in story_files(repository):
            data = path.read_bytes()
            blocks = split(data).blocks
            files, size, entries = files + 1, size + len(data), entries + len(blocks)
            distinct.update(blocks)
        return cls(files, size, entries, len(distinct))


@dataclass(slots=True)
class Runs:
    """What every step said, round by round."""

    results: dict[str, list[Result]] = field(default_factory=lambda: defaultdict(list))

    def median(self, step: str, key: str = "wall") -> float | None:
        """The median of one figure of a step."""
        found = [float(result[key]) for result in self.results.get(step, ())]
        return statistics.median(found) if found else None

    def ratio(self, one: str, other: str, key: str = "wall") -> float | None:
        """The median of the ratios of two steps, each taken within one round."""
        pairs = zip(self.results.get(one, ()), self.results.get(other, ()), strict=False)
        found = [a[key] / b[key] for a, b in pairs if b[key]]
        return statistics.median(found) if found else None


class ImportBenchmark:
    """Runs the steps of some rounds in turn, each in a process of its own.

    `repository` is changed (one value of one file in each round): hand in a copy.
    """

    def __init__(self, repository: Path, database: Scratch, folder: Path) -> None:
        self.repository = repository
        self.database = database
        self.folder = folder
        self.content = Content.of(repository)
        self.runs = Runs()
        self.naive_files = 0

    def run(self, rounds: int, naive_sample: int | None) -> None:
        """Measure. `naive_sample`: files of the naive import, 0 for all, None to choose."""
        self._step("migrate", environment=self.database.template_environment)
        for _ in range(rounds):
            self._step("load", self.repository)
            self._step("read_and_hash", self.repository, name="read")
            self._step("idle")
            self.database.fresh()
            self._step("import", self.repository)
            self._step("import", self.repository, name="again")
            self._step("touch", self.repository)
            self._step("import", self.repository, name="one_changed")
        self._step("export", self.repository)
        self._step("edit", self.repository)
        self._naive(naive_sample)

    def _naive(self, sample: int | None) -> None:
        """The naive import and the real one of the very same files."""
        files = self.content.files
        if sample is None:
            sample = files if files <= FEW_FILES else FEW_FILES
        self.naive_files = min(sample or files, files)
        some = self.folder / "sample"
        _copy_sample(self.repository, some, self.naive_files)
        self.database.fresh()
        self._step("import", some, name="sample")
        self.database.fresh()
        self._step("naive", some)
        shutil.rmtree(some)

    def _step(
        self, step: str, *paths: Path, name: str = "", environment: dict[str, str] | None = None
    ) -> None:
        found = run_step(
            step, *map(str, paths), environment=environment or self.database.environment
        )
        self.runs.results[name or step].append(found)

    def goals(self) -> list[Goal]:
        """The goals of the import, in the order of the issue that set them."""
        runs = self.runs
        edit = runs.results["edit"][0]
        everything = "all" if self.naive_files == self.content.files else f"{self.naive_files:,}"
        return [
            Goal(
                "complete import : CSafeLoader merely loading the files",
                runs.ratio("import", "load"),
                FLOORS[self.database.name],
                cpu=runs.ratio("import", "load", "cpu"),
            ),
            Goal(
                "importing again unchanged : complete import",
                runs.ratio("again", "import"),
                UNCHANGED,
                cpu=runs.ratio("again", "import", "cpu"),
            ),
            Goal(
                "importing again, one file changed : unchanged",
                runs.ratio("one_changed", "again"),
                ONE_CHANGED,
                cpu=runs.ratio("one_changed", "again", "cpu"),
            ),
            Goal(
                "peak memory above idle Django",
                self.memory() / MEGABYTE,
                self.memory_limit() / MEGABYTE,
                unit=" MB",
            ),
            Goal(
                f"naive import : import, {everything} files",
                runs.ratio("naive", "sample"),
                NAIVE_GAIN,
                at_least=True,
                cpu=runs.ratio("naive", "sample", "cpu"),
                unit="×",
            ),
            Goal(
                f"composing a file of {edit['bytes']:,} bytes : flipping one key in it",
                edit["compose"] / edit["flip"],
                FLIP_GAIN,
                at_least=True,
                unit="×",
            ),
            Goal("files given back byte for byte", self.identical(), 100, at_least=True, unit=" %"),
            Goal(
                "files the same after flipping there and back",
                self.flipped(),
                100,
                at_least=True,
                unit=" %",
            ),
        ]

    def identical(self) -> float:
        """Of a hundred files so many are given back byte for byte."""
        return _percent(self.runs.results["export"][0])

    def flipped(self) -> float:
        """Of a hundred files so many are the same after a key was flipped there and back."""
        edit = self.runs.results["edit"][0]
        return _percent({**edit, "files": edit["flipped"]})

    def memory_limit(self) -> float:
        """Bytes that an import may take beside Django."""
        return max(MEMORY_SHARE * self.content.bytes, MEMORY_LEAST)

    def memory(self) -> float:
        """Bytes that an import took at the most, beside what Django takes."""
        peak, idle = self.runs.median("import", "peak"), self.runs.median("idle", "peak")
        return (peak or 0) - (idle or 0)

    def steps(self) -> list[tuple[str, float | None, float | None]]:
        """What was timed: its name, seconds on the wall and of the processor."""
        return [
            (words, self.runs.median(name), self.runs.median(name, "cpu"))
            for name, words in self._names().items()
        ]

    def _names(self) -> dict[str, str]:
        files = f"{self.naive_files:,} files"
        return {
            "load": "CSafeLoader loads the files",
            "read": "reading and hashing the files",
            "import": "complete import",
            "again": "again, unchanged",
            "one_changed": "again, one file changed",
            "sample": f"complete import of {files}",
            "naive": f"naive import of {files}",
        }


def _percent(found: Mapping[str, int]) -> float:
    return 100 * found["identical"] / found["files"] if found["files"] else 0.0


def _copy_sample(repository: Path, target: Path, count: int) -> None:
    """The first `count` files: neighbours in time, as the days of a repository are."""
    folder = target / "_news"
    folder.mkdir(parents=True)
    if (repository / "_config.yml").is_file():
        shutil.copyfile(repository / "_config.yml", target / "_config.yml")
    for path in _neighbours(story_files(repository), count):
        shutil.copyfile(path, folder / path.name)


def _neighbours(paths: Sequence[Path], count: int) -> Sequence[Path]:
    middle = max(0, (len(paths) - count) // 2)
    return paths[middle : middle + count]
