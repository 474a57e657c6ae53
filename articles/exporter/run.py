"""One export: every pending story of a site written to its file, or named with the reason."""

from __future__ import annotations

import errno
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from django.contrib.auth.models import User
from django.db.models import F
from django.utils import timezone

from articles import failpoints
from articles.conflicts import in_conflict
from articles.destination import ChangedError, Destination, UnsafePathError
from articles.exporter.diffs import diff_of
from articles.exporter.marking import Marker
from articles.exporter.rendering import NotWritable, Renderer, Rendering, renderings
from articles.exporter.report import ExportReport, Problem
from articles.models import Site, Story, StoryQuerySet, SyncRun
from articles.repository import path_bytes, shown_path

BATCH = 100
"""Stories rendered at a time, so that memory stays flat."""

SAMPLE = 200
FEW = 10
"""A site with more files than `FEW`, none of the newest `SAMPLE` there: not the site's folder."""

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

CHANGED = Problem("", "file_changed", "The file is no longer what was read: import it first.")
EXISTS = Problem("", "file_exists", "Another file has this name already: import it first.")
MISSING = Problem("", "file_missing", "The file is gone: restore it, or import the repository.")
UNSETTLED = Problem(
    "", "in_conflict", "Robot and desk disagree on it: settle that on the Conflicts page."
)
DISK_IS_FULL = (
    "The disk is full: what is not written yet stays pending. Make room, and export again."
)
WRITE, CREATE, ALREADY = "write", "create", "already"


class WrongFolderError(Exception):
    """The folder holds none of the site's files; the text says so to the person who named it."""


class _DiskFullError(Exception):
    """No more can be written."""


def export_stories(
    site: Site, folder: Path, *, by: User | None = None, dry_run: bool = False
) -> ExportReport:
    """Write the site's pending stories back into their repository.

    Each file is replaced whole, and only if it is what was read; the others are reported and
    their stories stay pending. Stories of one group follow each other, the lead first, so that a
    run that is killed leaves nothing that the next one does not finish. A dry run writes nothing,
    neither files nor rows, and puts what it would change into the report's `diffs`.

    Raises WrongFolderError, BusyError (another run is writing there), OSError.
    """
    started = time.monotonic()
    report = ExportReport(dry_run=dry_run)
    with Destination(folder, on_step=_on_step) as destination:
        waiting = _waiting(site)
        if waiting:
            _check_folder(site, destination)
            export = _Export(site, destination, report)
            export.preview(waiting) if dry_run else export.carry_out(waiting, by)
    report.pending = _to_write(site).count()
    report.seconds = time.monotonic() - started
    return report


def _on_step(step: str) -> None:
    failpoints.reached(f"export_{step}")


def _to_write(site: Site) -> StoryQuerySet:
    return Story.objects.of_site(site.pk).needing_export().with_file()


def _waiting(site: Site) -> list[int]:
    """The stories to write: groups together and each lead first, so that no event is without a
    live story where a run is cut off.
    """
    stories = _to_write(site).order_by(F("coverage_id").asc(nulls_last=True), "-is_lead", "path")
    return list(stories.values_list("id", flat=True))


def _check_folder(site: Site, destination: Destination) -> None:
    stories = Story.objects.of_site(site.pk).with_file().exclude(file_digest="").newest_first()
    paths = list(stories.values_list("path", flat=True)[:SAMPLE])
    if len(paths) > FEW and not any(_is_there(destination, path or "") for path in paths):
        raise WrongFolderError(
            f"{destination.root} holds none of the files of the site {site.slug}: name the folder "
            "of its repository."
        )


def _is_there(destination: Destination, path: str) -> bool:
    with suppress(UnsafePathError, OSError):
        return destination.read(path_bytes(path), 1) is not None
    return False


class _Export:
    """One run into one folder."""

    def __init__(self, site: Site, destination: Destination, report: ExportReport) -> None:
        self.site = site
        self.destination = destination
        self.report = report

    def preview(self, waiting: list[int]) -> None:
        """Find out what would be written."""
        for rendering in self._writable(waiting):
            fate = self._fate(rendering)
            if isinstance(fate, Problem):
                self._report(rendering.story, fate)
            else:
                self._count(fate)
                self.report.diffs += [] if fate == ALREADY else diff_of(rendering)

    def carry_out(self, waiting: list[int], by: User | None) -> None:
        """Write one story after the other, each marked as soon as its file is on the disk."""
        self.destination.lock()
        run = self._begin(len(waiting), by)
        marker = Marker(run, by, uuid.uuid4())
        try:
            for rendering in self._writable(waiting):
                self._write(rendering, marker)
        except _DiskFullError:
            self.report.failure = DISK_IS_FULL
        self._end(run)

    def _writable(self, waiting: list[int]) -> Iterator[Rendering]:
        """Yield what can be written, and report what cannot."""
        renderer, held = Renderer(), in_conflict(self.site.pk)
        for story in Story.objects.filter(pk__in=held.intersection(waiting)):
            self._report(story, UNSETTLED)
        waiting = [pk for pk in waiting if pk not in held]
        for start in range(0, len(waiting), BATCH):
            some = waiting[start : start + BATCH]
            found = Story.objects.in_bulk(some)
            stories = [found[pk] for pk in some if pk in found]
            for story, rendering in renderings(stories, renderer):
                if isinstance(rendering, NotWritable):
                    self._report(story, Problem("", rendering.code, rendering.message))
                else:
                    yield rendering

    def _write(self, rendering: Rendering, marker: Marker) -> None:
        fate = self._fate(rendering)
        done = fate if isinstance(fate, Problem) else self._put(rendering, fate)
        if isinstance(done, Problem):
            self._report(rendering.story, done)
            if done in {CHANGED, EXISTS, MISSING}:
                marker.in_conflict(rendering.story)
        else:
            marker.written(rendering)
            failpoints.reached("export_marked")
            self._count(done)

    def _fate(self, rendering: Rendering) -> str | Problem:
        """What is to be done for a story, from what its file holds now."""
        limit = max(len(rendering.data), len(rendering.stored or b"")) + 1
        try:
            now = self.destination.read(path_bytes(rendering.story.path or ""), limit)
        except (UnsafePathError, OSError) as error:
            return _problem_of(error)
        if now == rendering.data:
            return ALREADY
        if rendering.stored is None:
            return CREATE if now is None else EXISTS
        if now is None:
            return MISSING
        return WRITE if now == rendering.stored else CHANGED

    def _put(self, rendering: Rendering, fate: str) -> str | Problem:
        """Bring the file onto the disk; return what was done, or why not."""
        path = path_bytes(rendering.story.path or "")
        try:
            if fate == CREATE:
                self.destination.create(path, rendering.data)
            elif fate == WRITE:
                self.destination.replace(path, rendering.data, expected=rendering.stored or b"")
        except ChangedError:
            return CHANGED
        except FileExistsError:
            return EXISTS
        except FileNotFoundError:
            return MISSING
        except (UnsafePathError, OSError) as error:
            if isinstance(error, OSError) and error.errno in DISK_FULL:
                raise _DiskFullError from error
            return _problem_of(error)
        return fate

    def _count(self, fate: str) -> None:
        counts = self.report.counts
        counts.written += fate == WRITE
        counts.created += fate == CREATE
        counts.already += fate == ALREADY

    def _report(self, story: Story, problem: Problem) -> None:
        counts = self.report.counts
        self.report.problems.append(replace(problem, path=story.path or ""))
        if problem.code in {CHANGED.code, EXISTS.code, UNSETTLED.code}:
            counts.conflict += 1
        elif problem.code == MISSING.code:
            counts.missing += 1
        else:
            counts.refused += 1

    def _begin(self, total: int, by: User | None) -> SyncRun:
        source = shown_path(bytes(self.destination.root))
        runs = SyncRun.objects.filter(kind=SyncRun.Kind.EXPORT, site=self.site, source=source)
        # The lock is ours, so a run that says it is running was killed.
        runs.filter(status=SyncRun.Status.RUNNING).update(
            status=SyncRun.Status.INTERRUPTED, finished_at=timezone.now()
        )
        return SyncRun.objects.create(
            kind=SyncRun.Kind.EXPORT, site=self.site, source=source, by=by, total=total
        )

    def _end(self, run: SyncRun) -> None:
        failed = bool(self.report.failure)
        SyncRun.objects.filter(pk=run.pk).update(
            status=SyncRun.Status.FAILED if failed else SyncRun.Status.DONE,
            finished_at=timezone.now(),
            counts=self.report.count_values(),
            problems=[problem.as_json() for problem in self.report.problems],
            message=self.report.failure,
        )


def _problem_of(error: UnsafePathError | OSError) -> Problem:
    if isinstance(error, UnsafePathError):
        return Problem("", "not_a_file", str(error))
    reason = (error.strerror or "unknown reason").lower()
    return Problem("", "write_error", f"The file could not be written: {reason}.")
