"""What is measured: every step with its floor, the plain way to the same, and what is promised.

A *figure* is what a process measured, by its name: seconds, or a number. A step's figure stands in
the table as it is, its ratios beneath it, each over another figure of the same run or over the
same figure in the smallest table. The numbers of promises are those of the goals they keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.benchmarks.lists import (
    DEEP_GROWTH,
    EMPTY_ANSWERS,
    FACET_GAIN,
    GROWTH,
    MOST_QUERIES,
    OFFSET_GAIN,
    SEARCH_GROWTH,
)

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
EMPTY = 0
"""The size of a desk that holds nothing yet."""
MILLION, LARGEST = 1_000_000, 10**12

FLOORS: Mapping[str, float] = {SQLITE: 0.25, POSTGRESQL: 0.40}
"""A complete import, over CSafeLoader merely loading the files."""
UNCHANGED, ONE_CHANGED = 0.12, 1.3
"""The next import over the first; the one after a change over that."""
NAIVE_GAIN, FLIP_GAIN = 40, 40
SYNC_NOTHING, SYNC_CHANGED = 1.5, 3.0
"""Times reading and hashing: nothing new; fifty files changed, which may take twice that."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A limit. `database`: only there; `least`, `most`: only for desks of these sizes."""

    number: str
    limit: float
    at_least: bool = False
    database: str = ""
    least: int = 0
    most: int = LARGEST

    def concerns(self, database: str, size: int) -> bool:
        """Whether it says something about this column of the table."""
        return self.database in {"", database} and self.least <= size <= self.most

    def holds(self, measured: float) -> bool:
        """Whether a figure stays on the right side."""
        return measured >= self.limit if self.at_least else measured <= self.limit

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        where = [self.database] if self.database else []
        if self.least > 1:
            where.append(f"from {self.least:,}")
        if self.most == EMPTY:
            where.append("from nothing")
        return " ".join([f"{sign} {self.limit:g}", *where])


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure over another. `over` is empty for the smallest table's; a plain way is turned
    round, as it says how many times as long it takes.
    """

    words: str
    over: str
    promises: tuple[Promise, ...] = ()
    is_plain: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the desk does, by the name of its figure."""

    area: str
    name: str
    figure: str
    ratios: tuple[Ratio, ...] = ()
    promises: tuple[Promise, ...] = ()
    unit: str = "ms"


def floor(words: str, figure: str, *promises: Promise) -> Ratio:
    """Against what cannot be left out."""
    return Ratio(f": {words}", figure, promises)


def plain(words: str, figure: str, *promises: Promise) -> Ratio:
    """Against the way one writes it first with plain Django."""
    return Ratio(f"{words} :", figure, promises, is_plain=True)


def growth(*promises: Promise) -> Ratio:
    """Against the same in the smallest table that is not empty."""
    return Ratio(": the smallest table", "", promises)


def _at_least(number: str, limit: float, **where: object) -> Promise:
    return Promise(number, limit, at_least=True, **where)  # type: ignore[arg-type]


SAME = Promise("6", GROWTH)
ALL = Promise("5", 100, at_least=True)
IMPORT = (
    Step("import", "complete import", "import", (
        floor("CSafeLoader loads the files", "load",
              Promise("2", FLOORS[SQLITE], database=SQLITE, most=EMPTY),
              Promise("2b", FLOORS[POSTGRESQL], database=POSTGRESQL, most=EMPTY)),)),
    Step("import", "some of the files", "sample", (
        plain("update_or_create for each", "naive",
              _at_least("1", NAIVE_GAIN, most=EMPTY)),)),
    Step("import", "again, unchanged", "again", (
        floor("reading and hashing", "read"),
        floor("complete import", "import", Promise("3", UNCHANGED, most=EMPTY)))),
    Step("import", "again, one file changed", "one_changed", (
        floor("unchanged", "again", Promise("3b", ONE_CHANGED, most=EMPTY)),)),
    Step("import", "memory above idle Django", "memory", (
        floor("0.75 of the files, or 96 MB", "memory_limit", Promise("4", 1)),), unit="MB"),
    Step("import", "flipping one key in a large file", "flip", (
        plain("composing the file", "compose", _at_least("5b", FLIP_GAIN)),)),
)  # fmt: skip
SYNC = (
    Step("sync", "nothing new", "sync_nothing", (
        floor("reading and hashing", "sync_read", Promise("sync", SYNC_NOTHING)),)),
    Step("sync", "50 files changed", "sync_changed", (
        floor("reading and hashing", "sync_read", Promise("sync", SYNC_CHANGED)),)),
)  # fmt: skip
EXPORT = (
    Step("export", "50 decisions into their files", "export", (
        floor("reading and hashing all files", "sync_read"),
        plain("YAML loaded, changed and dumped", "export_plain"))),
    Step("export", "files given back byte for byte", "identical", promises=(ALL,), unit="%"),
    Step("export", "the same flipped there and back", "flipped", promises=(ALL,), unit="%"),
)  # fmt: skip
LISTS = (
    Step("list", "queries for a page of rows", "row_queries", unit="",
         promises=(Promise("15", MOST_QUERIES),)),
    Step("list", "newest: rows", "rows newest", (
        floor("the ids alone", "ids newest"), growth(SAME))),
    Step("list", "a queue: rows", "rows a queue", (growth(SAME),)),
    Step("list", "topic and not live: rows", "rows topic", (
        floor("the ids alone", "ids topic"),
        plain("join of topics, NOT published", "plain topic",
              _at_least("8", 40, database=SQLITE, least=MILLION)),
        growth(SAME))),
    Step("list", "rare topic and not live: rows", "rows rare topic", (
        plain("IN (SELECT …)", "plain rare topic",
              _at_least("8", 10, database=POSTGRESQL, least=MILLION)),
        growth(SAME))),
    Step("list", "provider: rows", "rows provider", (growth(SAME),)),
    Step("list", "hottest: rows", "rows hottest", (growth(SAME),)),
    Step("list", "hottest of a queue: rows", "rows hottest of a queue", (growth(SAME),)),
    Step("list", "page in the middle: rows", "rows deep page", (
        floor("the first page", "rows newest", Promise("7", DEEP_GROWTH)),
        plain("OFFSET", "offset", _at_least("7", OFFSET_GAIN, least=MILLION)))),
    Step("list", "newest: rows, drawn", "drawn newest", (
        plain("instances, template of 12 fields", "plain drawn", _at_least("13", 3.5)),)),
    Step("list", "newest: whole answer", "answer newest", (
        floor("an answer that asks nothing", "empty", Promise("14", EMPTY_ANSWERS)),
        plain("instances, template of 12 fields", "plain answer", _at_least("13", 3.5)),
        growth(SAME))),
    Step("list", "the admin's list: whole answer", "admin", (
        plain("default admin, same columns", "plain admin",
              _at_least("10", 10, database=POSTGRESQL, least=MILLION)),
        plain("default admin, filter on free text", "plain admin filter",
              _at_least("10a", 50, database=SQLITE, least=MILLION)),
        growth(Promise("10", GROWTH)))),
)  # fmt: skip
FACETS = (
    Step("facets", "300 topics, not live, three months", "facets", (
        plain("join and GROUP BY", "grouped",
              _at_least("9", FACET_GAIN["sqlite"], database=SQLITE, least=MILLION),
              _at_least("9", FACET_GAIN["postgres"], database=POSTGRESQL, least=MILLION)),
        plain("GROUP BY of the repeated columns", "grouped again"))),
)  # fmt: skip
SEARCH = (
    Step("search", "two common words: rows and count", "search", (
        floor("the index alone", "search index"),
        plain("icontains, page and COUNT", "plain search",
              _at_least("11", 1_000, database=SQLITE, least=MILLION)))),
    Step("search", "two common words: rows", "search rows", (
        plain("icontains, page", "plain search rows",
              _at_least("11", 5, database=SQLITE, least=MILLION)),
        growth(Promise("11", SEARCH_GROWTH)))),
    Step("search", "a rare word: rows", "search rare", (
        plain("icontains, page", "plain search rare",
              _at_least("11b", 500, database=SQLITE, least=MILLION)),)),
)  # fmt: skip
SUGGESTIONS = (
    Step("suggestion", "the ten best of a story", "suggest", (
        plain("any of its words, ranked, joined", "plain suggest",
              _at_least("12", 60, database=SQLITE, least=MILLION)),),
        promises=(Promise("12", 2, least=10_000, most=10_000),)),
)  # fmt: skip
DECISIONS = (
    Step("decision", "publish a story", "decide", (
        floor("UPDATE of its rows", "decide update"),
        plain("save() of each instance", "plain decide"),
        growth())),
    Step("decision", "publish a hundred at once", "decide many", (
        floor("UPDATE of their rows", "decide many update"),
        plain("save() of each instance", "plain decide many"),
        growth())),
)  # fmt: skip
WEIGHT = (
    Step("page weight", "a list of 50 rows", "weight", (
        plain("template of 12 fields", "plain weight"),), unit="kB"),
    Step("page weight", "the same, compressed", "weight gzip", (
        plain("template of 12 fields", "plain weight gzip"),), unit="kB"),
    Step("page weight", "styles and scripts, compressed", "weight static", unit="kB"),
)  # fmt: skip
STEPS = (
    *IMPORT, *SYNC, *LISTS, *FACETS, *SEARCH, *SUGGESTIONS, *DECISIONS, *EXPORT, *WEIGHT,
)  # fmt: skip
"""In the order of the table."""
