"""Insight: the desk in numbers over some days."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.charts import LENGTHS, Period
from articles.http import site_named
from articles.insight import Insight
from articles.models import Site


@require_safe
def insight(request: HttpRequest) -> HttpResponse:
    """What came in, what was decided, from whom, on what and how fast."""
    period = Period.asked(request.GET.get("days", ""), request.GET.get("until", ""))
    found = Insight(period, site_named(request.GET.get("site", "")))
    newest = found.newest if found.intake and not found.intake.total else None
    context = {
        "insight": found,
        "period": period,
        "lengths": LENGTHS.items(),
        "sites": list(Site.objects.all()),
        "before_url": found.address(period.before),
        "after_url": found.address(period.after) if period.after else "",
        "newest": newest,
        "newest_url": found.address(Period(period.length, newest)) if newest else "",
    }
    return render(request, "articles/insight.html", context)
