"""The editors' manual inside the desk: short pages with pictures."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

PAGES: Mapping[str, Promise] = {
    "start": _("Start"),
    "morning": _("The morning in ten minutes"),
    "words": _("The words"),
    "keys": _("Keys"),
    "searching": _("Searching and filtering"),
    "story": _("One story"),
    "coverage": _("Coverage"),
    "heat": _("Heat explained"),
    "repair": _("Needs repair"),
    "undo": _("Undo and activity"),
    "releases": _("Conflicts and releases"),
    "chiefs": _("For chiefs"),
}
"""The pages in the order in which one reads them; each is `articles/help/<name>.html`."""


@require_safe
def help_page(request: HttpRequest, name: str = "start") -> HttpResponse:
    """One page of the manual."""
    if name not in PAGES:
        raise Http404("The manual has no such page.")
    names = list(PAGES)
    at = names.index(name)
    context = {
        "pages": PAGES.items(),
        "name": name,
        "title": PAGES[name],
        "before": names[at - 1] if at else "",
        "after": names[at + 1] if at + 1 < len(names) else "",
        "before_title": PAGES.get(names[at - 1]) if at else "",
        "after_title": PAGES[names[at + 1]] if at + 1 < len(names) else "",
    }
    return render(request, f"articles/help/{name}.html", context)
