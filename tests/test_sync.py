"""A site and its repository brought together, with git, a robot and editors."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection

from articles import desk
from articles.locking import only_one
from articles.models import Change, Release, Site, Story, StoryFile, SyncRun, Verb
from articles.sync import Overtaken, SyncError, begin, sync
from tests.gitting import needs_git
from tests.newswire import AN, Newswire
from tests.releasing import release_pending, take_back

pytestmark = [pytest.mark.django_db(transaction=True), needs_git]


@pytest.fixture(params=["tree", "remote"])
def wire(request: pytest.FixtureRequest, tmp_path: Path) -> Newswire:
    """Three stories of one event and three single ones, connected and synced."""
    return Newswire.new(tmp_path, remote=request.param == "remote")


def story(path: str) -> Story:
    return Story.objects.get(path=path)


def test_reads_what_the_robot_wrote(wire: Newswire) -> None:
    wire.robot.write(AN, wire.text(AN).replace(b"Alpha news", b"Alpha news, updated"))
    wire.says("Update news")
    outcome = sync(begin(wire.site))
    assert outcome.report is not None
    assert (outcome.report.counts.updated, outcome.report.counts.unchanged) == (1, 5)
    assert story(AN).title == "Alpha news, updated"
    run = SyncRun.objects.get(pk=outcome.run.pk)
    assert (run.status, run.kind, run.counts["updated"]) == ("done", "sync", 1)
    assert run.parts.get().kind == "import"


def test_writes_nothing_until_somebody_releases(wire: Newswire, publisher: User) -> None:
    before = wire.head()
    desk.publish(story(AN), by=publisher)
    sync(begin(wire.site))
    assert wire.head() == before
    assert story(AN).pending
    assert not Release.objects.exists()


def test_releases_everything_in_one_commit(wire: Newswire, publisher: User) -> None:
    desk.publish(story(AN), by=publisher)
    desk.unpublish(story(wire.live), by=publisher)
    before = wire.head()
    release = release_pending(wire.site, by=publisher).release
    assert release is not None
    assert release.state == "written"
    assert wire.head() == release.commit
    assert wire.seen("rev-parse", "HEAD^").strip() == before
    stat = wire.seen("show", "--numstat", "--format=", "HEAD").split()
    assert stat == ["1", "1", AN, "1", "1", wire.live]
    assert b"published: true" in wire.text(AN)
    assert not Story.objects.needing_export().exists()
    assert wire.is_clean()
    assert StoryFile.objects.get(story=story(AN)).content() == wire.text(AN)
    logged = Change.objects.filter(verb=Verb.EXPORTED)
    assert {change.actor_id for change in logged} == {publisher.pk}
    assert release.counts["published"] == release.counts["unpublished"] == 1


def test_writes_a_message_as_a_person_would(wire: Newswire, editor: User, publisher: User) -> None:
    editor.first_name = "Ada"
    editor.save()
    desk.publish(story(AN), by=publisher)
    desk.edit(story(wire.single), {"title": "A better headline"}, by=editor)
    release = release_pending(wire.site, by=publisher).release
    assert release is not None
    assert release.message.split("\n") == [
        "Publish 1 story, edit 1 story",
        "",
        "Published:",
        "- Alpha news",
        "",
        "Edited:",
        "- A better headline",
        "",
        "Decided by publisher and Ada.",
        "",
        "Released by publisher with Newsdesk.",
    ]
    assert wire.seen("log", "-1", "--format=%B").strip() == release.message


def test_keeps_the_files_of_a_group_together(wire: Newswire, editor: User, publisher: User) -> None:
    lead = story(wire.group[0])
    desk.unlink(story(wire.group[2]), by=editor)
    desk.publish(story(AN), by=publisher)
    release = release_pending(wire.site, by=publisher, knots=[lead.pk]).release
    assert release is not None
    assert {file.path for file in release.files.all()} == set(wire.group)
    assert release.subject.startswith("Repair 1 group")
    assert story(AN).pending
    assert wire.is_clean()


def test_leaves_out_a_conflict_and_says_so(wire: Newswire, publisher: User) -> None:
    desk.edit(story(AN), {"title": "The desk's headline"}, by=publisher)
    desk.edit(story(wire.single), {"title": "Mine"}, by=publisher)
    wire.robot.write(AN, wire.text(AN).replace(b"Alpha news", b"The robot's headline"))
    wire.says("Update news")
    outcome = release_pending(wire.site, by=publisher)
    assert outcome.release is not None
    assert [file.path for file in outcome.release.files.all()] == [wire.single]
    assert list(outcome.left_out or ()) == [AN]
    problems = SyncRun.objects.get(pk=outcome.run.pk).problems
    assert [p["path"] for p in problems if p["code"] == "left_out"] == [AN]


def test_merges_with_a_robot_that_was_faster(
    wire: Newswire, publisher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.publish(story(AN), by=publisher)
    robots_turn = iter([True, False])

    def meanwhile(name: str) -> None:
        if name == "release_prepared" and next(robots_turn, False):
            wire.robot.write(wire.single, wire.text(wire.single).replace(b"Beta", b"Betas"))
            wire.says("Faster")

    monkeypatch.setattr("articles.releases.writing.reached", meanwhile)
    outcome = release_pending(wire.site, by=publisher)
    assert outcome.release is not None
    assert wire.head() == outcome.release.commit
    assert wire.seen("log", "-1", "--format=%s", "HEAD^").strip() == "Faster"
    assert story(wire.single).title.startswith("Betas")
    assert list(Release.objects.order_by("pk").values_list("state", flat=True)) == [
        "dropped",
        "written",
    ]
    assert wire.is_clean()


def test_takes_a_release_back_to_the_byte(wire: Newswire, publisher: User) -> None:
    before = {path: wire.text(path) for path in wire.paths}
    desk.publish(story(AN), by=publisher)
    desk.unlink(story(wire.group[2]), by=publisher)
    release = release_pending(wire.site, by=publisher).release
    assert release is not None
    outcome = take_back(release, by=publisher)
    assert outcome.release is not None
    assert {path: wire.text(path) for path in wire.paths} == before
    assert wire.seen("diff", "HEAD^^", "HEAD") == ""
    assert wire.seen("rev-list", "--count", "HEAD").strip() == "3"
    assert outcome.release.subject == f"Take back “{release.subject}”"
    assert wire.is_clean()
    # The decisions wait again, and the next release writes the same bytes.
    assert {s.path for s in Story.objects.needing_export()} == {AN, *wire.group}
    release_pending(wire.site, by=publisher)
    assert wire.seen("diff", "HEAD^^", "HEAD") == ""
    with pytest.raises(SyncError, match="taken back already"):
        take_back(Release.objects.get(pk=release.pk), by=publisher)


def test_takes_nothing_back_that_was_changed_since(wire: Newswire, publisher: User) -> None:
    desk.publish(story(AN), by=publisher)
    release = release_pending(wire.site, by=publisher).release
    assert release is not None
    if wire.copy:
        wire.robot.pull()
    wire.robot.write(AN, wire.text(AN).replace(b"Alpha news", b"Alpha news, updated"))
    wire.says("Update news")
    head = wire.head()
    with pytest.raises(SyncError, match=r"1 of its 1 files were changed since"):
        take_back(release, by=publisher)
    assert wire.head() == head


def test_tells_the_second_of_two_who_release_at_once(
    wire: Newswire, publisher: User, chief: User
) -> None:
    desk.publish(story(AN), by=publisher)
    desk.edit(story(wire.single), {"title": "Mine"}, by=chief)
    release_pending(wire.site, by=publisher, knots=[story(AN).pk], seen=0)
    with pytest.raises(Overtaken, match="publisher released meanwhile"):
        release_pending(wire.site, by=chief, seen=0)
    assert story(wire.single).pending


def test_lets_one_in_at_a_time(wire: Newswire, publisher: User) -> None:
    held, done = Event(), Event()

    def hold() -> None:
        with only_one(f"sync-{wire.site.slug}", ""):
            held.set()
            done.wait(20)
        connection.close()

    other = Thread(target=hold)
    other.start()
    assert held.wait(20)
    try:
        with pytest.raises(SyncError, match="one at a time"):
            sync(begin(wire.site))
    finally:
        done.set()
        other.join()
    assert sync(begin(wire.site)).report is not None


def test_releases_by_itself_where_the_site_says_so(wire: Newswire, publisher: User) -> None:
    Site.objects.update(release_automatically=True)
    desk.publish(story(AN), by=publisher)
    outcome = sync(begin(Site.objects.get()))
    assert outcome.release is not None
    assert outcome.release.by is None
    assert "Decided by publisher." in outcome.release.message
    take_back(outcome.release, by=publisher)
    assert not Site.objects.get().release_automatically


def test_is_for_publishers(wire: Newswire, editor: User) -> None:
    with pytest.raises(PermissionDenied):
        release_pending(wire.site, by=editor)


def test_says_what_is_wrong_with_the_repository(wire: Newswire) -> None:
    Site.objects.update(location="/nowhere")
    with pytest.raises(SyncError, match="no folder /nowhere"):
        sync(begin(Site.objects.get()))
    assert SyncRun.objects.first().message == "There is no folder /nowhere on this machine."  # type: ignore[union-attr]


def test_writes_into_a_plain_folder_too(tmp_path: Path, publisher: User) -> None:
    wire = Newswire.new(tmp_path, remote=False)
    (wire.robot.folder / ".git").rename(tmp_path / "git")
    before = {path: (wire.robot.folder / path).read_bytes() for path in wire.paths}
    desk.publish(story(AN), by=publisher)
    release = release_pending(wire.site, by=publisher).release
    assert release is not None
    assert (release.commit, release.state) == ("", "written")
    assert b"published: true" in (wire.robot.folder / AN).read_bytes()
    take_back(release, by=publisher)
    assert {path: (wire.robot.folder / path).read_bytes() for path in wire.paths} == before
