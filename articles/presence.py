"""Presence: who has a story open, so that two people see each other before they decide."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from articles.models import Presence

FORGOTTEN = timedelta(days=1)


def record(story_id: int, *, by: User) -> None:
    """The person has this story open now. Raises IntegrityError for a story that is gone."""
    Presence.objects.bulk_create(
        [Presence(user=by, story_id=story_id, seen_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["user", "story"],
        update_fields=["seen_at"],
    )


def forget_old() -> int:
    """Drop what is older than a day; how many rows."""
    return Presence.objects.filter(seen_at__lt=timezone.now() - FORGOTTEN).delete()[0]
