"""An export writes the files of pending stories and nothing else."""

from __future__ import annotations

import stat

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.destination import Destination
from articles.exits import Exit
from articles.exporter import (
    pending_bytes,
)
from articles.exporter.rendering import Renderer, renderings
from articles.models import Change, Site, Story, StoryFile, SyncRun, TextBlock, Verb
from articles.storyfile.digest import digest_of
from tests.exporter.conftest import (
    Repository,
    change,
    counts,
    dump,
    export,
    pending_story,
    reread,
    stored,
)
from tests.factories import (
    key,
    make_coverage,
    make_site,
    make_story,
    make_story_without_file,
)

pytestmark = pytest.mark.django_db


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
    assert (report.exit_code, report.pending, repository.left_over()) == (Exit.GOOD, 0, [])


def test_writes_nothing_where_nothing_is_pending(repository: Repository) -> None:
    make_story(repository.site)
    repository.check_out()
    files, rows = repository.files(), dump()
    report = export(repository)
    assert (repository.files(), dump()) == (files, rows)
    assert (counts(report), report.exit_code) == ({}, Exit.GOOD)


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


def test_writes_a_story_whose_file_came_back(repository: Repository) -> None:
    story = pending_story(repository)
    data = repository.read(story)
    repository.path(story).unlink()
    export(repository)
    repository.path(story).write_bytes(data)
    assert counts(export(repository)) == {"written": 1}
    assert (reread(story).pending, reread(story).conflict) == (False, False)


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
    assert (report.pending, report.exit_code) == (2, Exit.REFUSED)


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
