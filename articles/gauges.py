"""How the newsroom stands, in numbers for whoever looks after the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from articles.models import Site, Story, SyncRun
from articles.rules import Queue

Gauge = tuple[str, str, dict[str, str], float]
"""Name, what it means, labels, value."""


def gauges() -> Iterator[Gauge]:
    """What waits, and how long, for each site. Three queries."""
    waiting = Story.objects.in_queue(Queue.INBOX)
    rows = waiting.values_list("site_id").annotate(Count("pk"), Min("created_at"))
    inboxes = {site_id: (number, oldest) for site_id, number, oldest in rows.order_by()}
    done = Max("runs__finished_at", filter=Q(runs__status=SyncRun.Status.DONE))
    sites = Site.objects.annotate(last_run=done).order_by("slug")
    for pk, slug, last_run in sites.values_list("pk", "slug", "last_run"):
        labels = {"site": slug}
        number, oldest = inboxes.get(pk, (0, None))
        yield "newsdesk_inbox_stories", "Stories without a decision", labels, number
        yield "newsdesk_inbox_oldest_seconds", "Age of the oldest of them", labels, _age(oldest)
        if last_run:
            yield (
                "newsdesk_last_run_seconds", "Since the last run that went well", labels,
                _age(last_run),
            )  # fmt: skip
    flags = Story.objects.values_list("site__slug").filter(Q(pending=True) | Q(conflict=True))
    counted = flags.annotate(
        pending=Count("pk", filter=Q(pending=True)), conflict=Count("pk", filter=Q(conflict=True))
    )
    for slug, pending, conflicts in counted.order_by():
        yield "newsdesk_pending_stories", "Decided, not yet in the files", {"site": slug}, pending
        yield "newsdesk_conflict_stories", "In conflict with the file", {"site": slug}, conflicts


def _age(moment: datetime | None) -> float:
    return (timezone.now() - moment).total_seconds() if moment else 0.0
