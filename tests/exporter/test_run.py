"""An export writes the files of pending stories and nothing else, and says what it could not."""

from __future__ import annotations

import errno
import os
import stat
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import serializers
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import models
from articles.destination import BusyError, Destination
from articles.exporter import (
    EXIT_FAILED,
    EXIT_GOOD,
    EXIT_REFUSED,
    ExportReport,
    WrongFolderError,
    export_stories,
    pending_bytes,
)
from articles.exporter.rendering import Renderer, renderings
from articles.exporter.run import FEW
from articles.models import Change, Site, Story, StoryFile, SyncRun, TextBlock, Verb
from articles.storyfile.digest import digest_of
from tests.exporter.conftest import Repository, change, stored
from tests.factories import (
    key,
    make_coverage,
    make_site,
    make_story,
    make_story_without_file,
    write_file,
)

pytestmark = pytest.mark.django_db


def export(repository: Repository, **options: Any) -> ExportReport:
    return export_stories(repository.site, repository.folder, **options)


def dump() -> list[str]:
    """Every row of the desk."""
    names = ("Story", "StoryFile", "TextBlock", "Change", "SyncRun", "Coverage")
    rows = (getattr(models, name).objects.order_by("pk") for name in names)
    return [serializers.serialize("json", each) for each in rows]


def reread(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


def counts(report: ExportReport) -> dict[str, int]:
    return {name: count for name, count in report.count_values().items() if count}


def pending_story(repository: Repository, **fields: Any) -> Story:
    story = make_story(repository.site, **fields)
    repository.check_out()
    return change(story, published=True)


def test_writes_one_line_of_one_file(repository: Repository) -> None:
    make_story(repository.site)
    story = pending_story(repository)
    before = repository.files()
    report = export(repository)
    after = repository.files()
    assert counts(report) == {"written": 1}
    assert [path for path in before if before[path] != after[path]] == [story.path]
    assert after[story.path or ""] == before[story.path or ""].replace(
        b"published: false", b"published: true"
    )
    assert (report.exit_code, report.pending, repository.left_over()) == (EXIT_GOOD, 0, [])


def test_writes_nothing_where_nothing_is_pending(repository: Repository) -> None:
    make_story(repository.site)
    repository.check_out()
    files, rows = repository.files(), dump()
    report = export(repository)
    assert (repository.files(), dump()) == (files, rows)
    assert (counts(report), report.exit_code) == ({}, EXIT_GOOD)


def test_writes_nothing_the_second_time(repository: Repository) -> None:
    pending_story(repository)
    export(repository)
    files, rows = repository.files(), dump()
    assert counts(export(repository)) == {}
    assert (repository.files(), dump()) == (files, rows)


def test_remembers_the_bytes_it_wrote(repository: Repository) -> None:
    lead, other = make_story(repository.site, quality=90), make_story(repository.site)
    make_coverage(lead, other)
    repository.check_out()
    story = change(reread(lead), title="Another title")
    export(repository)
    story = reread(story)
    assert stored(story) == repository.read(story)
    assert story.file_digest == digest_of(repository.read(story))
    assert not story.pending
    assert StoryFile.objects.get(pk=story.pk).block_ids
    assert pending_bytes(story) == stored(story)


def test_keeps_each_related_entry_once(repository: Repository) -> None:
    lead, other = make_story(repository.site, quality=90), make_story(repository.site)
    make_coverage(lead, other)
    repository.check_out()
    blocks = TextBlock.objects.count()
    change(reread(lead), title="Another title")
    export(repository)
    assert TextBlock.objects.count() == blocks


def test_logs_what_it_wrote_once_per_story(repository: Repository, publisher: User) -> None:
    one, two = pending_story(repository), pending_story(repository)
    export(repository, by=publisher)
    logged = list(Change.objects.filter(verb=Verb.EXPORTED))
    assert {row.story_id for row in logged} == {one.pk, two.pk}
    assert len({row.batch for row in logged}) == 1
    assert {(row.actor_id, row.actor_name) for row in logged} == {(publisher.pk, "publisher")}
    assert (logged[0].before, logged[0].after) == ({"published": False}, {"published": True})


def test_logs_a_run_without_a_person_as_the_robot(repository: Repository) -> None:
    pending_story(repository)
    export(repository)
    logged = Change.objects.get()
    assert (logged.actor, logged.actor_name) == (None, "export")


def test_keeps_a_record_of_the_run(repository: Repository, publisher: User) -> None:
    pending_story(repository)
    lost = pending_story(repository)
    repository.path(lost).unlink()
    export(repository, by=publisher)
    run = SyncRun.objects.get()
    assert (run.kind, run.status, run.site, run.by) == (
        "export",
        "done",
        repository.site,
        publisher,
    )
    assert (run.done, run.total, run.finished_at is not None) == (2, 2, True)
    assert (run.counts["written"], run.counts["missing"]) == (1, 1)
    assert [problem["code"] for problem in run.problems] == ["file_missing"]


def test_leaves_a_file_alone_that_is_not_what_was_read(repository: Repository) -> None:
    story, good = pending_story(repository), pending_story(repository)
    repository.path(story).write_bytes(b"---\ntitle: by the robot\n---\n")
    report = export(repository)
    assert repository.read(story) == b"---\ntitle: by the robot\n---\n"
    assert [(p.path, p.code) for p in report.problems] == [(story.path, "file_changed")]
    assert (reread(story).pending, reread(story).conflict) == (True, True)
    assert not reread(good).pending
    assert (report.exit_code, report.pending) == (EXIT_REFUSED, 1)


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


def test_writes_a_story_whose_file_came_back(repository: Repository) -> None:
    story = pending_story(repository)
    data = repository.read(story)
    repository.path(story).unlink()
    export(repository)
    repository.path(story).write_bytes(data)
    assert counts(export(repository)) == {"written": 1}
    assert (reread(story).pending, reread(story).conflict) == (False, False)


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


def test_keeps_the_mode_of_a_file(repository: Repository) -> None:
    story = pending_story(repository)
    repository.path(story).chmod(0o664)
    export(repository)
    assert stat.S_IMODE(repository.path(story).stat().st_mode) == 0o664


def test_marks_a_file_that_says_so_already(repository: Repository) -> None:
    story = pending_story(repository)
    repository.path(story).write_bytes(pending_bytes(story) or b"")
    before = repository.path(story).stat().st_ino
    report = export(repository)
    assert counts(report) == {"already": 1}
    assert repository.path(story).stat().st_ino == before
    assert not reread(story).pending
    assert stored(story) == repository.read(story)


def test_creates_the_file_of_a_promoted_story(repository: Repository) -> None:
    story = make_story_without_file(repository.site)
    path = "_news/2026/2026-03-02-promoted.md"
    story = change(story, path=path, path_key=key(path))
    report = export(repository)
    assert counts(report) == {"created": 1}
    assert repository.read(story) == stored(story)
    assert not reread(story).pending


def test_never_overwrites_the_file_of_somebody_else(repository: Repository) -> None:
    story = make_story_without_file(repository.site)
    path = "_news/2026-03-02-promoted.md"
    story = change(story, path=path, path_key=key(path))
    repository.path(story).write_bytes(b"somebody else's")
    report = export(repository)
    assert [p.code for p in report.problems] == ["file_exists"]
    assert repository.read(story) == b"somebody else's"
    assert reread(story).pending


def test_writes_only_the_stories_of_its_site(repository: Repository) -> None:
    pending_story(repository)
    other = change(make_story(make_site("other")), published=True)
    report = export(repository)
    assert (counts(report), report.pending) == ({"written": 1}, 0)
    assert reread(other).pending


def test_ignores_changes_to_stories_without_a_file(repository: Repository) -> None:
    story = change(make_story_without_file(repository.site), title="Another")
    assert counts(export(repository)) == {}
    assert reread(story).pending


def test_shows_the_lines_in_a_dry_run_and_writes_nothing(repository: Repository) -> None:
    story = pending_story(repository)
    lost = pending_story(repository)
    repository.path(lost).unlink()
    files, rows = repository.files(), dump()
    report = export(repository, dry_run=True)
    assert (repository.files(), dump()) == (files, rows)
    assert f"+++ b/{story.path}" in report.diffs
    assert "+published: true" in report.diffs
    assert counts(report) == {"written": 1, "missing": 1}
    assert (report.pending, report.exit_code) == (2, EXIT_REFUSED)


def test_writes_the_whole_group_the_lead_first(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [make_story(repository.site, quality=quality) for quality in (50, 90, 70)]
    make_coverage(stories[1], stories[0], stories[2])
    single = make_story(repository.site, path="_news/2000-01-01-a.md")
    repository.check_out()
    for story in [*stories, single]:
        change(reread(story), excerpt="Better")
    written: list[str] = []
    replace = Destination.replace

    def record(self: Destination, path: bytes, data: bytes, *, expected: bytes) -> None:
        written.append(path.decode())
        replace(self, path, data, expected=expected)

    monkeypatch.setattr(Destination, "replace", record)
    export(repository)
    paths = sorted(str(story.path) for story in (stories[0], stories[2]))
    assert written == [stories[1].path, *paths, single.path]


def test_keeps_a_story_pending_that_was_changed_meanwhile(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = pending_story(repository)
    replace = Destination.replace

    def meanwhile(self: Destination, path: bytes, data: bytes, *, expected: bytes) -> None:
        change(story, title="Changed while the file was written")
        replace(self, path, data, expected=expected)

    monkeypatch.setattr(Destination, "replace", meanwhile)
    export(repository)
    monkeypatch.undo()
    assert reread(story).pending
    assert stored(story) == repository.read(story)
    assert counts(export(repository)) == {"written": 1}
    assert b"Changed while the file was written" in repository.read(story)


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
    assert (report.exit_code, report.pending) == (EXIT_FAILED, 2)
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


def test_asks_as_often_for_many_stories_of_a_group_as_for_few(site: Site) -> None:
    def count(size: int) -> int:
        stories = [make_story(site, quality=90 - n) for n in range(size)]
        group = make_coverage(*stories)
        for story in stories:
            change(reread(story), title="Better", related=True)
        waiting = list(Story.objects.filter(coverage=group).order_by("pk"))
        with CaptureQueriesContext(connection) as asked:
            renderer = Renderer()
            assert all(True for _ in renderings(waiting, renderer))
        return len(asked)

    assert count(3) == count(12) <= 6
