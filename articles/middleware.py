"""What every request of the desk gets: the person's time zone, and no cached copies."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from articles.models import Preferences
from articles.prepared import NUMBER, Prepared

PREFERENCES = Prepared(lambda: Preferences.objects.filter(user=NUMBER))


class DeskMiddleware:
    """Activates the person's time zone; keeps pages of logged-in people out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the person's zone active for this request alone."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        preferences = next(iter(PREFERENCES.ask(number=request.user.pk)), None)
        preferences = preferences or Preferences(user=request.user)
        request.preferences = preferences  # type: ignore[attr-defined]
        with timezone.override(zoneinfo.ZoneInfo(preferences.time_zone)):
            response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            response["Cache-Control"] = "private, no-store"
        return response
