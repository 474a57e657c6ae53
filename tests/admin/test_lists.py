"""Every list of the admin: opens, searches, costs the same at any length, is closed to others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib import admin as django_admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.admin.base import CappedPaginator
from articles.models import Change, Provider, Story, StoryFile, SyncRun, TextBlock, Topic
from tests.factories import NOON, make_coverage, make_site, make_story, make_topic

LISTS = ("story", "coverage", "topic", "provider", "site", "change", "syncrun")
NOUNS = (*LISTS, "user", "group")


def address(noun: str, query: str = "") -> str:
    app = "auth" if noun in {"user", "group"} else "articles"
    return reverse(f"admin:{app}_{noun}_changelist") + query


def fill(rows: int, start: int = 0) -> None:
    site = make_site()
    for number in range(start, start + rows):
        domain = f"paper{number}.example"
        first = make_story(domain=domain, topics=[f"Topic {number}"], title=f"Ferry {number}")
        make_coverage(first, make_story(domain=domain))
        make_topic(site, f"Child {number}", parent=Topic.objects.first())
        Change.objects.create(actor_name="robot", verb="imported", site=site, story=first)
        SyncRun.objects.create(site=site, kind="import", counts={"created": 1})
        make_site(f"site-{number}")
        User.objects.create_user(f"person{number}")


def test_asks_the_same_queries_for_ten_rows_and_more_than_a_page(admin: Client) -> None:
    fill(10)
    few = {noun: queries_of(admin, noun) for noun in NOUNS}
    fill(50, 10)
    assert {noun: queries_of(admin, noun) for noun in NOUNS} == few
    assert max(few.values()) <= 13


def queries_of(admin: Client, noun: str) -> int:
    admin.get(address(noun))  # warms what is remembered for the process
    with CaptureQueriesContext(connection) as queries:
        assert admin.get(address(noun)).status_code == 200
    return len(queries)


def test_finds_and_sorts(admin: Client) -> None:
    fill(3)
    for noun in NOUNS:
        for query in ("?q=ferry", "?q=zzzzz", "?o=1", "?o=-2", "?p=1", "?q=%00", "?q=" + "x" * 500):
            answer = admin.get(address(noun, query))
            assert answer.status_code in {200, 302}, (noun, query)


def test_loads_no_text_of_stories(admin: Client) -> None:
    fill(2)
    with CaptureQueriesContext(connection) as queries:
        admin.get(address("story"))
    sql = [q["sql"] for q in queries if 'FROM "articles_story"' in q["sql"]]
    assert sql
    for column in ("excerpt", "body", "extras", "featured_content", "provider_images", "head"):
        assert not any(f'"{column}"' in statement for statement in sql)


def test_searches_like_the_desk(admin: Client) -> None:
    make_story(title="A heron on the roof")
    make_story(title="Nothing of the kind")
    page = admin.get(address("story", "?q=heron")).content.decode()
    assert "A heron on the roof" in page
    assert "Nothing of the kind" not in page


def test_says_what_the_search_does_not_understand(admin: Client) -> None:
    make_story(title="A heron on the roof")
    page = admin.get(address("story", "?q=quality>high"))
    assert "A heron on the roof" not in page.content.decode()
    assert list(page.context["messages"])


def test_finds_groups_by_any_of_their_stories(admin: Client) -> None:
    make_coverage(make_story(title="The lead", quality=90), make_story(title="A heron", quality=5))
    make_coverage(make_story(title="Another lead"), make_story(title="A bus"))
    page = admin.get(address("coverage", "?q=heron")).content.decode()
    assert "The lead" in page
    assert "Another lead" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?when=2025", {"May", "June"}), ("?when=2025-05", {"May"}), ("?when=2025-05-31", {"May"}),
        ("?when=2024", set()), ("?live=yes", {"June"}), ("?live=no", {"May"}),
        ("?attention=pending", {"May"}), ("?attention=issues", {"June"}),
        ("?attention=conflict", set()), ("?queue__exact=1", {"May", "June"}),
    ],
)  # fmt: skip
def test_filters(admin: Client, query: str, found: set[str]) -> None:
    make_story(
        title="May", published_at=datetime(2025, 5, 31, 23, 30, tzinfo=UTC), pending=True,
        published=False,
    )  # fmt: skip
    make_story(
        title="June", published_at=datetime(2025, 6, 1, tzinfo=UTC), issue_count=1, published=True
    )
    page = admin.get(address("story", query))
    assert {story.title for story in page.context["cl"].result_list} == found


def test_reads_a_day_in_the_persons_zone(admin: Client, chief: User) -> None:
    make_story(published_at=datetime(2025, 5, 31, 23, 30, tzinfo=UTC))
    from articles.models import Preferences

    Preferences.objects.create(user=chief, time_zone="Europe/Paris")
    assert admin.get(address("story", "?when=2025-06")).context["cl"].result_count == 1


def test_offers_the_calendar_of_the_stories(admin: Client) -> None:
    make_story(published_at=datetime(2024, 5, 1, tzinfo=UTC))
    make_story(published_at=datetime(2026, 5, 1, tzinfo=UTC))
    make_story(published_at=datetime(1, 1, 1, tzinfo=UTC))
    make_story(published_at=datetime(9999, 12, 31, tzinfo=UTC))
    make_story(published_at=None)

    def links(query: str) -> list[str]:
        page = admin.get(address("story", query))
        spec = next(s for s in page.context["cl"].filter_specs if hasattr(s, "steps"))
        return [str(step["title"]) for step in spec.steps(page.context["cl"])]

    assert links("") == ["2026", "2025", "2024"]
    assert links("?when=2024")[:3] == ["All dates", "January", "February"]
    assert links("?when=2024-02")[:2] == ["All dates", "2024"]
    assert links("?when=2024-02")[-1] == "29"


@pytest.mark.parametrize(
    "query",
    [
        "?when=x", "?when=2025-13", "?when=2025-02-30", "?when=0000", "?when=9999", "?when=2025-1",
        "?live=maybe", "?attention=x", "?queue__exact=x", "?nothing=1", "?provider__id__exact=x",
        "?when=٢٠٢٥",
    ],
)  # fmt: skip
def test_never_ignores_a_filter_it_does_not_understand(admin: Client, query: str) -> None:
    make_story()
    response = admin.get(address("story", query))
    assert response.status_code == 302
    assert response["Location"].endswith("?e=1")


def test_shows_dates_at_the_ends_of_the_calendar(admin: Client, chief: User) -> None:
    from articles.models import Preferences

    early = make_story(published_at=datetime(1, 1, 1, tzinfo=UTC))
    late = make_story(published_at=datetime(9999, 12, 31, 23, 59, tzinfo=UTC))
    preferences = Preferences.objects.create(user=chief)
    for zone in ("America/New_York", "Asia/Tokyo"):
        preferences.time_zone = zone
        preferences.save()
        assert admin.get(address("story")).status_code == 200
        for story in (early, late):
            page = admin.get(reverse("admin:articles_story_change", args=[story.pk]))
            assert page.status_code == 200


def test_counts_no_further_than_it_pages(monkeypatch: pytest.MonkeyPatch, admin: Client) -> None:
    monkeypatch.setattr("articles.admin.base.COUNT_LIMIT", 3)
    for _ in range(5):
        make_story()
    paginator = CappedPaginator(Story.objects.all(), 50)
    assert (paginator.count, paginator.is_capped) == (3, True)
    assert b"more than 3 stories" in b" ".join(admin.get(address("story")).content.split())


@pytest.mark.parametrize("role", ["reader", "editor", "publisher", "nobody"])
def test_is_closed_to_everybody_but_chiefs(
    make_user: Callable[[str], User], client_of: Callable[[User], Client], role: str
) -> None:
    client = client_of(make_user(role))
    for noun in LISTS:
        assert client.get(address(noun)).status_code == 403
    assert client.get("/admin/").status_code == 403
    assert client.get("/admin/login/").status_code == 403
    assert client.get("/admin/articles/topic/autocomplete/").status_code in {403, 404}


def test_asks_strangers_to_log_in(client: Client, db: None) -> None:
    assert client.get("/admin/articles/story/")["Location"].startswith("/account/login/?next=")
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/account/login/?next=/admin/"


def test_shows_staff_without_permissions_nothing(
    make_user: Callable[[str], User], client_of: Callable[[User], Client]
) -> None:
    user = make_user("nobody")
    user.is_staff = True
    user.save()
    client = client_of(user)
    for noun in NOUNS:
        assert client.get(address(noun)).status_code == 403
        if noun in {"story", "topic", "provider", "change"}:
            assert client.post(address(noun) + "export/", {"format": "0"}).status_code == 403


def test_has_no_page_for_the_bytes_of_files() -> None:
    registered = django_admin.site._registry
    assert StoryFile not in registered
    assert TextBlock not in registered
    for model_admin in registered.values():
        inlines: Any = model_admin.inlines
        assert StoryFile not in [inline.model for inline in inlines]


def test_links_from_a_provider_to_its_stories(admin: Client) -> None:
    wanted, other = make_story(domain="a.example"), make_story(domain="b.example")
    provider = Provider.objects.get(domain="a.example")
    assert f"?provider__id__exact={provider.pk}" in admin.get(address("provider")).content.decode()
    page = admin.get(address("story", f"?provider__id__exact={provider.pk}"))
    assert [story.pk for story in page.context["cl"].result_list] == [wanted.pk]
    assert other.published_at < NOON
