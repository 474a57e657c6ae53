"""`python -m tests.benchmarks [all|import|lists|clone] …`; without a word, all of `make bench`."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks.board import Board, Wanted
from tests.benchmarks.clone import clone
from tests.benchmarks.databases import answers, scratch
from tests.benchmarks.importing import MEGABYTE, Content, ImportBenchmark
from tests.benchmarks.lists import ListBenchmark
from tests.benchmarks.machine import described, machine
from tests.benchmarks.report import Goal, goal_lines, table

DEMO = Path(__file__).resolve().parents[2] / "articles" / "demo"
FILES = 2_000
"""Stories of the invented repository where none is named: of real size and real groups."""
MORE_FILES = 5_000
"""The same where everything is measured: for so many files the goals are meant."""
SIZES = [10_000, 100_000]
EVERY_SIZE = [10_000, 100_000, 1_000_000]
POSTGRESQL = "postgres://postgres@127.0.0.1:5432/postgres"
"""Where a PostgreSQL server is looked for if nothing names one."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line asks for, and print it."""
    options = _parser().parse_args(arguments if arguments is not None else sys.argv[1:] or ["all"])
    options.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    commands = parser.add_subparsers(metavar="{all,import,lists,clone}", required=True)
    _add_all(commands.add_parser("all", help="measure everything, as one table"))
    _add_import(commands.add_parser("import", help="measure the import"))
    _add_lists(commands.add_parser("lists", help="measure the lists of stories"))
    _add_clone(commands.add_parser("clone", help="write an invented repository of any size"))
    return parser


def _add_all(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--sizes", type=_sizes, default=EVERY_SIZE, metavar="N,N",
        help="stories of the desk (default 10000,100000,1000000)",
    )  # fmt: skip
    parser.add_argument(
        "--databases", type=_databases, default=["sqlite", "postgresql"], metavar="NAME,NAME",
        help="sqlite, postgresql or both (default)",
    )  # fmt: skip
    parser.add_argument("--repository", type=Path, help="stories to clone (default: the demo's)")
    parser.add_argument(
        "--clone", type=int, dest="stories", metavar="N",
        help=f"files of the import and the sync (default {MORE_FILES}, or those of --repository)",
    )  # fmt: skip
    parser.add_argument("--rounds", type=int, default=3, help="processes of every step (default 3)")
    parser.add_argument("--times", type=int, default=9, help="calls in a process (default 9)")
    parser.add_argument(
        "--naive-sample", type=int, default=300, metavar="N",
        help="files of the naive import, 0 for all (default 300)",
    )  # fmt: skip
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep filled databases there for the next run"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=_everything, files=MORE_FILES)


def _databases(text: str) -> list[str]:
    names = text.split(",")
    if not set(names) <= {"sqlite", "postgresql"}:
        raise argparse.ArgumentTypeError("sqlite, postgresql, or both with a comma between")
    return names


def _everything(options: argparse.Namespace) -> None:
    facts = machine()
    wanted = Wanted(
        options.sizes, options.rounds, options.times, options.naive_sample, options.keep
    )
    with tempfile.TemporaryDirectory(prefix="newsdesk-benchmark-") as name:
        folder = Path(name)
        board = Board(wanted, _content(options, folder / "repository"), folder)
        content = Content.of(board.repository)
        try:
            for url in map(_url, options.databases):
                if answers(url):
                    board.run(url)
                else:
                    sys.stderr.write("PostgreSQL does not answer: measured without it.\n")
        finally:  # what there is after an hour is not thrown away
            facts["database"] = ", ".join(board.versions)
            facts["load_after"] = round(os.getloadavg()[0], 1)
            say = _board_as_json if options.format == "json" else _board_as_text
            _print(say(board, content, facts))


def _board_as_json(board: Board, content: Content, facts: dict[str, Any]) -> str:
    found = {
        "machine": facts,
        "content": asdict(content),
        "lines": [line.as_json() for line in board.lines()],
        "figures": {f"{name} {size}": found for (name, size), found in board.figures.items()},
    }
    return json.dumps(found, indent=2)


def _board_as_text(board: Board, content: Content, facts: dict[str, Any]) -> str:
    wanted = board.wanted
    words = (
        f"Medians of {wanted.rounds} rounds of processes of their own, in which the fastest of "
        f"{wanted.times} calls counts. {time.monotonic() - board.started:,.0f} seconds in all."
    )
    known = f"{described(facts)}, at the end {facts['load_after']}."
    return "\n".join([_amount(content), known, words, "", *table(board.head(), board.rows())])


def _url(database: str) -> str:
    """Of the server that is measured; SQLite has none."""
    if database == "sqlite":
        return ""
    named = os.environ.get("DATABASE_URL", "")
    if named.startswith("postgres"):
        return named
    return os.environ.get("NEWSDESK_TEST_POSTGRES", POSTGRESQL)


def _add_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repository", type=Path, help="a content repository; it is copied")
    parser.add_argument(
        "--clone", type=int, dest="stories", metavar="N",
        help="clone so many stories of the repository, or of the demo newsroom, in new groups",
    )  # fmt: skip
    parser.add_argument("--rounds", type=int, default=3, help="runs of every step (default 3)")
    parser.add_argument(
        "--naive-sample", type=int, metavar="N",
        help="files of the naive import, 0 for all (default: all up to 500, else 500)",
    )  # fmt: skip
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=_import, files=FILES)


def _add_lists(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--sizes", type=_sizes, default=SIZES, metavar="N,N",
        help="lengths of the table (default 10000,100000)",
    )  # fmt: skip
    parser.add_argument("--rounds", type=int, default=3, help="runs for every size (default 3)")
    parser.add_argument(
        "--times", type=int, default=9,
        help="calls of every list in a run, of which the fastest counts (default 9)",
    )  # fmt: skip
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=_lists)


def _sizes(text: str) -> list[int]:
    return sorted({int(word) for word in text.split(",")})


def _add_clone(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", type=Path, help="a folder that does not exist yet")
    parser.add_argument("stories", type=int, help="how many")
    parser.add_argument("--repository", type=Path, default=DEMO, help="whose stories to clone")
    parser.set_defaults(run=_clone)


def _clone(options: argparse.Namespace) -> None:
    done = clone(options.repository, options.target, options.stories)
    _print(f"{done.files:,} files, {done.bytes / MEGABYTE:,.1f} MB in {options.target}")


def _import(options: argparse.Namespace) -> None:
    facts = machine()
    with tempfile.TemporaryDirectory(prefix="newsdesk-benchmark-") as name:
        folder = Path(name)
        repository = _content(options, folder / "repository")
        with scratch(os.environ.get("DATABASE_URL", ""), folder) as database:
            benchmark = ImportBenchmark(repository, database, folder)
            benchmark.run(options.rounds, options.naive_sample)
    facts["database"] = database.version
    if options.format == "json":
        _print(json.dumps(_as_json(benchmark, facts, options), indent=2))
    else:
        _print("\n".join(_as_text(benchmark, facts, options)))


def _lists(options: argparse.Namespace) -> None:
    facts = machine()
    with tempfile.TemporaryDirectory(prefix="newsdesk-benchmark-") as name, ExitStack() as stack:
        url = os.environ.get("DATABASE_URL", "")
        databases = {
            size: stack.enter_context(scratch(url, Path(name), f"_{size}"))
            for size in options.sizes
        }
        benchmark = ListBenchmark(databases, options.times)
        benchmark.run(options.rounds)
        facts["database"] = databases[options.sizes[0]].version
    goals = benchmark.goals()
    if options.format == "json":
        found = {"machine": facts, "sizes": benchmark.results, "rounds": options.rounds}
        _print(json.dumps({**found, "goals": [goal.as_json() for goal in goals]}, indent=2))
        return
    rounds = (
        f"Medians of {options.rounds} processes for every size, in each of which the fastest of "
        f"{options.times} calls counts."
    )
    lines = [
        f"{described(facts)}.",
        rounds,
        "",
        *table(benchmark.head(), benchmark.rows()),
        "",
        *goal_lines(goals),
    ]
    _print("\n".join(lines))


def _content(options: argparse.Namespace, target: Path) -> Path:
    """The files to import, in a folder of their own."""
    if options.stories is None and options.repository is not None:
        shutil.copytree(options.repository, target)
    else:
        clone(options.repository or DEMO, target, options.stories or options.files)
    return target


def _as_json(
    benchmark: ImportBenchmark, facts: dict[str, Any], options: argparse.Namespace
) -> dict[str, Any]:
    return {
        "machine": facts,
        "content": asdict(benchmark.content),
        "rounds": options.rounds,
        "naive_files": benchmark.naive_files,
        "steps": benchmark.runs.results,
        "goals": [goal.as_json() for goal in benchmark.goals()],
    }


def _as_text(
    benchmark: ImportBenchmark, facts: dict[str, Any], options: argparse.Namespace
) -> list[str]:
    content = benchmark.content
    goals: list[Goal] = benchmark.goals()
    rows = [
        (name, f"{wall:.3f} s", f"{cpu:.3f} s")
        for name, wall, cpu in benchmark.steps()
        if wall is not None and cpu is not None
    ]
    return [
        _amount(content),
        f"{described(facts)}.",
        f"Medians of {options.rounds} rounds of processes of their own.",
        "",
        *table(("step", "wall", "processor"), rows),
        "",
        *goal_lines(goals),
    ]


def _amount(content: Content) -> str:
    return (
        f"{content.files:,} files, {content.bytes / MEGABYTE:,.1f} MB, "
        f"{content.entries:,} related entries, {content.distinct_entries:,} of them distinct."
    )


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
