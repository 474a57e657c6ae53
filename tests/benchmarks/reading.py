"""What reading costs in a filled desk: lists, counts, searches and suggestions, and their floors.

Everything of one process is called in turn, and of each the fastest call counts: what is compared
was disturbed by the same other work.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.db import connection
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext

from articles import tallies, word_counts
from articles.listing import Listing
from articles.models import Story, StoryTopic, Topic
from articles.pagination import PAGE_SIZE
from articles.search.fulltext import TABLE, match, story_id
from articles.search.language import parse
from articles.suggestions import suggest
from tests.benchmarks import plain
from tests.benchmarks.filling import word
from tests.benchmarks.paging import (
    ADMIN,
    EMPTY,
    LIST,
    got,
    pages,
    publisher,
    quarter,
    rows_of,
    superuser,
)
from tests.benchmarks.timing import Seconds, fastest

COMMON, RARE = (word(1), word(2)), word(2_000)
STORIES = 10
"""So many stories are suggested others for, spread over the archive."""
ASSET = re.compile(r'(?:href|src)="/static/([^"]+\.(?:css|js))"')

Call = Callable[[], object]


def measure(times: int) -> dict[str, Seconds | float]:
    """Every figure of reading; the slow plain ways are called a third as often."""
    word_counts.settle()
    reader = _Reader()
    return {
        **fastest(reader.quick(), times),
        **fastest(reader.slow(), max(1, times // 3)),
        **reader.suggestions(),
        **reader.weights(),
        "row_queries": reader.queries(),
    }


class _Reader:
    """A publisher and a chief in front of a filled desk."""

    def __init__(self) -> None:
        self.client, self.chief = Client(), Client()
        self.boss = superuser()
        self.request = RequestFactory().get(LIST)
        self.request.user = publisher()
        self.client.force_login(self.request.user)
        self.chief.force_login(self.boss)
        ids = Topic.objects.order_by("id").values_list("pk", flat=True)
        self.topic, self.rare = ids[0], ids.reverse()[0]
        known = pages()
        self.queries_of = {
            **{name: known[name] for name in
               ("newest", "a queue", "provider", "hottest", "hottest of a queue", "deep page")},
            "topic": f"topic={self.topic}&published=no",
            "rare topic": f"topic={self.rare}&published=no",
        }  # fmt: skip
        self.common = f"q={'+'.join(COMMON)}"
        self.recent = quarter()

    def quick(self) -> dict[str, Call]:
        """What takes milliseconds at any size."""
        calls: dict[str, Call] = {
            f"rows {name}": lambda query=query: rows_of(query)
            for name, query in self.queries_of.items()
        }
        return {
            **calls,
            "ids newest": lambda: list(Story.objects.newest_first().values_list("id")[:PAGE_SIZE]),
            "ids topic": self._ids_of_topic,
            "drawn newest": self._drawn,
            "plain drawn": plain.page,
            "empty": lambda: got(self.client, EMPTY),
            "answer newest": lambda: got(self.client, LIST),
            "plain answer": self._plain_answer,
            "admin": lambda: got(self.chief, ADMIN),
            "facets": lambda: tallies.topics_by_index(self.recent),
            "search": lambda: _rows_and_count(self.common),
            "search rows": lambda: rows_of(self.common),
            "search rare": lambda: rows_of(f"q={RARE}"),
            "search index": _index_alone,
        }

    def slow(self) -> dict[str, Call]:
        """The plain ways whose time grows with the table."""
        return {
            "plain topic": lambda: plain.not_live_of(self.topic),
            "plain rare topic": lambda: plain.not_live_in(self.rare),
            "offset": lambda: plain.by_offset(Story.objects.count() // 2),
            "plain admin": lambda: plain.admin_list(plain.PlainAdmin, self.boss),
            "plain admin filter": lambda: plain.admin_list(plain.FilteredAdmin, self.boss),
            "grouped": lambda: plain.by_topic(self.recent.since),
            "grouped again": lambda: plain.by_topic_again(self.recent.since),
            "plain search": lambda: _page_and_count(*COMMON),
            "plain search rows": lambda: list(plain.containing(*COMMON)[:PAGE_SIZE]),
            "plain search rare": lambda: list(plain.containing(RARE)[:PAGE_SIZE]),
        }

    def suggestions(self) -> dict[str, Seconds]:
        """Seconds for one story, the mean of some spread over the archive."""
        last = Story.objects.order_by("-pk").values_list("pk", flat=True)[0]
        wanted = [last * number // STORIES for number in range(1, STORIES + 1)]
        stories = list(Story.objects.filter(pk__in=wanted))
        found = {
            **fastest({"suggest": lambda: [suggest(story) for story in stories]}, 3),
            **fastest({"plain suggest": lambda: [plain.like(story) for story in stories]}, 1),
        }
        return {
            name: {key: value / len(stories) for key, value in time.items()}
            for name, time in found.items()
        }

    def weights(self) -> dict[str, float]:
        """Kilobytes that a list sends: the page, and once for a long time styles and scripts."""
        page, other = got(self.client, LIST), plain.page()
        assets = [_asset(name) for name in dict.fromkeys(ASSET.findall(page.decode()))]
        return {
            "weight": len(page) / 1_000,
            "weight gzip": _compressed(page),
            "weight static": sum(map(_compressed, assets)),
            "plain weight": len(other) / 1_000,
            "plain weight gzip": _compressed(other),
        }

    def queries(self) -> int:
        """The most statements of a page of rows."""
        found = 0
        for query in (*self.queries_of.values(), self.common):
            with CaptureQueriesContext(connection) as captured:
                rows_of(query)
            found = max(found, len(captured))
        return found

    def _ids_of_topic(self) -> list[Any]:
        rows = StoryTopic.objects.filter(topic=self.topic, published__in=[False])
        return list(rows.order_by("-listed_at", "-story_id").values_list("story_id")[:PAGE_SIZE])

    def _drawn(self) -> str:
        """The rows alone, as htmx puts them into a page."""
        rows = {"rows": rows_of("")}
        return render_to_string("articles/story_list.html#story_rows", rows, self.request)

    def _plain_answer(self) -> object:
        with override_settings(ROOT_URLCONF="tests.benchmarks.urls"):
            return got(self.client, "/plain/")


def _rows_and_count(query: str) -> tuple[object, object]:
    listing = Listing(QueryDict(query))
    return listing.page.rows, listing.count


def _page_and_count(*words: str) -> tuple[object, int]:
    found = plain.containing(*words)
    return list(found[:PAGE_SIZE]), found.count()


def _index_alone() -> list[Any]:
    asked = match(parse(" ".join(COMMON)).words)
    if asked is None:
        raise LookupError("The search has no words.")
    newest = "listed_at DESC, story_id DESC" if connection.vendor == "postgresql" else "rowid DESC"
    sql = f"SELECT {story_id()} FROM {TABLE} WHERE {asked.sql} ORDER BY {newest} LIMIT {PAGE_SIZE}"
    with connection.cursor() as cursor:
        cursor.execute(sql, asked.parameters)
        return cursor.fetchall()


def _compressed(data: bytes) -> float:
    return len(gzip.compress(data, 6)) / 1_000


def _asset(name: str) -> bytes:
    found = finders.find(name)
    if not isinstance(found, str):
        raise LookupError(f"{name} is nowhere.")
    return Path(found).read_bytes()
