"""Saved views: a list with its filters, its order and its density, kept under a name."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from articles.models.preferences import Density

HIGHEST_KEY = 9


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Asking for views in the words of the desk."""

    def for_person(self, user_id: int) -> SavedViewQuerySet:
        """A person's own views, then the team's, each in their order."""
        mine = self.filter(Q(owner=user_id) | Q(owner=None))
        return mine.order_by(models.F("owner").asc(nulls_last=True), "position", "id")

    def of(self, owner_id: int | None) -> SavedViewQuerySet:
        """One person's views, or the team's (`None`)."""
        return self.filter(owner=owner_id)


class SavedView(models.Model):
    """A list kept under a name: a person's own, or the team's where `owner` is empty.

    `query` is the list's query string without page and preview. `key` (1-9) opens it after `g`;
    a person's own view goes before the team's of the same key.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="saved_views",
    )
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(_("list"), blank=True)
    density = models.CharField(_("density"), max_length=12, choices=Density, blank=True)
    key = models.PositiveSmallIntegerField(
        _("key"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_KEY)],
    )
    position = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "key"], name="view_key_once_a_person"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(owner=None), name="view_key_once_in_the_team"
            ),
            models.CheckConstraint(
                condition=Q(key=None) | Q(key__range=(1, HIGHEST_KEY)), name="view_key_is_a_digit"
            ),
        ]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list it shows."""
        density = urlencode({"density": self.density}) if self.density else ""
        query = "&".join(part for part in (self.query, density) if part)
        return f"{reverse('articles:story_list')}{'?' + query if query else ''}"

    @property
    def is_teams(self) -> bool:
        """Whether everybody has it."""
        return self.owner_id is None
