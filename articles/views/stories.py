"""Stories: the list, its preview and its tables."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import choosing, desk, facets, later, narrowing, rows, story_page
from articles.forms import SavedViewForm
from articles.http import is_fragment, whole_number
from articles.listing import Listing
from articles.models import Story
from articles.pagination import count_up_to
from articles.spreadsheet import MAX_ROWS, SafeCSV, SafeXLSX, StoryColumns
from articles.views.answers import wants_images

SEARCHES = (
    ("ferry harbour", "both words, in the headline, the excerpt or the provider"),
    ('"ferry terminal"', "this phrase"),
    ("ferry -strike", "ferry, but not strike"),
    ("ferr*", "words that begin so"),
    ("provider:forbes.com", "of one provider, by its domain or name"),
    ("topic:security", "about a topic"),
    ("is:live -is:video", "what the site shows, without videos"),
    ("quality>70 heat>=100", "by the numbers"),
    ("after:2026-01-01 before:2026-02-01", "between two days"),
    ("url:example.com/page", "by a part of the address; a whole one can be pasted as it is"),
)
SEARCH_EXAMPLES = [
    {"text": text, "meaning": meaning, "url": f"?{urlencode({'q': text})}"}
    for text, meaning in SEARCHES
]
"""The language of the search box by examples that can be followed."""

LIST_MEMORY = "last_list"
"""Where the session keeps the query string of the list a person came from."""


def get_story(pk: int) -> Story:
    """The story of a page, with what the page names, or 404."""
    return get_object_or_404(story_page.stories_to_show(), pk=pk)


@require_safe
def story_list(request: HttpRequest) -> HttpResponse:
    """The list with queues, filters and the preview of the chosen story."""
    desk.wake_due()
    as_of = timezone.now().isoformat()
    listing = Listing.of(request)
    context = {"page": listing.page, "as_of": as_of}
    if listing.lost_place:
        messages.info(request, "That page is no longer there; this is the beginning of the list.")
    _remember(request, listing)
    context |= _pane(listing) | _head(listing) | _bar(request, listing)
    context |= _preview_of(request, listing)
    status = 200 if listing.filter.form.is_valid() else 422
    return render(request, "articles/story_list.html", context, status=status)


def _remember(request: HttpRequest, listing: Listing) -> None:
    """Keep the list in the session; looking at the same one again writes nothing."""
    query = listing.url.partition("?")[2]
    if request.session.get(LIST_MEMORY) != query:
        request.session[LIST_MEMORY] = query


def _pane(listing: Listing) -> dict[str, Any]:
    """Queues and filters with their counts."""
    queues = listing.queues
    return {
        "queues": queues,
        "current_queue": facets.current_queue(listing.parameters),
        "pending_count": next((q.count for q in queues if q.name == "pending" and q.count), 0),
        "facets": listing.filter_facets,
        "filter_fields": narrowing.FIELDS,
        "search_examples": SEARCH_EXAMPLES,
        "search_errors": listing.search_errors,
        "filter_errors": listing.filter_errors,
    }


def _head(listing: Listing) -> dict[str, Any]:
    """What the list is called, how it is filtered and sorted."""
    return {
        "heading": _heading(listing),
        "counts": {"matching": listing.count, "bulk": listing.bulk_count},
        "chips": listing.chips,
        "sorts": listing.sorts,
        "current_sort": listing.order.name,
        "heads": listing.heads,
        "view_form": SavedViewForm(auto_id="save-view-%s"),
        "advice": listing.advice if listing.too_slow else "",
    }


def _bar(request: HttpRequest, listing: Listing) -> dict[str, Any]:
    """What can be done to many stories at once."""
    return {
        "choice": choosing.choice_of(listing),
        "choose": _choose_urls(request, listing),
        "list_url": listing.url,
        "snoozes": later.choices(),
    }


def _heading(listing: Listing) -> str:
    name = facets.current_queue(listing.parameters)
    label = facets.QUEUES[name].label if name else "Stories"
    return f"{label} of {listing.site}" if listing.site else label


def _choose_urls(request: HttpRequest, listing: Listing) -> dict[str, str]:
    """The list with all of it chosen, or what stands above or below the previewed story."""
    cursor = _previewed(request, listing) or 0
    return {f"{what}_url": f"{listing.url}&choose={what}&from={cursor}" for what in choosing.WHAT}


def _previewed(request: HttpRequest, listing: Listing) -> int | None:
    shown = listing.page.rows
    return whole_number(request.GET, "story") or (shown[0]["id"] if shown else None)


def _preview_of(request: HttpRequest, listing: Listing) -> dict[str, Any]:
    pk = _previewed(request, listing)
    story = story_page.story_to_preview(pk) if pk else None
    if story is None:
        return {"preview": None}
    context = story_page.preview(story, user=request.user, images=wants_images(request))
    return {**context, "preview": story}


@require_safe
def story_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview alone, as the list loads it, or as a page of its own."""
    context = story_page.preview(get_story(pk), user=request.user, images=wants_images(request))
    part = "#pane" if is_fragment(request) else ""
    return render(request, f"articles/story_preview.html{part}", context)


@require_safe
def story_members(request: HttpRequest, pk: int) -> HttpResponse:
    """The other stories of a story's group as rows, best first; `after` so many, all the rest."""
    story = get_object_or_404(Story.objects.only("coverage_id"), pk=pk)
    after = min(whole_number(request.GET, "after") or 0, rows.MOST_MEMBERS)
    limit = rows.MOST_MEMBERS if after else rows.MEMBERS_SHOWN
    members = rows.members_beside(story.pk, story.coverage_id, after=after, limit=limit)
    return render(request, "articles/story_list.html#members", {"members": members})


@require_safe
def story_export(request: HttpRequest, ending: str) -> HttpResponse:
    """The stories of a list as CSV or XLSX, in its order, safe against formulas."""
    formats = {"csv": SafeCSV, "xlsx": SafeXLSX}
    if ending not in formats:
        raise Http404("Stories are exported as csv or xlsx.")
    listing = Listing.of(request)
    if not count_up_to(listing.stories, MAX_ROWS).is_exact:
        messages.error(request, f"A table holds {MAX_ROWS:,} stories: narrow the list first.")
        return redirect(f"{reverse('articles:story_list')}?{request.GET.urlencode()}")
    table = StoryColumns().export(  # type: ignore[no-untyped-call]
        listing.stories.order_by(*listing.order.by)
    )
    file_format = formats[ending]()  # type: ignore[no-untyped-call]
    response = HttpResponse(
        file_format.export_data(table), content_type=file_format.get_content_type()
    )
    response["Content-Disposition"] = f'attachment; filename="stories.{ending}"'
    return response
