"""Runs of sync, import and export, live and afterwards, with their problems by file and line."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles import tasks
from articles.http import (
    is_fragment,
    newest_page,
    numbered_page,
    page_number,
    person,
    site_named,
    whole_number,
)
from articles.models import Release, Site, Story, SyncRun
from articles.storyfile.digest import digest_of
from articles.sync import begin
from articles.views.permissions import publishers_only

RUNS_A_PAGE = 50
PROBLEMS_A_PAGE = 200


@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    """The newest runs."""
    runs = SyncRun.objects.filter(parent=None).select_related("site", "by").defer("problems")
    found, page = newest_page(request, runs, RUNS_A_PAGE)
    context = {"runs": found, "page": page, "sites": Site.objects.connected()}
    return render(request, "articles/run_list.html", context)


@require_POST
@publishers_only
def sync_start(request: HttpRequest) -> HttpResponse:
    """Sync a site now; the run's page shows how it goes.

    `gone` is the number of files of which somebody says, on the page of a run that stopped, that
    they are really gone.
    """
    slug = request.POST.get("site", "")
    site = site_named(slug)
    if site is None or not site.location:
        messages.info(request, _("That site is not connected with a repository."))
        return redirect("articles:run_list")
    run = begin(site, person(request))
    tasks.carry_out.enqueue(run.pk, whole_number(request.POST, "gone") or 0)
    return redirect(run)


@require_safe
def run_live(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a run has come, asked once a second; the whole page once it is over."""
    run = get_object_or_404(SyncRun.objects.select_related("site", "by"), pk=pk)
    if not is_fragment(request):
        return redirect(run)
    response = render(request, "articles/run_detail.html#progress", {"run": run})
    if run.is_over:
        response["HX-Refresh"] = "true"
    return response


@require_safe
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: counts, and its problems, all or those of one `?code=`, two hundred a page."""
    run = get_object_or_404(SyncRun.objects.select_related("site", "by"), pk=pk)
    code = request.GET.get("code", "")
    codes = Counter(problem["code"] for problem in run.problems if problem.get("code"))
    problems = [p for p in run.problems if not code or p.get("code") == code]
    number = page_number(request, most=100_000)
    start = (number - 1) * PROBLEMS_A_PAGE
    shown = problems[start : start + PROBLEMS_A_PAGE]
    context = {
        "run": run,
        "release": Release.objects.written().filter(run=run).last(),
        "problems": _with_stories(run, shown),
        "codes": codes.most_common() if len(codes) > 1 else [],
        "code": code,
        "page": numbered_page(request, number, has_next=len(problems) > start + len(shown)),
    }
    return render(request, "articles/run_detail.html", context)


def _with_stories(run: SyncRun, problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = [digest_of(str(p.get("path", "")).encode("utf-8", "replace")) for p in problems]
    stories = Story.objects.filter(site=run.site_id, path_key__in=keys).only("path_key")
    urls = {story.path_key: story.get_absolute_url() for story in stories}
    return [
        {**problem, "story_url": urls.get(key, "")}
        for problem, key in zip(problems, keys, strict=True)
    ]
