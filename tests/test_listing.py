"""A list as one value: its rows, counts, chips and manners."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from articles.listing import Listing
from articles.models import Story, Topic
from articles.pagination import Count
from articles.patience import patience
from articles.rows import rows_of
from articles.rules import Queue
from tests.factories import make_provider, make_site, make_story

pytestmark = pytest.mark.django_db


def listing_of(query: str, **options: Any) -> Listing:
    return Listing(QueryDict(query), **options)


@pytest.mark.parametrize(
    "query",
    ["", "queue=below", "site=harbour", "q=ferry", "q=-nothing", "topic={topic}", "sort=hottest",
     "topic={topic}&provider={provider}&q=ferry+is:below+quality>10&has_image=yes&sort=best"],
)  # fmt: skip
def test_asks_at_most_four_questions_for_its_rows(query: str) -> None:
    counted = []
    for number in (10, 90):
        for _ in range(number):
            make_story(topics=["Ferries"], images=["https://i.example/1"], queue=Queue.BELOW)
        names = {"topic": Topic.objects.get().pk, "provider": make_provider().pk}
        listing = listing_of(query.format(**names), size=100)
        assert listing.filter.form.is_valid()
        with CaptureQueriesContext(connection) as asked:
            assert len(listing.page.rows) in {10, 100}
            assert listing.count.number in {10, 100}
        # What a filter's form asks to know its own values is not about the rows.
        about_rows = [q for q in asked if "articles_story" in q["sql"]]
        counted.append((len(about_rows), len(asked)))
    assert counted[0] == counted[1]
    assert counted[0][0] == 4


def test_shows_topics_and_the_first_safe_picture() -> None:
    story = make_story(
        topics=["Trains", "Ferries"],
        images=["https://i.example/a b.jpg", "https://i.example/2.jpg"],
    )
    other = make_story(images=["http://i.example/1.jpg"])
    rows = {row["id"]: row for row in listing_of("").page.rows}
    assert rows[story.pk]["topics"] == ["Trains", "Ferries"]
    assert rows[story.pk]["image_url"] == "https://i.example/a%20b.jpg"
    assert rows[other.pk]["image_url"] == ""
    assert rows[story.pk]["threshold"] == 70
    assert rows_of([story.pk], images=True) == [rows[story.pk]]


def test_loads_no_pictures_for_those_who_want_none() -> None:
    make_story(images=["https://i.example/1.jpg"])
    with CaptureQueriesContext(connection) as asked:
        (row,) = listing_of("", images=False).page.rows
    assert row["image_url"] == ""
    assert not any("storyimage" in q["sql"] for q in asked)
    request = RequestFactory().get("/stories/")
    assert not Listing.of(request).with_images


def test_has_no_row_of_a_story_that_is_gone() -> None:
    assert rows_of([7], images=True) == []


def test_says_in_chips_what_is_filtered() -> None:
    story = make_story(topics=["Ferries"], domain="herald.example")
    topic, provider = Topic.objects.get().pk, story.provider_id
    query = (
        f"topic={topic}&not_provider={provider}&kind=video&quality_min=60&q=boat&sort=best"
        "&queue=below&site=harbour&unknown=1&after="
    )
    listing = listing_of(query)
    chips = {chip.label: chip for chip in listing.chips}
    assert set(chips) == {"Ferries", "not The Herald", "video", "Quality 60+", "Search: boat"}
    assert chips["not The Herald"].excluded
    assert not chips["Ferries"].excluded
    without = QueryDict(chips["Ferries"].url.partition("?")[2])
    assert "topic" not in without
    assert without["kind"] == "video"


def test_takes_one_of_two_values_away() -> None:
    make_story(topics=["Ferries", "Trains"])
    first, second = Topic.objects.order_by("name").values_list("pk", flat=True)
    chips = listing_of(f"topic={first}&topic={second}&page=x").chips
    assert [chip.url for chip in chips] == [
        f"/stories/?topic={second}",
        f"/stories/?topic={first}",
    ]


def test_says_in_chips_what_was_not_understood() -> None:
    assert [chip.label for chip in listing_of("topic=x&kind=poem").chips] == ["x", "poem"]


def test_knows_its_site() -> None:
    site = make_site("west")
    assert listing_of("site=west").site == site
    assert listing_of("").site is None
    assert listing_of("site=nowhere").site is None


def test_knows_its_orders() -> None:
    listing = listing_of("sort=best&queue=below")
    assert [sort["value"] for sort in listing.sorts if sort["current"]] == ["best"]
    assert listing.heads["heat"] == "/stories/?sort=hottest&queue=below"
    assert listing_of("sort=nonsense").order.name == "newest"


def test_offers_everything_that_matches_only_beyond_the_page() -> None:
    for _ in range(3):
        make_story()
    assert listing_of("", size=3).bulk_count == 0
    assert listing_of("", size=2).bulk_count == 3
    assert listing_of("q=nothing", size=2).bulk_count == 0


@contextmanager
def no_patience(*parts: str) -> Iterator[None]:
    """Statements with one of these parts are stopped, as if they had taken too long."""

    def stop(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if any(part in sql for part in parts):
            raise OperationalError("interrupted")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(stop):
        yield


def test_says_how_to_narrow_a_list_that_takes_too_long() -> None:
    make_story()
    listing = listing_of("sort=hottest&q=ferry")
    with no_patience("FROM"):
        assert listing.page.rows == []
        assert listing.too_slow
        assert listing.count == Count(0, is_exact=False)
        assert listing.bulk_count == 0
        assert not any(facet.values for facet in listing.filter_facets)
    assert "sort by newest first or choose a queue or choose one topic" in listing.advice


def test_says_so_on_the_page(client_of: Callable[[User], Client], reader: User) -> None:
    client = client_of(reader)
    make_story(title="Ferry strike")
    with no_patience("LIMIT 51"):
        response = client.get("/stories/?sort=hottest")
    assert response.status_code == 200
    assert "That took too long" in response.content.decode()
    assert "sort by newest first" in response.content.decode()
    assert "That took too long" not in client.get("/stories/?sort=hottest").content.decode()


def test_has_an_advice_for_every_list() -> None:
    query = "queue=below&topic=1&after=2026-01-01&sort=newest"
    assert listing_of(query).advice == (
        "This list takes too long. To narrow it, take a filter away."
    )


def test_shows_its_rows_where_only_counting_takes_too_long() -> None:
    stories = [make_story() for _ in range(3)]
    listing = listing_of("", size=2)
    with no_patience("COUNT"):
        assert len(listing.page.rows) == 2
        assert str(listing.count) == "2+"
        assert listing.bulk_count == 0
        assert not any(facet.values for facet in listing.filter_facets)
    assert not listing.too_slow
    with no_patience("FROM"):
        assert listing_of("").around(stories[0]) == (0, 0)


def test_is_patient_for_a_limited_time(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[float | None] = []

    def remember(seconds: float | None = None) -> Any:
        limits.append(seconds)
        return patience(seconds)

    monkeypatch.setattr("articles.listing.patience", remember)
    story = make_story()
    listing = listing_of("q=ferry", size=1)
    assert listing.page.rows
    assert listing.count.number == 1
    assert listing.filter_facets
    assert listing.around(Story.objects.get(pk=story.pk)) == (0, 0)
    assert limits == [None, 1.0, 1.0, 1.0]
