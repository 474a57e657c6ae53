"""The public JSON says what the site says, object for object."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.destination import Destination, UnsafePathError
from articles.models import Site, Story, StoryImage
from articles.sitejson import (
    Feed,
    build_site,
    encode,
    feeds,
    find_feed,
    is_feed_slug,
    story_object,
)
from tests.factories import NOON, make_site, make_story, make_story_without_file, make_topic

pytestmark = pytest.mark.django_db

PLAYER = '<iframe width="800" src="https://www.youtube.com/embed/WJk-Y8LQlfE"></iframe>'


def make_live(site: Site | None = None, **fields: Any) -> Story:
    return make_story(site, **{"quality": 80, **fields})


def object_of(story: Story) -> dict[str, Any]:
    return story_object(story.site, Story.objects.get(pk=story.pk))


def titles(page: dict[str, Any] | None) -> list[str]:
    assert page is not None
    return [story["title"] for story in page["value"]]


def test_gives_every_key_of_a_story_in_order() -> None:
    site = make_site(locale="en-gb")
    story = make_live(
        site,
        path="_news/2026-03-02-a.md",
        title="A “quoted” headline\u2028",
        excerpt="One &amp; two\n",
        original_url="https://herald.example/o",
        amp_url="https://herald.example/amp",
        cdn_amp_url="https://herald-example.cdn.ampproject.org/c/s/herald.example/amp",
        body="Words.\n",
        heat=100,
        featured_content=PLAYER,
        web_url="https://herald.example/a b",
        topics=["Ferries", "Harbour"],
        images=["https://herald.example/a.png"],
        provider_images=[{"url": "/assets/herald.png", "width": 50, "height": 50}],
    )
    expected: list[tuple[str, Any]] = [
        ("path", "_news/2026-03-02-a.md"),
        ("title", "A “quoted” headline\u2028"),
        ("excerpt", "One &amp; two\n"),
        ("sourceUrl", None),
        ("webUrl", "https://herald.example/a b"),
        ("originalUrl", "https://herald.example/o"),
        ("featuredContent", PLAYER),
        ("highlight", None),
        ("heat", 100),
        ("tags", None),
        (
            "images",
            [
                {
                    "url": "https://herald.example/a.png",
                    "width": 640,
                    "height": 360,
                    "title": None,
                    "attribution": None,
                    "isCached": False,
                }
            ],
        ),
        ("content", "Words.\n"),
        ("type", "article"),
        ("ampWebUrl", "https://herald.example/amp"),
        ("cdnAmpWebUrl", "https://herald-example.cdn.ampproject.org/c/s/herald.example/amp"),
        ("publishedDateTime", f"{story.published_at:%Y-%m-%dT%H:%M:%SZ}"),
        ("updatedDateTime", None),
        (
            "provider",
            {
                "name": "The Herald",
                "domain": "herald.example",
                "images": [
                    {
                        "url": "https://news.example/harbour/assets/herald.png",
                        "width": 50,
                        "height": 50,
                        "title": None,
                        "attribution": None,
                        "isCached": False,
                    }
                ],
                "publishers": None,
                "authors": None,
            },
        ),
        ("locale", "en-gb"),
        ("categories", ["news"]),
        ("topics", ["Ferries", "Harbour"]),
    ]
    assert list(object_of(story).items()) == expected


def test_gives_null_for_what_the_file_does_not_say() -> None:
    story = make_live(heat=None, quality=None, published=True, published_at=None)
    Story.objects.filter(pk=story.pk).update(provider_name="", provider_domain="", web_url="")
    found = object_of(story)
    assert {key for key, value in found.items() if value is None} == {
        "sourceUrl", "webUrl", "originalUrl", "featuredContent", "highlight", "heat", "tags",
        "images", "ampWebUrl", "cdnAmpWebUrl", "publishedDateTime", "updatedDateTime", "provider",
        "locale", "topics",
    }  # fmt: skip


def test_spells_the_address_as_the_file_does() -> None:
    story = make_live(vocabulary="source", amp_url="https://herald.example/amp")
    found = object_of(story)
    assert (found["sourceUrl"], found["webUrl"]) == (story.web_url, None)
    assert found["ampWebUrl"] is None


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://user:pw@herald.example/", "data:text/html,x", "//herald",
     "http://127.0.0.1/admin", "/assets/x"],
)  # fmt: skip
def test_withholds_an_address_a_browser_should_not_follow(url: str) -> None:
    story = make_live(
        web_url=url, original_url=url, amp_url=url, cdn_amp_url=url, images=["https://h.example/i"]
    )
    StoryImage.objects.create(story=story, position=1, url=url if url[0] != "/" else "//h.example")
    found = object_of(story)
    assert [found[k] for k in ("webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl")] == [None] * 4
    assert [image["url"] for image in found["images"]] == ["https://h.example/i"]


@pytest.mark.parametrize("html", ["<script>alert(1)</script>", PLAYER + "<p>", "words"])
def test_withholds_featured_content_that_is_not_one_player(html: str) -> None:
    assert object_of(make_live(featured_content=html))["featuredContent"] is None


def test_writes_the_instant_in_utc_whatever_the_year() -> None:
    story = make_live(published_at=datetime(1, 1, 1, 0, 0, 5, tzinfo=UTC))
    assert object_of(story)["publishedDateTime"] == "0001-01-01T00:00:05Z"


def test_lists_only_what_the_site_shows() -> None:
    site = make_site()
    live = make_live(site, title="live")
    make_live(site, title="not published", published=False)
    make_live(site, title="gone", missing_since=NOON)
    make_story_without_file(site, title="no file", published=True)
    make_live(make_site("other"), title="other site")
    assert titles(Feed(site).page(1)) == [live.title]


def test_cuts_pages_of_twenty_five_newest_first() -> None:
    site = make_site()
    for minute in range(53):
        make_live(site, title=f"{minute}", published_at=NOON + timedelta(minutes=minute))
    pages = [Feed(site).page(number) for number in (1, 2, 3, 4)]
    assert [page and (page["page"], page["nextPage"]) for page in pages] == [
        (1, 2), (2, 3), (3, None), None,
    ]  # fmt: skip
    shown = [int(title) for page in pages[:3] for title in titles(page)]
    assert shown == list(range(52, -1, -1))
    assert [titles(page) for page in Feed(site).pages()] == [titles(p) for p in pages[2::-1]]


def test_puts_stories_of_unknown_date_last() -> None:
    site = make_site()
    make_live(site, title="unknown", published_at=None)
    make_live(site, title="known")
    assert titles(Feed(site).page(1)) == ["known", "unknown"]


def test_has_a_first_page_without_any_story() -> None:
    assert Feed(make_site()).page(1) == {"page": 1, "value": [], "nextPage": None}


@pytest.mark.parametrize("number", [0, 2, 10**30])
def test_has_no_other_page(number: int) -> None:
    make_live()
    assert Feed(make_site()).page(number) is None


def test_lists_the_stories_of_a_topic() -> None:
    site = make_site()
    both = make_live(site, topics=["Ferries", "Harbour"])
    make_live(site, topics=["Harbour"])
    make_live(site, topics=["Ferries"], published=False)
    make_live(site, topics=["Ferries"], missing_since=NOON)
    feed = find_feed(site, "ferries")
    assert feed is not None
    assert titles(feed.page(1)) == [both.title]


def test_gives_a_feed_to_the_topics_the_repository_lists() -> None:
    site = make_site()
    make_topic(site, "Ferries")
    make_topic(site, "Unlisted", is_listed=False)
    make_topic(site, "Odd", slug="../../etc")
    make_topic(site, "Taken", slug="page")
    make_topic(site, "Empty", slug="")
    assert [feed.folder for feed in feeds(site)] == ["api/news", "api/news/ferries"]
    assert find_feed(site, "unlisted") is None
    assert find_feed(site, "page") is None


@pytest.mark.parametrize(
    ("slug", "good"),
    [("ai", True), ("model-driven-apps", True), ("page", False), ("page2", False), ("", False),
     ("a/b", False), ("..", False), ("pages", True), ("a\n", False)],
)  # fmt: skip
def test_knows_which_slugs_can_name_a_feed(slug: str, good: bool) -> None:
    assert is_feed_slug(slug) is good


def test_asks_as_often_for_twenty_five_stories_as_for_two() -> None:
    site = make_site()

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            Feed(site).page(1)
        return len(asked)

    for _ in range(2):
        make_live(site, topics=["Ferries"], images=["https://h.example/i.png"])
    few = count()
    for _ in range(25):
        make_live(site, topics=["Ferries", "Harbour"], images=["https://h.example/i.png"])
    assert count() == few <= 5


def build(site: Site, folder: Path) -> Any:
    with Destination(folder) as destination:
        return build_site(site, destination)


def read(folder: Path, path: str) -> Any:
    return json.loads((folder / "api/news" / path).read_text())


def test_builds_the_pages_of_every_feed(tmp_path: Path) -> None:
    site = make_site()
    for _ in range(30):
        make_live(site, topics=["Ferries"])
    report = build(site, tmp_path)
    assert (report.written, report.unchanged, report.stories) == (6, 0, 30)
    for path in ("index.json", "page/1/index.json", "ferries/index.json"):
        assert read(tmp_path, path) == Feed(site).page(1)
    assert read(tmp_path, "ferries/page/2/index.json") == Feed(site).page(2)
    assert (tmp_path / "api/news/index.json").read_bytes() == encode(Feed(site).page(1) or {})


def test_builds_again_without_writing(tmp_path: Path) -> None:
    site = make_site()
    make_live(site, topics=["Ferries"])
    build(site, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    report = build(site, tmp_path)
    assert (report.written, report.unchanged) == (0, 4)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_removes_pages_beyond_the_last_and_nothing_else(tmp_path: Path) -> None:
    site = make_site()
    for _ in range(30):
        make_live(site)
    build(site, tmp_path)
    kept = [tmp_path / "api/news" / name for name in ("page2/index.json", "page/x/index.json",
            "old-topic/index.json", "page/2/notes.txt", "page/007/index.json")]  # fmt: skip
    for path in kept:
        path.parent.mkdir(exist_ok=True)
        path.write_text("kept")
    Story.objects.filter(pk__in=list(Story.objects.values_list("id", flat=True)[:10])).update(
        published=False
    )
    assert build(site, tmp_path).removed == 1
    assert not (tmp_path / "api/news/page/2/index.json").exists()
    assert all(path.read_text() == "kept" for path in kept)


def test_does_not_build_through_a_link(tmp_path: Path) -> None:
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "site"
    elsewhere.mkdir()
    folder.mkdir()
    (folder / "api").symlink_to(elsewhere)
    with pytest.raises(UnsafePathError):
        build(make_site(), folder)
    assert list(elsewhere.iterdir()) == []


def test_writes_text_that_every_reader_can_parse() -> None:
    site = make_site()
    title = 'a "quote" \\ </script> \u2028 \x7f \U0001f6a2 \u202e'
    make_live(site, title=title)
    data = encode(Feed(site).page(1) or {})
    assert titles(json.loads(data)) == [title]
    assert data.decode("utf-8").endswith("}\n")
