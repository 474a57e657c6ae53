"""The shelf: stories a person put aside, across all filters."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ShelfItem(models.Model):
    """A story on a person's shelf."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shelf", db_index=False
    )
    story = models.ForeignKey("articles.Story", on_delete=models.CASCADE, related_name="shelves")
    added_at = models.DateTimeField(_("put there"), default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "story"], name="shelf_story_once")
        ]
        verbose_name = _("story on a shelf")
        verbose_name_plural = _("stories on shelves")

    def __str__(self) -> str:
        return f"{self.user}: {self.story}"
