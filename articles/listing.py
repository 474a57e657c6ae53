"""A list of stories as one value: filters, rows with what they show, counts, chips, facets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from articles import facets, search
from articles.chips import Chip, Chips
from articles.filters import StoryFilter
from articles.http import whole_number
from articles.models import Site, Story, StoryQuerySet
from articles.narrowing import Facet, Narrowing
from articles.pagination import (
    DEFAULT_ORDER,
    ORDERS,
    PAGE_SIZE,
    Count,
    Order,
    Page,
    UnknownPlaceError,
    read_place,
)
from articles.patience import TooSlowError, patience
from articles.rows import Row, decorate, fold, unfold
from articles.selection import Selection

BULK_LIMIT = 10_000
"""The most stories one action on "all matching" takes."""

SHORT_PATIENCE = 1.0
"""Seconds for what a page can do without: counts and facets."""

SILENT = frozenset({"sort", "page", "queue", "site", "open", "shelf", "density"})
"""Parameters that are not shown as chips: they have places of their own on the page."""


OF_THE_MOMENT = ("choose", "from")
"""Parameters of a choice (`choosing`), which is made once."""


@dataclass(frozen=True, slots=True)
class PageView:
    """A page of rows for a template."""

    rows: list[Row]
    next_url: str
    previous_url: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many stories of a list come before one (None: not known), and whether it is listed."""

    before: Count | None
    is_listed: bool


@dataclass(frozen=True, slots=True)
class SearchError:
    """A part of a search text that means nothing, between what stands before and after it."""

    before: str
    part: str
    after: str
    message: str

    @classmethod
    def at(cls, text: str, position: int, message: str) -> SearchError:
        """The part that begins at a place and ends before the next space."""
        part = text[position:].split(None, 1)[0] if text[position:].strip() else ""
        end = position + len(text[position:]) - len(text[position:].lstrip()) + len(part)
        return cls(text[:position], text[position:end], text[end:], message)


class Listing:
    """The stories a query string means. Every part is computed when it is asked for.

    `lost_place`: the page asked for is no longer there, this is the first. `too_slow`: the
    database was stopped before the page was found; `advice` says how to narrow the list. Both are
    known once `page` was read.
    """

    def __init__(
        self,
        parameters: QueryDict,
        *,
        user: User | None = None,
        size: int = PAGE_SIZE,
        images: bool = True,
    ) -> None:
        self.parameters = parameters
        self.user_id = user.pk if user else None
        self.size = size
        self.with_images = images
        self.filter = StoryFilter(parameters, Story.objects.all(), user_id=self.user_id)
        self.lost_place = False
        self.too_slow = False

    @classmethod
    def of(cls, request: HttpRequest) -> Listing:
        """The list of a request, with pictures only if the person wants them."""
        wants = getattr(request, "preferences", None)
        user = getattr(request, "user", None)
        return cls(
            request.GET,
            user=user if isinstance(user, User) else None,
            images=bool(wants and wants.load_images),
        )

    @property
    def order(self) -> Order:
        """How the list is sorted."""
        return ORDERS[self.filter.order]

    @cached_property
    def selection(self) -> Selection:
        """What the list asks for."""
        return self.filter.selection()

    @cached_property
    def stories(self) -> StoryQuerySet:
        """All stories of the list."""
        return self.selection.stories

    @property
    def url(self) -> str:
        """The page of the list, without what was chosen on it."""
        kept = self.parameters.copy()
        for name in OF_THE_MOMENT:
            kept.pop(name, None)
        query = kept.urlencode()
        return f"{reverse('articles:story_list')}?{query}"

    @cached_property
    def site(self) -> Site | None:
        """The one site of the list, None for all."""
        form = self.filter.form
        chosen = form.cleaned_data.get("site") if form.is_valid() else None
        return chosen if isinstance(chosen, Site) else None

    @cached_property
    def page(self) -> PageView:
        """The page named by the query string, one row a group. At most four queries, and one
        more for the group that `open` unfolds.
        """
        try:
            with patience():
                page = self._read_page()
                rows = fold(decorate(page.rows, images=self.with_images))
                unfold(rows, whole_number(self.parameters, "open"))
        except TooSlowError:
            self.too_slow = True
            return PageView([], "", "")
        return PageView(
            rows,
            next_url=self._page_url(page.next_token),
            previous_url=self._page_url(page.previous_token),
        )

    def _read_page(self) -> Page:
        try:
            place = read_place(self.parameters.get("page", ""), self.order)
        except UnknownPlaceError:
            self.lost_place, place = True, None
        page = self.selection.page(self.order, place, self.size)
        if place and not page.rows:
            self.lost_place = True
            page = self.selection.page(self.order, None, self.size)
        return page

    def _page_url(self, token: str) -> str:
        if not token:
            return ""
        changed = self.parameters.copy()
        changed["page"] = token
        return f"?{changed.urlencode()}"

    @cached_property
    def count(self) -> Count:
        """How many stories match, honest beyond a thousand. One query.

        Where counting takes too long, it is at least what the page shows.
        """
        if self.too_slow:
            return Count(0, is_exact=False)
        try:
            with patience(SHORT_PATIENCE):
                return self.selection.count()
        except TooSlowError:
            return Count(len(self.page.rows), is_exact=False)

    @cached_property
    def bulk_count(self) -> int:
        """The exact number for "all matching", 0 where it is too many or all are on this page."""
        if not (self.page.next_url or self.page.previous_url):
            return 0
        if self.count.is_exact:
            return self.count.number
        try:
            with patience(SHORT_PATIENCE):
                exact = self.selection.count(BULK_LIMIT)
        except TooSlowError:
            return 0
        return exact.number if exact.is_exact else 0

    @property
    def advice(self) -> str:
        """How to narrow a list that takes too long, by what is not narrowed yet."""
        here = self.parameters
        steps = (
            ("sort by newest first", not self.order.is_by_date),
            ("choose a queue", not _any(here, *facets.QUEUE_PARAMETERS)),
            ("choose one topic or one provider", not _any(here, "topic", "provider")),
            ("choose dates", not _any(here, "after", "before")),
            ("search for rarer words", _any(here, "q")),
        )
        wanted = [step for step, helps in steps if helps][:3] or ["take a filter away"]
        return f"This list takes too long. To narrow it, {' or '.join(wanted)}."

    @cached_property
    def chips(self) -> list[Chip]:
        """The active filters in words."""
        return list(Chips(self.filter, self.parameters, SILENT))

    @property
    def search_errors(self) -> list[SearchError]:
        """What of the search text was not understood, with the part that is meant."""
        text = self.parameters.get("q", "")
        return [
            SearchError.at(text, each.position, each.message) for each in search.parse(text).errors
        ]

    @property
    def filter_errors(self) -> dict[str, Any]:
        """What was not understood of the other filters: their labels and what is wrong."""
        form = self.filter.form
        return {
            str(form.fields[name].label or name.capitalize()): found
            for name, found in form.errors.items()
            if name != "q" and name in form.fields
        }

    @property
    def sorts(self) -> list[dict[str, Any]]:
        """The orders a person can choose."""
        here = self.order.name
        return [
            {"value": o.name, "label": o.label, "current": o.name == here} for o in ORDERS.values()
        ]

    @property
    def heads(self) -> dict[str, str]:
        """Column heads that sort."""
        columns = {"story": DEFAULT_ORDER, "heat": "hottest", "cover": "biggest"}
        return {
            column: facets.address(self.parameters, drop=(), sort=order)
            for column, order in columns.items()
        }

    @cached_property
    def filter_facets(self) -> list[Facet]:
        """The filters of the left pane with their counts; without, if counting takes long."""
        try:
            if not self.too_slow:
                with patience(SHORT_PATIENCE):
                    return Narrowing(self.filter, self.parameters).facets
        except TooSlowError:
            pass
        return Narrowing(self.filter, self.parameters, counted=False).facets

    @cached_property
    def queues(self) -> list[facets.QueueCount]:
        """The queues with their counts. One query."""
        site_id = self.site.pk if self.site else None
        return facets.queues(site_id, self.parameters, user_id=self.user_id)

    def around(self, story: Story) -> tuple[int, int]:
        """Ids of the stories before and after one, in the order of the list; 0 at its ends."""
        row = {"id": story.pk, self.order.column: getattr(story, self.order.column)}
        try:
            with patience(SHORT_PATIENCE):
                return self.selection.neighbours(self.order, row)
        except TooSlowError:
            return 0, 0

    def standing(self, story: Story) -> Standing:
        """Where a story stands in the list: the number before it, and whether it is in it."""
        row = {"id": story.pk, self.order.column: getattr(story, self.order.column)}
        try:
            with patience(SHORT_PATIENCE):
                before = self.selection.before(self.order, row)
                return Standing(before, self.stories.filter(pk=story.pk).exists())
        except TooSlowError:
            return Standing(None, is_listed=False)


def _any(parameters: QueryDict, *names: str) -> bool:
    return any(parameters.get(name) for name in names)
