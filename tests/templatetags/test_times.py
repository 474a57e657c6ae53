"""Instants in the reader's zone."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.utils import timezone as django_timezone

from articles.templatetags._times import local_time

STORY = datetime(2021, 8, 27, 14, 38, tzinfo=UTC)


def test_shows_the_instant_with_utc_in_the_title() -> None:
    assert local_time(STORY) == (
        '<time datetime="2021-08-27T14:38:00Z" title="27 Aug 2021, 14:38 UTC">'
        "27 Aug 2021, 14:38</time>"
    )


def test_speaks_the_time_of_the_reader() -> None:
    with django_timezone.override(zoneinfo.ZoneInfo("Asia/Tokyo")):
        html = local_time(STORY, "zone")
    assert ">27 Aug 2021, 23:38 JST<" in html
    assert 'datetime="2021-08-27T14:38:00Z"' in html


def test_leaves_out_this_year() -> None:
    now = django_timezone.now().replace(month=3, day=5, hour=9, minute=7)
    assert ">5 Mar, 09:07<" in local_time(now, "short")
    assert ">27 Aug 2021, 14:38<" in local_time(STORY, "short")


def test_shows_the_day_alone() -> None:
    assert ">27 Aug 2021<" in local_time(STORY, "day")


def test_says_that_a_time_is_unknown() -> None:
    assert "unknown" in local_time(None)


@pytest.mark.parametrize("year", [1, 9999])
@pytest.mark.parametrize("zone", [*sorted(zoneinfo.available_timezones())[::29], "Asia/Tokyo"])
def test_renders_the_ends_of_the_calendar_in_every_zone(year: int, zone: str) -> None:
    first = datetime(year, 1, 1, tzinfo=UTC)
    last = datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)
    with django_timezone.override(zoneinfo.ZoneInfo(zone)):
        assert f'datetime="{year:04}-01-01T00:00:00Z"' in local_time(first)
        assert f'datetime="{year:04}-12-31T23:59:59Z"' in local_time(last)


def test_takes_an_offset_beyond_the_calendar() -> None:
    east = timezone(timedelta(hours=14))
    assert "<time" in local_time(datetime(1, 1, 1, tzinfo=east))


def test_reads_a_time_without_a_zone_as_utc() -> None:
    assert 'datetime="2021-08-27T14:38:00Z"' in local_time(STORY.replace(tzinfo=None))
