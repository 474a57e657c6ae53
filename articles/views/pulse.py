"""The pulse of an open page: who else is here, what changed, what came in."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from articles.http import person, whole_number, whole_numbers
from articles.pulse import Pulse
from articles.views.answers import wants_images

MOST_ROWS = 200
"""Rows of a page whose versions one pulse compares."""


@require_POST
def pulse(request: HttpRequest) -> HttpResponse:
    """Say that the person is here, and answer what others did meanwhile, as JSON."""
    beat = Pulse(
        by=person(request),
        here=whole_number(request.POST, "here"),
        seen=_versions(request.POST.get("rows", "")),
        query=request.POST.get("query", ""),
        since=_instant(request.POST.get("since", "")),
        images=wants_images(request),
    )
    beat.record()
    rows = {
        pk: render_to_string("articles/story_list.html#story_rows", {"rows": [row]}, request)
        for pk, row in beat.changed_rows().items()
    }
    answer = {"here": beat.here_too(), "rows": rows, "who": beat.who(), "arrivals": beat.arrivals()}
    return JsonResponse(answer)


def _versions(text: str) -> dict[int, int]:
    """`pk:version,…` as numbers; whatever is none is left out."""
    pairs = (whole_numbers(each.split(":", 1)) for each in text[:8000].split(",")[:MOST_ROWS])
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def _instant(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
        return moment.astimezone(UTC) if moment else None
    except (ValueError, OverflowError):
        return None
