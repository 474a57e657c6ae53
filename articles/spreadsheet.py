"""Stories as a table for a spreadsheet: CSV and XLSX that hold text, never formulas.

A headline may begin with `=cmd|...`: a spreadsheet would run it. Such a text gets an apostrophe in
front, which spreadsheets show or hide but never run; `original_text` takes it off again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from import_export.formats import base_formats
from import_export.resources import Resource
from tablib.core import Dataset

from articles.models import HEAVY_COLUMNS, Story, StoryTopic

MAX_ROWS = 10_000
"""So many stories go into one table; who wants more narrows the filters and takes two."""

FORMULA_STARTS = frozenset("=+-@")
"""What makes a spreadsheet calculate; full-width and other look-alikes count as well (NFKC)."""

_SKIPPED = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2069\ufeff]*")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might take a text for a formula or split it at its first character.

    Spaces and invisible characters in front are skipped, as some importers trim them.
    """
    if text[:1] in {"\t", "\r", "\n"}:
        return True
    first = text[_SKIPPED.match(text).end() :][:1]  # type: ignore[union-attr]  # matches always
    return bool(first) and unicodedata.normalize("NFKC", first)[0] in FORMULA_STARTS


def safe_cell(value: Any) -> Any:
    """A value as a cell: numbers stay numbers, a text that might run gets an apostrophe."""
    if not isinstance(value, str):
        return value
    return f"'{value}" if is_formula(value.lstrip("'")) else value


def original_text(cell: str) -> str:
    """The text a cell was made of."""
    return cell[1:] if cell.startswith("'") and is_formula(cell.lstrip("'")) else cell


def _safe(dataset: Dataset) -> Dataset:
    return _mapped(dataset, safe_cell)


def _mapped(dataset: Dataset, change: Callable[[Any], Any]) -> Dataset:
    rows = ([change(cell) for cell in dataset[number]] for number in range(dataset.height))
    return Dataset(*rows, headers=dataset.headers, title="Newsdesk")


class SafeCSV(base_formats.CSV):
    """CSV without formulas, marked as UTF-8 so that Excel reads it as such."""

    def export_data(self, dataset: Dataset, **kwargs: Any) -> str:
        """The text of the file."""
        text: str = _safe(dataset).export("csv", **kwargs)
        return f"\ufeff{text}"

    def get_content_type(self) -> str:
        """With the encoding."""
        return "text/csv; charset=utf-8"


class SafeXLSX(base_formats.XLSX):
    """XLSX without formulas; characters that XML forbids become U+FFFD."""

    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        """The bytes of the file."""
        data: bytes = _mapped(_safe(dataset), self._storable).export("xlsx")
        return data

    @staticmethod
    def _storable(cell: Any) -> Any:
        return _NOT_IN_XML.sub("\ufffd", cell) if isinstance(cell, str) else cell


FORMATS = [SafeCSV, SafeXLSX]


def in_utc(moment: datetime | None) -> str:
    """An instant as text that sorts: spreadsheets know no years before 1900 and no zones."""
    if moment is None:
        return ""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", timespec="seconds")


def yes_no(value: object) -> str:
    """A flag as a word."""
    return "yes" if value else "no"


class Columns(Resource):
    """A table of named columns, each a function of a row."""

    columns: ClassVar[Mapping[str, Callable[[Any], Any]]] = {}

    @classmethod
    def get_display_name(cls) -> str:
        """The library's name of a table; there is one a list, so nobody chooses."""
        return cls.__name__

    def get_user_visible_fields(self) -> list[Any]:
        """None: the columns are fixed."""
        return []

    def export(self, queryset: Any = None, **kwargs: Any) -> Dataset:
        """The table of a queryset, of at most MAX_ROWS rows."""
        rows = ([value(row) for value in self.columns.values()] for row in self._rows(queryset))
        return Dataset(*rows, headers=list(self.columns))

    def _rows(self, queryset: QuerySet[Any]) -> Iterable[Any]:
        return queryset[:MAX_ROWS].iterator(chunk_size=1000)


class StoryColumns(Columns):
    """A story. The opaque `secured` value and the body are not among its columns."""

    columns: ClassVar = {
        "id": lambda s: s.pk,
        "site": lambda s: s.site.slug,
        "file": lambda s: s.path or "",
        "headline": lambda s: s.title,
        "excerpt": lambda s: s.excerpt,
        "type": lambda s: s.kind,
        "published by provider (UTC)": lambda s: in_utc(s.published_at),
        "provider": lambda s: s.provider_name,
        "domain": lambda s: s.provider_domain,
        "article": lambda s: s.web_url,
        "original article": lambda s: s.original_url,
        "AMP page": lambda s: s.amp_url,
        "cached AMP page": lambda s: s.cdn_amp_url,
        "topics": lambda s: ", ".join(str(topic) for topic in s.story_topics.all()),
        "quality": lambda s: s.quality,
        "heat": lambda s: s.heat,
        "live": lambda s: yes_no(s.published),
        "removed": lambda s: yes_no(s.removed),
        "queue": lambda s: s.get_queue_display(),
        "lead": lambda s: yes_no(s.is_lead),
        "related": lambda s: s.related_count,
        "group": lambda s: s.coverage_id,
        "decision": lambda s: s.decision,
        "decided by": lambda s: s.decided_by.get_username() if s.decided_by else "",
        "decided (UTC)": lambda s: in_utc(s.decided_at),
        "reason": lambda s: s.decision_reason,
        "issues": lambda s: s.issue_count,
        "to be written": lambda s: yes_no(s.pending),
    }

    def _rows(self, queryset: QuerySet[Any]) -> Iterable[Story]:
        topics = Prefetch("story_topics", StoryTopic.objects.select_related("topic"))
        stories = queryset.defer(None).select_related("site", "decided_by").defer(*HEAVY_COLUMNS)
        return super()._rows(stories.prefetch_related(topics))


class ProviderColumns(Columns):
    """A publisher."""

    columns: ClassVar = {
        "id": lambda p: p.pk,
        "name": lambda p: p.name,
        "domain": lambda p: p.domain,
        "description": lambda p: p.description,
    }


class TopicColumns(Columns):
    """A topic."""

    columns: ClassVar = {
        "id": lambda t: t.pk,
        "site": lambda t: t.site.slug,
        "name": lambda t: t.name,
        "slug": lambda t: t.slug,
        "parent": lambda t: t.parent.name if t.parent else "",
        "keywords": lambda t: ", ".join(map(str, t.keywords)),
        "hashtags": lambda t: ", ".join(map(str, t.hashtags)),
        "position": lambda t: t.position,
        "has a feed": lambda t: yes_no(t.is_listed),
    }

    def _rows(self, queryset: QuerySet[Any]) -> Iterable[Any]:
        return super()._rows(queryset.select_related("site", "parent"))


class ChangeColumns(Columns):
    """A line of the log, without the values before and after."""

    columns: ClassVar = {
        "id": lambda c: c.pk,
        "at (UTC)": lambda c: in_utc(c.at),
        "who": lambda c: c.actor_name,
        "what": lambda c: c.get_verb_display(),
        "site": lambda c: c.site.slug,
        "story": lambda c: c.story_id,
        "headline": lambda c: c.story.title if c.story else "",
        "reason": lambda c: c.reason,
        "batch": lambda c: str(c.batch or ""),
        "undoes": lambda c: c.undoes_id,
    }

    def _rows(self, queryset: QuerySet[Any]) -> Iterable[Any]:
        rows = queryset.defer(None).select_related("site", "story")
        changes = rows.defer("before", "after", "story__body", "story__excerpt", "story__extras")
        return super()._rows(changes)
