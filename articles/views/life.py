"""The life of a story's file in the repository, and taking a field back to what it was."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles import desk, life
from articles.http import back, is_fragment, person, whole_number
from articles.models import Change, Story
from articles.stores import StoreError
from articles.storyfile.errors import StoryFileError
from articles.views.permissions import editors_only
from articles.views.stories import get_story


@require_safe
def story_life(request: HttpRequest, pk: int) -> HttpResponse:
    """Which commit changed which field of the story, newest first."""
    story = get_story(pk)
    context: dict[str, Any] = {"story": story, "life": None, "reason": ""}
    try:
        context["life"] = life.life_of(story, request.GET.get("since", ""))
    except StoreError as error:
        context["reason"] = str(error)
    template = "articles/story_life.html"
    return render(request, f"{template}#events" if is_fragment(request) else template, context)


@require_POST
@editors_only
def story_life_revert(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a field the value it had in a commit."""
    story = get_story(pk)
    name, commit = request.POST.get("field", ""), request.POST.get("commit", "")
    try:
        value = life.value_then(story, commit, name)
        change = _set(request, story, name, value)
    except (StoreError, StoryFileError, desk.DeskError) as error:
        messages.error(request, str(error))
    except LookupError:
        messages.error(request, _("That field cannot be taken back to that commit."))
    else:
        words = _("“%s” says again what it said then.") if change else _("“%s” says so already.")
        messages.success(request, words % story, extra_tags="undo" if change else "")
    if request.POST.get("next"):
        return back(request, story.get_absolute_url())
    return redirect("articles:story_life", pk=pk)


def _set(request: HttpRequest, story: Story, name: str, value: object) -> Change | None:
    version = whole_number(request.POST, "version")
    if name == "published":
        verb = desk.publish if value else desk.unpublish
        return verb(story, by=person(request), version=version)
    return desk.edit(story, {name: value}, by=person(request), version=version)
