"""Counting requests for Prometheus: how many, how long, with which answer.

Works where the extra `ops` (prometheus-client) is installed and `NEWSDESK_METRICS_TOKEN` is set;
otherwise nothing is counted. Several processes behind one port need `PROMETHEUS_MULTIPROC_DIR`, a
folder of their own that is emptied at every start.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

try:
    import prometheus_client as prometheus
    from prometheus_client import multiprocess
    from prometheus_client.core import GaugeMetricFamily
except ImportError:  # the extra is not installed
    prometheus = None  # type: ignore[assignment]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10)
"""Seconds; 0.3 is the desk's promise for a decision and a list."""

Gauge = tuple[str, str, dict[str, str], float]
"""A number of the moment: name, what it means, labels, value."""


def is_on() -> bool:
    """Whether requests are counted and may be asked for."""
    return prometheus is not None and bool(settings.NEWSDESK_METRICS_TOKEN)


class MetricsMiddleware:
    """Times every request by the name of its view, never by its path: paths hold numbers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not is_on():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and note how long it took."""
        start = perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        name = match.view_name if match else "none"
        method = request.method if request.method in {"GET", "HEAD", "POST"} else "other"
        labels = _seconds().labels(name, method, str(response.status_code))
        labels.observe(perf_counter() - start)
        return response


@cache
def _seconds() -> Any:
    """One for each process: a name is registered once."""
    return prometheus.Histogram(
        "newsdesk_request_seconds",
        "Time from request to answer",
        ["view", "method", "status"],
        buckets=BOUNDS,
    )


def exposition(gauges: Iterable[Gauge]) -> bytes:
    """The counted requests and the gauges given, as Prometheus reads them."""
    requests = prometheus.REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        requests = prometheus.CollectorRegistry()
        multiprocess.MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    moment = prometheus.CollectorRegistry()
    moment.register(_Gauges(gauges))
    return bytes(prometheus.generate_latest(requests) + prometheus.generate_latest(moment))


class _Gauges:
    """What a registry collects from."""

    def __init__(self, gauges: Iterable[Gauge]) -> None:
        self.families: dict[str, Any] = {}
        for name, meaning, labels, value in gauges:
            family = self.families.setdefault(
                name, GaugeMetricFamily(name, meaning, labels=list(labels))
            )
            family.add_metric(list(labels.values()), value)

    def collect(self) -> list[Any]:
        """The gauges, one family for each name."""
        return list(self.families.values())
