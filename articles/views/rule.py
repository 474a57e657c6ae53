"""The heat rule of a site, tried out before it is changed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.http import whole_number
from articles.models import Site
from articles.rules import HeatRule
from articles.simulation import simulate
from articles.views.permissions import chiefs_only

HIGHEST = 10_000


@require_safe
@chiefs_only
def rule_simulation(request: HttpRequest) -> HttpResponse:
    """Which stories another weight, floor or threshold would hide and show."""
    sites = list(Site.objects.all())
    slug = request.GET.get("site", "")
    site = get_object_or_404(Site, slug=slug) if slug else (sites[0] if sites else None)
    wanted = _wanted(request, site.rule) if site else None
    context = {
        "site": site,
        "sites": sites,
        "wanted": wanted,
        "found": simulate(site, wanted) if site and wanted else None,
        "highest": HIGHEST,
    }
    return render(request, "articles/rule_simulation.html", context)


def _wanted(request: HttpRequest, rule: HeatRule) -> HeatRule:
    """The rule of the form; what it leaves out is as the site has it."""
    given = [whole_number(request.GET, name) for name in ("weight", "floor", "threshold")]
    now = (rule.related_weight, rule.quality_floor, rule.publish_threshold)
    return HeatRule(
        *(old if new is None else min(new, HIGHEST) for new, old in zip(given, now, strict=True))
    )
