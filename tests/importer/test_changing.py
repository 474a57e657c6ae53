"""Files that changed since they were read last."""

from __future__ import annotations

import pytest

from articles.models import Change, Story
from articles.rules import Queue
from articles.storyfile.digest import digest_of
from tests.importer.newsroom import Checkout, codes, contents, found, groups, url

pytestmark = pytest.mark.django_db


def test_follows_the_file(checkout: Checkout) -> None:
    checkout.write("a", topics=["Ferries", "Harbour"], images=["https://img.example/1.jpg"])
    checkout.write("b")
    checkout.run()
    before = found("a")
    checkout.write("a", title="New", heat=90, published=True, topics=["Storms"], provider="Other")
    report = checkout.run()
    after = found("a")

    assert (report.counts.updated, report.counts.unchanged) == (1, 1)
    assert after.pk == before.pk
    assert after.version == before.version + 1
    assert (after.title, after.heat, after.published) == ("New", 90, True)
    assert after.provider_name == "Other"
    assert [t.name for t in after.topics.all()] == ["Storms"]
    assert not after.images.exists()
    assert contents(after) == checkout.path("a").read_bytes()
    assert after.file_digest == digest_of(checkout.path("a").read_bytes())
    assert found("b").version == 1


def test_writes_one_entry_of_history_for_each_story(checkout: Checkout) -> None:
    checkout.write("a", ["b"], heat=60)
    checkout.write("b", heat=-1)
    checkout.run()
    checkout.write("a", ["c"], heat=90, published=True, topics=["Storms"])
    checkout.run()
    change = Change.objects.get()

    assert (change.verb, change.actor, change.actor_name) == ("imported", None, "import")
    assert change.story == found("a")
    assert change.before == {
        "heat": 60,
        "published": False,
        "topics": ["Ferries"],
        "related": [url("b")],
    }
    assert change.after == {
        "heat": 90,
        "published": True,
        "topics": ["Storms"],
        "related": [url("c")],
    }
    assert change.batch


def test_says_nothing_in_history_where_no_value_changed(checkout: Checkout) -> None:
    path = checkout.write("a")
    checkout.run()
    path.write_bytes(path.read_bytes().replace(b"\ntopics:", b"\n# a comment\ntopics:"))
    report = checkout.run()

    assert report.counts.updated == 1
    assert b"# a comment" in (contents(found("a")) or b"")
    assert not Change.objects.exists()


def test_replaces_the_doubts(checkout: Checkout) -> None:
    checkout.write("a", title="")
    checkout.run()
    assert codes(found("a")) == ["title.missing"]
    checkout.write("a")
    report = checkout.run()

    assert codes(found("a")) == []
    assert found("a").issue_count == 0
    assert found("a").publish_gate == Story.Gate.ALLOWED
    assert report.counts.with_issues == 0


def test_keeps_the_last_good_state_of_a_file_that_cannot_be_read(checkout: Checkout) -> None:
    path = checkout.write("a", ["b"], title="Whole")
    checkout.run()
    whole = path.read_bytes()
    for length in (0, 3, len(whole) // 2, len(whole) - 5):
        path.write_bytes(whole[:length])
        report = checkout.run()
        assert report.counts.refused == 1
        assert report.counts.missing == 0
    assert found("a").title == "Whole"
    assert contents(found("a")) == whole
    assert found("a").missing_since is None


def test_moves_a_story_between_queues(checkout: Checkout) -> None:
    checkout.write("new", date="2026-03-02T12:00:00Z")
    checkout.write("old", date="2025-01-01T12:00:00Z", heat=60)
    checkout.run()
    assert found("old").queue == Queue.BELOW
    checkout.write("old", date="2025-01-01T12:00:00Z", heat=80, published=True)
    checkout.run()
    assert found("old").queue == Queue.PUBLISHED
    assert set(found("old").story_topics.values_list("queue", "published")) == {
        (Queue.PUBLISHED, True)
    }
    checkout.write("old", date="2025-01-01T12:00:00Z", removed=True)
    checkout.run()
    assert found("old").queue == Queue.REMOVED


def test_changes_the_address_of_a_story(checkout: Checkout) -> None:
    checkout.write("a", ["b"])
    checkout.write("b", ["a"])
    checkout.run()
    checkout.write("b", ["a"], url=url("elsewhere"))
    checkout.run()

    # The file of a still names the old address, now a story without a file of its own.
    assert groups() == [["a", "b", "b"]]
    assert found("b").web_url == url("elsewhere")


def test_follows_many_files_at_once(checkout: Checkout) -> None:
    names = [f"n{number}" for number in range(60)]
    for name in names:
        checkout.write(name, [other for other in names[:10] if other != name])
    checkout.run()
    for name in names:
        checkout.write(name, [other for other in names[10:20] if other != name], title="New")
    report = checkout.run()

    assert report.counts.updated == 60
    assert Story.objects.filter(title="New").count() == 60
    assert Change.objects.count() == 60
    assert len(groups()) == 1
