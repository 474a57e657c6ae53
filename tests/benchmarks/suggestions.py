"""`python -m tests.benchmarks.suggestions [--format json] GOLD.jsonl…`: how good suggestions are.

Each file holds one labelled story a line: `id`, `title`, `excerpt`, `date`, `provider`, `cluster`
(null for a story nobody labelled). Its stories go through the real models into a database of
their own, beside the one that `DATABASE_URL` names, and are suggested and grouped by the real
code. With `--output` the suggestions and groups of each file are kept, one story a line.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.databases import Scratch, scratch
from tests.benchmarks.processes import run_step
from tests.benchmarks.report import table
from tests.benchmarks.scoring import Labels, Ranking, bcubed, pair_precision, recall_and_mrr

SHOWN = 5
TIMES = 300
"""Stories whose suggestions are timed in a large archive."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every file that the command line names, and print a line for each."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="newsdesk-benchmark-") as name:
        folder = options.output or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        with scratch(os.environ.get("DATABASE_URL", ""), Path(name)) as database:
            run_step("migrate", environment=database.template_environment)
            if options.latency:
                _print(json.dumps(_latency(options.latency, database)))
            results = [_measured(path, folder, database) for path in options.files]
    if not results:
        return
    if options.format == "json":
        for result in results:
            _print(json.dumps(result))
        return
    _print("\n".join(table(list(results[0]), [_as_text(result) for result in results])))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.suggestions", description=__doc__
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="GOLD.jsonl")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--output", type=Path, help="a folder for suggestions and groups")
    parser.add_argument(
        "--latency", type=int, metavar="N", help="fill N invented stories, time suggestions there"
    )
    return parser


def _latency(stories: int, database: Scratch) -> dict[str, Any]:
    database.fresh()
    run_step("fill", str(stories), environment=database.environment)
    return run_step("suggesting", str(TIMES), environment=database.environment)


def _measured(path: Path, folder: Path, database: Scratch) -> dict[str, Any]:
    database.fresh()
    name = path.name.split(".")[0]
    suggested, grouped = folder / f"{name}.suggestions.jsonl", folder / f"{name}.clusters.jsonl"
    files = [str(each.resolve()) for each in (path, suggested, grouped)]
    step = run_step("suggest", *files, environment=database.environment)
    return {"set": name, **quality(_read(path), _read(suggested), _read(grouped)), "ms": step["ms"]}


def quality(
    gold: Sequence[Mapping[str, Any]],
    suggested: Sequence[Mapping[str, Any]],
    grouped: Sequence[Mapping[str, Any]],
) -> dict[str, float]:
    """The figures of one set, fractions of 1."""
    labels: Labels = {line["id"]: line["cluster"] for line in gold}
    rankings: dict[str, Ranking] = {line["id"]: line["related"] for line in suggested}
    recall, mrr = recall_and_mrr(labels, rankings, SHOWN)
    return {
        "recall@5": round(recall, 4),
        "mrr": round(mrr, 4),
        "pair_ap": round(pair_precision(labels, rankings), 4),
        "bcubed_f1": round(bcubed(labels, {line["id"]: line["cluster"] for line in grouped}), 4),
    }


def _read(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _as_text(result: Mapping[str, Any]) -> tuple[str, ...]:
    name, *figures, milliseconds = result.values()
    return (name, *(f"{100 * figure:.1f} %" for figure in figures), f"{milliseconds:.1f}")


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
