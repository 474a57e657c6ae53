"""`python -m tests.benchmarks.sync`: a sync against merely reading and hashing the files.

Ratios of one round each, then their median: a sync that finds nothing new, and one that finds
fifty files changed, of a plain folder, a working tree and a repository elsewhere; and fifty
decisions written into their files.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.clone import clone
from tests.benchmarks.databases import scratch
from tests.benchmarks.plan import SYNC_CHANGED, SYNC_NOTHING
from tests.benchmarks.processes import run_step
from tests.benchmarks.report import table
from tests.benchmarks.timing import Seconds

DEMO = Path(__file__).resolve().parents[2] / "articles" / "demo"
KINDS = ("folder", "tree", "remote")
GOALS = {"sync_nothing": SYNC_NOTHING, "sync_changed": SYNC_CHANGED}
HEAD = (
    "repository",
    "read and hash",
    "nothing new",
    "50 changed",
    f"goal {SYNC_NOTHING:g}, {SYNC_CHANGED:g}",
)


def main() -> None:
    """Measure, and print a line for each kind of repository."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.sync", description=__doc__)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsdesk-sync-") as name:
        folder = Path(name)
        content = folder / "content"
        clone(DEMO, content, options.files)
        with scratch(os.environ.get("DATABASE_URL", ""), folder) as database:
            run_step("migrate", environment=database.template_environment)
            database.fresh()
            place = (str(content), str(folder))
            lines = []
            for kind in KINDS:
                step = ("sync", *place, kind, str(options.rounds))
                found = run_step(*step, environment=database.environment)
                lines.append(_line(kind, found["figures"]))
    sys.stdout.write("\n".join([*table(HEAD, lines), "Wall time / processor time.", ""]))


def _line(kind: str, figures: dict[str, list[Seconds]]) -> tuple[str, ...]:
    floors = figures["sync_read"]
    seconds = statistics.median(floor["wall"] for floor in floors)
    ratios = {name: _ratios(figures[name], floors) for name in GOALS}
    kept = all(ratios[name][0] <= limit for name, limit in GOALS.items())
    words = [f"{wall:.2f} / {cpu:.2f}" for wall, cpu in ratios.values()]
    return (kind, f"{seconds:.3f} s", *words, "holds" if kept else "does not hold")


def _ratios(ones: Sequence[Seconds], others: Sequence[Seconds]) -> tuple[float, float]:
    wall, cpu = (
        statistics.median(one[key] / other[key] for one, other in zip(ones, others, strict=True))
        for key in ("wall", "cpu")
    )
    return wall, cpu


if __name__ == "__main__":
    main()
