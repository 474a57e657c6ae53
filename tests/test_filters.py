"""The filters of the lists: each alone, together, excluded, wrong, and with nonsense."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles.filter_fields import MOST_VALUES
from articles.filters import StoryFilter
from articles.listing import Listing
from articles.models import Provider, Story, StoryProblem, Topic
from articles.rules import Queue
from tests.factories import NOON, make_coverage, make_site, make_story, make_story_without_file
from tests.laws import tried

pytestmark = pytest.mark.django_db


def filter_of(query: str) -> StoryFilter:
    return StoryFilter(QueryDict(query), Story.objects.all())


def shown_in(listing: Listing) -> set[str]:
    """The headlines of a page, those folded beneath another row included."""
    rows = listing.page.rows
    return {row["title"] for row in [*rows, *(match for row in rows for match in row["matches"])]}


def found(query: str) -> set[str]:
    """The headlines a query string finds, by the whole set and by pages alike."""
    data = QueryDict(query)
    listing = Listing(data)
    assert listing.filter.form.is_valid(), listing.filter.form.errors
    titles = set(listing.stories.values_list("title", flat=True))
    assert shown_in(listing) == titles
    assert listing.count.number == len(titles)
    assert set(filter_of(query).qs.values_list("title", flat=True)) == titles
    return titles


@pytest.fixture
def newsroom() -> None:
    """Six stories that differ in everything that can be asked."""
    west = make_site("west")
    make_story(
        title="live", topics=["Ferries"], quality=90, heat=90, images=["https://i.example/1"]
    )
    make_story(title="inbox", topics=["Ferries", "Trains"], quality=50, queue=Queue.INBOX)
    make_story(
        title="old", topics=["Trains"], published_at=NOON - timedelta(days=400), quality=None,
        heat=None, kind="video", queue=Queue.BELOW,
    )  # fmt: skip
    make_story(west, title="west", topics=["Ferries"], domain="gazette.example", pending=True,
               conflict=True, queue=Queue.DECLINED)  # fmt: skip
    lead = make_story(title="lead", domain="courier.example", queue=Queue.BELOW)
    make_coverage(lead, make_story_without_file(title="unfiled", domain="courier.example"))
    broken = Story.objects.get(title="old")
    StoryProblem.objects.create(story=broken, code="date.future", message="Check the date.")
    Story.objects.filter(pk=broken.pk).update(issue_count=1)


ALL = {"live", "inbox", "old", "west", "lead", "unfiled"}
ROWS = ALL - {"unfiled"}
"""Without the member that stands behind its lead."""


def number(query: str) -> str:
    """A query string with the numbers of the topics and providers it names."""
    names: dict[str, object] = {
        "{" + f"{topic.name} {topic.site.slug}" + "}": topic.pk for topic in Topic.objects.all()
    }
    names |= {"{" + provider.domain + "}": provider.pk for provider in Provider.objects.all()}
    for name, pk in names.items():
        query = query.replace(name, str(pk))
    return query


FINDS: dict[str, set[str]] = {
    "": ROWS,
    "unknown=1": ROWS,
    "site=west": {"west"},
    "site=harbour": ROWS - {"west"},
    "site=": ROWS,
    "queue=published": {"live", "lead"},
    "queue=declined": {"west"},
    "queue=gone": set(),
    "published=yes": {"live", "lead"},
    "published=no": ROWS - {"live", "lead"},
    "topic={Ferries harbour}": {"live", "inbox"},
    "topic={Ferries harbour}&site=harbour": {"live", "inbox"},
    "topic={Ferries harbour}&site=west": set(),
    "topic={Ferries harbour}&topic={Trains harbour}": {"live", "inbox", "old"},
    "topic={Ferries harbour}&topic={Ferries harbour}": {"live", "inbox"},
    "not_topic={Ferries harbour}": ROWS - {"live", "inbox"},
    "topic={Trains harbour}&not_topic={Ferries harbour}": {"old"},
    "topic={Ferries harbour}&published=yes": {"live"},
    "topic={Trains harbour}&queue=below": {"old"},
    "topic={Trains harbour}&kind=video": {"old"},
    "topic={Trains harbour}&after=2026-01-01": {"inbox"},
    "provider={courier.example}": {"lead", "unfiled"},
    "provider={courier.example}&provider={gazette.example}": {"lead", "unfiled", "west"},
    "not_provider={herald.example}": {"lead", "west"},
    "kind=video": {"old"},
    "after=2026-03-02": ROWS - {"old"},
    "before=2026-03-01": {"old"},
    "before=2026-03-02": ROWS,
    "after=2026-03-02&before=2026-03-02": ROWS - {"old"},
    "after=2026-03-03": set(),
    "after=2026-03-03&before=2026-03-01": set(),
    "after=0001-01-01": ROWS,
    "before=9999-12-31": ROWS,
    "quality_min=60": {"live", "west", "lead"},
    "quality_max=60": {"inbox", "west", "lead"},
    "quality_min=51&quality_max=89": {"west", "lead"},
    "heat_min=80": {"live", "lead"},
    "heat_max=-1": set(),
    "has_image=yes": {"live"},
    "has_image=no": ROWS - {"live"},
    "has_related=yes": {"lead"},
    "has_related=no": ROWS - {"lead"},
    "has_issues=yes": {"old"},
    "has_issues=no": ROWS - {"old"},
    "issue=date.future": {"old"},
    "issue=date.": {"old"},
    "issue=date": set(),
    "has_file=no": {"unfiled"},
    "has_file=yes": ROWS,
    "pending=yes": {"west"},
    "pending=no": ROWS - {"west"},
    "conflict=yes": {"west"},
    "conflict=no": ROWS - {"west"},
    "lead=no": {"unfiled"},
    "lead=yes": ROWS,
    "q=inbox": {"inbox"},
    "q=returns": set(),
    "q=-inbox+-west": ALL - {"inbox", "west"},
    "q=is:live": {"live", "lead"},
    "q=-is:live": ALL - {"live", "lead"},
    "q=is:video": {"old"},
    "q=is:article+is:decided": set(),
    "q=is:undecided+is:pending+is:conflict": {"west"},
    "q=is:member": {"unfiled"},
    "q=is:unfiled": {"unfiled"},
    "q=-is:unfiled+is:lead": ALL - {"unfiled"},
    "q=is:declined": {"west"},
    "q=is:locked": set(),
    "q=provider:courier.example": {"lead", "unfiled"},
    'q=provider:"the+courier"': {"lead", "unfiled"},
    "q=-provider:HERALD.example": {"lead", "unfiled", "west"},
    "q=provider:nobody.example": set(),
    "q=-provider:nobody.example": ALL,
    "q=topic:FERRIES": {"live", "inbox", "west"},
    "q=topic:ferries&site=west": {"west"},
    "q=topic:trains": {"inbox", "old"},
    "q=topic:trains+topic:ferries": {"inbox"},
    "q=topic:trains+-topic:ferries": {"old"},
    "q=topic:trains+old": {"old"},
    "q=-topic:trains+-topic:ferries": {"lead", "unfiled"},
    "q=topic:nothing": set(),
    "q=-topic:nothing": ALL,
    "q=quality>60": {"live"},
    "q=quality>=60+quality<90": {"west", "lead", "unfiled"},
    "q=quality:50": {"inbox"},
    "q=-quality>60": ALL - {"live"},
    "q=heat<=60+herald": {"inbox"},
    "q=after:2026-03-02": ALL - {"old"},
    "q=-after:2026-03-02": {"old"},
    "q=before:2026-03-02": {"old"},
    "q=-before:2026-03-02": ALL - {"old"},
    "q=after:2026-03-02+herald": {"live", "inbox"},
    "q=before:2026-03-02+herald": {"old"},
    "q=url:courier.example": {"lead", "unfiled"},
    "q=-url:example": set(),
    "sort=hottest": ROWS,
}


@pytest.mark.usefixtures("newsroom")
def test_finds() -> None:
    assert {query: found(number(query)) for query in FINDS} == FINDS


def test_finds_a_pasted_address() -> None:
    make_story(title="other")
    story = make_story(title="pasted", original_url="https://www.herald.example/original")
    assert found(QueryDict(mutable=True).urlencode() + f"q={story.web_url}") == {"pasted"}
    assert found("q=url:herald.example/original") == {"pasted"}
    assert found(f"q={story.web_url}x") == set()


@pytest.mark.usefixtures("newsroom")
def test_begins_days_in_the_time_zone_of_the_person() -> None:
    midnight = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    make_story(title="night", published_at=midnight)
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert "night" in found("after=2026-03-02")
    with timezone.override(ZoneInfo("America/New_York")):
        assert "night" not in found("after=2026-03-02")


WRONG = {
    "site=nowhere": "site",
    "site=%00": "site",
    "queue=new": "queue",
    "published=1": "published",
    "topic=x": "topic",
    "topic=0": "topic",
    "topic=-1": "topic",
    "topic=%00": "topic",
    "topic=99999999999999999999": "topic",
    "topic=9999999999999999999": "topic",
    "topic=999999999999999999": "topic",
    "topic=1e3": "topic",
    "topic=²": "topic",
    "topic=&topic=x": "topic",
    "not_topic=x": "not_topic",
    "provider=0": "provider",
    "not_provider=0": "not_provider",
    "kind=poem": "kind",
    "after=yesterday": "after",
    "before=2026-02-30": "before",
    "quality_min=high": "quality_min",
    "quality_min=NaN": "quality_min",
    "quality_max=1e99": "quality_max",
    "heat_min=9999999999": "heat_min",
    "heat_max=1.5": "heat_max",
    "has_image=maybe": "has_image",
    "issue=%00": "issue",
    "q=%00": "q",
    "q=colour:red": "q",
    'q="ferry': "q",
    "sort=random": "sort",
}


@pytest.mark.usefixtures("newsroom")
def test_says_what_is_wrong_and_shows_nothing() -> None:
    for query, name in WRONG.items():
        listing = Listing(QueryDict(query))
        assert list(listing.filter.form.errors) == [name], query
        assert not listing.filter.stories
        assert not listing.page.rows
        assert listing.count.number == 0
        values = [value for facet in listing.filter_facets for value in facet.values]
        assert not any(value.count.number for value in values)


def test_takes_only_so_many_values() -> None:
    query = "&".join(f"topic={n}" for n in range(MOST_VALUES + 1))
    assert filter_of(query).form.errors["topic"] == [f"Choose at most {MOST_VALUES}."]


def test_takes_a_value_as_often_as_it_is_given() -> None:
    story = make_story(topics=["Ferries"])
    query = "&".join([f"topic={Topic.objects.get().pk}"] * (MOST_VALUES + 1))
    assert found(query) == {story.title}


VALUES = st.one_of(
    st.text(max_size=30),
    st.integers(-(2**70), 2**70).map(str),
    st.dates().map(str),
    st.sampled_from(["", "\0", "yes", "no", "1", "2", "9" * 400, "harbour", "published", "-1",
                     "1e400", "Infinity", "0x10", "٣", "after~2026-01-01T00:00:00+00:00~1"]),
)  # fmt: skip
PARAMETERS = st.lists(
    st.tuples(st.sampled_from([*StoryFilter.base_filters, "page", "x", "\0"]), VALUES), max_size=6
)


@tried()
@given(PARAMETERS)
def test_survives_any_parameters(newsroom: None, parameters: list[tuple[str, str]]) -> None:
    data = QueryDict(mutable=True)
    for name, value in parameters:
        data.appendlist(name, value)
    listing = Listing(data)
    rows, titles = listing.page.rows, set(listing.stories.values_list("title", flat=True))
    if not listing.filter.form.is_valid():
        assert not rows
    elif not listing.page.previous_url:
        assert shown_in(listing) == titles
    assert listing.count.number == len(titles)
    assert listing.queues
    assert len(listing.filter_facets) == 12
    assert listing.chips is not None
    assert listing.bulk_count >= 0


EVERY: dict[str, Callable[[Story], bool]] = {
    "queue=below": lambda story: story.queue == Queue.BELOW,
    "published=no": lambda story: not story.published,
    "kind=article": lambda story: story.kind == "article",
    "after=2026-03-01": lambda story: story.listed_at >= datetime(2026, 3, 1, tzinfo=UTC),
    "before=2026-03-01": lambda story: story.listed_at < datetime(2026, 3, 2, tzinfo=UTC),
    "quality_min=55": lambda story: (story.quality or 0) >= 55,
    "has_related=no": lambda story: not story.related_count,
    "has_file=yes": lambda story: story.path_key is not None,
    "lead=yes": lambda story: story.is_lead,
    "topic={Ferries harbour}": lambda story: story.topics.filter(
        Q(name="Ferries"), site__slug="harbour"
    ).exists(),
    "site=harbour": lambda story: story.site.slug == "harbour",
    "q=herald": lambda story: "Herald" in story.provider_name,
    "q=-inbox": lambda story: story.title != "inbox",
}


@tried()
@given(st.sets(st.sampled_from(sorted(EVERY)), min_size=2, max_size=5))
def test_finds_what_holds_everything_asked(newsroom: None, chosen: set[str]) -> None:
    searches = {part for part in chosen if part.startswith("q=")}
    others = [part for part in chosen if part not in searches]
    words = "+".join(part.removeprefix("q=") for part in sorted(searches))
    query = number("&".join([*others, *([f"q={words}"] if words else [])]))
    expected = {s.title for s in Story.objects.all() if all(EVERY[part](s) for part in chosen)}
    if not chosen & {"kind=article", "q=herald", "q=-inbox"}:
        expected &= ROWS
    assert found(query) == expected
