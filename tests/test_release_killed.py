"""Killed (kill -9) at any step of a release: the next run ends as an undisturbed one would."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from articles import desk
from articles.exporter import pending_bytes
from articles.models import Change, Release, Story, SyncRun, Verb
from articles.sync import begin, sync
from tests.gitting import needs_git
from tests.newswire import AN, Newswire
from tests.releasing import release_pending
from tests.twins import Twin

pytestmark = [pytest.mark.django_db(transaction=True), needs_git]

BEFORE = ["release_made"]
"""Nothing is written down yet: whoever released does so again."""

ALWAYS = ["release_prepared", "release_published", "release_before_commit", "release_marked"]
LAID_DOWN = ["release_temporary:1", "release_temporary:3", "release_renamed:1", "release_renamed:4"]
TREE = [*ALWAYS, *LAID_DOWN, "release_laid_down", "release_committed"]
REMOTE = [*ALWAYS, "release_before_push", "release_pushed"]
FOLDER = [*ALWAYS, *LAID_DOWN]


class Scene:
    """One publication and one repair of a group, to be released."""

    def __init__(self, folder: Path, kind: str, by: User) -> None:
        self.kind = kind
        self.by = by
        self.wire = Newswire.new(folder, remote=kind == "remote")
        if kind == "folder":
            (self.wire.robot.folder / ".git").rename(folder / "git")
        desk.publish(Story.objects.get(path=AN), by=by)
        desk.unlink(Story.objects.get(path=self.wire.group[2]), by=by)
        waiting = Story.objects.needing_export().order_by("path")
        self.wanted = {story.path: pending_bytes(story) for story in waiting}
        self.before = {path: self.held(path) for path in self.wanted if path}

    def held(self, path: str) -> bytes:
        if self.kind == "folder":
            return (self.wire.robot.folder / path).read_bytes()
        return self.wire.text(path)

    def release(self) -> None:
        release_pending(self.wire.site, by=self.by)

    def sync(self) -> None:
        sync(begin(self.wire.site))

    def check_whole(self) -> None:
        """Whatever happened: files are old or new, those of git all of one kind."""
        held = {path: self.held(path) for path in self.before}
        for path, data in held.items():
            assert data in {self.before[path], self.wanted[path]}
        if self.kind != "folder":
            assert held in (self.before, self.wanted)

    def check_finished(self) -> None:
        """The state an undisturbed run ends in."""
        assert {path: self.held(path) for path in self.before} == self.wanted
        assert not Story.objects.needing_export().exists()
        assert list(self.wire.robot.folder.rglob(".nd-*")) == []
        written = Release.objects.get(state=Release.State.WRITTEN)
        assert written.by == self.by
        assert sorted(file.path for file in written.files.all()) == sorted(self.before)
        logged = Change.objects.filter(verb=Verb.EXPORTED)
        assert logged.count() == len(self.wanted)
        assert not SyncRun.objects.filter(status="running").exists()
        if self.kind != "folder":
            assert self.wire.head() == written.commit
            assert self.wire.seen("rev-list", "--count", "main").strip() == "2"
            assert self.wire.is_clean()


@pytest.fixture
def scene(request: pytest.FixtureRequest, tmp_path: Path, publisher: User) -> Scene:
    return Scene(tmp_path, request.param, publisher)


@pytest.mark.parametrize(
    ("scene", "place"),
    [
        *(("tree", place) for place in TREE),
        *(("remote", place) for place in REMOTE),
        *(("folder", place) for place in FOLDER),
    ],
    indirect=["scene"],
)
def test_is_completed_by_the_next_sync(scene: Scene, place: str, tmp_path: Path) -> None:
    assert Twin(tmp_path).run(scene.release, place) == -signal.SIGKILL
    scene.check_whole()
    scene.sync()
    scene.check_finished()


@pytest.mark.parametrize("scene", ["tree", "remote", "folder"], indirect=True)
def test_leaves_no_trace_where_nothing_was_written_down(scene: Scene, tmp_path: Path) -> None:
    (place,) = BEFORE
    assert Twin(tmp_path).run(scene.release, place) == -signal.SIGKILL
    scene.check_whole()
    scene.release()
    scene.check_finished()


@pytest.mark.parametrize("scene", ["tree"], indirect=True)
def test_gives_way_to_the_robot_that_wrote_meanwhile(scene: Scene, tmp_path: Path) -> None:
    assert Twin(tmp_path).run(scene.release, "release_prepared") == -signal.SIGKILL
    wire = scene.wire
    wire.robot.write(wire.single, wire.text(wire.single).replace(b"Beta", b"Betas"))
    wire.says("Update news")
    scene.sync()
    assert Story.objects.needing_export().count() == len(scene.wanted)
    scene.release()
    assert {path: scene.held(path) for path in scene.before} == scene.wanted
    assert Story.objects.get(path=wire.single).title == "Betas news"
    assert wire.is_clean()
