"""A site and its repository brought together: fetched, imported, and what was decided released.

One run at a time for a site. Everything between two steps is written down first, so that a run
that is killed is completed by the next one (`articles.releases`).
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.utils import timezone

from articles import judging, releases
from articles.desk.permission import require_publish
from articles.grouping import arrive
from articles.importer import ImportReport, ImportStopped, Options, import_repository
from articles.locking import BusyError, only_one
from articles.models import Release, Site, SyncRun
from articles.models.change import name_of
from articles.models.sync import GONE
from articles.releases.wording import message_of
from articles.releases.writing import Draft
from articles.repository import RepositoryError
from articles.stores import MovedError, Store, StoreError, open_store

TRIES = 5
"""How often a release is made anew when somebody else was faster."""

PATIENCE = 600.0
"""Seconds a sync waits where another site is being imported into the same database."""

INTERVAL = 0.3
"""Seconds between two updates of the progress that browsers watch."""

_CONNECTION = frozenset({"slug", "location", "branch"})
"""The fields of a site that `connect` sets."""

NOT_PUBLISHED = "Others kept writing meanwhile: nothing was released. Try again."


class SyncError(Exception):
    """The run did not come to its end; the text says why, for an editor."""


class Overtaken(SyncError):  # noqa: N818 - a state, told as such
    """Somebody released first; look again before releasing."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be released at the end of a sync.

    `knots` names what was ticked (None: everything), `seen` the newest release the person knew
    of (None: whichever). `takes_back` is a release to take back instead.
    """

    knots: Collection[int] | None = None
    seen: int | None = None
    takes_back: Release | None = None


@dataclass(slots=True)
class Outcome:
    """One sync: what was read, and what was released, if anything."""

    run: SyncRun
    report: ImportReport | None = None
    release: Release | None = None
    left_out: dict[str, str] | None = None


def connect(location: str, *, branch: str = "", slug: str = "") -> Site:
    """Say where a site's files are; the site is the one they name unless `slug` does.

    Raises SyncError for a location that cannot be reached, ValidationError for a wrong one.
    """
    wanted = Site(slug=slug or "new", location=location, branch=branch)
    wanted.clean_fields(exclude=[f.name for f in Site._meta.fields if f.name not in _CONNECTION])
    try:
        with store_of(wanted) as store:
            store.refresh()
            slug = slug or store.repository().slug
    except (StoreError, RepositoryError) as error:
        raise SyncError(str(error)) from error
    site, _ = Site.objects.get_or_create(slug=slug)
    site.location, site.branch = location, branch
    site.save(update_fields=["location", "branch"])
    return site


def store_of(site: Site) -> Store:
    """Where the site's files are, not yet opened. Raises StoreError."""
    return open_store(
        site.location,
        site.branch,
        data=settings.NEWSDESK_DATA,
        limit=settings.NEWSDESK_MAX_FILE_BYTES,
        credentials=settings.NEWSDESK_GIT_CREDENTIALS,
    )


def begin(site: Site, by: User | None = None) -> SyncRun:
    """A run that waits to be carried out; browsers can watch it from now on."""
    return SyncRun.objects.create(
        site=site,
        kind=SyncRun.Kind.SYNC,
        status=SyncRun.Status.WAITING,
        source=site.location,
        by=by,
    )


def sync(run: SyncRun, wish: Wish | None = None, *, may_lose: int = 0) -> Outcome:
    """Carry a run out. Without a wish it ends with a release only where the site says so.

    `may_lose` is how many files a person has said are really gone (`importer.Options`).
    Raises SyncError; PermissionDenied where the person may not release.
    """
    work = _Sync(run, wish, may_lose)
    try:
        work.allow()
        with only_one(f"sync-{work.site.slug}", _busy(run)), work.opened() as store:
            work.carry_out(store)
    except ImportStopped as error:
        work.end(SyncRun.Status.FAILED, str(error), {GONE: error.gone} if error.gone else None)
        raise SyncError(str(error)) from error
    except (SyncError, BusyError, StoreError, RepositoryError, OSError) as error:
        work.end(SyncRun.Status.FAILED, str(error))
        raise error if isinstance(error, SyncError) else SyncError(str(error)) from error
    except releases.NotReversibleError as error:
        work.end(SyncRun.Status.FAILED, str(error))
        raise SyncError(str(error)) from error
    except PermissionDenied as error:
        work.end(SyncRun.Status.FAILED, str(error))
        raise
    except DatabaseError as error:
        raise SyncError(f"{error}. What was written stays; sync again.") from error
    except BaseException:
        work.end(SyncRun.Status.INTERRUPTED)
        raise
    work.end(SyncRun.Status.DONE, work.words())
    return work.outcome


def is_running(site: Site) -> SyncRun | None:
    """The run that holds the site now, if any."""
    try:
        with only_one(f"sync-{site.slug}", ""):
            return None
    except BusyError:
        runs = SyncRun.objects.filter(site=site, kind=SyncRun.Kind.SYNC)
        return runs.filter(status=SyncRun.Status.RUNNING).order_by("-pk").first()


def _busy(run: SyncRun) -> str:
    others = SyncRun.objects.filter(site=run.site_id, status=SyncRun.Status.RUNNING)
    other = others.filter(kind=SyncRun.Kind.SYNC).exclude(pk=run.pk).order_by("-pk").first()
    who = name_of(other.by) if other and other.by else "Another sync"
    return f"{who} is at it right now: this site is synced or released by one at a time. Try again."


class _Sync:
    """The steps of one run, in order."""

    def __init__(self, run: SyncRun, wish: Wish | None, may_lose: int) -> None:
        if run.site is None:
            raise SyncError("The run belongs to no site.")
        self.run = run
        self.site: Site = run.site
        self.outcome = Outcome(run)
        self._wish = wish
        self._options = Options(slug=self.site.slug, may_lose=may_lose, patience=PATIENCE)
        self._shown = 0.0

    def allow(self) -> None:
        """Raises PermissionDenied where a person may not release."""
        if self._wish and self.run.by:
            require_publish(self.run.by)

    def opened(self) -> Store:
        """The site's files. Raises StoreError."""
        return store_of(self.site)

    def carry_out(self, store: Store) -> None:
        """Complete what was begun, then fetch, import and release; again if others were faster."""
        self._begin()
        self._progress("fetch", 0, 0)
        store.refresh()
        releases.complete(self.site, store)
        for _ in range(TRIES):
            self._import(store)
            try:
                self._release(store)
            except MovedError:
                self._progress("fetch", 0, 0)
                store.refresh()
            else:
                return
        raise SyncError(NOT_PUBLISHED)

    def _import(self, store: Store) -> None:
        repository = store.repository()
        try:
            report = import_repository(repository, self._options, self._progress)
        finally:
            self._adopt_parts()
        store.imported()
        self.outcome.report = report
        self.site.refresh_from_db()
        arrive(self.site, self.run.started_at)
        judging.judge_stale(self.site.pk)

    def _release(self, store: Store) -> None:
        wish = self._wish or (Wish() if self.site.release_automatically else None)
        if wish is None:
            return
        self._check_seen(wish)
        self._progress("release", 0, 0)
        draft = self._draft(wish, store)
        if draft is None:
            return
        self._progress("release", 0, len(draft.files))
        release = releases.prepare(draft, store, self.run)
        try:
            releases.finish(release, store)
        except MovedError:
            releases.drop(release)
            raise
        self.outcome.release = release
        if wish.takes_back and self.site.release_automatically:
            # What was just taken back would go out again with the next sync.
            Site.objects.filter(pk=self.site.pk).update(release_automatically=False)

    def _draft(self, wish: Wish, store: Store) -> Draft | None:
        if wish.takes_back:
            return releases.plan_reverse(wish.takes_back, store, self.run.by)
        plan = releases.plan_release(self.site, wish.knots, objection=store.objection)
        self.outcome.left_out = plan.left_out
        if not plan.items:
            return None
        by = self.run.by
        files = [
            (i.planned, i.story, dict(i.rendering.before), dict(i.rendering.after))
            for i in plan.items
        ]
        message = message_of(plan, name_of(by) if by else "the desk")
        return Draft(self.site, by, message, plan.counts, files)

    def _check_seen(self, wish: Wish) -> None:
        if wish.seen is None:
            return
        newer = Release.objects.written().filter(site=self.site, pk__gt=wish.seen)
        release = newer.order_by("-pk").first()
        if release:
            who = name_of(release.by) if release.by else "A sync"
            raise Overtaken(
                f"{who} released meanwhile: “{release.subject}”. Nothing was written for you; "
                "look at what still waits, and release that."
            )

    def _begin(self) -> None:
        others = SyncRun.objects.filter(site=self.site, kind=SyncRun.Kind.SYNC)
        # The lock is ours, so a run that says it is running was killed.
        others.filter(status=SyncRun.Status.RUNNING).exclude(pk=self.run.pk).update(
            status=SyncRun.Status.INTERRUPTED, finished_at=timezone.now()
        )
        self._set(status=SyncRun.Status.RUNNING, started_at=timezone.now())

    def _adopt_parts(self) -> None:
        """The import has a record of its own: it is part of this run."""
        parts = SyncRun.objects.filter(site=self.site, pk__gt=self.run.pk, parent=None)
        parts.filter(kind=SyncRun.Kind.IMPORT).update(parent=self.run)

    def _progress(self, phase: str, done: int, total: int) -> None:
        now = time.monotonic()
        if phase == self.run.phase and done < total and now < self._shown + INTERVAL:
            return
        self._shown = now
        self._set(phase=phase, done=done, total=total)

    def _set(self, **values: Any) -> None:
        """A small transaction of its own, so that browsers see it at once."""
        for name, value in values.items():
            setattr(self.run, name, value)
        SyncRun.objects.filter(pk=self.run.pk).update(**values)

    def end(
        self, status: SyncRun.Status, message: str = "", more: dict[str, int] | None = None
    ) -> None:
        """Write down how it ended; `more` are counts beside those of the import."""
        report, release = self.outcome.report, self.outcome.release
        problems = [_problem(p.path, p.line, p.code, p.message) for p in self._problems(report)]
        left_out = self.outcome.left_out or {}
        problems += [_problem(path, None, "left_out", why) for path, why in left_out.items()]
        counts = report.as_json() if report else {}
        numbers = {name: value for name, value in counts.items() if isinstance(value, int)}
        self._set(
            status=status,
            phase="",
            finished_at=timezone.now(),
            message=message,
            problems=problems,
            counts={
                **numbers,
                **({"released": release.counts["files"]} if release else {}),
                **(more or {}),
            },
        )

    @staticmethod
    def _problems(report: ImportReport | None) -> Collection[Any]:
        return report.problems if report else ()

    def words(self) -> str:
        """What came of it, on one line."""
        release, left_out = self.outcome.release, self.outcome.left_out
        words = [f"Released: {release.subject}." if release else ""]
        if self._wish and not release:
            words.append("There was nothing to release.")
        if left_out:
            words.append(f"{len(left_out):,} left out, see below.")
        return " ".join(word for word in words if word)


def _problem(path: str, line: int | None, code: str, message: str) -> dict[str, Any]:
    return {"path": path, "line": line, "code": code, "message": message}
