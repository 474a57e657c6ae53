"""A remembered no: two stories that a person keeps in different groups."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class KeptApartQuerySet(models.QuerySet["KeptApart"]):
    """Asking for remembered refusals."""

    def of(self, story_id: int) -> KeptApartQuerySet:
        """The refusals that a story is part of."""
        return self.filter(Q(first=story_id) | Q(second=story_id))

    def touching(self, story_ids: Collection[int]) -> KeptApartQuerySet:
        """The refusals of which one story or both are among these."""
        return self.filter(Q(first__in=story_ids) | Q(second__in=story_ids))

    def between(self, one: int, other: int) -> KeptApartQuerySet:
        """The refusal of one pair, in either order."""
        return self.filter(first=min(one, other), second=max(one, other))

    def among(self, story_ids: Collection[int]) -> KeptApartQuerySet:
        """The refusals of which both stories are among these."""
        return self.filter(first__in=story_ids, second__in=story_ids)

    def partners_of(self, story_ids: Iterable[int]) -> dict[int, set[int]]:
        """Story id -> the ids of the stories it is kept apart from, in one query."""
        wanted = set(story_ids)
        found: dict[int, set[int]] = {}
        rows = self.filter(Q(first__in=wanted) | Q(second__in=wanted))
        for first, second in rows.values_list("first_id", "second_id") if wanted else ():
            if first in wanted:
                found.setdefault(first, set()).add(second)
            if second in wanted:
                found.setdefault(second, set()).add(first)
        return found


class KeptApart(models.Model):
    """Two stories of one site that are not about the same event: who said so, when and why.

    `first` is the story of the smaller id. `asked_again` counts how often an import's files tied
    the pair again since then; it was not joined.
    """

    site = models.ForeignKey("articles.Site", on_delete=models.CASCADE, related_name="+")
    first = models.ForeignKey(
        "articles.Story", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    second = models.ForeignKey("articles.Story", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("since"), default=timezone.now)
    reason = models.TextField(_("reason"), blank=True)
    asked_again = models.PositiveIntegerField(_("asked again"), default=0)

    objects = KeptApartQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="kept_apart_once"),
            models.CheckConstraint(
                condition=Q(first__lt=models.F("second")), name="kept_apart_ordered"
            ),
        ]
        verbose_name = _("pair kept apart")
        verbose_name_plural = _("pairs kept apart")

    def __str__(self) -> str:
        return f"{self.first} ≠ {self.second}"
