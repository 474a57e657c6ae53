"""Lists: the same pages at two or more lengths of the table, side by side."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from tests.benchmarks.databases import Scratch
from tests.benchmarks.processes import run_step
from tests.benchmarks.report import Goal

MOST_QUERIES = 4
MOST_MORE_QUERIES = 1
"""Beyond 1,000 stories one statement more finds out whether a bulk action may take them all."""

GROWTH = 1.3
SEARCH_GROWTH = 4.0
GROWING = {
    **dict.fromkeys(("newest", "a queue", "topic and queue", "provider", "hottest"), GROWTH),
    "hottest of a queue": GROWTH,
    "search, two common words": SEARCH_GROWTH,
}
"""The lists whose rows may cost so many times as much in the largest table as in the smallest."""

FACET_GAIN = {"sqlite": 30, "postgres": 15}
DEEP_GROWTH = 2.0
EMPTY_ANSWERS = 20
OFFSET_GAIN = 100
GAINS_FROM = 1_000_000
"""Rows from which on the gains over OFFSET and GROUP BY are goals; with fewer there are none."""

Result = dict[str, Any]


class ListBenchmark:
    """Fills one database for every size, then measures all of them in turn."""

    def __init__(self, databases: dict[int, Scratch], times: int) -> None:
        self.databases = databases
        self.times = times
        self.results: dict[int, list[Result]] = defaultdict(list)

    def run(self, rounds: int) -> None:
        """Measure; every round takes every size once."""
        for size, database in self.databases.items():
            run_step("migrate", environment=database.template_environment)
            database.fresh()
            run_step("fill", str(size), environment=database.environment)
        for _ in range(rounds):
            for size, database in self.databases.items():
                found = run_step("lists", str(self.times), environment=database.environment)
                self.results[size].append(found)

    @property
    def sizes(self) -> Sequence[int]:
        """The lengths of the table, the shortest first."""
        return sorted(self.results)

    def names(self) -> list[str]:
        """The lists that were measured."""
        return list(self.results[self.sizes[0]][0]["lists"])

    def goals(self) -> list[Goal]:
        """The goals of the lists; those of growth only where there are two sizes."""
        return [
            *self._query_goals(),
            *self._growth_goals(),
            *self._depth_goals(),
            *self._gains(),
            self._bound(),
        ]

    def _query_goals(self) -> list[Goal]:
        def counts(name: str, key: str) -> set[int]:
            return {run["lists"][name][key] for size in self.sizes for run in self.results[size]}

        most = max(max(counts(name, "row_queries")) for name in self.names())
        answers = [counts(name, "answer_queries") for name in self.names()]
        more = max(max(found) - min(found) for found in answers)
        filters = [counts(name, "facet_queries") for name in self.names()]
        facets = max(max(found) - min(found) for found in filters)
        return [
            Goal("queries for a page of rows", most, MOST_QUERIES),
            Goal("queries of an answer, more at the largest size", more, MOST_MORE_QUERIES),
            Goal("queries of the filters, more at the largest size", facets, 0),
        ]

    def _growth_goals(self) -> list[Goal]:
        if len(self.sizes) < 2:
            return []
        small, large = self.sizes[0], self.sizes[-1]
        many, few = self.results[large], self.results[small]
        return [
            *(
                self._goal(
                    f"{name}: rows of {large:,} : {small:,}",
                    limit,
                    [_rows(run, name) for run in many],
                    [_rows(run, name) for run in few],
                )
                for name, limit in GROWING.items()
            ),
            self._goal(
                f"the admin's list: answer of {large:,} : {small:,}",
                GROWTH,
                [run["admin"] for run in many],
                [run["admin"] for run in few],
            ),
        ]

    def _depth_goals(self) -> list[Goal]:
        runs = self.results[self.sizes[-1]]
        deep, newest = ([_rows(run, name) for run in runs] for name in ("deep page", "newest"))
        answers = [run["lists"]["newest"]["answer_seconds"] for run in runs]
        return [
            self._goal("the page in the middle : the first", DEEP_GROWTH, deep, newest),
            self._goal(
                "answer with a list : answer that asks nothing",
                EMPTY_ANSWERS,
                answers,
                [run["empty"] for run in runs],
            ),
        ]

    def _gains(self) -> list[Goal]:
        """What is gained over the plain ways, where a table is long enough to show it."""
        if self.sizes[-1] < GAINS_FROM:
            return []
        runs = self.results[self.sizes[-1]]
        name = next(iter(self.databases.values())).name
        return [
            self._goal(
                "rows of the page in the middle by OFFSET : the whole page",
                OFFSET_GAIN,
                [run["offset"] for run in runs],
                [_rows(run, "deep page") for run in runs],
                at_least=True,
            ),
            self._goal(
                "topics of what is not live in three months by GROUP BY : by index",
                FACET_GAIN["sqlite" if name == "SQLite" else "postgres"],
                [run["grouped"] for run in runs],
                [run["facets"] for run in runs],
                at_least=True,
            ),
        ]

    def _bound(self) -> Goal:
        """The slowest of the lists that only a time limit bounds, by its limit."""
        runs = self.results[self.sizes[-1]]
        name = "slowest other combination : its time limit"
        wall, cpu = (
            max(each[key] / run["limit"] for run in runs for each in run["others"].values())
            for key in ("wall", "cpu")
        )
        return Goal(name, wall, 1.0, cpu=cpu)

    def _goal(
        self,
        name: str,
        limit: float,
        ones: Sequence[Result],
        others: Sequence[Result],
        *,
        at_least: bool = False,
    ) -> Goal:
        """The median of ratios, each of one round."""
        wall, cpu = (
            statistics.median(a[key] / b[key] for a, b in zip(ones, others, strict=True))
            for key in ("wall", "cpu")
        )
        return Goal(name, wall, limit, at_least=at_least, cpu=cpu, unit="×" if at_least else "")

    def _milliseconds(self, size: int, name: str, key: str) -> str:
        found = statistics.median(run["lists"][name][key]["wall"] for run in self.results[size])
        return f"{1000 * found:.1f}"

    def _queries(self, name: str, key: str) -> str:
        return f"{max(run['lists'][name][key] for run in self.results[self.sizes[-1]])}"

    def rows(self) -> list[tuple[str, ...]]:
        """For every list: queries, and milliseconds at each size for rows and answer."""
        return [
            (
                name,
                self._queries(name, "row_queries"),
                self._queries(name, "answer_queries"),
                *(self._milliseconds(size, name, "row_seconds") for size in self.sizes),
                *(self._milliseconds(size, name, "answer_seconds") for size in self.sizes),
            )
            for name in self.names()
        ]

    def head(self) -> tuple[str, ...]:
        """The head of the table of `rows`."""
        return (
            "list",
            "queries (rows)",
            "queries (answer)",
            *(f"rows of {size:,}, ms" for size in self.sizes),
            *(f"answer of {size:,}, ms" for size in self.sizes),
        )


def _rows(run: Result, name: str) -> Result:
    found: Result = run["lists"][name]["row_seconds"]
    return found
