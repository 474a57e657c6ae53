from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertNumQueries

from articles import charts, desk, insight
from articles.charts import Chart, Period
from articles.insight import Insight, response_of
from articles.models import Site, Story
from tests.factories import NOON, make_coverage, make_provider, make_site, make_story, make_topic

pytestmark = pytest.mark.django_db

DAY = NOON.date()


def of(length: str = "28", last: date = DAY, site: Site | None = None) -> Insight:
    return Insight(Period(length, last), site)


def story_on(day: date, **fields: object) -> Story:
    moment = timezone.make_aware(datetime.combine(day, NOON.time()))
    return make_story(published_at=moment, **fields)


def totals(chart: Chart | None) -> dict[str, int]:
    assert chart is not None
    return {each.name: each.total for each in chart.series if each.total}


def test_counts_each_story_once_by_its_day_and_by_what_became_of_it(publisher: User) -> None:
    lead, member = story_on(DAY, quality=80), story_on(DAY, quality=60)
    make_coverage(lead, member)
    declined = story_on(DAY - timedelta(days=3), quality=20)
    desk.decline(declined, by=publisher)
    story_on(DAY - timedelta(days=40))
    chart = of().intake
    assert chart is not None
    assert chart.total == 3
    assert totals(chart)["declined"] == 1
    assert totals(chart)["superseded"] == 1
    assert [bar.total for bar in chart.bars][-4:] == [1, 0, 0, 2]
    assert len(chart.bars) == 28
    assert chart.highest == 2
    assert chart.ending == f"{DAY.day} {DAY:%b} {DAY.year}"


def test_every_bar_leads_to_the_stories_it_counts(as_reader: Client) -> None:
    story_on(DAY)
    make_story(make_site("uplands"), published_at=NOON)
    chart = of(site=make_site()).intake
    assert chart is not None
    page = as_reader.get(chart.bars[-1].url)
    assert [row["site_id"] for row in page.context["page"].rows] == [make_site().pk]
    assert chart.bars[-1].total == 1


def test_a_year_is_twelve_months_and_a_week_seven_days() -> None:
    year, week = of("365"), of("7")
    assert year.intake is not None
    assert week.intake is not None
    assert len(year.intake.bars) == 12
    assert len(week.intake.bars) == 7


@pytest.mark.parametrize("length", charts.LENGTHS)
@pytest.mark.parametrize("last", [charts.EARLIEST, date(2024, 2, 29), DAY, charts.LATEST])
def test_periods_follow_each_other_without_gap_or_overlap(length: str, last: date) -> None:
    period = Period(length, last)
    assert period.first <= period.last
    if period.last > charts.EARLIEST + timedelta(days=400):
        assert period.before.last == period.first - timedelta(days=1)
    if period.after:
        assert period.after.last > period.last
    assert len(period.calendar.bars) <= 31
    assert period.span[0] < period.span[1]


@pytest.mark.parametrize("until", ["", "yesterday", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_shows_a_page_whatever_the_address_says(as_reader: Client, until: str) -> None:
    story_on(DAY)
    page = as_reader.get("/insight/", {"until": until, "days": "-1", "site": "\0nowhere"})
    assert page.status_code == 200


def test_counts_what_people_did_and_not_what_they_took_back(publisher: User) -> None:
    first, second, third = (story_on(DAY) for _ in range(3))
    desk.publish(first, by=publisher)
    desk.decline(second, by=publisher)
    desk.edit(third, {"title": "Another headline"}, by=publisher)
    taken_back = desk.decline(third, by=publisher)
    assert taken_back is not None
    desk.undo(taken_back, by=publisher)
    assert totals(of(last=timezone.localdate()).decisions) == {
        "published": 1,
        "declined": 1,
        "edited": 1,
    }
    assert totals(of(last=timezone.localdate() - timedelta(days=28)).decisions) == {}


def test_measures_the_first_decision_about_what_came_after_the_first_import(
    publisher: User,
) -> None:
    site = make_site()
    old, new = story_on(DAY), story_on(DAY)
    now = timezone.now()
    Site.objects.filter(pk=site.pk).update(first_imported_at=now - timedelta(days=2))
    Story.objects.filter(pk=old.pk).update(created_at=now - timedelta(days=3))
    Story.objects.filter(pk=new.pk).update(created_at=now - timedelta(minutes=40))
    for story in (old, new):
        story.refresh_from_db()
        desk.publish(story, by=publisher)
    new.refresh_from_db()
    desk.unpublish(new, by=publisher)
    response = of(last=timezone.localdate()).response
    assert response is not None
    assert response.number == 1
    assert response.half is not None
    assert round(response.half.total_seconds() / 60) == 40
    assert dict(response.steps)["an hour"] == 1


def test_says_half_and_nine_of_ten() -> None:
    response = response_of(timedelta(minutes=minutes) for minutes in range(0, 110, 10))
    assert (response.half, response.most) == (timedelta(minutes=50), timedelta(minutes=90))
    assert dict(response.steps) == {
        "15 minutes": 2, "an hour": 4, "4 hours": 5, "a day": 0, "3 days": 0, "longer": 0,
    }  # fmt: skip
    assert response_of([]).number == 0
    assert response_of([timedelta(days=9)]).steps[-1] == ("longer", 1)


def test_scores_the_sources(publisher: User) -> None:
    provider = make_provider("tidewire.example", "Tidewire")
    live = story_on(DAY, domain="tidewire.example", published=True, quality=80)
    member = story_on(DAY, domain="tidewire.example", quality=61)
    make_coverage(live, member)
    story_on(DAY, domain="herald.example")
    sources = of().sources
    assert sources is not None
    assert sources[0].name == "Tidewire"
    assert f"provider={provider.pk}" in sources[0].url
    first = sources[0]
    assert (first.came, first.leads, first.live, first.declined) == (2, 1, 1, 0)
    assert first.quality == 70.5
    assert [source.came for source in sources] == [2, 1]


def test_weighs_the_topics_of_the_site_against_what_came_in() -> None:
    make_topic(name="Ferries")
    story_on(DAY, published=True, topics=["Ferries"])
    story_on(DAY, topics=["Markets"])
    story_on(DAY, topics=["Markets"])
    topics = of(site=make_site()).topics
    assert topics is not None
    assert {(each.name, each.came, each.live) for each in topics} == {
        ("Markets", 2, 0),
        ("Ferries", 1, 1),
    }
    assert {each.name: each.difference for each in topics} == {"Markets": -67, "Ferries": 67}


def test_leads_an_archive_to_its_days(as_reader: Client) -> None:
    story_on(date(2021, 8, 29))
    page = as_reader.get("/insight/")
    assert "The newest is from 29 August 2021" in page.content.decode()
    assert page.context["newest_url"] == "/insight/?days=28&until=2021-08-29"
    there = as_reader.get(page.context["newest_url"])
    assert "No story is from these days" not in there.content.decode()


def test_says_so_on_an_empty_desk(as_reader: Client) -> None:
    page = as_reader.get("/insight/").content.decode()
    assert "No story is from this time." in page
    assert "Nobody decided a new story in this time." in page


@pytest.mark.django_db(transaction=True)
def test_does_without_a_part_that_takes_too_long(
    as_reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    story_on(timezone.localdate())
    monkeypatch.setattr(insight, "PATIENCE", -1.0)
    monkeypatch.setattr("articles.patience.INSTRUCTIONS", 1)
    page = as_reader.get("/insight/")
    assert page.status_code == 200
    assert "This takes too long" in page.content.decode()


@pytest.mark.parametrize("stories", [1, 30])
def test_asks_the_same_number_of_questions_however_much_there_is(stories: int) -> None:
    for number in range(stories):
        story_on(DAY - timedelta(days=number % 20), domain=f"paper{number}.example")
    found = of()
    with assertNumQueries(6):
        parts = (found.intake, found.decisions, found.response, found.sources, found.topics)
    assert None not in parts
