"""Releases: what waits to be written, writing it in one go, and taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import releases, roles, tasks
from articles.exporter import NotWritable, marked_lines, pending_diff
from articles.exporter.diffs import diff_between
from articles.frontpage import front_page
from articles.http import is_fragment, newest_page, person, site_named, whole_number, whole_numbers
from articles.models import Release, ReleaseFile, Site, Story
from articles.models.change import name_of
from articles.releases.wording import message_of
from articles.sync import begin, is_running
from articles.views.permissions import publishers_only

RELEASES_A_PAGE = 50
FILES_SHOWN = 300
"""Waiting files that the page lists; a release writes them all the same."""

Lines = list[tuple[str, str]]
"""Of a diff: kind and text."""


@require_safe
def release_list(request: HttpRequest) -> HttpResponse:
    """The newest releases, and what waits on every site."""
    found = Release.objects.written().select_related("site", "by", "taken_back_by", "takes_back")
    rows, page = newest_page(request, found, RELEASES_A_PAGE)
    context = {"releases": rows, "page": page, "sites": _sites()}
    return render(request, "articles/release_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def release_new(request: HttpRequest) -> HttpResponse:
    """What a release of a site would write; POST writes it, or the ticked part of it."""
    site = _site(request)
    if request.method == "POST":
        return _write(request, site)
    context: dict[str, Any] = {"sites": _sites(), "site": site}
    if site:
        context |= _waiting(request, site)
    return render(request, "articles/release_new.html", context)


@publishers_only
def _write(request: HttpRequest, site: Site | None) -> HttpResponse:
    if site is None:
        messages.warning(request, _("Choose a site first."))
        return redirect("articles:release_new")
    seen = whole_number(request.POST, "seen")
    newer = _newest(site)
    if seen is not None and newer and newer.pk > seen:
        return _overtaken(request, site, newer)
    ticked = whole_numbers(request.POST.getlist("knot"))
    everything = "everything" in request.POST
    if not (ticked or everything):
        messages.info(request, _("Tick what to write, or write everything."))
        return redirect(f"{request.path}?site={site.slug}")
    run = begin(site, person(request))
    tasks.release.enqueue(run.pk, None if everything else ticked, seen)
    return redirect(run)


def _overtaken(request: HttpRequest, site: Site, newer: Release) -> HttpResponse:
    who = name_of(newer.by) if newer.by else _("A sync")
    words = _("%(who)s released meanwhile: “%(what)s”. Nothing was written for you; look again.")
    messages.warning(request, words % {"who": who, "what": newer.subject})
    context = {"sites": _sites(), "site": site, **_waiting(request, site)}
    return render(request, "articles/release_new.html", context, status=409)


def _waiting(request: HttpRequest, site: Site) -> dict[str, Any]:
    plan = releases.plan_release(site, limit=FILES_SHOWN)
    total = releases.waiting_on(site).count()
    newest = _newest(site)
    return {
        "plan": plan,
        "counts": plan.counts,
        "message": message_of(plan, name_of(person(request))) if plan.items else "",
        "front": front_page(plan),
        "more": max(total - FILES_SHOWN, 0),
        "seen": newest.pk if newest else 0,
        "running": is_running(site),
    }


def _newest(site: Site) -> Release | None:
    return Release.objects.written().filter(site=site).select_related("by").order_by("-pk").first()


def _sites() -> list[Site]:
    """The connected sites, each with the number of its stories that wait."""
    waiting = Q(stories__pending=True, stories__path_key__isnull=False)
    return list(Site.objects.connected().annotate(waiting=Count("stories", filter=waiting)))


def _site(request: HttpRequest) -> Site | None:
    """The site that was named, or the only one there is."""
    slug = request.POST.get("site") or request.GET.get("site") or ""
    if slug:
        named = site_named(slug)
        if named is None or not named.location:
            raise Http404("No connected site has that name.")
        return named
    sites = list(Site.objects.connected()[:2])
    return sites[0] if len(sites) == 1 else None


@require_safe
def release_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One release: its message, its files, their lines."""
    known = Release.objects.select_related("site", "by", "takes_back", "taken_back_by", "run")
    release = get_object_or_404(known, pk=pk)
    files = release.files.select_related("story").defer("old", "new", "story__body").order_by("id")
    context = {
        "release": release,
        "files": files,
        "can_take_back": _can_take_back(release) and roles.can_publish(request.user),
    }
    return render(request, "articles/release_detail.html", context)


def _can_take_back(release: Release) -> bool:
    written = release.state == Release.State.WRITTEN
    return written and not release.takes_back_id and not release.is_taken_back


@require_POST
@publishers_only
def release_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Write every file as it was before the release, as a commit of its own."""
    release = get_object_or_404(Release.objects.select_related("site"), pk=pk)
    if not _can_take_back(release):
        messages.info(request, _("This release cannot be taken back any more."))
        return redirect(release)
    run = begin(release.site, person(request))
    tasks.take_back.enqueue(run.pk, release.pk)
    return redirect(run)


@require_safe
def story_diff(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines of a story's file that a release would change."""
    story = get_object_or_404(Story, pk=pk)
    try:
        lines, reason = marked_lines(pending_diff(story)), ""
    except NotWritable as refusal:
        lines, reason = [], refusal.message
    return _diff(request, story, lines, reason)


@require_safe
def releasefile_diff(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines of a file that a release changed."""
    file = get_object_or_404(ReleaseFile.objects.select_related("story"), pk=pk)
    lines = marked_lines(diff_between(file.path, file.before, file.after))
    return _diff(request, file.story, lines, written=True)


def _diff(
    request: HttpRequest, story: Story, lines: Lines, reason: str = "", *, written: bool = False
) -> HttpResponse:
    template = "articles/release_diff.html"
    part = f"{template}#lines" if is_fragment(request) else template
    return render(
        request, part, {"story": story, "lines": lines, "reason": reason, "written": written}
    )
