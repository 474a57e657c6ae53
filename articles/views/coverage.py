"""Coverage: groups of stories of one event, and linking a story to others."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from articles import desk, group_page, roles, search, story_page
from articles.http import (
    is_fragment,
    numbered_page,
    page_number,
    person,
    site_named,
    whole_number,
    whole_numbers,
)
from articles.models import Coverage, Site, Story
from articles.models.coverage import CoverageQuerySet
from articles.search.language import is_url
from articles.selection import Selection
from articles.views.answers import after_verb, stale_decision
from articles.views.permissions import editors_only
from articles.views.stories import get_story
from articles.weburl import url_key

PAGE_SIZE = 50
RESULTS = 20
MOST_LINKED = 50
"""Stories that join one in one go."""


@require_safe
def coverage_list(request: HttpRequest) -> HttpResponse:
    """The groups, newest or biggest first, or those that look wrong, fifty a page."""
    site = site_named(request.GET.get("site", ""))
    sort = request.GET.get("sort") or request.GET.get("queue", "")
    groups = Coverage.objects.select_related("lead__site").defer("lead__excerpt", "lead__body")
    if site:
        groups = groups.filter(site=site)
    number = page_number(request)
    start = (number - 1) * PAGE_SIZE
    found = list(_sorted(groups, sort)[start : start + PAGE_SIZE + 1])
    context = {
        "site": site,
        "sites": list(Site.objects.all()),
        "sort": sort,
        "rows": [(group, group_page.signal_words(group)) for group in found[:PAGE_SIZE]],
        "page": numbered_page(request, number, has_next=len(found) > PAGE_SIZE),
    }
    return render(request, "articles/coverage_list.html", context)


def _sorted(groups: CoverageQuerySet, sort: str) -> CoverageQuerySet:
    if sort == "suspicious":
        return groups.suspicious()
    return groups.order_by("-member_count" if sort == "biggest" else "-last_at", "-id")


@require_safe
def coverage_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One group: when its stories appeared, why they belong to it, where it would be cut."""
    group = get_object_or_404(Coverage.objects.select_related("site", "lead__site"), pk=pk)
    context = {
        **group_page.context(group),
        "may_regroup": roles.can_edit(request.user),
    }
    return render(request, "articles/coverage_detail.html", context)


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def story_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for stories of the same event; show what linking would do; link."""
    story = get_story(pk)
    chosen = _chosen(request)
    if request.method == "POST" and request.POST.get("confirm") and chosen:
        return _link(request, story, chosen)
    query = (request.POST if request.method == "POST" else request.GET).get("q", "").strip()
    others = list(story_page.stories_to_show().filter(pk__in=chosen, site=story.site_id))
    context = {
        "story": story,
        "members": story_page.members_of(story),
        "lead": story.coverage.lead if story.coverage else story,
        "query": query,
        "results": _results(story, query, others),
        "chosen": chosen,
        "consequences": consequence_lines(request, story, others)
        if request.method == "POST"
        else [],
    }
    return render(request, "articles/story_link.html", context)


def _chosen(request: HttpRequest) -> list[int]:
    return whole_numbers(request.POST.getlist("story")[:MOST_LINKED])


def _results(story: Story, query: str, others: list[Story]) -> list[dict[str, Any]]:
    """What was found in the same site, besides the story's own group; ticked ones stay."""
    candidates = Selection(site_id=story.site_id).filter(~Q(pk=story.pk))
    if story.coverage_id:
        candidates = candidates.filter(~Q(coverage=story.coverage_id))
    if is_url(query):
        candidates = candidates.filter(url_key=url_key(query))
    else:
        candidates = candidates.with_half_typed(query[: search.language.MAX_LENGTH])
    newest = story_page.stories_to_show().filter(pk__in=candidates.newest(RESULTS).values("pk"))
    ticked = {other.pk for other in others}
    found = [s for s in newest.newest_first() if s.pk not in ticked]
    return [
        {
            "story": other,
            "other_group": other.coverage.lead if other.coverage else None,
        }
        for other in (*others, *found)
    ]


def consequence_lines(request: HttpRequest, story: Story, others: list[Story]) -> list[str]:
    """What linking would do, a line for each story it changes and one for the files."""
    if not others:
        return []
    try:
        found = desk.consequences([story, *others], "link", by=person(request))
    except desk.DeskError as error:
        return [str(error)]
    return lines_of(found)


def lines_of(found: desk.Consequences) -> list[str]:
    """What an action would do in words: a line for each story it changes, one for the files."""
    if not found.stories:
        return [_("Nothing changes.")]
    lines = [line for each in found.stories if (line := _consequence(each))]
    if quiet := len(found.stories) - len(lines):
        anew = ngettext("%d more is linked anew.", "%d more are linked anew.", quiet)
        lines.append(anew % quiet)
    files = ngettext("%d file will be written.", "%d files will be written.", found.files)
    return [*lines, files % found.files]


def _consequence(each: desk.Consequence) -> str:
    """What happens to one story; nothing to be told where only its list of coverage changes."""
    parts = []
    if each.leads_after != each.led_before:
        parts.append(_("leads") if each.leads_after else _("no longer leads"))
    if each.heat_after != each.heat_before:
        before = _("unknown") if each.heat_before is None else each.heat_before
        parts.append(
            _("heat %(before)s → %(after)s") % {"before": before, "after": each.heat_after}
        )
    if each.proposal:
        parts.append(_("proposed: %s") % each.proposal)
    elif each.published_after != each.published_before:
        parts.append(_("goes live") if each.published_after else _("leaves the site"))
    return f"{each.story}: {', '.join(str(part) for part in parts)}" if parts else ""


def _link(request: HttpRequest, story: Story, chosen: list[int]) -> HttpResponse:
    others = list(Story.objects.filter(pk__in=chosen, site=story.site_id).exclude(pk=story.pk))
    version = whole_number(request.POST, "version")
    try:
        change = desk.link(story, others, by=person(request), version=version)
    except desk.Stale as stale:
        return stale_decision(request, stale.story, {})
    except desk.DeskError as error:
        messages.error(request, str(error))
        if is_fragment(request):
            return after_verb(request, story)
        return redirect("articles:story_link", pk=story.pk)
    if change:
        words = ngettext("Linked %d story to “%s”.", "Linked %d stories to “%s”.", len(others))
        messages.success(request, words % (len(others), story), extra_tags="undo")
    else:
        messages.info(request, _("They already belong together."))
    return after_verb(request, story, change)
