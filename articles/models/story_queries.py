"""How stories are asked for, in the words of the newsroom."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from articles.rules import Queue

if TYPE_CHECKING:
    from articles.models.story import Story  # noqa: F401

LIST_FIELDS = (
    "id",
    "site_id",
    "path",
    "title",
    "provider_id",
    "provider_name",
    "published_at",
    "listed_at",
    "kind",
    "quality",
    "quality_rank",
    "heat_rank",
    "heat",
    "published",
    "removed",
    "queue",
    "is_lead",
    "related_count",
    "coverage_id",
    "coverage__lead_id",
    "coverage__lead__title",
    "decision",
    "decided_at",
    "proposal",
    "pending",
    "conflict",
    "locked",
    "publish_gate",
    "issue_count",
    "snoozed_until",
    "woke_at",
    "claimed_by_id",
    "claimed_until",
    "claimed_by__first_name",
    "claimed_by__last_name",
    "claimed_by__username",
    "version",
    "updated_at",
    "site__publish_threshold",
    "site__topic",
)
"""What a row of a list shows: no excerpt, no body, no bytes of the file."""

HEAVY_COLUMNS = ("body", "featured_content", "extras", "provider_images")
"""The long columns, which only the story's own page and file need."""


class StoryQuerySet(models.QuerySet["Story"]):
    """Chainable questions about stories.

    Booleans are asked as `published__in=[True]`: SQLite does not use an index for Django's
    `WHERE "published"` or `NOT "published"`.
    """

    def of_site(self, site_id: int) -> StoryQuerySet:
        """Stories of one site."""
        return self.filter(site_id=site_id)

    def in_queue(self, queue: Queue) -> StoryQuerySet:
        """Stories standing in one queue."""
        return self.filter(queue=queue.value)

    def not_superseded(self) -> StoryQuerySet:
        """Stories with a row of their own: all but members that stand behind their lead."""
        return self.exclude(queue=Queue.SUPERSEDED.value)

    def live(self) -> StoryQuerySet:
        """What the site shows."""
        return self.filter(published__in=[True])

    def not_live(self) -> StoryQuerySet:
        """What the site does not show."""
        return self.filter(published__in=[False])

    def with_file(self) -> StoryQuerySet:
        """Stories with a file of their own."""
        return self.filter(path_key__isnull=False)

    def needing_export(self) -> StoryQuerySet:
        """Stories the desk changed since their file was last read or written."""
        return self.filter(pending=True)

    def in_conflict(self) -> StoryQuerySet:
        """Stories on which file and desk disagree."""
        return self.filter(conflict=True)

    def with_problems(self) -> StoryQuerySet:
        """Stories with at least one issue."""
        return self.filter(issue_count__gt=0)

    def due(self, at: datetime) -> StoryQuerySet:
        """Sleeping stories whose time has come at a moment, the earliest first."""
        return self.filter(snoozed_until__lte=at).order_by("snoozed_until", "id")

    def woken(self) -> StoryQuerySet:
        """Stories that were snoozed, came back, and were not decided since."""
        return self.filter(woke_at__isnull=False)

    def claimed(self) -> StoryQuerySet:
        """Stories somebody works on."""
        return self.filter(claimed_by__isnull=False, claimed_until__gt=timezone.now())

    def claimed_by_person(self, user_id: int) -> StoryQuerySet:
        """Stories this person works on."""
        return self.filter(claimed_by=user_id, claimed_until__gt=timezone.now())

    def on_shelf_of(self, user_id: int) -> StoryQuerySet:
        """What a person put on their shelf."""
        return self.filter(shelves__user=user_id)

    def newest_first(self) -> StoryQuerySet:
        """By the provider's time of publication, unknown times last."""
        return self.order_by("-listed_at", "-id")

    def light(self) -> StoryQuerySet:
        """Without the long columns."""
        return self.defer(*HEAVY_COLUMNS)

    def for_list(self) -> models.QuerySet[Any, dict[str, Any]]:
        """Rows for a list as dictionaries, without any heavy column."""
        rows: models.QuerySet[Any, dict[str, Any]] = self.values(*LIST_FIELDS)
        return rows
