"""Home: what came in, what waits, what is wrong, and where to begin.

Two tables say what stands there: `WORK` and `TROUBLE`. A line more is a tile more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import repairs, tallies
from articles.filters import StoryFilter
from articles.listing import SHORT_PATIENCE
from articles.models import Coverage, SavedView, Story, SyncRun
from articles.pagination import Count
from articles.patience import TooSlowError, patience
from articles.rules import Queue

SHOWN = 8

REPAIR_PATIENCE = 0.2
"""Seconds for the number of what needs repair: some checks read much of a big desk."""

MOST_DAYS = 60
"""Beyond that a date says more than a number of days."""

Rows = Callable[[int], QuerySet[Any]]
"""Of a person's number: the rows a tile counts."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a tile counts and where it leads. `tone`: "bad", "warn" or "" once it is not zero."""

    label: str | Promise
    icon: str
    rows: Rows
    query: Mapping[str, str]
    page: str = "articles:story_list"
    tone: str = ""

    @property
    def url(self) -> str:
        """Where its rows are listed."""
        query = f"?{urlencode(self.query)}" if self.query else ""
        return f"{reverse(self.page)}{query}"


TROUBLE: Mapping[str, Measure] = {
    "conflict": Measure(
        gettext_lazy("Conflicts"), "git-merge", lambda _user: Story.objects.in_conflict(),
        {}, page="articles:conflict_list", tone="bad",
    ),
    "suspicious": Measure(
        gettext_lazy("Suspicious groups"), "scissors", lambda _user: Coverage.objects.suspicious(),
        {"sort": "suspicious"}, page="articles:coverage_list", tone="warn",
    ),
    "pending": Measure(
        gettext_lazy("To be written"), "git-branch", lambda _user: Story.objects.needing_export(),
        {"pending": "yes"},
    ),
}  # fmt: skip
"""What is wrong or unfinished."""

WORK: Mapping[str, Measure] = {
    "claimed": Measure(
        gettext_lazy("You work on"), "hand", Story.objects.claimed_by_person,
        {"claimed": "mine"},
    ),
    "woken": Measure(
        gettext_lazy("Snoozed back"), "alarm-clock", lambda _user: Story.objects.woken(),
        {"snoozed": "back"},
    ),
    "shelf": Measure(
        gettext_lazy("On your shelf"), "bookmark", Story.objects.on_shelf_of,
        {"shelf": "mine"},
    ),
    "snoozed": Measure(
        gettext_lazy("Asleep"), "moon", lambda _user: Story.objects.in_queue(Queue.SNOOZED),
        {"queue": "snoozed"},
    ),
}  # fmt: skip
"""What a person has in hand."""


COUNTED: Mapping[str, Any] = {
    "created": gettext_lazy("%(n)s new"),
    "updated": gettext_lazy("%(n)s changed"),
    "conflict": gettext_lazy("%(n)s in conflict"),
    "refused": gettext_lazy("%(n)s refused"),
    "missing": gettext_lazy("%(n)s gone"),
}
"""Counts of an import that Home tells."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A number that leads somewhere; `key` opens it after `g`."""

    label: str
    url: str
    count: Count | None
    icon: str = ""
    tone: str = ""
    key: int | None = None
    name: str = ""


class HomePage:
    """What one person finds on Home. Every part is read when it is asked for."""

    def __init__(self, user: User, since: datetime | None) -> None:
        self.user = user
        self.since = since

    @cached_property
    def is_empty(self) -> bool:
        """Whether nothing was ever imported."""
        return not Story.objects.order_by().exists()

    @cached_property
    def waiting(self) -> Count:
        """How many rows the inbox has."""
        return self._counts["inbox"]

    @cached_property
    def oldest(self) -> Story | None:
        """What has waited in the inbox longest, by its date."""
        inbox = Story.objects.in_queue(Queue.INBOX).light()
        return inbox.order_by("listed_at", "id").first()

    @property
    def oldest_words(self) -> str:
        """How old the oldest story of the inbox is."""
        if self.oldest is None:
            return ""
        if self.oldest.published_at is None:
            return _("The oldest has no date.")
        days: int = (timezone.now() - self.oldest.listed_at).days
        if days > MOST_DAYS:
            return _("The oldest is from %s.") % date_format(self.oldest.listed_at, "j F Y")
        if days < 1:
            return _("The oldest came today.")
        return ngettext("The oldest is %d day old.", "The oldest is %d days old.", days) % days

    @property
    def news(self) -> str:
        """What came in since the person was last here, in words."""
        if self.since is None:
            return ""
        stories, groups = self._counts["new"], self._counts["new_groups"]
        if not stories.number:
            return _("Nothing came in since.")
        words = ngettext("%s new story", "%s new stories", stories.number) % stories
        if not groups.number:
            return _("%s came in.") % words
        more = ngettext("%s coverage group", "%s coverage groups", groups.number) % groups
        return _("%(stories)s came in, %(groups)s among them.") % {"stories": words, "groups": more}

    @cached_property
    def unsafe(self) -> list[Story]:
        """Live stories that would break the site's pages or link somewhere unsafe."""
        blocked = Story.objects.filter(publish_gate=Story.Gate.BLOCKED).live()
        return list(blocked.light().newest_first()[:SHOWN])

    @cached_property
    def newest(self) -> list[Story]:
        """The newest of what waits."""
        return list(Story.objects.in_queue(Queue.INBOX).light().newest_first()[:SHOWN])

    @property
    def trouble(self) -> list[Tile]:
        """What is wrong or unfinished, with what is nought left out."""
        tiles = [*self._tiles(TROUBLE), self._repair]
        return [tile for tile in tiles if tile.count is None or tile.count.number]

    @property
    def work(self) -> list[Tile]:
        """What the person has in hand, with what is nought left out."""
        return [tile for tile in self._tiles(WORK) if tile.count and tile.count.number]

    @cached_property
    def views(self) -> list[Tile]:
        """The saved views with their counts."""
        views = list(SavedView.objects.for_person(self.user.pk))
        counts = counts_of_views(views, self.user)
        keys = keys_of(views)
        return [
            Tile(
                view.name,
                view.get_absolute_url(),
                counts.get(view.pk),
                icon="users" if view.is_teams else "",
                key=view.key if keys.get(view.key or 0) == view else None,
            )
            for view in views
        ]

    @cached_property
    def last_import(self) -> SyncRun | None:
        """The newest import of any site."""
        runs = SyncRun.objects.filter(kind=SyncRun.Kind.IMPORT).select_related("site")
        return runs.order_by("-pk").first()

    @property
    def last_import_words(self) -> str:
        """What the last import did, in a sentence."""
        run = self.last_import
        return sentence_of(run) if run else ""

    @cached_property
    def _counts(self) -> dict[str, Count]:
        measures = {**TROUBLE, **WORK}
        rows = {name: measure.rows(self.user.pk) for name, measure in measures.items()}
        rows["inbox"] = Story.objects.in_queue(Queue.INBOX)
        if self.since:
            new = Story.objects.filter(created_at__gt=self.since)
            groups = new.filter(is_lead=True, coverage__isnull=False)
            rows |= {"new": new, "new_groups": groups}
        return tallies.capped_counts(rows)

    @cached_property
    def _repair(self) -> Tile:
        url = reverse("articles:repair_list")
        return Tile(_("Needs repair"), url, repairs_waiting(), "wrench", "warn", name="repair")

    def _tiles(self, measures: Mapping[str, Measure]) -> list[Tile]:
        return [
            Tile(str(each.label), each.url, self._counts[name], each.icon, each.tone, name=name)
            for name, each in measures.items()
        ]


def repairs_waiting() -> Count | None:
    """How often a promise of the data is broken, as the page of repairs counts. One statement.

    A story that breaks two promises counts twice. None where it takes too long.
    """
    checks = {name: repairs.stories_of(check) for name, check in repairs.CHECKS.items()}
    try:
        with patience(REPAIR_PATIENCE):
            counts = tallies.capped_counts(checks).values()
    except TooSlowError:
        return None
    return Count(sum(each.number for each in counts), all(each.is_exact for each in counts))


def counts_of_views(views: Iterable[SavedView], user: User) -> dict[int, Count]:
    """How many stories each view shows, up to the limit, with one statement for all of them.

    None of them where one takes too long. What a view means may take a query of its own: its
    topics, its providers.
    """
    try:
        with patience(SHORT_PATIENCE):
            asked = {
                view.pk: StoryFilter(QueryDict(view.query), user_id=user.pk).selection()
                for view in views
            }
            return tallies.counts_of(asked)
    except TooSlowError:
        return {}


def keys_of(views: Iterable[SavedView]) -> dict[int, SavedView]:
    """The view that each digit opens after `g`: a person's own goes before the team's."""
    found: dict[int, SavedView] = {}
    for view in views:
        if view.key is not None:
            found.setdefault(view.key, view)
    return found


def sentence_of(run: SyncRun) -> str:
    """What an import did, as one would tell it."""
    if run.status == SyncRun.Status.RUNNING:
        return _("An import is running: %(done)d of %(total)d files.") % {
            "done": run.done, "total": run.total,
        }  # fmt: skip
    if run.status != SyncRun.Status.DONE:
        return _("The last import did not finish. %s") % run.message
    said = [
        words % {"n": f"{number:,}"}
        for name, words in COUNTED.items()
        if (number := int(run.counts.get(name, 0)))
    ]
    if not said:
        return _("The last import found nothing new.")
    return _("The last import: %s.") % ", ".join(said)
