"""Imports and exports, to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from articles.admin.base import DeskAdmin, ReadOnly, moment
from articles.models import SyncRun

SHOWN_PROBLEMS = 200


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnly, DeskAdmin):
    """Runs with their counts. The desk's page of a run shows all its problems."""

    place = 7
    list_display = ("__str__", "site", "started", "finished", "progress", "summary")
    list_filter = ("kind", "status", "site")
    list_select_related = ("site",)
    sortable_by = ()
    fields = (
        "kind", "status", "site", "source", "by", "started", "finished", "progress", "summary",
        "message", "problem_list",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[SyncRun]:
        """The list loads no problems."""
        runs: QuerySet[SyncRun] = super().get_queryset(request)
        return runs.defer("problems")

    @admin.display(description=_("started"))
    def started(self, run: SyncRun) -> str:
        """In the person's zone."""
        return moment(run.started_at)

    @admin.display(description=_("finished"))
    def finished(self, run: SyncRun) -> str:
        """In the person's zone."""
        return moment(run.finished_at)

    @admin.display(description=_("files"))
    def progress(self, run: SyncRun) -> str:
        """How far it came."""
        return f"{run.done:,} of {run.total:,}"

    @admin.display(description=_("counts"))
    def summary(self, run: SyncRun) -> str:
        """Every count that is not zero."""
        counts: dict[str, Any] = run.counts if isinstance(run.counts, dict) else {}
        return ", ".join(f"{name} {number}" for name, number in counts.items() if number) or "–"

    @admin.display(description=_("problems"))
    def problem_list(self, run: SyncRun) -> str:
        """The first problems, by file and line."""
        problems = run.problems[:SHOWN_PROBLEMS] if isinstance(run.problems, list) else []
        lines = (
            (f"{p.get('path')}, line {p['line']}" if p.get("line") else p.get("path"),
             p.get("code"), p.get("message"))
            for p in problems
        )  # fmt: skip
        return format_html_join("", "<p><bdi>{}</bdi>: {} ({})</p>", (
            (place, message, code) for place, code, message in lines
        )) or "–"  # fmt: skip
