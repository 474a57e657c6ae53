"""How the databases answer the lists: by an index in the order of the list, with nothing sorted.

SQLite plans without numbers (nobody analysed these tables): the index is known by name. PostgreSQL
knows the numbers of some thousand stories, and may take any index that saves the sorting.
"""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import facets
from articles.activity import Activity
from articles.charts import Period
from articles.insight import Insight
from articles.listing import Listing
from articles.models import Change, Coverage, Provider, Story, Topic
from articles.pagination import PAGE_SIZE, Place
from articles.rules import Queue
from articles.search import neighbours
from articles.search.neighbours import Sought
from articles.selection import Selection
from tests.crowd import make_crowd
from tests.factories import make_provider, make_site, make_topic

IS_SQLITE = connection.vendor == "sqlite"
pytestmark = pytest.mark.django_db


# Every queue that the lists below ask for: of an empty one PostgreSQL sorts the nothing it expects.
FILLED = Queue.INBOX, Queue.PUBLISHED, Queue.BELOW, Queue.SUPERSEDED, Queue.SNOOZED


@pytest.fixture
def stories() -> None:
    """So many stories that reading all of them costs more than an index."""
    site, other = make_site(), make_site("west")
    topics = tuple(make_topic(site, name) for name in ("Ferries", "Trains", "Boats"))
    for number, queue in enumerate(FILLED):
        provider = make_provider(f"p{number}.example")
        site_of = other if queue == Queue.PUBLISHED else site
        make_crowd(
            700,
            topics if site_of == site else (),
            site=site_of,
            provider=provider,
            queue=queue,
            published=queue == Queue.PUBLISHED,
            heat=number,
            quality=number * 7,
            related_count=number % 2,
        )
    rare = Story.objects.order_by("?").values_list("pk", flat=True)[:15]
    Story.objects.filter(pk__in=list(rare)).update(pending=True, conflict=True, issue_count=1)
    if not IS_SQLITE:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            # As autovacuum leaves it: what waits to be sorted in makes an index look dear.
            cursor.execute("SELECT gin_clean_pending_list('articles_story_search_words')")


def numbered(query: str) -> str:
    ferries = Topic.objects.get(name="Ferries")
    provider = Provider.objects.order_by("pk")[0]
    return query.replace("{topic}", str(ferries.pk)).replace("{provider}", str(provider.pk))


def plan_of(sql: str, parameters: Any) -> list[str]:
    """The lines of a plan."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN' if IS_SQLITE else ''} {sql}", parameters)
        return [str(row[-1] if IS_SQLITE else row[0]).strip() for row in cursor.fetchall()]


def plan_of_list(query: str, *, deep: bool = False) -> list[str]:
    listing = Listing(QueryDict(numbered(query)))
    assert listing.filter.form.is_valid(), listing.filter.form.errors
    order, selection = listing.order, listing.selection
    place = None
    if deep:
        middle = Story.objects.order_by(*order.by)[1000]
        place = Place("after", getattr(middle, order.column), middle.pk)
    sql, parameters = selection.stream(order).ids(order, place, PAGE_SIZE + 1)
    return plan_of(sql, parameters)


SORTS = re.compile(r"TEMP B-TREE|\bSort\b|Seq Scan|SCAN articles_story$|Bitmap")

BY_INDEX = {
    "": "story_leads_newest",
    "sort=oldest": "story_leads_newest",
    "queue=below": "story_queue_newest",
    "queue=published": "story_live_newest",
    "published=no": "story_live_newest",
    "provider={provider}": "story_provider_newest",
    "provider={provider}&queue=inbox": "story_provider_queue",
    "sort=hottest": "story_hottest",
    "queue=below&sort=hottest": "story_queue_hottest",
    "sort=best": "story_best",
    "sort=biggest": "story_biggest",
    "site=harbour": "story_site_newest",
    "site=harbour&queue=below": "story_site_queue",
    "site=harbour&published=no": "story_site_live",
    "has_issues=yes": "story_with_issues",
    "pending=yes": "story_pending_newest",
    "conflict=yes": "story_conflict_newest",
    "queue=snoozed": "story_queue_newest",
    "snoozed=yes": "story_queue_newest",
    "snoozed=back": "story_woken_newest",
    "topic={topic}": "topic_newest",
    "topic={topic}&sort=oldest": "topic_newest",
    "topic={topic}&queue=below": "topic_queue_newest",
    "topic={topic}&published=no": "topic_live_newest",
    "topic={topic}&site=harbour&queue=below": "topic_queue_newest",
    "topic={topic}&after=2026-01-01&before=2026-06-01": "topic_newest",
    "topic={topic}&queue=below&after=2026-01-01": "topic_queue_newest",
    "after=2026-01-01&before=2026-06-01": "story_leads_newest",
    "queue=below&after=2026-01-01": "story_queue_newest",
    "q=is:below": "story_queue_newest",
    "q=topic:ferries+is:live": "topic_live_newest",
    "q=provider:p0.example": "story_provider_newest",
}


@pytest.mark.usefixtures("stories")
def test_reads_an_index_in_the_order_of_the_list() -> None:
    for query, index in BY_INDEX.items():
        for deep in (False, True):
            plan = plan_of_list(query, deep=deep)
            assert any(index in line for line in plan) or not IS_SQLITE, (query, deep, plan)
            assert any("Index" in line or "INDEX" in line for line in plan), (query, deep, plan)
            assert not any(SORTS.search(line) for line in plan), (query, deep, plan)


WALKED = {
    "site=harbour&sort=hottest": "story_hottest",
    "published=yes&sort=hottest": "story_hottest",
    "site=harbour&queue=below&sort=hottest": "story_queue_hottest",
    "queue=inbox&sort=best": "story_best",
    "site=harbour&queue=inbox&sort=biggest": "story_biggest",
    "site=harbour&provider={provider}": "story_provider_newest",
    "site=harbour&provider={provider}&queue=inbox": "story_provider_queue",
    "site=harbour&pending=yes": "story_pending_newest",
    "site=harbour&conflict=yes": "story_conflict_newest",
    "site=harbour&has_issues=yes": "story_site_with_issues",
}


@pytest.mark.skipif(not IS_SQLITE, reason="PostgreSQL chooses by its numbers")
@pytest.mark.usefixtures("stories")
def test_walks_the_best_index_where_sqlite_would_sort() -> None:
    for query, index in WALKED.items():
        plan = plan_of_list(query)
        assert any(index in line for line in plan), (query, plan)
        assert not any(SORTS.search(line) for line in plan), (query, plan)


@pytest.mark.usefixtures("stories")
def test_finds_a_pasted_address_by_index() -> None:
    plan = plan_of_list("q=https://a.example/1")
    assert any("story_url" in line or "url_key" in line for line in plan), plan
    assert not any("Seq Scan on articles_story" in line for line in plan), plan


@pytest.mark.usefixtures("stories")
def test_reads_common_words_in_the_order_of_dates() -> None:
    for query in ("q=ferry+number", "q=ferry+-nothing", "q=ferry&queue=below", "q=fer*"):
        if not IS_SQLITE and "*" in query:
            # One row of fifty, PostgreSQL believes: so few of some thousand are sorted as fast.
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_sort TO off")
        for deep in (False, True):
            plan = plan_of_list(query, deep=deep)
            assert not any(SORTS.search(line) for line in plan), (query, plan)
            index = "VIRTUAL TABLE INDEX" if IS_SQLITE else "articles_story_search_newest"
            assert any(index in line for line in plan), (query, plan)


@pytest.mark.skipif(IS_SQLITE, reason="SQLite has one index for all words")
@pytest.mark.usefixtures("stories")
def test_finds_rare_words_by_their_own_index() -> None:
    with connection.cursor() as cursor:
        # Some thousand stories are read faster than any index.
        cursor.execute("SET LOCAL enable_seqscan TO off")
    plan = plan_of_list("q=lighthouse")
    assert any("articles_story_search_words" in line for line in plan), plan


@pytest.mark.usefixtures("stories")
def test_reads_a_page_by_its_ids() -> None:
    ids = list(Story.objects.values_list("pk", flat=True)[:5])
    sql, parameters = Story.objects.filter(id__in=ids).for_list().query.sql_with_params()
    plan = plan_of(sql, parameters)
    assert any("PRIMARY KEY" in line or "articles_story_pkey" in line for line in plan), plan


@pytest.mark.usefixtures("stories")
def test_counts_queues_by_indexes() -> None:
    for within_site in (False, True):
        sql, parameters = facets._queue_statement(within_site=within_site)
        site = make_site().pk
        plan = plan_of(sql, [site if p == facets.ANY_SITE else p for p in parameters])
        if IS_SQLITE:
            looked = [line for line in plan if "articles_story" in line]
            assert len(looked) == len(facets.QUEUES)
            assert all("INDEX" in line or "PRIMARY KEY" in line for line in looked), plan


@pytest.mark.usefixtures("stories")
def test_counts_topics_by_one_range_each() -> None:
    for query, index in (
        ("published=no&after=2026-01-01", "topic_live_newest"),
        ("queue=below", "topic_queue_newest"),
        ("after=2026-01-01", "topic_queue_newest"),
    ):
        rows = Listing(QueryDict(query)).selection.topic_rows
        assert rows is not None
        ferries = rows.filter(topic=Topic.objects.get(name="Ferries")).values("topic")
        sql, parameters = ferries.order_by()[:1001].query.sql_with_params()
        plan = plan_of(sql, parameters)
        assert any(index in line for line in plan) or not IS_SQLITE, (query, plan)
        assert not any(SORTS.search(line) for line in plan if IS_SQLITE), (query, plan)


def test_knows_what_rows_of_topics_can_answer() -> None:
    assert Selection().topic_rows is not None
    assert Selection().filter(queue=3, published__in=[True]).topic_rows is not None
    for other in (
        Selection().filter(kind="video"),
        Selection().of_site(1),
        Selection().about([Topic(pk=1)]),
        Selection().about([Topic(pk=1), Topic(pk=2)]),
    ):
        assert other.topic_rows is None


ACTIVITY = {
    "": "",
    "actor={person}": "actor",
    "actor=robot": "change_by_",
    "verb=decline": "change_of_verb",
    "site=west": "site",
    "story={story}": "change_of_story",
    "batch={batch}": "change_of_batch",
    "actor={person}&verb=decline": "actor",
}


@pytest.mark.usefixtures("stories")
def test_reads_activity_by_an_index_in_its_order(publisher: User) -> None:
    story, batch = Story.objects.latest("pk"), uuid.uuid4()
    Change.objects.bulk_create(
        Change(
            actor=publisher if number % 7 else None,
            actor_name="x",
            verb="decline" if number % 5 else "imported",
            site=story.site,
            story=story if number < 30 else None,
            batch=batch if number % 3 == 0 and number < 900 else None,
        )
        for number in range(4000)
    )
    if not IS_SQLITE:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE articles_change")
    for query, index in ACTIVITY.items():
        known = {"person": publisher.pk, "story": story.pk, "batch": batch}
        activity = Activity(QueryDict(query.format(**known)), publisher)
        assert activity.is_valid, activity.filter.form.errors
        sql, parameters = activity.rows[: PAGE_SIZE + 1].query.sql_with_params()
        plan = plan_of(sql, parameters)
        assert not any(SORTS.search(line) for line in plan if IS_SQLITE), (query, plan)
        assert not any("Seq Scan on articles_change" in line for line in plan), (query, plan)
        looked = [line for line in plan if "articles_change" in line]
        if IS_SQLITE:
            assert any(index in line for line in looked), (query, plan)


@pytest.mark.usefixtures("stories")
@pytest.mark.parametrize("of_site", [True, False])
def test_reads_suspicious_groups_by_their_index(of_site: bool) -> None:
    site = make_site()
    Coverage.objects.bulk_create(
        Coverage(site=site, suspicion=number if number % 9 == 0 else 0) for number in range(3000)
    )
    if not IS_SQLITE:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE articles_coverage")
    groups = Coverage.objects.suspicious()
    found = groups.filter(site=site) if of_site else groups
    plan = " ".join(plan_of(*found.values("pk")[:50].query.sql_with_params()))
    assert "coverage_site_suspicious" in plan or (not of_site and "coverage_suspicious" in plan)
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


@pytest.mark.usefixtures("stories")
def test_finds_stories_alike_by_words_and_dates() -> None:
    site, noon = make_site(), Story.objects.latest("listed_at").listed_at
    window = noon - timedelta(days=14), noon + timedelta(days=14)
    sought = [Sought((f"lighthouse{n}", f"lighthouses{n}"), 1.0 + n) for n in range(24)]
    if not IS_SQLITE:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan TO off")
    plan = plan_of(*neighbours.statement(site.pk, sought, window, 60))
    looked = [line for line in plan if "articles_story_search" in line]
    if IS_SQLITE:
        assert len(looked) == 2 * len(sought)
        # By a word (M), from one row to another (> and <).
        assert all(re.search(r"VIRTUAL TABLE INDEX \d+:M\d+><", line) for line in looked), plan
    else:
        # Each word by the index that knows the weeks; no word by dates, no row of another week.
        read = [line for line in looked if "Index Scan" in line]
        assert len(read) == len(sought), plan
        assert all("articles_story_search_words" in line for line in read), plan
        within = [line for line in plan if "Index Cond" in line and "words @@" in line]
        assert len(within) == len(sought), plan
        assert all("&&" in line for line in within), plan
        assert not any("Seq Scan" in line or "Gather" in line for line in looked), plan
    by_id = "SEARCH articles_story USING INTEGER PRIMARY KEY", "using articles_story_pkey"
    assert any(way in line for line in plan for way in by_id), plan


@pytest.mark.usefixtures("stories")
def test_counts_what_is_searched_by_the_index_of_dates() -> None:
    noon = Story.objects.latest("listed_at").listed_at
    plan = plan_of(*neighbours.count_statement((noon, noon + timedelta(days=28))))
    looked = [line for line in plan if "articles_story" in line]
    assert len(looked) == 2
    assert all("story_newest" in line for line in looked if IS_SQLITE), plan
    assert not any("Seq Scan" in line for line in looked), plan


@pytest.mark.skipif(IS_SQLITE, reason="Only PostgreSQL reads a table from its beginning.")
@pytest.mark.parametrize("query", ["quality_min=7", "q=ferry+number"])
@pytest.mark.usefixtures("stories")
def test_counts_a_span_of_dates_from_its_newest_story(query: str) -> None:
    selection = Listing(QueryDict(query)).selection
    newest = Story.objects.latest("listed_at").listed_at
    found = selection.ids_between(newest - timedelta(minutes=20), newest, 1001)
    assert found is not None
    sql, parameters = found
    assert re.search(r"ORDER BY \S*listed_at\S* DESC", sql)
    assert not any("Seq Scan on articles_story" in line for line in plan_of(sql, parameters))


@pytest.mark.usefixtures("stories")
@pytest.mark.parametrize("of_site", [False, True])
def test_counts_the_days_of_insight_by_an_index(of_site: bool) -> None:
    newest = Story.objects.latest("listed_at").listed_at
    period = Period("28", timezone.localtime(newest).date())
    found = Insight(period, make_site() if of_site else None)
    with CaptureQueriesContext(connection) as asked:
        assert found.intake is not None
    (question,) = asked.captured_queries
    # As PostgreSQL has it the statement stands between two that limit its time.
    sql = re.sub(r"SET LOCAL [^;]*;?", "", question["sql"]).rstrip("; ")
    plan = plan_of(sql.replace("%", "%%"), ()) if IS_SQLITE else plan_of(sql, None)
    read = [line for line in plan if "articles_story" in line]
    assert read
    assert not [line for line in read if line.startswith(("SCAN", "Seq Scan"))], read
    if IS_SQLITE:
        index = "story_site_queue" if of_site else "story_queue_newest"
        assert all(f"INDEX {index} (" in line for line in read), read
