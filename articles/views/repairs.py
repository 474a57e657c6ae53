"""Needs repair: broken promises of the data, each with what one key does about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles import desk, repairs, roles
from articles.http import back, numbered_page, page_number, person, site_named, whole_number
from articles.models import Change, Site, Story
from articles.views.permissions import editors_only
from articles.views.stories import get_story

PAGE_SIZE = 50
PUBLISHERS_FIXES = {"story_publish", "story_unpublish", "story_remove"}


@require_safe
def repair_list(request: HttpRequest) -> HttpResponse:
    """One check with its stories, newest first, fifty a page; all checks with their counts."""
    site = site_named(request.GET.get("site", ""))
    counts = repairs.counts(site.pk if site else None)
    failing = (name for name, count in counts.items() if count.number)
    name = request.GET.get("check", "") or next(failing, "silent")
    if name not in repairs.CHECKS:
        raise Http404
    check = repairs.CHECKS[name]
    number = page_number(request)
    start = (number - 1) * PAGE_SIZE
    found = repairs.stories_of(check, site.pk if site else None).light().select_related("site")
    stories = list(found.newest_first()[start : start + PAGE_SIZE + 1])
    context = {
        "checks": [_tab(request, key, counts[key], name) for key in repairs.CHECKS],
        "check": check,
        "name": name,
        "rows": _rows(request, check, stories[:PAGE_SIZE]),
        "site": site,
        "sites": list(Site.objects.all()),
        "page": numbered_page(request, number, has_next=len(stories) > PAGE_SIZE),
    }
    return render(request, "articles/repair_list.html", context)


def _tab(request: HttpRequest, key: str, count: object, current: str) -> dict[str, Any]:
    query = request.GET.copy()
    query.pop("page", None)
    query["check"] = key
    return {
        "label": repairs.CHECKS[key].label,
        "count": count,
        "url": f"?{query.urlencode()}",
        "current": key == current,
    }


def _rows(request: HttpRequest, check: repairs.Check, stories: list[Story]) -> list[dict[str, Any]]:
    said = repairs.sentences(check, [story.pk for story in stories])
    may = roles.can_publish if check.fix in PUBLISHERS_FIXES else roles.can_edit
    allowed = bool(check.fix) and may(request.user)
    return [
        {
            "story": story,
            "wrong": said.get(story.pk) or check.wrong,
            "fix_url": reverse(f"articles:{check.fix}", args=[story.pk]) if allowed else "",
        }
        for story in stories
    ]


@require_POST
@editors_only
def story_repair(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend what the desk can mend by itself: one-way links, invisible characters."""
    story = get_story(pk)
    try:
        change = _mend(request, story)
    except desk.DeskError as error:
        messages.error(request, str(error))
    else:
        words = _("Mended “%s”.") if change else _("There is nothing to mend in “%s”.")
        messages.success(request, words % story, extra_tags="undo" if change else "")
    return back(request, reverse("articles:repair_list"))


def _mend(request: HttpRequest, story: Story) -> Change | None:
    by, version = person(request), whole_number(request.POST, "version")
    if request.POST.get("check") == repairs.ASYMMETRIC:
        return _adopt(story, by, version)
    seen = {name: repairs.as_seen(getattr(story, name)) for name in ("title", "excerpt")}
    return desk.edit(story, seen, by=by, version=version)


def _adopt(story: Story, by: User, version: int | None) -> Change | None:
    """Let the files of the story's group list each other, if the story is what the person saw."""
    group = story.coverage
    if version not in {None, story.version}:
        raise desk.Stale(story)
    return desk.adopt(group, by=by, version=group.version) if group else None
