"""The active filters of a list in words, each with the list without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.http import QueryDict

from articles.facets import address
from articles.filters import GROUP_SIZES, QUEUES, StoryFilter
from articles.models import Story

SPANS = (("Date", "after", "before"), ("Quality", "quality_min", "quality_max"),
         ("Heat", "heat_min", "heat_max"))  # fmt: skip
"""Two parameters that are one filter."""

NAMED = frozenset({"topic", "provider", "kind", "size", "issue", "site", "queue"})
"""Filters whose values say by themselves what they are."""

WORDS = {
    "has_image": {"yes": "with an image", "no": "without an image"},
    "has_amp": {"yes": "with an AMP page", "no": "without an AMP page"},
    "published": {"yes": "live", "no": "not live"},
    "size": dict(GROUP_SIZES),
    "queue": dict(QUEUES),
    "kind": {str(value): str(label) for value, label in Story.Kind.choices},
}


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter with the address of the list without it."""

    label: str
    url: str
    excluded: bool


@dataclass(frozen=True, slots=True)
class Chips:
    """The chips of one list; parameters named in `silent` have places of their own on the page."""

    filter: StoryFilter
    here: QueryDict
    silent: frozenset[str]

    def __iter__(self) -> Iterator[Chip]:
        spans = {name for _, *names in SPANS for name in names}
        names = Names(self.filter)
        yield from self._spans()
        for name in self.here:
            if name in self.silent or name in spans or name not in self.filter.filters:
                continue
            for value in filter(None, self.here.getlist(name)):
                yield self._chip(name, value, names.of(name.removeprefix("not_"), value))

    def _spans(self) -> Iterator[Chip]:
        for label, low, high in SPANS:
            first, last = self.here.get(low, ""), self.here.get(high, "")
            if first or last:
                words = _days(first, last) if label == "Date" else _numbers(label, first, last)
                yield Chip(words, address(self.here, drop=(low, high)), excluded=False)

    def _chip(self, name: str, value: str, words: str) -> Chip:
        plain = name.removeprefix("not_")
        label = str(self.filter.filters[name].label or name)
        is_plain = plain in NAMED or plain in WORDS
        remaining = [each for each in self.here.getlist(name) if each != value]
        given = {name: remaining} if remaining else {}
        return Chip(
            f"not {words}" if name != plain else words if is_plain else f"{label}: {words}",
            address(self.here, drop=(name,), **given),
            excluded=name != plain,
        )


@dataclass(frozen=True)
class Names:
    """What the values of filters are called."""

    filter: StoryFilter

    def of(self, name: str, value: str) -> str:
        """The name of a value; the value itself where it has none."""
        return WORDS.get(name, {}).get(value) or self._rows.get((name, value), value)

    @cached_property
    def _rows(self) -> dict[tuple[str, str], str]:
        if not self.filter.form.is_valid():
            return {}
        given = self.filter.form.cleaned_data
        return {
            (name, str(each.pk)): str(each)
            for name in ("topic", "provider")
            for parameter in (name, f"not_{name}")
            for each in given.get(parameter) or ()
        }


def _numbers(label: str, first: str, last: str) -> str:
    if first and last:
        return f"{label} {first}–{last}"
    return f"{label} {first}+" if first else f"{label} up to {last}"


def _days(first: str, last: str) -> str:
    if first and last:
        return _day(first) if first == last else f"{_day(first)} – {_day(last)}"
    return f"From {_day(first)}" if first else f"Until {_day(last)}"


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {day:%b} {day.year}"
