"""One story: its page, its file, and the way to its neighbours in the list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import exporter, story_page
from articles.http import person
from articles.listing import Listing, Standing
from articles.models import Story
from articles.pagination import COUNT_LIMIT, Count
from articles.story_fields import IN_PLACE
from articles.views.answers import wants_images
from articles.views.stories import LIST_MEMORY, get_story

LIST = "list"
"""The parameter with the query string of the list a story was opened from."""

LONGEST_QUERY = 2_000
MOST_LINES = 10_000
"""Lines of a file on its page; the longest real file has 2,448."""


@require_safe
def story_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one story, with its neighbours in the list it was opened from."""
    story = get_story(pk)
    edited = request.GET.get("edited", "")
    context = {
        **story_page.detail(story, user=request.user, images=wants_images(request)),
        **_pending(story),
        **_neighbours(story, query_of(request), person(request)),
        "edited": edited if edited in IN_PLACE else "",
        "plays": "play" in request.GET,
    }
    if request.user.has_perm("articles.change_story") and person(request).is_staff:
        context["admin_url"] = reverse("admin:articles_story_change", args=[story.pk])
    return render(request, "articles/story_detail.html", context)


@require_safe
def story_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The story's file, line by line, with the lines that the next export would change."""
    story = get_story(pk)
    lines = exporter.whole_file(story) if story.has_file else []
    context = {
        "story": story,
        "lines": lines[:MOST_LINES],
        "left_out": len(lines[MOST_LINES:]),
        "list_query": query_of(request),
    }
    return render(request, "articles/story_file.html", context)


def query_of(request: HttpRequest) -> str:
    """The query string of the list: as the address says, else the page one came from, else the
    list this person opened last.
    """
    if LIST in request.GET:
        return request.GET[LIST][:LONGEST_QUERY]
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc == request.get_host() and came_from.path == reverse("articles:story_list"):
        return came_from.query[:LONGEST_QUERY]
    return str(request.session.get(LIST_MEMORY, ""))[:LONGEST_QUERY]


def address_in_list(story_id: int, query: str, **parameters: str) -> str:
    """A story's page that remembers the list."""
    text = urlencode({LIST: query, **parameters} if query else parameters)
    address = reverse("articles:story_detail", args=[story_id])
    return f"{address}?{text}" if text else address


def _neighbours(story: Story, query: str, user: User) -> dict[str, str]:
    listing = Listing(QueryDict(query), user=user)
    previous_id, next_id = listing.around(story)
    list_url = reverse("articles:story_list")
    return {
        "previous_url": address_in_list(previous_id, query) if previous_id else "",
        "next_url": address_in_list(next_id, query) if next_id else "",
        "list_url": f"{list_url}?{query}" if query else list_url,
        "list_query": query,
        "position": _position(listing.standing(story), listing.count),
    }


def _position(standing: Standing, total: Count) -> str:
    """`12 of 113`; where counting stops, or the story left the list, words that say so."""
    before = standing.before
    if before is None:
        return ""
    if not standing.is_listed:
        return _("not in this list now")
    if not before.is_exact:
        return _("beyond the first %(limit)s") % {"limit": f"{COUNT_LIMIT:,}"}
    return _("%(place)s of %(total)s") % {"place": f"{before.number + 1:,}", "total": total}


def _pending(story: Story) -> dict[str, Any]:
    """The lines of the file that the next export would change, or why it would change none."""
    if not story.pending:
        return {"diff": []}
    try:
        return {"diff": exporter.marked_lines(exporter.pending_diff(story))}
    except exporter.NotWritable as error:
        return {"diff": [], "not_writable": str(error)}
