"""The days of a list cut into the bars of a histogram: days, months or years, whichever suit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from articles.search import start_of

MOST_DAYS, MOST_MONTHS, MOST_YEARS = 31, 36, 40
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days from `first` to `last`, cut into bars: days, months or years."""

    first: date
    last: date

    @property
    def starts(self) -> list[date]:
        """The first day of every bar; the last bars where there would be too many."""
        first, last = self.first, self.last
        if (last - first).days < MOST_DAYS:
            return [first + number * ONE_DAY for number in range((last - first).days + 1)]
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        if months <= MOST_MONTHS:
            numbers = range(first.month - 1, first.month - 1 + months)
            return [date(first.year + number // 12, number % 12 + 1, 1) for number in numbers]
        return [date(year, 1, 1) for year in range(first.year, last.year + 1)][-MOST_YEARS:]

    @property
    def bars(self) -> list[tuple[date, date, str]]:
        """First day, last day and name of every bar."""
        starts = self.starts
        ends = [start - ONE_DAY for start in starts[1:]]
        ends.append(self._end(starts[-1]))
        return [(a, b, _name(a, b)) for a, b in zip(starts, ends, strict=True)]

    def _end(self, start: date) -> date:
        if (self.last - self.first).days < MOST_DAYS:
            return start
        month = 12 if self.starts[0].month == 1 and self._is_yearly else start.month
        following = date(start.year + month // 12, month % 12 + 1, 1)
        return following - ONE_DAY

    @property
    def _is_yearly(self) -> bool:
        first, last = self.first, self.last
        return (last.year - first.year) * 12 + last.month - first.month >= MOST_MONTHS

    @property
    def edges(self) -> list[datetime]:
        """The moments between the bars, in the person's time zone."""
        bars = self.bars
        return [start_of(start) for start, _, _ in bars] + [start_of(bars[-1][1] + ONE_DAY)]


def _name(first: date, last: date) -> str:
    if first == last:
        return f"{first.day} {first:%b} {first.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%b} {first.year}"
    return str(first.year)
