"""Filters of the admin's lists that an index serves."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from articles.models import Story

FIRST_YEAR = 1995
"""Older dates are mistakes of a file: found by the filter "with issues", not by year."""

_PERIOD = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)


class PeriodFilter(admin.SimpleListFilter):
    """Year, month, day, as a row of links above the list.

    Django's own date hierarchy reads the whole table for its links; this one asks for the oldest
    and the newest story, which are the two ends of an index, and offers the calendar between.
    """

    title = _("date")
    parameter_name = "when"
    template = "admin/articles/period_in_sidebar.html"
    is_period = True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The next finer step below the chosen period."""
        period = self._read(self._given())
        if len(period) == 0:
            return [(str(year), str(year)) for year in self._years()]
        if len(period) == 1:
            months = (datetime(period[0], month, 1, tzinfo=UTC) for month in range(1, 13))
            return [(f"{m:%Y-%m}", str(date_format(m, "F"))) for m in months]
        days = calendar.monthrange(period[0], period[1])[1]
        first = datetime(period[0], period[1], 1, tzinfo=UTC)
        steps = (first + timedelta(days=n) for n in range(days))
        return [(f"{day:%Y-%m-%d}", str(day.day)) for day in steps]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Stories the provider published in the period, in the person's zone."""
        period = self._read(self.value() or "")
        if not period:
            return queryset
        start, end = (timezone.make_aware(edge) for edge in _edges(period))
        return queryset.filter(listed_at__gte=start, listed_at__lt=end)

    def steps(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        """Links upwards, then the finer steps."""
        parts = (self.value() or "").split("-") if self.value() else []
        for length in range(len(parts)):
            text = "-".join(parts[:length])
            link = changelist.get_query_string(
                {self.parameter_name: text} if text else {}, [self.parameter_name]
            )
            yield {"link": link, "title": text or _("All dates"), "is_back": True}
        for value, title in self.lookup_choices:
            link = changelist.get_query_string({self.parameter_name: value})
            yield {"link": link, "title": title, "is_here": value == self.value()}

    def _given(self) -> str:
        return str(self.used_parameters.get(self.parameter_name) or "")

    def _read(self, text: str) -> tuple[int, ...]:
        if not text:
            return ()
        match = _PERIOD.fullmatch(text)
        period = tuple(int(part) for part in match.groups() if part) if match else ()
        try:
            _edges(period)
        except (ValueError, OverflowError, IndexError) as error:
            raise IncorrectLookupParameters from error
        return period

    def _years(self) -> list[int]:
        stories = Story.objects.filter(listed_at__gte=datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))
        stories = stories.filter(listed_at__lt=timezone.now() + timedelta(days=366))
        ends = [
            stories.order_by(key).values_list("listed_at", flat=True).first()
            for key in ("-listed_at", "listed_at")
        ]
        newest, oldest = ends
        return [*range(newest.year, oldest.year - 1, -1)] if newest and oldest else []


def _edges(period: tuple[int, ...]) -> tuple[datetime, datetime]:
    """First moment of a period and of the next one, without a zone; ValueError for 30 February."""
    year, month, day = (*period, 1, 1)[:3] if len(period) < 3 else period
    start = datetime(year, month, day)  # noqa: DTZ001  # made aware in the person's zone
    if len(period) == 3:
        return start, start + timedelta(days=1)
    if len(period) == 2:
        return start, start + timedelta(days=calendar.monthrange(year, month)[1])
    return start, start.replace(year=year + 1)


class ConditionFilter(admin.SimpleListFilter):
    """One of several named conditions."""

    conditions: ClassVar[dict[str, tuple[Any, Q]]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The conditions by name."""
        return [(name, label) for name, (label, _condition) in self.conditions.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The chosen one."""
        value = self.value()
        if value is None:
            return queryset
        if value not in self.conditions:
            raise IncorrectLookupParameters
        return queryset.filter(self.conditions[value][1])


class LiveFilter(ConditionFilter):
    """Live or not, in the spelling that SQLite serves from an index."""

    title = _("visibility")
    parameter_name = "live"
    conditions: ClassVar = {
        "yes": (_("live"), Q(published__in=[True])),
        "no": (_("not live"), Q(published__in=[False])),
    }


class AttentionFilter(ConditionFilter):
    """What wants somebody's attention; each is a small index of its own."""

    title = _("attention")
    parameter_name = "attention"
    conditions: ClassVar = {
        "issues": (_("with issues"), Q(issue_count__gt=0)),
        "pending": (_("to be written"), Q(pending=True)),
        "conflict": (_("in conflict"), Q(conflict=True)),
    }
