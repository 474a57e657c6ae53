"""Pages of a list by keyset: page 10,000 costs what page 1 costs, and nothing is skipped or shown
twice when stories arrive meanwhile.

A place in a list is the sort value and the id of a row, written as a readable token
(`after~2026-01-31T08:00:00+00:00~812`). Every order ends in the id, so places are unique.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from django.db.models import QuerySet

PAGE_SIZE = 50
COUNT_LIMIT = 1_000
WHOLE_NUMBERS = range(-(2**31), 2**31)
"""What the sorted columns can hold."""


@dataclass(frozen=True, slots=True)
class Order:
    """A way to sort stories: a stored column that is never NULL, then the id."""

    name: str
    label: str
    column: str
    descending: bool = True

    @property
    def by(self) -> tuple[str, str]:
        """Arguments for `order_by`."""
        sign = "-" if self.descending else ""
        return f"{sign}{self.column}", f"{sign}id"

    @property
    def is_by_date(self) -> bool:
        """Whether stories stand in the order of their dates."""
        return self.column == "listed_at"

    @property
    def backwards(self) -> Order:
        """The same order read from its end."""
        return Order(self.name, self.label, self.column, not self.descending)

    def read_value(self, text: str) -> datetime | int:
        """A sort value from a token; raises ValueError."""
        if self.is_by_date:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise ValueError(text)
            return moment.astimezone(UTC)
        value = int(text)
        if value not in WHOLE_NUMBERS:
            raise ValueError(text)
        return value


ORDERS: Mapping[str, Order] = {
    order.name: order
    for order in (
        Order("newest", "Newest first", "listed_at"),
        Order("oldest", "Oldest waiting first", "listed_at", descending=False),
        Order("hottest", "Hottest first", "heat_rank"),
        Order("best", "Best quality first", "quality_rank"),
        Order("biggest", "Biggest group first", "related_count"),
    )
}
DEFAULT_ORDER = "newest"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after or before the row with this sort value and id.

    `value` is a date in UTC or a whole number, as the order has it.
    """

    side: Literal["after", "before"]
    value: datetime | int
    id: int

    def __str__(self) -> str:
        value = self.value.isoformat() if isinstance(self.value, datetime) else str(self.value)
        return f"{self.side}~{value}~{self.id}"


class UnknownPlaceError(ValueError):
    """A token that names no place in this order."""


def read_place(token: str, order: Order) -> Place | None:
    """The place a token names, None for the beginning; raises UnknownPlaceError."""
    if not token:
        return None
    try:
        side, value, pk = token.split("~")
        if side not in {"after", "before"}:
            raise ValueError(side)
        if not 0 <= int(pk) < 2**63:
            raise ValueError(pk)
        return Place("before" if side == "before" else "after", order.read_value(value), int(pk))
    except (ValueError, OverflowError) as error:
        raise UnknownPlaceError(token) from error


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows, with the tokens of its neighbours (empty where there is none)."""

    rows: list[dict[str, Any]]
    next_token: str
    previous_token: str

    @property
    def ids(self) -> list[int]:
        """The ids of the rows, in order."""
        return [row["id"] for row in self.rows]


def page_of(rows: list[dict[str, Any]], order: Order, place: Place | None, size: int) -> Page:
    """A page from at most `size + 1` rows, read from `place` on in its direction.

    The row beyond `size` is not shown; it says that the list goes on.
    """
    backwards = place is not None and place.side == "before"
    is_more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page([], "", "")
    has_next = True if backwards else is_more
    has_previous = is_more if backwards else place is not None
    return Page(
        rows,
        str(place_of(rows[-1], order, "after")) if has_next else "",
        str(place_of(rows[0], order, "before")) if has_previous else "",
    )


def place_of(row: dict[str, Any], order: Order, side: Literal["after", "before"]) -> Place:
    """The place right after or before a row."""
    return Place(side, row[order.column], row["id"])


@dataclass(frozen=True, slots=True)
class Count:
    """A number that is exact up to a limit and honest beyond it: `1,000+`."""

    number: int
    is_exact: bool

    def __str__(self) -> str:
        return f"{self.number:,}" if self.is_exact else f"{self.number:,}+"


def capped(number: int, limit: int = COUNT_LIMIT) -> Count:
    """A count of at most `limit + 1` rows as a `Count`."""
    return Count(min(number, limit), number <= limit)


def count_up_to(stories: QuerySet[Any], limit: int = COUNT_LIMIT) -> Count:
    """How many stories there are, looking at no more than `limit + 1`."""
    return capped(stories.order_by().values("id")[: limit + 1].count(), limit)
