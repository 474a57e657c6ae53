"""Some days as charts: a period, and bars of several colours over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.calendar_bars import ONE_DAY, Calendar

LENGTHS: Mapping[str, Promise] = {
    "7": _("a week"), "28": _("four weeks"), "365": _("a year"),
}  # fmt: skip
"""How long a period may be, in days."""

USUAL = "28"
EARLIEST, LATEST = date(1971, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """Some days, cut into the bars of its charts."""

    length: str
    last: date

    @classmethod
    def asked(cls, length: str, until: str) -> Period:
        """The period of a query string; four weeks until today where it says nothing sensible."""
        try:
            last = min(max(date.fromisoformat(until), EARLIEST), LATEST)
        except ValueError:
            last = timezone.localdate()
        return cls(length if length in LENGTHS else USUAL, last)

    @property
    def first(self) -> date:
        """The first day. A year is twelve whole months."""
        if self.length != "365":
            return self.last - timedelta(days=int(self.length) - 1)
        year, month = divmod(self.last.year * 12 + self.last.month - 12, 12)
        return date(year, month + 1, 1)

    @property
    def calendar(self) -> Calendar:
        """Its days or months as bars."""
        return Calendar(self.first, self.last)

    @property
    def before(self) -> Period:
        """The period of the same length that ends where this one begins."""
        return Period(self.length, max(self.first - ONE_DAY, EARLIEST))

    @property
    def after(self) -> Period | None:
        """The period of the same length that follows; None for one that reaches today."""
        if self.last >= timezone.localdate():
            return None
        return Period(self.length, min(self.last + (self.last - self.first) + ONE_DAY, LATEST))

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Its first moment, and the first moment after it."""
        edges = self.calendar.edges
        return edges[0], edges[-1]


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart: its name, its words, and how many in all."""

    name: str
    label: str
    total: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One day or month: how many of each series, in their order."""

    label: str
    url: str
    parts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.parts)


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of several colours."""

    series: list[Series]
    bars: list[Bar]

    @property
    def highest(self) -> int:
        """The longest bar."""
        return max((bar.total for bar in self.bars), default=0)

    @property
    def total(self) -> int:
        """Everything in the chart."""
        return sum(each.total for each in self.series)

    @property
    def ending(self) -> str:
        """The name of the last bar."""
        return self.bars[-1].label
