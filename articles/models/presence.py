"""Presence: which story a person has open."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

FRESH = timedelta(seconds=30)
"""How long after the last sign of life a person still counts as there."""


class PresenceQuerySet(models.QuerySet["Presence"]):
    """Asking who is there."""

    def fresh(self) -> PresenceQuerySet:
        """Only those heard of just now."""
        return self.filter(seen_at__gt=timezone.now() - FRESH)


class Presence(models.Model):
    """One person at one story, last heard of at `seen_at`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    story = models.ForeignKey("articles.Story", on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(db_index=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "story"], name="presence_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.story}"
