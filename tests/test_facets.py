"""The numbers beside every filter value: right, capped, without their own filter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import facets, tallies
from articles.facets import ToggleLinks
from articles.filters import StoryFilter
from articles.listing import Listing
from articles.models import Provider, Story, Topic
from articles.narrowing import MOST_SHOWN, FacetValue, Narrowing
from articles.pagination import COUNT_LIMIT, Count
from articles.rules import Queue
from articles.selection import Selection
from tests.crowd import make_crowd
from tests.factories import NOON, make_group, make_provider, make_site, make_story, make_topic

pytestmark = pytest.mark.django_db

NOTHING = QueryDict("")


def exactly(number: int) -> Count:
    return Count(number, is_exact=True)


@pytest.fixture
def newsroom() -> None:
    """Ferries 3, Trains 2 (one of them with Ferries), Boats on another site 1."""
    make_story(topics=["Ferries"], published=True, queue=Queue.PUBLISHED)
    make_story(topics=["Ferries"], queue=Queue.BELOW, domain="gazette.example")
    make_story(topics=["Ferries", "Trains"], queue=Queue.BELOW)
    make_story(topics=["Trains"], kind="video", queue=Queue.INBOX)
    make_story(make_site("west"), topics=["Boats"], queue=Queue.INBOX, pending=True)


def values(query: str, name: str) -> dict[str, Count]:
    """The numbers a list shows beside the values of a filter."""
    listing = Listing(QueryDict(query))
    facet = next(facet for facet in listing.filter_facets if facet.name == name)
    return {value.label: value.count for value in facet.values if value.count.number}


def offered(query: str, name: str = "topic") -> list[FacetValue]:
    """The values a filter offers."""
    facets = Listing(QueryDict(query)).filter_facets
    return next(facet for facet in facets if facet.name == name).values


def pk(name: str) -> int:
    return Topic.objects.get(name=name).pk


@pytest.mark.usefixtures("newsroom")
@pytest.mark.parametrize(
    ("query", "topics"),
    [
        ("", {"Ferries": 3, "Trains": 2, "Boats": 1}),
        ("site=harbour", {"Ferries": 3, "Trains": 2}),
        ("site=west", {"Boats": 1}),
        ("queue=below", {"Ferries": 2, "Trains": 1}),
        ("published=yes", {"Ferries": 1}),
        ("published=no&site=harbour", {"Ferries": 2, "Trains": 2}),
        ("after=2026-03-02", {"Ferries": 3, "Trains": 2, "Boats": 1}),
        ("after=2026-03-03", {}),
        ("kind=video", {"Trains": 1}),
        ("kind=video&site=west", {}),
        ("q=is:live", {"Ferries": 1}),
        ("q=ferry", {"Ferries": 3, "Trains": 2, "Boats": 1}),
        ("q=ferry&site=west", {"Boats": 1}),
        ("q=nothing", {}),
        ("q=topic:trains", {"Trains": 2, "Ferries": 1}),
        ("q=topic:trains+is:inbox", {"Trains": 1}),
        ("has_image=yes", {}),
        ("site=nowhere", {}),
    ],
)
def test_count_topics(query: str, topics: dict[str, int]) -> None:
    assert values(query, "topic") == {name: exactly(number) for name, number in topics.items()}


@pytest.mark.usefixtures("newsroom")
def test_leave_their_own_filter_out() -> None:
    ferries = pk("Ferries")
    everything = values("", "topic")
    assert values(f"topic={ferries}", "topic") == everything
    assert values(f"not_topic={ferries}", "topic") == everything
    assert values(f"topic={ferries}&queue=below", "topic") == values("queue=below", "topic")
    assert values(f"topic={ferries}", "provider") == {
        "The Herald": exactly(2),
        "The Gazette": exactly(1),
    }
    assert values(f"topic={ferries}&kind=video", "kind") == {"article": exactly(3)}
    gazette = Provider.objects.get(domain="gazette.example").pk
    assert values(f"provider={gazette}", "provider") == values("", "provider")
    assert values(f"provider={gazette}", "topic") == {"Ferries": exactly(1)}


@pytest.mark.usefixtures("newsroom")
def test_count_types() -> None:
    assert values("", "kind") == {"article": exactly(4), "video": exactly(1)}
    assert values("queue=below", "kind") == {"article": exactly(2)}


@pytest.mark.usefixtures("newsroom")
def test_keep_a_chosen_value_that_has_no_story() -> None:
    assert "Boats" in {value.label for value in offered(f"topic={pk('Boats')}&queue=gone")}
    nobody = make_provider("nobody.example")
    shown = offered(f"provider={nobody.pk}&not_provider=999999&provider={'9' * 30}", "provider")
    assert [value.count for value in shown if value.label == nobody.name] == [exactly(0)]


def test_lead_to_the_list_without_a_value_and_back() -> None:
    def link(query: str, value: str, name: str = "not_topic", *, single: bool = False) -> str:
        return ToggleLinks(QueryDict(query), name, single=single).toggled(value)

    base = "/stories/"
    assert link("", "7") == f"{base}?not_topic=7"
    assert link("q=a%26b&page=x", "7") == f"{base}?q=a%26b&not_topic=7"
    assert link("not_topic=8", "7") == f"{base}?not_topic=8&not_topic=7"
    assert link("not_topic=8&not_topic=7", "7") == f"{base}?not_topic=8"
    assert link("not_topic=7", "7") == base
    assert link("not_topic=7&queue=below", "7") == f"{base}?queue=below"
    assert link("not_topic=7", "a&b") == f"{base}?not_topic=7&not_topic=a%26b"
    assert link("site=west", "east", "site", single=True) == f"{base}?site=east"
    assert link("site=west&q=x", "west", "site", single=True) == f"{base}?q=x"


def bars(query: str, name: str) -> dict[str, tuple[int, bool]]:
    """The bars of a histogram that stand for stories: how many, and whether they are included."""
    facet = next(facet for facet in Listing(QueryDict(query)).filter_facets if facet.name == name)
    return {bar.label: (bar.count.number, bar.included) for bar in facet.bins if bar.count.number}


def links(query: str, name: str) -> dict[str, str]:
    facet = next(facet for facet in Listing(QueryDict(query)).filter_facets if facet.name == name)
    return {bar.label: bar.url for bar in facet.bins if bar.count.number}


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        ([0], ["2 Mar 2026"]),
        ([0, 3], ["27 Feb 2026", "2 Mar 2026"]),
        ([0, 70], ["Dec 2025", "Mar 2026"]),
        ([0, 365 * 5], ["2021", "2026"]),
    ],
)
def test_draw_days_months_or_years(days: list[int], labels: list[str]) -> None:
    for number in days:
        make_story(published_at=NOON - timedelta(days=number))
    assert list(bars("", "date")) == labels
    for label, url in links("", "date").items():
        found = Listing(QueryDict(url.partition("?")[2]))
        assert found.count.number == 1, label
        assert links(url.partition("?")[2], "date")


def test_leave_unknown_and_impossible_dates_out_of_the_histogram() -> None:
    make_story(published_at=None)
    make_story(published_at=NOON.replace(year=2999))
    assert bars("", "date") == {}
    make_story(published_at=NOON)
    assert bars("", "date") == {"2 Mar 2026": (1, True)}


def test_begin_days_in_the_time_zone_of_the_person() -> None:
    make_story(published_at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert list(bars("", "date")) == ["2 Mar 2026"]


def test_show_qualities_and_heats_as_bars_that_lead_to_their_span() -> None:
    make_story(quality=64, heat=64)
    make_story(quality=69, heat=109)
    make_story(quality=130, heat=700)
    make_story(quality=None, heat=None)
    assert bars("", "quality") == {"60–69": (2, True), "120 or more": (1, True)}
    assert bars("", "heat") == {"60–79": (1, True), "100–119": (1, True), "300 or more": (1, True)}
    only = links("", "quality")["60–69"]
    assert only == "/stories/?quality_min=60&quality_max=69"
    assert bars(only.partition("?")[2], "quality")["120 or more"] == (1, False)
    assert Listing(QueryDict(only.partition("?")[2])).count == exactly(2)
    assert links(only.partition("?")[2], "quality")["60–69"] == "/stories/"
    assert links("", "heat")["300 or more"] == "/stories/?heat_min=300"


def test_cut_the_histogram_to_what_else_is_asked() -> None:
    make_story(title="whale", published_at=NOON)
    make_story(title="boat", published_at=NOON - timedelta(days=2))
    for query in ("q=whale", "q=after:2026-03-02", "published=no&q=whale+-is:live"):
        assert bars(query, "date") == {"2 Mar 2026": (1, True)}, query


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("size", {"single story": 1, "2 or 3 stories": 1}),
        ("has_image", {"with an image": 1, "without": 1}),
        ("has_amp", {"with an AMP page": 1, "without": 1}),
        ("published", {"live": 1, "not live": 1}),
        ("site", {"Harbour": 2}),
        ("issue", {"date.future": 1}),
    ],
)
def test_count_every_other_filter(name: str, numbers: dict[str, int]) -> None:
    lead = make_group(members=1, images=["https://i.example/1"], amp_url="https://a.example")
    lead.problems.create(code="date.future", message="Later than today")
    make_story(published=False)
    assert {label: count.number for label, count in values("", name).items()} == numbers


def test_count_members_where_choosing_shows_them() -> None:
    make_group(members=2)
    member = Story.objects.get(title="Member 1").provider
    numbers = values("", "provider")
    assert numbers[str(member)] == exactly(1)
    assert Listing(QueryDict(f"provider={member.pk}")).count == exactly(1)


def test_keep_what_is_chosen_where_nothing_can_be_counted() -> None:
    story = make_story(topics=["Ferries"])
    topic, query = pk("Ferries"), QueryDict(mutable=True)
    query.update({"topic": str(topic), "provider": str(story.provider_id), "kind": "video"})
    facets = Narrowing(StoryFilter(query), query, counted=False).facets
    chosen = {f.name: [v.label for v in f.values if v.selected] for f in facets if f.values}
    assert chosen == {"topic": ["Ferries"], "provider": ["The Herald"], "kind": ["video"]}


@pytest.mark.usefixtures("newsroom")
def test_mark_what_is_chosen() -> None:
    query = f"topic={pk('Ferries')}&not_topic={pk('Trains')}"
    marks = {value.label: (value.selected, value.excluded) for value in offered(query)}
    assert marks == {"Ferries": (True, False), "Trains": (False, True), "Boats": (False, False)}


def test_are_honest_beyond_the_limit() -> None:
    make_crowd(COUNT_LIMIT + 1, (make_topic(),))
    make_story(kind="video", published_at=NOON.replace(year=2030))
    ferries = {"Ferries": Count(COUNT_LIMIT, is_exact=False)}
    assert values("", "topic") == ferries
    # One of the newest thousand has no topic: "1,000+" would say too much.
    assert values("q=ferry", "topic") == ferries
    kinds = values("", "kind")
    assert kinds["video"] == Count(1, is_exact=False)
    assert not kinds["article"].is_exact
    assert str(Listing(NOTHING).count) == "1,000+"
    assert Listing(NOTHING).bulk_count == COUNT_LIMIT + 2


def test_offer_the_most_frequent_values_and_those_chosen() -> None:
    topics = tuple(make_topic(name=f"Topic {number:03}") for number in range(MOST_SHOWN + 5))
    make_crowd(len(topics) * 2 - 1, topics)
    rarest = topics[-1]
    values = offered("")
    assert len(values) == MOST_SHOWN
    assert rarest.name not in {value.label for value in values}
    values = offered(f"topic={rarest.pk}")
    assert values[-1].label == rarest.name
    assert values[-1].count == exactly(1)


def test_count_no_topic_that_cannot_be_shown() -> None:
    site = make_site()
    a, b, c, d, e = (make_topic(site, name) for name in "ABCDE")
    make_crowd(3 * COUNT_LIMIT, (a, b, d))
    make_crowd(3, (c, e))
    full, everything = Count(COUNT_LIMIT, is_exact=True), Selection(folds_members=True)
    counted = tallies.topics_by_index(everything, shown=2)
    assert counted == {a.pk: ("A", full), b.pk: ("B", full)}
    counted = tallies.topics_by_index(everything, {e.pk}, shown=1)
    assert counted == {
        a.pk: ("A", full),
        e.pk: ("E", exactly(1)),
        b.pk: ("B", full),
        c.pk: ("C", exactly(2)),
    }
    counted = tallies.topics_by_index(everything.of_site(site.pk), shown=3)
    assert counted is not None
    assert [name for name, _ in counted.values()] == list("ABCDE")
    counted = tallies.topics_by_index(everything.of_site(make_site("west").pk))
    assert counted == {}


@pytest.mark.usefixtures("newsroom")
def test_count_queues() -> None:
    def numbers(site_id: int | None) -> dict[str, int]:
        return {q.name: q.count.number for q in facets.queues(site_id, NOTHING) if q.count.number}

    everything = {"inbox": 2, "published": 1, "below": 2, "pending": 1, "all": 5}
    assert numbers(None) == everything
    assert numbers(make_site("west").pk) == {"inbox": 1, "pending": 1, "all": 1}
    assert numbers(make_site("harbour").pk) == {"inbox": 1, "published": 1, "below": 2, "all": 4}
    assert numbers(999) == {}
    for queue in facets.queues(None, NOTHING):
        if facets.QUEUES[queue.name].page:
            assert queue.url == "/conflicts/"
            continue
        listing = Listing(QueryDict(queue.url.partition("?")[2]))
        assert listing.count == queue.count, queue.name


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "all"),
        ("site=west&sort=best&page=x", "all"),
        ("queue=inbox", "inbox"),
        ("queue=gone", ""),
        ("pending=yes", "pending"),
        ("pending=yes&queue=inbox", ""),
        ("published=yes", ""),
        ("has_issues=yes", "issues"),
    ],
)
def test_know_the_queue_that_is_shown(query: str, name: str) -> None:
    assert facets.current_queue(QueryDict(query)) == name
    shown = [queue.name for queue in facets.queues(None, QueryDict(query)) if queue.current]
    assert shown == ([name] if name else [])


def test_keep_the_other_filters_in_the_addresses_of_queues() -> None:
    current = QueryDict("site=west&queue=inbox&pending=yes&sort=best&page=x&topic=7")
    urls = {queue.name: queue.url for queue in facets.queues(None, current)}
    assert urls["declined"] == "/stories/?site=west&sort=best&topic=7&queue=declined"
    assert urls["all"] == "/stories/?site=west&sort=best&topic=7"


def test_ask_a_constant_number_of_questions() -> None:
    def questions(query: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert len(Listing(QueryDict(query)).filter_facets) == 12
        return len(asked)

    queries = ("", "q=ferry", "queue=below&published=no&size=single&not_kind=video")
    make_story(topics=["Topic 0"])
    few = [questions(query) for query in queries]
    for number in range(30):
        make_story(topics=[f"Topic {number}"], domain=f"p{number}.example")
    assert [questions(query) for query in queries] == few
    assert max(few) <= 10
    with CaptureQueriesContext(connection) as asked:
        facets.queues(None, NOTHING)
    assert len(asked) == 1


def test_count_several_sets_at_once() -> None:
    make_story()
    counted = tallies.capped_counts({"some": Story.objects.all(), "none": Story.objects.none()})
    assert counted == {"some": exactly(1), "none": exactly(0)}
    assert tallies.capped_counts({"none": Story.objects.none()}) == {"none": exactly(0)}
    assert tallies.capped_counts({}) == {}
