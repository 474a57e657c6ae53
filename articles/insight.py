"""Insight: what came in and what became of it, whose stories they were, how fast people decided.

A story belongs to the day its provider published it, as in every list, so that each bar leads
to the list behind it; a decision belongs to the day it was taken. Days are the reader's own. Every
part is read when it is asked for, in one statement, and given up where it takes too long.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from statistics import median, quantiles
from typing import Any, TypeVar

from django.db.models import Avg, Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from articles import tallies
from articles.charts import Bar, Chart, Period, Series
from articles.models import Change, Site, Story, StoryTopic, Verb
from articles.patience import TooSlowError, patience
from articles.rules import Queue

SAMPLE = 20_000
"""Sources and topics are compared among so many of the newest stories of the period."""

MOST_ANSWERS = 10_000
"""Response times are those of so many of the newest first decisions of the period."""

MOST_LISTED = 20
PATIENCE = 2.0
"""Seconds for one part of the page; the others are shown without it."""

FATES: Mapping[str, tuple[Promise, tuple[Queue, ...]]] = {
    "published": (_("Published"), (Queue.PUBLISHED,)),
    "waiting": (_("Waiting"), (Queue.INBOX, Queue.SNOOZED)),
    "superseded": (_("Behind a lead"), (Queue.SUPERSEDED,)),
    "below": (_("Below the line"), (Queue.BELOW,)),
    "declined": (_("Declined or gone"), (Queue.DECLINED, Queue.REMOVED, Queue.GONE)),
}
"""What became of a story: its queue, and it stands in exactly one."""

DECISIONS: Mapping[str, tuple[Promise, tuple[Verb, ...]]] = {
    "published": (_("Published"), (Verb.PUBLISH,)),
    "declined": (_("Declined, unpublished"), (Verb.DECLINE, Verb.UNPUBLISH, Verb.REMOVE)),
    "regrouped": (
        _("Regrouped"),
        (Verb.LINK, Verb.UNLINK, Verb.LEAD, Verb.MERGE, Verb.SPLIT, Verb.KEEP_APART),
    ),
    "edited": (_("Edited"), (Verb.EDIT,)),
}
"""What people did, a story each; what was taken back does not count."""

FIRST_ANSWERS = (Verb.PUBLISH, Verb.UNPUBLISH, Verb.DECLINE)

WITHIN: Sequence[tuple[Promise, timedelta]] = (
    (_("15 minutes"), timedelta(minutes=15)),
    (_("an hour"), timedelta(hours=1)),
    (_("4 hours"), timedelta(hours=4)),
    (_("a day"), timedelta(days=1)),
    (_("3 days"), timedelta(days=3)),
)

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Source:
    """One provider's score: stories that came, lead, are live, were declined; mean quality."""

    name: str
    url: str
    came: int
    leads: int
    live: int
    declined: int
    quality: float | None


@dataclass(frozen=True, slots=True)
class TopicShare:
    """One topic: how many stories came and are live, and its share of both, of 100."""

    name: str
    site: str
    url: str
    came: int
    live: int
    share_came: float
    share_live: float

    @property
    def difference(self) -> int:
        """How many points of a hundred the site shows more (or fewer) than came in."""
        return round(self.share_live) - round(self.share_came)


@dataclass(frozen=True, slots=True)
class Response:
    """How long stories waited for their first decision: the half, nine of ten, and in steps."""

    number: int
    half: timedelta | None = None
    most: timedelta | None = None
    steps: list[tuple[str, int]] = field(default_factory=list)


class Insight:
    """A period of one site, or of all of them."""

    def __init__(self, period: Period, site: Site | None) -> None:
        self.period = period
        self.site = site

    @cached_property
    def intake(self) -> Chart | None:
        """The stories of each day by what became of them. One statement."""
        return _patiently(self._intake)

    @cached_property
    def decisions(self) -> Chart | None:
        """What people did on each day. One statement."""
        return _patiently(self._decisions)

    @cached_property
    def response(self) -> Response | None:
        """How long stories waited for a person. One statement.

        What came with a site's first import had waited elsewhere, and is left out.
        """
        return _patiently(self._response)

    @cached_property
    def sources(self) -> list[Source] | None:
        """The providers of most stories. One statement."""
        return _patiently(self._sources)

    @cached_property
    def topics(self) -> list[TopicShare] | None:
        """The topics of most stories. Two statements."""
        return _patiently(self._topics)

    @property
    def is_sampled(self) -> bool:
        """Whether sources and topics are those of the newest stories only."""
        return self.intake is None or self.intake.total > SAMPLE

    @cached_property
    def newest(self) -> date | None:
        """The day of the newest story of all, for who looks at a time without any."""
        dated = self._stories.filter(published_at__isnull=False)
        newest = dated.order_by("-listed_at", "-id").values_list("listed_at", flat=True).first()
        return timezone.localtime(newest).date() if newest else None

    def address(self, period: Period) -> str:
        """The page for another period."""
        return f"{reverse('articles:insight')}?{urlencode(self._query(period))}"

    def _query(self, period: Period) -> dict[str, str]:
        query = {"days": period.length, "until": period.last.isoformat()}
        return query | ({"site": self.site.slug} if self.site else {})

    def _list(self, page: str, first: date, last: date, **more: str | int) -> str:
        query: dict[str, str | int] = {
            "after": first.isoformat(),
            "before": last.isoformat(),
            **more,
        }
        if self.site:
            query["site"] = self.site.slug
        return f"{reverse(page)}?{urlencode(query)}"

    @property
    def _stories(self) -> QuerySet[Story]:
        return Story.objects.of_site(self.site.pk) if self.site else Story.objects.all()

    @property
    def _sample(self) -> QuerySet[Any]:
        """The numbers of the newest stories of the period."""
        start, end = self.period.span
        dated = self._stories.filter(listed_at__gte=start, listed_at__lt=end)
        return dated.order_by("-listed_at", "-id").values("pk")[:SAMPLE]

    def _intake(self) -> Chart:
        edges = self.period.calendar.edges
        asked = {
            f"{bar} {name}": self._stories.filter(
                queue__in=queues, listed_at__gte=edges[bar], listed_at__lt=edges[bar + 1]
            )
            for bar in range(len(edges) - 1)
            for name, (_label, queues) in FATES.items()
        }
        counts = tallies.exact_counts(asked)
        numbers = {(int(key.split()[0]), key.split()[1]): n for key, n in counts.items()}
        return self._chart("articles:story_list", FATES, numbers)

    def _decisions(self) -> Chart:
        names = {verb: name for name, (_label, verbs) in DECISIONS.items() for verb in verbs}
        edges = self.period.calendar.edges
        bars = [When(at__lt=edge, then=Value(bar)) for bar, edge in enumerate(edges[1:])]
        counted = (
            self._changes(tuple(names))
            .filter(undone_by=None)
            .annotate(bar=Case(*bars, output_field=IntegerField()))
            .values_list("bar", "verb")
            .annotate(number=Count("pk"))
            .order_by()
        )
        numbers: dict[tuple[int, str], int] = {}
        for bar, verb, number in counted:
            place = (bar, names[Verb(verb)])
            numbers[place] = numbers.get(place, 0) + number
        return self._chart("articles:change_list", DECISIONS, numbers)

    def _changes(self, verbs: Sequence[Verb]) -> QuerySet[Change]:
        start, end = self.period.span
        found = Change.objects.filter(at__gte=start, at__lt=end, actor__isnull=False)
        found = found.filter(verb__in=verbs)
        return found.filter(site=self.site) if self.site else found

    def _chart(
        self, page: str, series: Mapping[str, Any], numbers: Mapping[tuple[int, str], int]
    ) -> Chart:
        bars = [
            Bar(label, self._list(page, a, b), tuple(numbers.get((n, s), 0) for s in series))
            for n, (a, b, label) in enumerate(self.period.calendar.bars)
        ]
        return Chart(
            [
                Series(name, str(series[name][0]), sum(bar.parts[place] for bar in bars))
                for place, name in enumerate(series)
            ],
            bars,
        )

    def _response(self) -> Response:
        answers = (
            self._changes(FIRST_ANSWERS)
            .filter(before__decision="", story__created_at__gt=F("site__first_imported_at"))
            .order_by("-at", "-id")
            .values_list("story_id", "at", "story__created_at")[:MOST_ANSWERS]
        )
        waits = {story: at - came for story, at, came in answers}
        return response_of(waits.values())

    def _sources(self) -> list[Source]:
        found = (
            Story.objects.filter(pk__in=self._sample, provider__isnull=False)
            .values("provider_id", "provider__name", "provider__domain")
            .annotate(
                came=Count("pk"),
                leads=Count("pk", filter=Q(is_lead=True)),
                live=Count("pk", filter=Q(published=True)),
                declined=Count("pk", filter=Q(decision=Story.Decision.DECLINED)),
                mean=Avg("quality"),
            )
            .order_by("-came", "provider_id")[:MOST_LISTED]
        )
        return [
            Source(
                row["provider__name"] or row["provider__domain"],
                self._of_period(provider=row["provider_id"]),
                row["came"], row["leads"], row["live"], row["declined"], row["mean"],
            )
            for row in found
        ]  # fmt: skip

    def _topics(self) -> list[TopicShare]:
        whole = Story.objects.filter(pk__in=self._sample).aggregate(
            came=Count("pk"), live=Count("pk", filter=Q(published=True))
        )
        found = (
            StoryTopic.objects.filter(story__in=self._sample)
            .values("topic_id", "topic__name", "topic__site__title")
            .annotate(came=Count("pk"), live=Count("pk", filter=Q(published=True)))
            .order_by("-came", "topic__name", "topic_id")[:MOST_LISTED]
        )
        return [
            TopicShare(
                row["topic__name"],
                "" if self.site else row["topic__site__title"],
                self._of_period(topic=row["topic_id"]),
                row["came"],
                row["live"],
                _share(row["came"], whole["came"]),
                _share(row["live"], whole["live"]),
            )
            for row in found
        ]

    def _of_period(self, **more: str | int) -> str:
        return self._list("articles:story_list", self.period.first, self.period.last, **more)


def response_of(waits: Iterable[timedelta]) -> Response:
    """The half, nine of ten, and how many waits lie within each step and beyond the last."""
    seconds = sorted(max(wait.total_seconds(), 0.0) for wait in waits)
    if not seconds:
        return Response(0)
    limits = [limit.total_seconds() for _label, limit in WITHIN]
    numbers = [0] * (len(WITHIN) + 1)
    for each in seconds:
        numbers[bisect_right(limits, each)] += 1
    labels = [str(label) for label, _limit in WITHIN]
    most = quantiles(seconds, n=10, method="inclusive")[8] if len(seconds) > 1 else seconds[0]
    return Response(
        len(seconds),
        timedelta(seconds=median(seconds)),
        timedelta(seconds=most),
        list(zip([*labels, str(_("longer"))], numbers, strict=True)),
    )


def _share(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 0.0


def _patiently(part: Callable[[], Part]) -> Part | None:
    try:
        with patience(PATIENCE):
            return part()
    except TooSlowError:
        return None
