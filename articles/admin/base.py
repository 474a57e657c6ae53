"""What every page of the admin shares: lists that cost the same at any size, and no surprises."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from import_export.admin import ExportMixin
from import_export.forms import ExportForm

from articles import spreadsheet

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[Any]
    BasePaginator = Paginator[Any]
else:
    BaseAdmin, BasePaginator = admin.ModelAdmin, Paginator

COUNT_LIMIT = 10_000
"""The admin counts and pages so far; beyond it says "more than" and a filter helps."""

LONGEST_HEADLINE = 160

TABLE = "admin/edit_inline/named_tabular.html"
"""The template of inlines: Django's, without heads that head nothing."""


class CappedPaginator(BasePaginator):
    """Counts at most COUNT_LIMIT rows: the rest of a table of a million is not looked at."""

    @cached_property
    def count(self) -> int:
        """The rows that can be paged through."""
        return min(self._looked_at, COUNT_LIMIT)

    @cached_property
    def is_capped(self) -> bool:
        """Whether there are more rows than `count`."""
        return self._looked_at > COUNT_LIMIT

    @cached_property
    def _looked_at(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        return rows.order_by()[: COUNT_LIMIT + 1].count()


class DeskAdmin(BaseAdmin):
    """Pages of 50 rows, one capped count, no facets (they would count every filter)."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 200
    place = 50
    """Where the list stands among the others; small numbers first."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The list under its own name, not "Select … to change"."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """The object's own page on the desk, without a detour."""
        if obj is None or not hasattr(obj, "get_absolute_url"):
            return None
        return str(obj.get_absolute_url())


class ReadOnly:
    """Looked at, never written: not even by superusers."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


class TableAdmin(ExportMixin, DeskAdmin):  # type: ignore[misc]  # its mixins are untyped
    """Download of the filtered list as CSV or XLSX, for whoever may see it."""

    export_form_class = ExportForm  # type: ignore[assignment]  # no field picker: it runs inline scripts
    table: type[spreadsheet.Columns]

    def get_export_formats(self) -> list[type]:
        """The two formats that hold no formulas."""
        return [*spreadsheet.FORMATS]

    def get_export_resource_classes(self, request: HttpRequest) -> list[type]:
        """The one table of this list."""
        return [self.table]

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Who may see the rows may take them away."""
        return bool(self.has_view_permission(request))

    def get_valid_export_item_pks(self, request: HttpRequest) -> list[str]:
        """Rows are chosen by the list's filters alone."""
        return []

    def get_export_data(
        self, file_format: Any, request: HttpRequest, queryset: QuerySet[Any], **kwargs: Any
    ) -> Any:
        """The file, or a ValueError with a sentence when it would be too long."""
        limit = spreadsheet.MAX_ROWS
        if queryset.order_by()[: limit + 1].count() > limit:
            text = _("More than %(limit)s rows: narrow the filters and take them in parts.")
            raise ValueError(text % {"limit": f"{limit:,}"})
        return super().get_export_data(  # type: ignore[no-untyped-call]
            file_format, request, queryset, **kwargs
        )


def moment(value: datetime | None) -> str:
    """An instant in the person's zone; UTC where the zone's calendar ends (years 1 and 9999)."""
    if value is None:
        return "–"
    try:
        local = timezone.localtime(value)
    except (OverflowError, ValueError):
        local = value
    return str(date_format(local, "j M Y, H:i"))


def headline(title: str) -> str:
    """A headline cut to what a list can show; its direction stays within it."""
    text = title or _("(no title)")
    if len(text) > LONGEST_HEADLINE:
        text = f"{text[:LONGEST_HEADLINE]}…"
    return format_html("<bdi>{}</bdi>", text)


def change_link(obj: Any, text: str = "") -> str:
    """A link to the admin's page of an object."""
    if obj is None:
        return "–"
    name = f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change"
    return format_html(
        '<a href="{}">{}</a>', reverse(name, args=[obj.pk]), headline(text or str(obj))
    )
