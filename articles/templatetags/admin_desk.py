"""Template tags of the admin's own pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList

register = template.Library()


@register.inclusion_tag("admin/articles/period_links.html")
def period_links(changelist: ChangeList) -> dict[str, Any]:
    """The calendar of a list that has one among its filters."""
    for spec in changelist.filter_specs:
        if getattr(spec, "is_period", False):
            return {"steps": list(spec.steps(changelist))}  # type: ignore[attr-defined]
    return {"steps": []}
