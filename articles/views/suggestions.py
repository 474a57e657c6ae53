"""Suggested coverage: the panel beside a story, its two answers, and what was typed or pasted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles import answers, desk
from articles.http import is_fragment, person, whole_number
from articles.models import Change, Site, Story
from articles.suggestions import already_covered, suggest
from articles.views.answers import after_verb, stale_decision
from articles.views.coverage import consequence_lines
from articles.views.permissions import editors_only
from articles.views.stories import get_story

LONGEST = 4_096
"""Characters of an address or headline that are looked for."""

Answer = Callable[..., Change | None]


@require_safe
def story_suggestions(request: HttpRequest, pk: int) -> HttpResponse:
    """The ten best candidates for coverage with a story: the panel, or a page of its own."""
    story = get_story(pk)
    context = {"story": story, "suggested": suggest(story), "in_list": "in_list" in request.GET}
    page = "_suggestions.html" if is_fragment(request) else "story_suggestions.html"
    return render(request, f"articles/{page}", context)


@require_POST
@editors_only
def story_suggestion_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Link the story with the `other` one, and remember that the suggestion was right."""
    story, other = _pair(request, pk)
    lines = consequence_lines(request, story, [other])
    return _answer(request, story, other, answers.accept, " · ".join(lines))


@require_POST
@editors_only
def story_suggestion_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the story apart from the `other` one: neither robot nor rule joins them again."""
    story, other = _pair(request, pk)
    words = _("“%s” is not suggested here again, and no import joins the two.") % other
    return _answer(request, story, other, answers.refuse, words)


@require_safe
def covered(request: HttpRequest) -> HttpResponse:
    """Whether a pasted address or typed headline is covered already, on every site."""
    query = request.GET.get("q", "").strip()[:LONGEST]
    sites = Site.objects.all() if query else []
    found = [(site, each) for site in sites if (each := already_covered(site.pk, query))]
    # Where the very address is known comes before where something like it is.
    found.sort(key=lambda pair: not any(each.best.is_update for each in pair[1]))
    context = {"query": query, "found": found}
    page = "covered.html#covered" if is_fragment(request) else "covered.html"
    return render(request, f"articles/{page}", context)


def _pair(request: HttpRequest, pk: int) -> tuple[Story, Story]:
    return get_story(pk), get_story(whole_number(request.POST, "other") or 0)


def _answer(
    request: HttpRequest, story: Story, other: Story, answer: Answer, words: str
) -> HttpResponse:
    options: dict[str, Any] = {"version": whole_number(request.POST, "version")}
    try:
        change = answer(story, other, by=person(request), **options)
    except desk.Stale as stale:
        return stale_decision(request, stale.story, {})
    except desk.DeskError as error:
        messages.error(request, str(error))
        return after_verb(request, story)
    if change:
        messages.success(request, words, extra_tags="undo")
    else:
        messages.info(request, _("That was so already."))
    return after_verb(request, story, change)
