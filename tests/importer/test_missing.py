"""Files that are gone, come back, or have another name."""

from __future__ import annotations

import shutil

import pytest

from articles.importer import ImportStopped, Options, import_repository
from articles.models import Change, Story, SyncRun
from articles.repository import open_repository
from articles.repository.parsing import path_key
from articles.rules import Queue
from tests.importer.newsroom import Checkout, dump, found, groups, url

pytestmark = pytest.mark.django_db


def test_marks_a_story_whose_file_is_gone(checkout: Checkout) -> None:
    checkout.write("a", ["b"], heat=90, published=True)
    checkout.write("b", ["a"], heat=-1)
    checkout.run()
    checkout.remove("a")
    report = checkout.run()
    gone = found("a")

    assert report.counts.missing == 1
    assert report.exit_code == 0
    assert ("_news/2026-03-02-a.md", "missing") in [(p.path, p.code) for p in report.problems]
    assert gone.missing_since
    assert gone.queue == Queue.GONE
    assert gone.coverage == found("b").coverage
    assert groups() == [["b", "a"]]
    assert Change.objects.get().after == {"missing": True}


def test_writes_nothing_for_a_file_that_stays_gone(checkout: Checkout) -> None:
    checkout.write("a")
    checkout.write("b")
    checkout.run()
    checkout.remove("a")
    checkout.run()
    version = found("a").version
    report = checkout.run()

    assert report.counts.missing == 1
    assert found("a").version == version
    assert Change.objects.count() == 1


def test_takes_a_story_back_whose_file_returns(checkout: Checkout) -> None:
    path = checkout.write("a", ["b"], heat=90, published=True)
    checkout.write("b", ["a"], heat=-1)
    data = path.read_bytes()
    checkout.run()
    before = dump()
    checkout.remove("a")
    checkout.run()
    path.write_bytes(data)
    report = checkout.run()

    assert report.counts.unchanged == 2
    assert report.counts.missing == 0
    assert dump() == before


@pytest.mark.parametrize("part", ["_news", "_news/2026-03-02-a.md"])
def test_misses_nothing_in_a_part_of_a_repository(checkout: Checkout, part: str) -> None:
    checkout.write("a")
    checkout.write("b")
    checkout.run()
    checkout.remove("b")
    report = import_repository(open_repository(checkout.root / part), Options())

    assert report.counts.missing == 0
    assert found("b").missing_since is None


def test_stops_and_asks_when_too_much_is_gone(checkout: Checkout) -> None:
    for number in range(20):
        checkout.write(f"n{number}")
    checkout.run()
    before = dump()
    for number in range(11):
        checkout.remove(f"n{number}")
    checkout.write("new")

    with pytest.raises(ImportStopped, match="11 of 20 files") as stopped:
        checkout.run()
    assert dump() == before
    assert SyncRun.objects.latest("id").status == "failed"

    assert stopped.value.gone == 11
    with pytest.raises(ImportStopped):
        checkout.run(may_lose=10)
    report = checkout.run(may_lose=11)
    assert (report.counts.missing, report.counts.created) == (11, 1)


def test_does_not_ask_about_a_few(checkout: Checkout) -> None:
    for number in range(12):
        checkout.write(f"n{number}")
    checkout.run()
    for number in range(10):
        checkout.remove(f"n{number}")

    assert checkout.run().counts.missing == 10


def test_does_not_ask_again_about_what_is_known_to_be_gone(checkout: Checkout) -> None:
    for number in range(20):
        checkout.write(f"n{number}")
    checkout.run()
    for number in range(15):
        checkout.remove(f"n{number}")
    checkout.run(may_lose=15)

    assert checkout.run().counts.missing == 15


def test_stops_at_an_empty_checkout(checkout: Checkout) -> None:
    for number in range(20):
        checkout.write(f"n{number}")
    checkout.run()
    shutil.rmtree(checkout.root / "_news")
    (checkout.root / "_news").mkdir()

    with pytest.raises(ImportStopped):
        checkout.run()


def test_keeps_the_story_of_a_renamed_file(checkout: Checkout) -> None:
    path = checkout.write("old", ["b"])
    checkout.write("b", ["old"])
    checkout.run()
    before = found("old")
    path.rename(checkout.path("new"))
    report = checkout.run()

    assert found("new").pk == before.pk
    assert (report.counts.updated, report.counts.created, report.counts.missing) == (1, 0, 0)
    assert Change.objects.get().after == {"path": "_news/2026-03-02-new.md"}
    assert len(groups()[0]) == 2


def test_keeps_the_story_of_a_file_that_was_renamed_and_edited(checkout: Checkout) -> None:
    checkout.write("old")
    checkout.run()
    before = found("old")
    checkout.remove("old")
    checkout.write("new", title="Edited", url=url("old"))
    checkout.run()

    assert found("new").pk == before.pk
    assert found("new").title == "Edited"


def test_keeps_the_story_of_a_file_that_returns_under_another_name(checkout: Checkout) -> None:
    checkout.write("old")
    checkout.run()
    before = found("old")
    checkout.remove("old")
    checkout.run()
    checkout.write("new", url=url("old"))
    checkout.run()

    assert found("new").pk == before.pk
    assert found("new").missing_since is None


def test_takes_two_files_for_one_gone_address_as_new(checkout: Checkout) -> None:
    checkout.write("old")
    checkout.run()
    checkout.remove("old")
    for name in ("one", "two"):
        checkout.write(name, url=url("old"))
    report = checkout.run()

    assert (report.counts.created, report.counts.missing) == (2, 1)
    assert Story.objects.count() == 3


def test_misses_a_file_that_is_no_story_any_more(checkout: Checkout) -> None:
    path = checkout.root / "_news/seed.txt"
    checkout.write("a")
    path.write_bytes(checkout.path("a").read_bytes().replace(b"/a", b"/seed"))
    checkout.run()
    path.write_bytes(b"plain text")
    report = checkout.run()

    assert (report.counts.missing, report.counts.skipped) == (1, 1)


def promise(name: str) -> Story:
    """What promoting leaves behind: a path, and no file until the next export."""
    path = f"_news/2026-03-02-{name}.md"
    Story.objects.filter(path=None).update(
        path=path, path_key=path_key(path), edited_fields=["path"], pending=True
    )
    return found(name)


def test_does_not_miss_a_file_that_no_export_has_written_yet(checkout: Checkout) -> None:
    checkout.write("a", ["lost"])
    checkout.run()
    promise("lost")
    report = checkout.run()

    assert report.counts.missing == 0
    assert found("lost").missing_since is None


def test_takes_the_promised_file_for_the_storys_own(checkout: Checkout) -> None:
    checkout.write("a", ["lost"])
    checkout.run()
    story = promise("lost")
    checkout.write("lost", ["a"])
    report = checkout.run()

    assert (report.counts.updated, report.counts.conflict) == (1, 0)
    assert found("lost").pk == story.pk
    assert not found("lost").pending


def test_takes_a_file_of_another_name_for_the_promised_one(checkout: Checkout) -> None:
    checkout.write("a", ["lost"])
    checkout.run()
    story = promise("lost")
    checkout.write("robot", ["a"], url=story.web_url)
    report = checkout.run()

    assert (report.counts.created, report.counts.updated) == (0, 1)
    assert found("robot").pk == story.pk


def test_is_a_conflict_where_another_story_stands_in_the_promised_place(checkout: Checkout) -> None:
    checkout.write("a", ["lost"])
    checkout.run()
    promise("lost")
    checkout.write("lost", ["a"], url=url("something-else"))
    report = checkout.run()

    assert report.counts.conflict == 1
    assert found("lost").web_url == url("lost")
