"""Changed files that change nothing for any other story are written by themselves."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import desk
from articles.importer import Options, import_repository, run
from articles.models import Change, Coverage, SyncRun
from articles.repository import open_repository
from tests.importer.newsroom import Checkout, codes, contents, entry, found, groups

pytestmark = pytest.mark.django_db

STORIES_NAMED = re.compile(r'"articles_story(?:file)?"\."(?:id|story_id)" IN \(([\d, ]+)\)')


def test_leaves_the_group_and_its_doubts_alone(checkout: Checkout) -> None:
    checkout.write("a", ["b", "c"], published=True)
    checkout.write("b", ["a"], published=True)
    checkout.write("c", ["a"])
    checkout.run()
    before, doubts = groups(), codes(found("a"))
    checkout.write("a", ["b", "c"], published=True, excerpt="Seen from near.", topics=["Storms"])
    report = checkout.run()

    assert report.counts.updated == 1
    assert found("a").excerpt == "Seen from near."
    assert contents(found("a")) == checkout.path("a").read_bytes()
    assert (groups(), codes(found("a"))) == (before, doubts)
    assert "cluster.two_leads" in doubts
    assert found("a").issue_count == len(doubts)
    assert report.counts.with_issues == 2
    assert set(Change.objects.get().after) == {"excerpt", "topics"}
    assert Coverage.objects.get().version == found("b").version == 1


def test_reads_no_row_of_the_other_members(checkout: Checkout) -> None:
    names = [f"s{number}" for number in range(30)]
    for name in names:
        checkout.write(name, [other for other in names if other != name])
    checkout.run()
    checkout.write("s3", [name for name in names if name != "s3"], excerpt="Seen from near.")
    with CaptureQueriesContext(connection) as asked:
        checkout.run()
    named = {
        int(pk)
        for query in asked
        for ids in STORIES_NAMED.findall(query["sql"])
        for pk in ids.split(",")
    }

    assert found("s3").excerpt == "Seen from near."
    assert named == {found("s3").pk}


def test_looks_around_where_two_stories_have_one_address(checkout: Checkout) -> None:
    checkout.write("a")
    checkout.write("b", url="https://www.herald.example/a", title="Other")
    checkout.run()
    checkout.path("b").write_bytes(checkout.path("a").read_bytes())
    checkout.run()

    assert "story.duplicate_file" in codes(found("a"))
    checkout.write("b", url="https://www.herald.example/a", excerpt="Seen from near.")
    checkout.run()
    assert "story.duplicate_file" not in codes(found("a"))
    assert "story.duplicate_file" not in codes(found("b"))


def test_plans_anew_what_somebody_decides_in_the_meantime(
    checkout: Checkout, chief: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.write("a")
    checkout.write("b")
    checkout.run()
    checkout.write("a", excerpt="Seen from near.")
    checkout.write("b", excerpt="Seen from near.")
    monkeypatch.setattr(run, "BATCH_SIZE", 1)
    seen = []

    def progress(phase: str, done: int, total: int) -> None:
        if phase == "write" and not seen:
            desk.edit(found("b"), {"title": "Desk"}, by=chief)
        if phase == "write":
            seen.append((done, total))

    report = import_repository(open_repository(checkout.root), Options(), progress)

    assert seen == [(1, 2), (1, 2), (2, 2)]
    assert (found("b").title, found("b").excerpt) == ("Desk", "Seen from near.")
    assert (report.counts.updated, report.counts.merged) == (1, 1)
    assert SyncRun.objects.latest("pk").done == 2


def test_changes_nothing_in_a_dry_run(checkout: Checkout) -> None:
    checkout.write("a")
    checkout.run()
    checkout.write("a", excerpt="Seen from near.")

    assert checkout.run(dry_run=True).counts.updated == 1
    assert found("a").excerpt == "Seen from afar."


def test_takes_in_more_known_entries_than_one_question_names(checkout: Checkout) -> None:
    entries = [entry(f"e{number}") for number in range(1_000)]
    checkout.write("a", entries)
    checkout.run()
    checkout.write("a", entries, excerpt="Seen from near.")
    checkout.run()

    assert contents(found("a")) == checkout.path("a").read_bytes()
