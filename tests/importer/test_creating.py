"""The first import of a repository."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from articles.models import Change, Provider, Site, Story, StoryTopic, SyncRun, Topic
from articles.rules import Queue
from articles.storyfile.digest import digest_of
from tests.importer.newsroom import Checkout, codes, contents, found, known_by, story

pytestmark = pytest.mark.django_db


def test_makes_a_story_of_every_file(checkout: Checkout) -> None:
    checkout.write(
        "ferry", heat=80, quality=80, published=True, images=["https://img.example/1.jpg"]
    )
    report = checkout.run()
    ferry = found("ferry")

    assert report.counts.created == 1
    assert ferry.title == "About ferry"
    assert ferry.published_at == datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert ferry.web_url == "https://www.herald.example/ferry"
    assert (ferry.quality, ferry.heat, ferry.published) == (80, 80, True)
    assert ferry.provider == Provider.objects.get(domain="herald.example")
    assert [topic.name for topic in ferry.topics.all()] == ["Ferries"]
    assert [(i.url, i.width, i.height) for i in ferry.images.all()] == [
        ("https://img.example/1.jpg", 640, 360)
    ]
    assert ferry.issue_count == 0
    assert not ferry.pending


def test_keeps_every_byte_of_every_file(checkout: Checkout) -> None:
    odd = b"---\r\ntitle: Odd\r\npublished: false\r\nrelated:\r\n- title: x\r\n---\r\nbody"
    checkout.path("odd").write_bytes(odd)
    checkout.write("a", ["b", "c", "b"])
    checkout.write("b", ["a"])
    checkout.run()

    for name in ("odd", "a", "b"):
        data = checkout.path(name).read_bytes()
        assert contents(found(name)) == data
        assert found(name).file_digest == digest_of(data)


def test_makes_the_site_from_its_description(checkout: Checkout) -> None:
    checkout.write_text(
        "_data/topics/01-ferries.yaml",
        "_id: ferries\nname: Ferries\nparent: Harbour\nkeywords:\n  - boat\n",
    )
    checkout.write_text("_data/topics/00-harbour.yaml", "_id: harbour\nname: Harbour\n")
    checkout.write_text(
        "_data/organizations/herald.example.md",
        "---\nname: The Morning Herald\ndomain: herald.example\ndescription: Old paper.\n---\n",
    )
    checkout.write("ferry", topics=["ferries", "C++", "C#", "C"])
    checkout.run()
    site = Site.objects.get(slug="harbour")
    ferries = Topic.objects.get(site=site, name="Ferries")

    assert (site.title, site.baseurl, site.locale) == ("Harbour Every Day", "/harbour", "en-us")
    assert site.first_imported_at
    assert ferries.parent == Topic.objects.get(name="Harbour")
    assert (ferries.slug, ferries.is_listed, ferries.keywords) == ("ferries", True, ["boat"])
    assert Provider.objects.get().name == "The Morning Herald"
    listed = StoryTopic.objects.order_by("position").values_list("topic__name", "name")
    assert list(listed) == [("Ferries", "ferries"), ("C++", ""), ("C#", ""), ("C", "")]
    flat = Topic.objects.filter(is_listed=False)
    assert len(set(flat.values_list("slug", flat=True))) == 3


def test_imports_into_the_site_it_is_told(checkout: Checkout) -> None:
    checkout.write("ferry")
    checkout.run(slug="elsewhere")

    assert found("ferry").site.slug == "elsewhere"


def test_puts_doubts_on_the_story(checkout: Checkout) -> None:
    checkout.path("odd").write_bytes(story("odd", title="", url="javascript:alert(1)"))
    checkout.write("sound")
    report = checkout.run()
    odd = found("odd")

    assert codes(odd) == ["title.missing", "url.unsafe"]
    assert odd.issue_count == 2
    assert odd.publish_gate == Story.Gate.BLOCKED
    assert report.counts.with_issues == 1


def test_puts_doubts_about_the_name_on_the_story(checkout: Checkout) -> None:
    (checkout.root / "_news/seed.txt").write_bytes(story("seed"))
    checkout.run()

    assert codes(Story.objects.get()) == ["name.extension", "name.no_date"]


def test_names_every_refused_file_once(checkout: Checkout) -> None:
    checkout.write("good")
    checkout.path("bad").write_bytes(b"---\ntitle: a: b\n---\n")
    report = checkout.run()

    assert report.counts.refused == 1
    assert report.exit_code == 3
    assert [(p.path, p.line, p.code) for p in report.problems] == [
        ("_news/2026-03-02-bad.md", 2, "yaml_syntax")
    ]
    assert found("good")


def test_counts_what_it_leaves_out(checkout: Checkout) -> None:
    (checkout.root / "_news/.keep").write_bytes(b"")
    (checkout.root / "_news/link.md").symlink_to("/etc/passwd")
    report = checkout.run()

    assert report.counts.skipped == 2
    assert report.exit_code == 0
    assert [p.code for p in report.problems] == ["name.hidden", "name.symlink"]


def test_makes_stories_of_what_is_known_only_from_related_blocks(checkout: Checkout) -> None:
    checkout.write("ferry", ["storm", "whale"], quality=70)
    report = checkout.run()
    storm = known_by("storm")

    assert report.counts.embedded == 2
    assert (storm.path, storm.path_key) == (None, None)
    assert (storm.title, storm.quality, storm.provider_name) == ("About storm", 40, "The Herald")
    assert storm.heat is None
    assert not storm.published
    assert storm.queue == Queue.SUPERSEDED
    assert storm.coverage == found("ferry").coverage


def test_keeps_what_has_no_column(checkout: Checkout) -> None:
    data = story("ferry").replace(
        b"type: article\n", b"type: article\nhighlight: Big\nworkflow: {a: 1}\n"
    )
    checkout.path("ferry").write_bytes(data)
    checkout.run()

    assert found("ferry").extras == {"highlight": "Big", "other_keys": ["workflow"]}


def test_never_stores_the_encrypted_value_outside_the_files_bytes(checkout: Checkout) -> None:
    checkout.write("ferry", ["storm"])
    checkout.run()

    for model in (Story, Topic, Provider, Site, SyncRun):
        for row in model._default_manager.values():
            assert "c2VjcmV0" not in str(row)


def test_puts_only_the_newest_of_a_first_import_into_the_inbox(checkout: Checkout) -> None:
    checkout.write("new", date="2026-03-02T12:00:00Z")
    checkout.write("fresh", date="2026-02-17T12:00:00Z")
    checkout.write("old", date="2026-02-15T12:00:00Z")
    checkout.write("future", date="2099-01-01T00:00:00Z")
    checkout.run()

    assert found("new").queue == found("fresh").queue == Queue.INBOX
    assert found("old").queue == Queue.BELOW


def test_puts_everything_that_comes_later_into_the_inbox(checkout: Checkout) -> None:
    checkout.write("new")
    checkout.run()
    checkout.write("late", date="2020-01-01T12:00:00Z")
    checkout.run()

    assert found("late").queue == Queue.INBOX


def test_records_the_run(checkout: Checkout) -> None:
    checkout.write("ferry")
    (checkout.root / "_news/.keep").write_bytes(b"")
    checkout.run()
    run = SyncRun.objects.get()

    assert (run.kind, run.status, run.done, run.total) == ("import", "done", 2, 2)
    assert run.counts["created"] == 1
    assert run.problems[0]["code"] == "name.hidden"
    assert run.source == str(checkout.root)
    assert run.finished_at
    assert not Change.objects.exists()


def test_reports_a_broken_description(checkout: Checkout) -> None:
    checkout.write_text("_data/topics/bad.yaml", "name: [")
    report = checkout.run()

    assert [p.path for p in report.problems] == ["_data/topics/bad.yaml"]
    assert report.exit_code == 0
