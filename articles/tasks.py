"""What runs in the background: a sync, a release, the taking back of one."""

from __future__ import annotations

import logging

from django.core.exceptions import PermissionDenied
from django_tasks import task

from articles.models import Release, SyncRun
from articles.sync import SyncError, Wish, sync

log = logging.getLogger(__name__)


@task()
def carry_out(run_id: int, may_lose: int = 0) -> None:
    """Sync; `may_lose` is how many files a person has said are really gone."""
    _carry_out(run_id, None, may_lose)


@task()
def release(run_id: int, knots: list[int] | None, seen: int | None) -> None:
    """Sync, and release what was ticked; everything where nothing was."""
    _carry_out(run_id, Wish(knots, seen))


@task()
def take_back(run_id: int, release_id: int) -> None:
    """Sync, and take a release back."""
    _carry_out(run_id, Wish(takes_back=Release.objects.select_related("site").get(pk=release_id)))


def _carry_out(run_id: int, wish: Wish | None, may_lose: int = 0) -> None:
    """The run itself says how it ended; a worker tries nothing twice."""
    run = SyncRun.objects.select_related("site", "by").get(pk=run_id)
    if run.status != SyncRun.Status.WAITING:
        return
    try:
        sync(run, wish, may_lose=may_lose)
    except (SyncError, PermissionDenied) as error:
        log.info("run %d: %s", run_id, error)
