"""Stories that share words: within a window to the second, and without a date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from articles.models import Story
from articles.search.neighbours import Sought, Window, neighbours
from tests.factories import NOON, make_site, make_story

pytestmark = pytest.mark.django_db
LIGHTHOUSE = [Sought(("lighthouse", "lighthouses"), 1.0)]


def found(window: Window | None, sought: list[Sought] = LIGHTHOUSE) -> list[datetime | None]:
    """The dates of what is found, best first."""
    ids = neighbours(make_site().pk, sought, window, 60)
    dates = dict(Story.objects.values_list("pk", "published_at"))
    return [dates[pk] for pk in ids]


@pytest.mark.parametrize(
    "noon", [NOON, datetime(1969, 12, 31, 23, 59, 58, tzinfo=UTC), datetime(1950, 3, 1, tzinfo=UTC)]
)
def test_finds_to_the_second_what_is_in_the_window(noon: datetime) -> None:
    second, days = timedelta(seconds=1), timedelta(days=14)
    window = noon - days, noon + days
    inside = [window[0], noon - timedelta(days=7), noon, window[1]]
    for at in (window[0] - second, *inside, window[1] + second):
        make_story(title="Lighthouses", published_at=at)
    make_story(title="Ferries", published_at=noon)
    assert sorted(filter(None, found(window))) == inside


def test_finds_what_has_no_date_in_every_window() -> None:
    make_story(title="Lighthouse", published_at=None)
    assert found((NOON, NOON + timedelta(days=28))) == [None]


def test_finds_any_date_where_none_is_asked_for() -> None:
    dates = [NOON, NOON - timedelta(days=4_000), None]
    for at in dates:
        make_story(title="Lighthouse", published_at=at)
    assert set(found(None)) == set(dates)


def test_the_greatest_sum_of_weights_comes_first() -> None:
    sought = [Sought(("lighthouse",), 2.0), Sought(("keeper",), 1.5), Sought(("ferry",), 1.0)]
    for hours, title in enumerate(("Lighthouse", "Lighthouse ferry", "Lighthouse keeper")):
        make_story(title=title, excerpt="", published_at=NOON + timedelta(hours=hours))
    later = [(at - NOON).seconds // 3_600 for at in found(None, sought) if at]
    assert later == [2, 1, 0]


def test_knows_the_new_week_of_a_story_whose_date_was_corrected() -> None:
    story = make_story(title="Lighthouse", published_at=NOON - timedelta(days=100))
    window = NOON - timedelta(days=14), NOON + timedelta(days=14)
    assert found(window) == []
    Story.objects.filter(pk=story.pk).update(published_at=NOON)
    assert found(window) == [NOON]
