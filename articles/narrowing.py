"""The filters of the left pane: every value with the number of stories it leads to.

Each filter is counted without its own values, so that the numbers say what another choice would
give. Values can be included and excluded; dates, qualities and heats are histograms whose bars
lead to their span.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal

from django.http import QueryDict
from django.utils import timezone

from articles import prepared, tallies
from articles.calendar_bars import ONE_DAY, Calendar
from articles.facets import SpanLinks, ToggleLinks
from articles.filters import GROUP_SIZES, StoryFilter
from articles.models import Provider, Site, Story
from articles.pagination import Count
from articles.prepared import Prepared
from articles.selection import Selection
from articles.tallies import MOST_SHOWN

PROVIDERS_SHOWN = 20
EARLIEST, LATEST = date(1971, 1, 1), date(2200, 1, 1)

Shape = Literal["ticks", "links", "dates", "numbers"]

OWN: Mapping[str, tuple[str, ...]] = {
    "date": ("after", "before"),
    "quality": ("quality_min", "quality_max"),
    "heat": ("heat_min", "heat_max"),
    **{
        name: (name, f"not_{name}")
        for name in (
            "topic", "provider", "kind", "size", "site", "issue", "published", "has_image",
            "has_amp",
        )
    },
}  # fmt: skip
"""The parameters of each filter: it is counted without them."""

FIELDS = frozenset(
    {"q", "sort", "topic", "provider", "kind", "size", "issue", *OWN["date"], *OWN["quality"],
     *OWN["heat"]}
)  # fmt: skip
"""What the form of the pane has fields for; everything else in an address stays as it is."""

UNFOLDING = frozenset({"provider", "kind", "issue"})
"""Filters that show members of groups too (`StoryFilter.folds_members`)."""

SITES = Prepared(lambda: Site.objects.values_list("pk", "slug", "title"))
PROVIDERS = Prepared(
    lambda: (
        Provider.objects.filter(pk__in=prepared.ids())
        .order_by()
        .values_list("pk", "name", "domain")
    )
)
"""What values are called."""

YES_NO = {
    "published": ("Live", "live", "not live"),
    "has_image": ("Image", "with an image", "without"),
    "has_amp": ("AMP", "with an AMP page", "without"),
}


@dataclass(slots=True)
class FacetValue:
    """One value of a filter: what it is called, how many stories it has, where it leads.

    A page holds hundreds of them; frozen, each would take three times as long to make.
    """

    value: str
    label: str
    count: Count
    selected: bool = False
    excluded: bool = False
    url: str = ""
    exclude_url: str = ""


@dataclass(frozen=True, slots=True)
class Bin:
    """A bar of a histogram: its span in words, its count, and the list of it alone."""

    label: str
    count: Count
    url: str
    included: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter of the left pane: values to tick or to follow, or a span with its histogram."""

    name: str
    label: str
    shape: Shape
    open: bool
    values: list[FacetValue] = field(default_factory=list)
    bins: list[Bin] = field(default_factory=list)
    words: str = ""
    low: str = ""
    high: str = ""
    low_value: str = ""
    high_value: str = ""

    @property
    def span(self) -> str:
        """The span that is chosen; without one, that of the bars which stand for stories."""
        low, high = self.low_value, self.high_value
        if low or high:
            return f"{low} – {high}" if low and high else f"from {low}" if low else f"to {high}"
        shown = [each.label for each in self.bins if each.count.number]
        if not shown:
            return "no stories"
        first, last = shown[0], shown[-1]
        if self.shape == "dates" and first[-4:] == last[-4:]:
            first = first[:-4].rstrip() or first
        return last if len(shown) == 1 else f"{first} – {last}"

    @property
    def is_long(self) -> bool:
        """Whether the values scroll in a box of their own."""
        return len(self.values) > 9


class Narrowing:
    """How one list can be narrowed. The number of queries does not depend on the stories."""

    def __init__(self, chosen: StoryFilter, parameters: QueryDict, *, counted: bool = True) -> None:
        """Nothing is counted where `counted` is false: the database has no time for it."""
        self.filter = chosen
        self.here = parameters
        self.counted = counted
        self._selections: dict[tuple[str, bool], Selection] = {}
        self._samples: dict[tuple[str, bool], tallies.Sample] = {}

    @cached_property
    def facets(self) -> list[Facet]:
        """All filters, in the order of the pane."""
        return [
            self._dates(),
            self._numbers("quality", "Quality", tallies.QUALITY_STEP, tallies.QUALITY_TOP),
            self._numbers("heat", "Heat", tallies.HEAT_STEP, tallies.HEAT_TOP),
            self._topics(),
            self._ticks("provider", "Provider", self._provider_names(), is_open=True),
            self._ticks("kind", "Type", _words(Story.Kind.choices), is_open=True),
            self._ticks("size", "Group size", _words(GROUP_SIZES)),
            *(self._yes_no(name) for name in YES_NO),
            self._sites(),
            self._ticks("issue", "Issues", {code: code for code in self._values("issue")}),
        ]

    def _is_active(self, name: str) -> bool:
        return any(self.here.get(each) for each in OWN[name])

    def _key(self, name: str) -> tuple[str, bool]:
        """Filters that are not in use, and fold alike, are counted in the same stories."""
        return name if self._is_active(name) else "", self._unfolds(name)

    def _selection(self, name: str) -> Selection:
        key = self._key(name)
        if key not in self._selections:
            found = self.filter.selection(without=OWN[name], unfolded=name in UNFOLDING)
            self._selections[key] = found
        return self._selections[key]

    def _sample(self, name: str) -> tallies.Sample:
        """The counts for one filter; filters that are not in use share theirs."""
        if not self.counted:
            return tallies.Sample()
        key = self._key(name)
        if key not in self._samples:
            self._samples[key] = tallies.sample(self._selection(name), self._sampled(name))
        return self._samples[key]

    def _sampled(self, name: str) -> list[str]:
        """The filters that are counted together with one, and so share its sample."""
        if self._is_active(name):
            return [name]
        apart = {"topic"} if tallies.are_topics_indexed(self._selection("topic")) else set()
        return [
            each
            for each in tallies.SAMPLED
            if each not in apart
            and not self._is_active(each)
            and self._unfolds(each) == self._unfolds(name)
        ]

    def _unfolds(self, name: str) -> bool:
        return name in UNFOLDING and self.filter.folds_members

    def _values(self, name: str) -> list[str]:
        """The values of a filter that occur, and those that are chosen."""
        chosen = [*self.here.getlist(name), *self.here.getlist(f"not_{name}")]
        return list(dict.fromkeys([*self._sample(name).values(name), *filter(None, chosen)]))

    def _ticks(
        self, name: str, label: str, names: Mapping[str, str], *, is_open: bool = False
    ) -> Facet:
        counts = {value: self._sample(name).count(name, value) for value in names}
        return self._choice(name, label, names, counts, is_open=is_open)

    def _choice(
        self,
        name: str,
        label: str,
        names: Mapping[str, str],
        counts: Mapping[str, Count],
        *,
        is_open: bool = False,
    ) -> Facet:
        """A filter whose values can be included and excluded; chosen ones are always offered."""
        chosen, unwanted = set(self.here.getlist(name)), set(self.here.getlist(f"not_{name}"))
        links = ToggleLinks(self.here, f"not_{name}")
        values: list[FacetValue] = []
        for value in sorted(names, key=lambda each: (-counts[each].number, names[each])):
            count, selected, excluded = counts[value], value in chosen, value in unwanted
            if selected or excluded or (count.number and len(values) < MOST_SHOWN):
                except_this = links.toggled(value)
                values.append(
                    FacetValue(value, names[value], count, selected, excluded, "", except_this)
                )
        return Facet(name, label, "ticks", is_open or self._is_active(name), values)

    def _topics(self) -> Facet:
        """The topics of the selected stories, those of its site first of all."""
        if not self.counted:
            return self._ticks("topic", "Topic", self._chosen_rows("topic"), is_open=True)
        selection = self._selection("topic")
        chosen = [*self.here.getlist("topic"), *self.here.getlist("not_topic")]
        numbers = {int(value) for value in chosen if is_number(value)}
        found = tallies.topics_by_index(selection, numbers)
        if found is None:
            pks = [int(value) for value in self._values("topic") if is_number(value)]
            names = tallies.topic_names(pks, selection.site_id)
            sample = self._sample("topic")
            found = {pk: (name, sample.count("topic", str(pk))) for pk, name in names.items()}
        labels = {str(pk): name for pk, (name, _) in found.items()}
        counts = {str(pk): count for pk, (_, count) in found.items()}
        return self._choice("topic", "Topic", labels, counts, is_open=True)

    def _provider_names(self) -> dict[str, str]:
        if not self.counted:
            return self._chosen_rows("provider")
        chosen = [*self.here.getlist("provider"), *self.here.getlist("not_provider")]
        wanted = [*self._sample("provider").values("provider")[:PROVIDERS_SHOWN], *chosen]
        known = PROVIDERS.ask(ids=prepared.listed(int(pk) for pk in wanted if is_number(pk)))
        return {str(pk): name or domain for pk, name, domain in known}

    def _chosen_rows(self, name: str) -> dict[str, str]:
        """The values that are chosen, by the names that the form knows already."""
        form = self.filter.form
        given = form.cleaned_data if form.is_valid() else {}
        rows = (each for parameter in OWN[name] for each in given.get(parameter) or ())
        return {str(each.pk): str(each) for each in rows}

    def _sites(self) -> Facet:
        """Sites stand in the address by their slug."""
        sites = SITES.ask() if self.counted else []
        known = {str(pk): (slug, title or slug) for pk, slug, title in sites}
        sample = self._sample("site")
        names = dict(known.values())
        counts = {slug: sample.count("site", pk) for pk, (slug, _) in known.items()}
        facet = self._choice("site", "Site", names, counts, is_open=len(names) > 1)
        links = ToggleLinks(self.here, "site", single=True)
        for value in facet.values:
            value.url = links.toggled(value.value)
        return replace(facet, shape="links")

    def _yes_no(self, name: str) -> Facet:
        label, *words = YES_NO[name]
        links, chosen = ToggleLinks(self.here, name, single=True), self.here.get(name)
        sample = self._sample(name)
        values = [
            FacetValue(
                value, word, sample.count(name, value), chosen == value, False, links.toggled(value)
            )
            for value, word in zip(("yes", "no"), words, strict=True)
            if self.counted
        ]
        return Facet(name, label, "links", self._is_active(name), values)

    def _numbers(self, name: str, label: str, step: int, top: int) -> Facet:
        """A span of numbers; a bar for each step, the last one for everything from the top on."""
        sample, (low, high) = self._sample(name), OWN[name]
        span = _number(self.here.get(low)), _number(self.here.get(high))
        links = SpanLinks(self.here, OWN[name])
        bins = []
        for start in range(0, top + 1, step):
            end = start + step - 1 if start < top else None
            words = f"{start}–{end}" if end is not None else f"{start} or more"
            ends = {low: str(start), high: "" if end is None else str(end)}
            count, included = sample.count(name, str(start)), _within(start, end, span)
            bins.append(self._bin(links, words, count, ends, included))
        return self._span(name, label, "numbers", bins, sample.is_complete)

    def _bin(
        self, links: SpanLinks, words: str, count: Count, ends: dict[str, str], included: bool
    ) -> Bin:
        """A bar; a second click on the only chosen one takes the filter away."""
        is_chosen = all(self.here.get(name, "") == value for name, value in ends.items())
        given = {} if is_chosen else {name: value for name, value in ends.items() if value}
        return Bin(words, count, links.to(given), included)

    def _span(
        self, name: str, label: str, shape: Shape, bins: list[Bin], is_complete: bool
    ) -> Facet:
        low, high = OWN[name]
        return Facet(
            name,
            label,
            shape,
            open=name == "date" or self._is_active(name),
            bins=bins if any(each.count.number for each in bins) else [],
            words=_summary(label, bins, is_complete),
            low=low,
            high=high,
            low_value=self.here.get(low, ""),
            high_value=self.here.get(high, ""),
        )

    def _dates(self) -> Facet:
        """Days, months or years, whichever suit the span of the dates chosen, or of the stories."""
        first, last = (_day(self.here.get(name)) for name in OWN["date"])
        bins: list[Bin] = []
        if self.counted and (ends := self._extent(first, last)):
            days, links = Calendar(*ends), SpanLinks(self.here, OWN["date"])
            counts = tallies.spans(self._selection("date"), days.edges)
            for (start, end, words), count in zip(days.bars, counts, strict=True):
                span = {"after": start.isoformat(), "before": end.isoformat()}
                chosen = (first is None or end >= first) and (last is None or start <= last)
                bins.append(self._bin(links, words, count, span, chosen))
        return self._span("date", "Date", "dates", bins, is_complete=True)

    def _extent(self, first: date | None, last: date | None) -> tuple[date, date] | None:
        """The days the histogram shows: those chosen, else those of the stories."""
        if first and last:
            return (first, last) if first <= last else None
        found = tallies.extent(self._selection("date"), timezone.now() + ONE_DAY)
        if found is None:
            return None
        oldest, newest = (timezone.localtime(moment).date() for moment in found)
        first, last = first or oldest, last or newest
        return (first, last) if first <= last else None


def _summary(label: str, bins: list[Bin], is_complete: bool) -> str:
    """The histogram in words."""
    if not any(each.count.number for each in bins):
        return f"{label}: no stories"
    most = max(bins, key=lambda each: each.count.number)
    rest = "" if is_complete else ", of the newest 1,000"
    return f"Stories by {label.lower()}{rest}; most, {most.count}: {most.label}"


def _within(start: int, end: int | None, span: tuple[int | None, int | None]) -> bool:
    low, high = span
    return (low is None or end is None or end >= low) and (high is None or start <= high)


def _number(text: str | None) -> int | None:
    digits = (text or "").removeprefix("-")
    return int(text or "") if is_number(digits) else None


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def _words(choices: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices}


def is_number(text: str) -> bool:
    """Whether a parameter can be the number of a row."""
    return text.isascii() and text.isdecimal() and len(text) < 19
