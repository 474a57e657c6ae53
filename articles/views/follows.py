"""What a change of coverage would do, shown before it is confirmed by one more key."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from articles import desk, story_page
from articles.http import is_fragment, person, whole_numbers
from articles.models import Coverage, Story
from articles.views.coverage import MOST_LINKED, lines_of
from articles.views.permissions import editors_only
from articles.views.regrouping import from_on
from articles.views.stories import get_story

CHOICES = 9
"""One digit each."""

TITLES = {
    "lead": _("Make it the lead"),
    "unlink": _("Take it out of its group"),
    "link": _("Link the selected stories"),
    "split": _("Split the group here"),
}


@editors_only
@require_safe
def story_follows(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """What would follow, with the button that does it; on a lead, which member is meant.

    With `suggested` the button accepts a suggestion, so that the answer is remembered as one.
    """
    if what not in TITLES:
        raise Http404("Nothing of that name can be done to a group.")
    story = get_story(pk)
    others = _others(request, story) if what == "link" else []
    is_answer = "suggested" in request.GET and len(others) == 1
    context = {"story": story, "what": what, "title": TITLES[what], "others": others}
    context["other_name"] = "other" if is_answer else "story"
    if what == "lead" and story.is_lead:
        context["choices"] = _members(story)
    elif what == "split" and story.coverage is not None:
        context |= _split(request, story, story.coverage)
    else:
        context |= _plan(request, story, others, what, is_answer=is_answer)
    name = "articles/story_follows.html" + ("#follows" if is_fragment(request) else "")
    return render(request, name, context)


def _others(request: HttpRequest, story: Story) -> list[Story]:
    ids = whole_numbers(request.GET.getlist("story")[:MOST_LINKED])
    found = story_page.stories_to_show().filter(pk__in=ids, site=story.site_id)
    return list(found.exclude(pk=story.pk))


def _members(story: Story) -> list[Story]:
    """Who could lead instead, the best first."""
    if story.coverage_id is None:
        return []
    members = story_page.stories_to_show().filter(coverage=story.coverage_id)
    return list(members.exclude(pk=story.pk).order_by("-quality", "id")[:CHOICES])


def _plan(
    request: HttpRequest, story: Story, others: list[Story], what: str, *, is_answer: bool = False
) -> dict[str, Any]:
    if what == "split":
        return {"nothing": True}
    try:
        found = desk.consequences([story, *others], what, by=person(request))
    except desk.DeskError as error:
        return {"refusal": str(error)}
    name = "story_suggestion_accept" if is_answer else f"story_{what}"
    return _shown(found, reverse(f"articles:{name}", args=[story.pk]))


def _split(request: HttpRequest, story: Story, group: Coverage) -> dict[str, Any]:
    """The story and all that came after it leave together."""
    leaving = from_on(group, story.pk)
    try:
        found = desk.consequences_of_split(group, [leaving], by=person(request))
    except desk.DeskError as error:
        return {"refusal": str(error)}
    return {
        **_shown(found, reverse("articles:coverage_regroup", args=[group.pk])),
        "group": group,
        "leaving": len(leaving),
    }


def _shown(found: desk.Consequences, action: str) -> dict[str, Any]:
    return {"lines": lines_of(found), "nothing": not found.stories, "action": action}
