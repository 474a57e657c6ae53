"""Is the desk alive, is it ready, how does it do? For balancers and monitors, without login."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.gauges import gauges
from newsdesk import metrics as counting


@require_safe
@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks no database: a slow one is no reason to restart the process."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and has every migration; otherwise 503 and what to do."""
    trouble = _trouble()
    text = trouble or "ready"
    return HttpResponse(
        f"{text}\n", content_type="text/plain; charset=utf-8", status=503 if trouble else 200
    )


@require_safe
@login_not_required
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Requests and waiting stories for Prometheus, to whoever has the token; else not found."""
    wanted = f"Bearer {settings.NEWSDESK_METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if not counting.is_on() or not constant_time_compare(given, wanted):
        raise Http404
    return HttpResponse(counting.exposition(gauges()), content_type=counting.CONTENT_TYPE)


def _trouble() -> str:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "The database does not answer. Check DATABASE_URL and that the server runs."
    if plan:
        return f"{len(plan)} migrations are missing. Run manage.py migrate."
    return ""
