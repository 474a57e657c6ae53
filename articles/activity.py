"""Activity: what people, the robot and the rule did, filtered, one entry a batch, page by page."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django import forms
from django.contrib.auth.models import AnonymousUser, User
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from articles import history
from articles.forms import FIRST_DAY, LAST_DAY
from articles.http import older_pager, whole_number
from articles.models import HEAVY_COLUMNS, Change, Coverage, Site, Story, Verb
from articles.models.change import ChangeQuerySet, name_of
from articles.patience import TooSlowError, patience
from articles.search import start_of

PAGE_SIZE = 50
LONGEST_TRANSACTION = timedelta(days=1)
"""The log is written in the order of its numbers; a change is dated at most this long before."""

ROBOT, RULE = "robot", "rule"


def _actors() -> list[tuple[str, str]]:
    """Who can be asked for: the robot, the rule, and every person."""
    people = User.objects.order_by("username")
    return [
        (ROBOT, str(_("the robot"))),
        (RULE, str(_("the rule, after a change of coverage"))),
        *((str(user.pk), name_of(user)) for user in people),
    ]


def _date_field(label: Any, **kwargs: Any) -> dict[str, Any]:
    return {
        "label": label,
        "widget": forms.DateInput(attrs={"type": "date"}),
        "validators": [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
        **kwargs,
    }


class ActivityFilter(django_filters.FilterSet):
    """Activity by who, what, where and when. `batch` names one action on many stories."""

    actor = django_filters.ChoiceFilter(
        choices=lazy(_actors, list)(), method="by_actor", label=_("Who"), empty_label=_("anybody")
    )
    verb = django_filters.ChoiceFilter(
        choices=Verb.choices, label=_("What"), empty_label=_("anything")
    )
    site = django_filters.ModelChoiceFilter(
        queryset=Site.objects.all(), to_field_name="slug", label=_("Site"), empty_label=_("any")
    )
    story = django_filters.NumberFilter(
        field_name="story_id", label=_("Story number"), min_value=1, max_value=2**63 - 1,
        decimal_places=0, widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    after = django_filters.DateFilter(method="from_day", **_date_field(_("From")))
    before = django_filters.DateFilter(method="to_day", **_date_field(_("Until")))
    batch = django_filters.UUIDFilter(label="", widget=forms.HiddenInput)

    class Meta:
        model = Change
        fields: ClassVar[list[str]] = []

    def by_actor(self, changes: ChangeQuerySet, _name: str, value: str) -> ChangeQuerySet:
        """One person, the robot (nobody's account), or what the rule made of a regrouping."""
        if value == ROBOT:
            return changes.filter(actor=None)
        if value == RULE:
            return changes.filter(actor__isnull=False, before__has_key="heat")
        return changes.filter(actor=int(value))

    def from_day(self, changes: ChangeQuerySet, _name: str, day: date) -> ChangeQuerySet:
        """From the beginning of a day in the person's zone."""
        start = start_of(day)
        first = _first_since(start - LONGEST_TRANSACTION)
        return changes.filter(at__gte=start, pk__gte=first) if first else changes.none()

    def to_day(self, changes: ChangeQuerySet, _name: str, day: date) -> ChangeQuerySet:
        """Up to the end of a day in the person's zone."""
        end = start_of(day + timedelta(days=1))
        after = _first_since(end + LONGEST_TRANSACTION)
        found = changes.filter(at__lt=end)
        return found.filter(pk__lt=after) if after else found


def _first_since(moment: datetime) -> int | None:
    """The first change dated at a moment or later, by its index."""
    rows = Change.objects.filter(at__gte=moment).order_by("at", "pk")
    return rows.values_list("pk", flat=True).first()


class Activity:
    """One page of the log for a person. Read in a fixed number of queries."""

    def __init__(self, parameters: QueryDict, user: User | AnonymousUser) -> None:
        self.parameters = parameters
        self.user = user
        self.filter = ActivityFilter(parameters, Change.objects.all())
        self.is_valid = self.filter.form.is_valid()
        self.too_slow = False

    @property
    def is_batch(self) -> bool:
        """Whether one batch is shown change by change."""
        return bool(self.is_valid and self.filter.form.cleaned_data.get("batch"))

    @cached_property
    def story(self) -> Story | None:
        """The one story asked for."""
        number = self.filter.form.cleaned_data.get("story") if self.is_valid else None
        return Story.objects.filter(pk=number).only("title").first() if number else None

    @cached_property
    def entries(self) -> list[history.Entry]:
        """The entries of the page, newest first; a batch is one entry."""
        try:
            with patience():
                changes = self._changes[:PAGE_SIZE]
                counts = self._sizes(change.batch for change in changes if change.batch)
                groups = _groups(changes)
        except TooSlowError:
            self.too_slow = True
            return []
        return [
            replace(
                history.entry_of(change, user=self.user, with_story=True),
                count=counts.get(change.batch, 1),
                group=groups.get(change.coverage_id_then) if change.story_id is None else None,
            )
            for change in changes
        ]

    @property
    def pager(self) -> dict[str, str]:
        """Links to the following page and the first one. Asked after `entries`."""
        at_end = self.too_slow or len(self._changes) <= PAGE_SIZE
        last = None if at_end else self._changes[PAGE_SIZE - 1].pk
        return older_pager(self.parameters, "page", last)

    @cached_property
    def _changes(self) -> list[Change]:
        """The changes that stand for their entries, one more than a page."""
        if not self.is_valid:
            return []
        found = list(self.rows[: PAGE_SIZE + 1])
        # Asked apart: PostgreSQL would read the whole log to answer it for one page.
        undone = Change.objects.filter(undoes__in=found).values_list("undoes", flat=True)
        taken_back = set(undone) if found else set()
        for change in found:
            change.is_undone = change.pk in taken_back  # type: ignore[attr-defined]
        return found

    @property
    def rows(self) -> ChangeQuerySet:
        """The changes that stand for their entries, newest first, from the page on."""
        rows = self._matching if self.is_batch else heads(self._matching)
        if (place := whole_number(self.parameters, "page")) is not None:
            rows = rows.filter(pk__lt=place)
        defer = [f"story__{name}" for name in ("excerpt", *HEAVY_COLUMNS)]
        return rows.select_related("actor", "story").defer(*defer).order_by("-pk")

    @cached_property
    def _matching(self) -> ChangeQuerySet:
        found: ChangeQuerySet = self.filter.qs
        return found

    def _sizes(self, batches: Iterable[uuid.UUID]) -> dict[uuid.UUID | None, int]:
        """How many matching changes each batch has. One query."""
        wanted = list(batches)
        if self.is_batch or not wanted:
            return {}
        rows = self._matching.filter(batch__in=wanted).order_by().values("batch")
        return dict(rows.annotate(number=Count("pk")).values_list("batch", "number"))


def _groups(changes: Iterable[Change]) -> dict[int | None, Coverage]:
    """The groups that changes of a group alone speak of, as far as they exist. One query."""
    alone = (change.coverage_id_then for change in changes if change.story_id is None)
    ids = {pk for pk in alone if pk is not None}
    rows = Coverage.objects.filter(pk__in=ids).select_related("lead")
    found = rows.only("lead__title") if ids else ()
    return {group.pk: group for group in found}


def heads(changes: ChangeQuerySet) -> ChangeQuerySet:
    """The newest change of every batch, and every change that is in none."""
    newer = changes.order_by().filter(batch=OuterRef("batch"), pk__gt=OuterRef("pk"))
    return changes.filter(Q(batch=None) | ~Exists(newer))
