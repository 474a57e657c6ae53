"""Pages by keyset: every row once, forwards and backwards, from any place."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from articles.listing import Listing
from articles.models import Story
from articles.pagination import (
    ORDERS,
    Count,
    Order,
    Place,
    UnknownPlaceError,
    capped,
    count_up_to,
    read_place,
)
from tests.factories import NOON, make_story

SELECTIONS = ["", "topic=1", "q=ferry", "q=ferry&topic=1", "q=-strike", "queue=below&topic=1"]


@pytest.fixture
def stories(db: None) -> list[int]:
    """Stories of which many are equal in everything a list is sorted by."""
    moments = [NOON, NOON, NOON - timedelta(days=1), None, NOON + timedelta(microseconds=700_000)]
    ids = []
    for number, moment in zip(range(23), itertools.cycle(moments), strict=False):
        story = make_story(
            title="Ferry strike" if number % 9 == 8 else "Ferry",
            topics=["Ferries"] if number % 5 else [],
            published_at=moment,
            quality=[60, None, 80][number % 3],
            heat=[-1, 50, None][number % 3],
            related_count=number % 2,
            published=False,
            queue=3,
        )
        ids.append(story.pk)
    return ids


def query_of(selection: str, order: str) -> str:
    topic = Story.topics.through.objects.values_list("topic_id", flat=True).first()
    return f"{selection.replace('topic=1', f'topic={topic}')}&sort={order}"


def read(query: str, size: int) -> Listing:
    return Listing(QueryDict(query.removeprefix("?")), size=size)


def forwards(query: str, size: int) -> list[list[int]]:
    """The ids of all pages from the first to the last."""
    pages = []
    while True:
        page = read(query, size).page
        pages.append([row["id"] for row in page.rows])
        assert len(pages) < 50
        if not page.next_url:
            return pages
        query = page.next_url


def backwards(query: str, size: int) -> list[list[int]]:
    """The ids of all pages, reached from the last one, in the order of the list."""
    while url := read(query, size).page.next_url:
        query = url
    pages: list[list[int]] = []
    while query:
        page = read(query, size).page
        pages.insert(0, [row["id"] for row in page.rows])
        assert len(pages) < 50
        query = page.previous_url
    return pages


@pytest.mark.usefixtures("stories")
def test_shows_every_story_once_in_both_directions() -> None:
    for selection, order in itertools.product(SELECTIONS, ORDERS):
        query = query_of(selection, order)
        expected = list(read(query, 50).stories.values_list("id", flat=True))
        there, back = forwards(query, 7), backwards(query, 7)
        shown = [pk for page in there for pk in page]
        assert len(shown) == len(set(shown))
        assert set(shown) == set(expected)
        assert len(shown) > 8
        assert [pk for page in back for pk in page] == shown
        assert all(len(page) == 7 for page in there[:-1])


@pytest.mark.usefixtures("stories")
def test_shows_stories_in_order() -> None:
    for selection, order in itertools.product(["", "topic=1", "queue=below"], ORDERS.values()):
        query = query_of(selection, order.name)
        expected = list(read(query, 50).stories.order_by(*order.by).values_list("id", flat=True))
        assert [pk for page in forwards(query, 4) for pk in page] == expected


@pytest.mark.usefixtures("stories")
def test_knows_the_neighbours_of_every_story() -> None:
    stories = Story.objects.in_bulk()
    for selection, order in itertools.product(SELECTIONS, ORDERS):
        query = query_of(selection, order)
        shown = [pk for page in forwards(query, 50) for pk in page]
        found = [read(query, 4).around(stories[pk]) for pk in shown[::3]]
        assert found == list(zip([0, *shown], [*shown[1:], 0], strict=False))[::3]


def test_ends_where_a_page_is_exactly_full(stories: list[int]) -> None:
    page = read("", len(stories)).page
    assert len(page.rows) == len(stories)
    assert (page.next_url, page.previous_url) == ("", "")


def test_is_empty_without_stories(db: None) -> None:
    page = read("", 4).page
    assert (page.rows, page.next_url, page.previous_url) == ([], "", "")


def test_misses_nothing_when_stories_arrive_meanwhile(stories: list[int]) -> None:
    first = read("", 4).page
    make_story(published_at=NOON + timedelta(days=1))
    later = forwards(first.next_url, 4)
    assert {row["id"] for row in first.rows} | {pk for page in later for pk in page} == set(stories)


def test_begins_anew_where_the_page_is_no_longer_there(stories: list[int]) -> None:
    first = read("", 20).page
    Story.objects.exclude(pk__in=[row["id"] for row in first.rows]).delete()
    listing = read(first.next_url, 20)
    assert len(listing.page.rows) == 20
    assert listing.lost_place
    assert not listing.page.next_url


NO_PLACES = [
    "x",
    "~~",
    "after~~",
    "after~2026-03-02T12:00:00+00:00~x",
    "after~2026-03-02T12:00:00~1",
    "after~2026-03-02T12:00:00+00:00~-1",
    "after~2026-03-02T12:00:00+00:00~9223372036854775808",
    "sideways~2026-03-02T12:00:00+00:00~1",
    "after~0001-01-01T00:00:00+23:59~1",
    "after~9999-12-31T23:59:59-23:59~1",
    "after~2026-03-02T12:00:00+00:00~1~1",
    "after~\0~1",
    "after~" + "9" * 5000 + "~1",
]


@pytest.mark.usefixtures("stories")
def test_begins_at_the_first_page_where_the_place_is_no_place() -> None:
    for query, token in itertools.product(["", "q=ferry"], NO_PLACES):
        data = QueryDict(query, mutable=True)
        data["page"] = token
        listing = Listing(data, size=4)
        assert len(listing.page.rows) == 4
        assert not listing.page.previous_url
        assert listing.lost_place


@pytest.mark.usefixtures("stories")
def test_takes_any_number_as_a_place() -> None:
    values = ["-1", str(2**31 - 1), str(-(2**31)), str(2**31), "1e3", "x"]
    orders, sides = ["hottest", "best", "biggest"], ["before", "after"]
    for order, side, value in itertools.product(orders, sides, values):
        page = read(f"sort={order}&page={side}~{value}~7", 4).page
        assert len(page.rows) <= 4


@given(
    st.sampled_from(list(ORDERS.values())),
    st.sampled_from(["before", "after"]),
    st.integers(0, 2**63 - 1),
    st.datetimes(timezones=st.just(UTC)),
    st.integers(-(2**31), 2**31 - 1),
)
def test_writes_places_that_it_can_read(
    order: Order, side: str, pk: int, moment: datetime, number: int
) -> None:
    place = Place("before" if side == "before" else "after", moment, pk)
    if not order.is_by_date:
        place = Place(place.side, number, pk)
    assert read_place(str(place), order) == place


@given(st.sampled_from(list(ORDERS.values())), st.text())
def test_refuses_any_other_text(order: Order, text: str) -> None:
    try:
        place = read_place(text, order)
    except UnknownPlaceError:
        return
    assert place is None or read_place(str(place), order) == place


def test_counts_honestly() -> None:
    assert str(capped(1000)) == "1,000"
    assert str(capped(1001)) == "1,000+"
    assert capped(3, limit=2) == Count(2, is_exact=False)


def test_counts_up_to_a_limit(stories: list[int]) -> None:
    assert count_up_to(Story.objects.all(), 5) == Count(5, is_exact=False)
    assert count_up_to(Story.objects.all()) == Count(len(stories), is_exact=True)
