"""The filters of a list: the query string is the state, wrong values are said, never ignored."""

from __future__ import annotations

import operator
from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from datetime import date
from functools import cache, cached_property, reduce
from typing import ClassVar

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from articles import search
from articles.calendar_bars import ONE_DAY
from articles.filter_fields import (
    YES_NO,
    ChoicesFilter,
    NumberFilter,
    SeveralFilter,
    SharedFields,
    SiteFilter,
    WordsFilter,
    YesNoFilter,
)
from articles.models import (
    Provider,
    ShelfItem,
    Site,
    Story,
    StoryImage,
    StoryProblem,
    StoryQuerySet,
    Topic,
)
from articles.pagination import DEFAULT_ORDER, ORDERS
from articles.rules import Queue
from articles.selection import Selection

QUEUES = [(queue.name.lower(), queue.name.capitalize()) for queue in Queue]
GROUP_SIZES = [
    ("single", "single story"),
    ("few", "2 or 3 stories"),
    ("some", "4 to 10"),
    ("many", "more than 10"),
]
SIZES: Mapping[str, Q] = {
    "single": Q(related_count=0),
    "few": Q(related_count__range=(1, 2)),
    "some": Q(related_count__range=(3, 9)),
    "many": Q(related_count__gte=10),
}
"""A group of so many stories has one fewer that is related to each of them."""

HAS_AMP = ~Q(amp_url="") | ~Q(cdn_amp_url="")
HAS_IMAGE = Q(Exists(StoryImage.objects.filter(story=OuterRef("pk"))))
ABOUT_ONE_STORY = ("q", "provider", "kind", "issue")
MEANS_MEMBERS = {
    "lead": "no",
    "has_file": "no",
    "has_issues": "yes",
    "pending": "yes",
    "conflict": "yes",
    "snoozed": "yes",
    "shelf": "mine",
    "claimed": "mine",
}
"""Filters that may mean a member of a group, of which its lead says nothing."""


class StoryFilterForm(forms.Form):
    """The filter's form; it also owns the whole-text errors of the search language."""

    def clean_q(self) -> str:
        """Refuse what the search language does not understand, with place and remedy."""
        text = str(self.cleaned_data.get("q") or "")
        errors = search.parse(text).errors
        if errors:
            raise forms.ValidationError([error.message for error in errors])
        return text


def by_text(found: Selection, name: str, value: str) -> Selection:
    """The search language."""
    return found.ask(search.parse(value))


def by_site(found: Selection, name: str, value: Site) -> Selection:
    """Stories of one site."""
    return found.of_site(value.pk)


def by_queue(found: Selection, name: str, value: str) -> Selection:
    """Stories that stand in one queue; `published` means all that the site shows."""
    if value == "published":
        return found.filter(published__in=[True])
    return found.filter(queue=Queue[value.upper()].value)


def without_queue(found: Selection, name: str, value: list[str]) -> Selection:
    """Stories that stand in none of the queues."""
    return found.filter(~Q(queue__in=[Queue[each.upper()].value for each in value]))


def without_site(found: Selection, name: str, value: list[str]) -> Selection:
    """Stories of other sites."""
    return found.filter(~Q(site__in=Site.objects.filter(slug__in=value).values("pk")))


def by_kind(found: Selection, name: str, value: list[str]) -> Selection:
    """Stories of one of the types; of none of them for `not_kind`."""
    wanted = Q(kind__in=value)
    return found.filter(~wanted if name.startswith("not_") else wanted)


def by_size(found: Selection, name: str, value: list[str]) -> Selection:
    """Stories of groups of these sizes; of other sizes for `not_size`."""
    wanted = reduce(operator.or_, (SIZES[each] for each in value))
    return found.filter(~wanted if name.startswith("not_") else wanted)


def by_topic(found: Selection, name: str, value: list[Topic]) -> Selection:
    """Stories with at least one of the topics."""
    return found.about(list(value)) if value else found


def without_topic(found: Selection, name: str, value: list[Topic]) -> Selection:
    """Stories with none of the topics."""
    return found.filter(~search.about(value)) if value else found


def by_provider(found: Selection, name: str, value: list[Provider]) -> Selection:
    """Stories of one of the providers."""
    return found.filter(provider__in=[each.pk for each in value]) if value else found


def without_provider(found: Selection, name: str, value: list[Provider]) -> Selection:
    """Stories of other providers, and of none."""
    return found.filter(~Q(provider__in=[each.pk for each in value])) if value else found


def from_day(found: Selection, name: str, value: date) -> Selection:
    """From the beginning of a day in the person's time zone."""
    return found.within(since=search.start_of(value))


def until_day(found: Selection, name: str, value: date) -> Selection:
    """Until the end of a day in the person's time zone."""
    if value == date.max:
        return found
    return found.within(until=search.start_of(value + ONE_DAY))


def by_image(found: Selection, name: str, value: str) -> Selection:
    """Stories with or without a picture."""
    return found.filter(HAS_IMAGE if value == "yes" else ~HAS_IMAGE)


def by_issue(found: Selection, name: str, value: list[str]) -> Selection:
    """Stories with a problem of these codes or families (`date.`); without for `not_issue`."""
    named = (Q(**{"code__startswith" if v.endswith(".") else "code": v}) for v in value)
    problems = StoryProblem.objects.filter(reduce(operator.or_, named))
    wanted = Q(id__in=problems.values("story_id"))
    return found.filter(~wanted if name.startswith("not_") else wanted)


def by_snooze(found: Selection, name: str, value: str) -> Selection:
    """Stories that sleep, those that lie awake, or those that came back and wait again."""
    asleep = {"yes": Q(queue=Queue.SNOOZED.value), "no": ~Q(queue=Queue.SNOOZED.value)}
    return found.filter(asleep.get(value, Q(woke_at__isnull=False)))


def leave(found: Selection, name: str, value: str) -> Selection:
    """The order is applied by the page, not by a filter."""
    return found


def on_shelf(value: str, user_id: int | None) -> Q:
    """What lies on a person's shelf."""
    return Q(pk__in=ShelfItem.objects.filter(user=user_id).values("story_id"))


def claimed(value: str, user_id: int | None) -> Q:
    """Stories this person works on, anybody does, or nobody."""
    if value == "mine":
        return Q(claimed_by=user_id, claimed_until__gt=timezone.now())
    # As a subquery: there are never many claims, and an index of them alone.
    held = Q(pk__in=Story.objects.claimed().order_by().values("pk"))
    return held if value == "yes" else ~held


PERSONAL: Mapping[str, Callable[[str, int | None], Q]] = {"shelf": on_shelf, "claimed": claimed}
"""Filters whose answer depends on who asks."""


class StoryFilter(django_filters.FilterSet):
    """Every filter of the story lists. Values may repeat where several make sense."""

    q = django_filters.CharFilter(method=by_text, label="Search")
    site = SiteFilter(
        queryset=Site.objects.all(),
        to_field_name="slug",
        empty_label="All sites",
        method=by_site,
        label="Site",
    )
    queue = django_filters.ChoiceFilter(choices=QUEUES, method=by_queue, empty_label="All stories")
    not_queue = ChoicesFilter(choices=QUEUES, method=without_queue, label="Not in")
    not_site = WordsFilter(method=without_site, label="Not site")
    published = YesNoFilter(yes=Q(published__in=[True]), no=Q(published__in=[False]), label="Live")
    topic = SeveralFilter(queryset=Topic.objects.all(), method=by_topic, label="Topic")
    not_topic = SeveralFilter(queryset=Topic.objects.all(), method=without_topic, label="Not topic")
    provider = SeveralFilter(queryset=Provider.objects.all(), method=by_provider, label="Provider")
    not_provider = SeveralFilter(
        queryset=Provider.objects.all(), method=without_provider, label="Not provider"
    )
    kind = ChoicesFilter(choices=Story.Kind.choices, method=by_kind, label="Type")
    not_kind = ChoicesFilter(choices=Story.Kind.choices, method=by_kind, label="Not type")
    size = ChoicesFilter(choices=GROUP_SIZES, method=by_size, label="Group size")
    not_size = ChoicesFilter(choices=GROUP_SIZES, method=by_size, label="Not group size")
    after = django_filters.DateFilter(method=from_day, label="From")
    before = django_filters.DateFilter(method=until_day, label="Until")
    quality_min = NumberFilter(field_name="quality", lookup_expr="gte", label="Quality from")
    quality_max = NumberFilter(field_name="quality", lookup_expr="lte", label="Quality to")
    heat_min = NumberFilter(field_name="heat", lookup_expr="gte", label="Heat from")
    heat_max = NumberFilter(field_name="heat", lookup_expr="lte", label="Heat to")
    has_image = django_filters.ChoiceFilter(
        choices=YES_NO, method=by_image, empty_label="any", label="Has image"
    )
    has_related = YesNoFilter(
        yes=Q(related_count__gt=0), no=Q(related_count=0), label="Has related"
    )
    has_issues = YesNoFilter(yes=Q(issue_count__gt=0), no=Q(issue_count=0), label="Has issues")
    has_amp = YesNoFilter(yes=HAS_AMP, no=~HAS_AMP, label="Has AMP page")
    issue = WordsFilter(method=by_issue, label="Issue")
    not_issue = WordsFilter(method=by_issue, label="Not issue")
    has_file = YesNoFilter(
        yes=Q(path_key__isnull=False), no=Q(path_key__isnull=True), label="Has a file"
    )
    pending = YesNoFilter(yes=Q(pending=True), no=Q(pending=False), label="To be written")
    conflict = YesNoFilter(yes=Q(conflict=True), no=Q(conflict=False), label="In conflict")
    snoozed = django_filters.ChoiceFilter(
        choices=[*YES_NO, ("back", "back again")],
        method=by_snooze,
        empty_label="any",
        label="Snoozed",
    )
    claimed = django_filters.ChoiceFilter(
        choices=[("mine", "by me"), *YES_NO], method=leave, empty_label="any", label="Claimed"
    )
    shelf = django_filters.ChoiceFilter(
        choices=[("mine", "mine")], method=leave, empty_label="any", label="Shelf"
    )
    lead = YesNoFilter(yes=Q(is_lead=True), no=Q(is_lead=False), label="Lead")
    sort = django_filters.ChoiceFilter(
        choices=[(order.name, order.label) for order in ORDERS.values()],
        method=leave,
        empty_label=None,
        label="Order",
    )

    class Meta:
        model = Story
        form = StoryFilterForm
        fields: ClassVar[list[str]] = []

    def __init__(
        self,
        data: QueryDict | None = None,
        queryset: StoryQuerySet | None = None,
        *,
        request: HttpRequest | None = None,
        prefix: str | None = None,
        user_id: int | None = None,
    ) -> None:
        """Without django-filter's copies: the filters here keep nothing of a request."""
        self.is_bound = data is not None
        self.data = data or QueryDict()
        self.queryset = Story.objects.all() if queryset is None else queryset
        self.request = request
        self.user_id = user_id
        self.form_prefix = prefix
        self.filters = self.base_filters

    @classmethod
    @cache
    def get_form_class(cls) -> type[StoryFilterForm]:
        """The form of these filters, made once."""
        fields = {name: each.field for name, each in cls.base_filters.items()}
        form: type[StoryFilterForm] = type("StoryFilterForm", (StoryFilterForm,), fields)
        form.base_fields = SharedFields(form.base_fields)
        return form

    @property
    def order(self) -> str:
        """The chosen order; the default where none or an unknown one is named."""
        chosen = self.form.cleaned_data.get("sort") if self.form.is_valid() else None
        return str(chosen or DEFAULT_ORDER)

    @property
    def stories(self) -> StoryQuerySet:
        """The stories that match; none while a value is wrong."""
        return self.selection().stories

    def selection(self, *, without: Container[str] = (), unfolded: bool = False) -> Selection:
        """What is asked for, `without` some of the filters; nothing while a value is wrong.

        `unfolded`: with the members of groups, whatever is asked.
        """
        found = Selection()
        if self.is_bound and not self.form.is_valid():
            return found.filter(pk__in=[])
        values = self.form.cleaned_data if self.is_bound else {}
        for name, value in values.items():
            if name in self.data and name not in without:
                found = self.filters[name].filter(found, value)
                if value and name in PERSONAL:
                    found = found.filter(PERSONAL[name](value, self.user_id))
        return replace(found, folds_members=self.folds_members and not unfolded)

    @cached_property
    def folds_members(self) -> bool:
        """Whether a group is shown by its lead alone.

        An editor decides about events, so a list shows one row a group. A search, a provider, an
        issue mean one story: a member that matches then has a row of its own, which names its
        lead, rather than a lead in which nothing of what was searched can be seen. Where the lead
        is on the page too, the member folds beneath it (`listing.fold`). A member that is live,
        declined or removed of its own always has a row: it is a decision of its own. Where a queue
        is asked for, that alone says which stories have a row.
        """
        if self.data.get("queue"):
            return False
        return not any(self.data.get(name) for name in ABOUT_ONE_STORY) and not any(
            self.data.get(name) == value for name, value in MEANS_MEMBERS.items()
        )

    def filter_queryset(self, queryset: StoryQuerySet) -> StoryQuerySet:
        """What django-filter calls."""
        return self.selection().stories
