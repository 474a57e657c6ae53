"""The log of changes, to look at."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.admin.base import ReadOnly, TableAdmin, change_link, moment
from articles.models import HEAVY_COLUMNS, Change
from articles.spreadsheet import ChangeColumns


@admin.register(Change)
class ChangeAdmin(ReadOnly, TableAdmin):  # type: ignore[misc]  # import-export is untyped
    """Who did what, when. Newest first; nobody can add, alter or take away a line."""

    place = 6
    table = ChangeColumns
    list_display = ("when", "actor_name", "verb", "story_link", "site", "reason_short")
    list_display_links = ("when",)
    list_filter = ("verb", "site")
    list_select_related = ("site", "story")
    search_fields = ("=actor__username", "=story__id")
    search_help_text = _("A person's login name, or the number of a story.")
    sortable_by = ()
    fields = (
        "when", "actor_name", "verb", "story_link", "site", "batch", "reason", "before_text",
        "after_text", "undoes",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Change]:
        """The list loads neither values nor the text of stories."""
        changes: QuerySet[Change] = super().get_queryset(request)
        return changes.defer(*(f"story__{name}" for name in ("excerpt", *HEAVY_COLUMNS)))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The story page links to the changes of its story, a batch to its changes."""
        return lookup in {"story__id__exact", "batch"} or super().lookup_allowed(
            lookup, value, request
        )

    @admin.display(description=_("when"))
    def when(self, change: Change) -> str:
        """In the person's zone."""
        return moment(change.at)

    @admin.display(description=_("story"))
    def story_link(self, change: Change) -> str:
        """The admin's page of the story."""
        return change_link(change.story)

    @admin.display(description=_("reason"))
    def reason_short(self, change: Change) -> str:
        """At most a line."""
        return change.reason[:120]

    @admin.display(description=_("before"))
    def before_text(self, change: Change) -> SafeString:
        """The values before, as text."""
        return _values(change.before)

    @admin.display(description=_("after"))
    def after_text(self, change: Change) -> SafeString:
        """The values after, as text."""
        return _values(change.after)


def _values(values: Any) -> SafeString:
    text = json.dumps(values, indent=2, ensure_ascii=False, default=str)
    return format_html('<pre class="values">{}</pre>', text)
