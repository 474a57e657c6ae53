"""The time machine: a site's front page on any day of its repository's history."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.forms import FIRST_DAY, FrontPageForm
from articles.front_history import ONE_DAY, Asked, page_then
from articles.models import Site
from articles.stores import StoreError


@require_safe
def front_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The front page as it was at the end of a day, or in a commit, and what came and went."""
    site = get_object_or_404(Site, slug=slug)
    form = FrontPageForm(request.GET)
    context: dict[str, Any] = {"site": site, "form": form, "past": None}
    if form.is_valid():
        context |= _shown(site, form.cleaned_data)
    status = 200 if form.is_valid() else 422
    return render(request, "articles/front_page.html", context, status=status)


def _shown(site: Site, wanted: dict[str, Any]) -> dict[str, Any]:
    today = timezone.localdate()
    asked = Asked(wanted["date"] or today, wanted["commit"], wanted["against"])
    form = FrontPageForm(initial={"date": asked.day, "against": asked.against})
    try:
        past = page_then(site, asked)
    except StoreError as error:
        return {"form": form, "reason": str(error)}
    if past is None:
        return {"form": form, "no_history": True}
    form.initial["date"] = past.day
    return {
        "form": form,
        "past": past,
        "by_commit": bool(asked.commit),
        "is_today": past.day >= today and not asked.commit,
        "day_before": past.day - ONE_DAY if past.point and past.day > FIRST_DAY else None,
        "day_after": past.day + ONE_DAY if past.day < today else None,
    }
