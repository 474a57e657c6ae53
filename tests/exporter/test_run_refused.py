"""An export leaves alone what it may not write, says so, and loses nothing when it is stopped."""

from __future__ import annotations

import errno
import os
from typing import Any

import pytest

from articles.destination import BusyError, Destination
from articles.exits import Exit
from articles.exporter import (
    WrongFolderError,
)
from articles.exporter.run import FEW
from articles.models import Story, SyncRun
from tests.exporter.conftest import (
    Repository,
    change,
    counts,
    export,
    pending_story,
    reread,
    stored,
)
from tests.factories import (
    key,
    make_story,
    make_story_without_file,
    write_file,
)

pytestmark = pytest.mark.django_db


def test_leaves_a_file_alone_that_is_not_what_was_read(repository: Repository) -> None:
    story, good = pending_story(repository), pending_story(repository)
    repository.path(story).write_bytes(b"---\ntitle: by the robot\n---\n")
    report = export(repository)
    assert repository.read(story) == b"---\ntitle: by the robot\n---\n"
    assert [(p.path, p.code) for p in report.problems] == [(story.path, "file_changed")]
    assert (reread(story).pending, reread(story).conflict) == (True, True)
    assert not reread(good).pending
    assert (report.exit_code, report.pending) == (Exit.REFUSED, 1)


def test_leaves_a_file_alone_that_grew(repository: Repository) -> None:
    story = pending_story(repository)
    with repository.path(story).open("ab") as file:
        file.write(b"more")
    assert counts(export(repository)) == {"conflict": 1}


def test_does_not_bring_back_a_file_that_is_gone(repository: Repository) -> None:
    story = pending_story(repository)
    repository.path(story).unlink()
    report = export(repository)
    assert counts(report) == {"missing": 1}
    assert not repository.path(story).exists()
    assert (reread(story).pending, reread(story).conflict) == (True, True)


def test_does_not_follow_a_link(repository: Repository) -> None:
    story = pending_story(repository)
    outside = repository.folder.parent / "outside.md"
    outside.write_bytes(stored(story))
    repository.path(story).unlink()
    repository.path(story).symlink_to(outside)
    report = export(repository)
    assert [p.code for p in report.problems] == ["not_a_file"]
    assert outside.read_bytes() == stored(story)


def test_does_not_leave_the_folder(repository: Repository) -> None:
    story = pending_story(repository)
    outside = repository.folder.parent / "outside.md"
    outside.write_bytes(stored(story))
    Story.objects.filter(pk=story.pk).update(path="../outside.md")
    report = export(repository)
    assert [p.code for p in report.problems] == ["not_a_file"]
    assert outside.read_bytes() == stored(story)


def test_never_overwrites_the_file_of_somebody_else(repository: Repository) -> None:
    story = make_story_without_file(repository.site)
    path = "_news/2026-03-02-promoted.md"
    story = change(story, path=path, path_key=key(path))
    repository.path(story).write_bytes(b"somebody else's")
    report = export(repository)
    assert [p.code for p in report.problems] == ["file_exists"]
    assert repository.read(story) == b"somebody else's"
    assert reread(story).pending


def full_disk(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """The disk takes so many writes and no more."""
    write, left = os.write, [after]

    def limited(handle: int, data: Any) -> int:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(handle, data)

    monkeypatch.setattr(os, "write", limited)


def test_stops_when_the_disk_is_full_and_loses_nothing(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [pending_story(repository) for _ in range(3)]
    repository.check_out()
    before = repository.files()
    full_disk(monkeypatch, after=1)
    report = export(repository)
    assert (report.exit_code, report.pending) == (Exit.FAILED, 2)
    assert "disk is full" in report.failure
    after = repository.files()
    assert len([path for path in before if before[path] != after[path]]) == 1
    assert before.keys() == after.keys()
    assert [reread(story).pending for story in stories].count(True) == 2
    assert SyncRun.objects.get().status == "failed"
    monkeypatch.undo()
    assert counts(export(repository)) == {"written": 2}


def test_names_a_file_it_may_not_write_and_goes_on(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, good = pending_story(repository), pending_story(repository)
    replace = Destination.replace

    def refuse(self: Destination, path: bytes, data: bytes, *, expected: bytes) -> None:
        if path.decode() == story.path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        replace(self, path, data, expected=expected)

    monkeypatch.setattr(Destination, "replace", refuse)
    report = export(repository)
    assert [(p.path, p.code) for p in report.problems] == [(story.path, "write_error")]
    assert "permission denied" in report.problems[0].message
    assert (reread(story).pending, reread(story).conflict) == (True, False)
    assert not reread(good).pending


def test_names_a_file_it_cannot_edit_and_goes_on(repository: Repository) -> None:
    story, good = pending_story(repository), pending_story(repository)
    odd = stored(story).replace(b"published: false", b"published: &p false\ncopy: *p")
    write_file(story, odd)
    repository.check_out()
    report = export(repository)
    assert [(p.path, p.code) for p in report.problems] == [(story.path, "edit_refused")]
    assert repository.read(story) == odd
    assert not reread(good).pending


def test_does_not_run_twice_into_one_folder(repository: Repository) -> None:
    story = pending_story(repository)
    with Destination(repository.folder) as other:
        other.lock()
        with pytest.raises(BusyError):
            export(repository)
    assert reread(story).pending
    assert not SyncRun.objects.exists()


def test_marks_a_run_that_was_killed(repository: Repository) -> None:
    pending_story(repository)
    killed = SyncRun.objects.create(
        kind="export", site=repository.site, source=str(repository.folder), total=9, done=4
    )
    elsewhere = SyncRun.objects.create(kind="export", site=repository.site, source="/elsewhere")
    export(repository)
    killed.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (killed.status, elsewhere.status) == ("interrupted", "running")


def test_refuses_a_folder_that_is_not_the_sites(repository: Repository) -> None:
    for _ in range(FEW + 1):
        story = make_story(repository.site)
    change(story, published=True)
    with pytest.raises(WrongFolderError):
        export(repository)
    assert not reread(story).conflict
