"""Where file and desk disagree, and where the desk is always right."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

COVERAGE = "coverage"
"""The field of a conflict about a whole group: who belongs to it, who leads it, who is live."""


class ConflictQuerySet(models.QuerySet["Conflict"]):
    """Asking for disagreements."""

    def open(self) -> ConflictQuerySet:
        """Those that nobody has settled, and that did not dissolve."""
        return self.filter(state=Conflict.State.OPEN)


class Conflict(models.Model):
    """File and desk disagree on one field of a story, or on one group (`COVERAGE`).

    `base` is what the file said when a person edited the field, `file` what it says now, `desk`
    what the desk says. A conflict about a group has, for each story on which they disagree, its
    `heat`, `published` and `related` (identities of addresses) by the story's id. It belongs to
    `coverage`, or to `story` where a person took that out of its group.
    """

    class State(models.TextChoices):
        """Whether somebody still has to decide."""

        OPEN = "open", _("open")
        SETTLED = "settled", _("settled")

    class How(models.TextChoices):
        """What ended it."""

        TAKEN = "taken", _("the file's value was taken")
        KEPT = "kept", _("the desk's value was kept")
        ALWAYS = "always", _("the desk's value is always kept")
        AGREED = "agreed", _("the file agreed with the desk")
        RETURNED = "returned", _("the file came back to what it was")
        MOOT = "moot", _("the decision was taken back or changed")

    site = models.ForeignKey("articles.Site", on_delete=models.CASCADE, related_name="conflicts")
    story = models.ForeignKey(
        "articles.Story",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="conflicts",
        db_index=False,
    )
    coverage = models.ForeignKey(
        "articles.Coverage", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    field = models.CharField(_("field"), max_length=32)
    base = models.JSONField(_("base"), null=True, blank=True)
    file = models.JSONField(_("file"), null=True, blank=True)
    desk = models.JSONField(_("desk"), null=True, blank=True)
    run = models.ForeignKey(
        "articles.SyncRun", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    how = models.CharField(_("how"), max_length=8, choices=How, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    opened_at = models.DateTimeField(_("since"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["story", "field"],
                condition=Q(state="open", story__isnull=False),
                name="conflict_open_once_per_field",
            ),
            models.UniqueConstraint(
                fields=["coverage"],
                condition=Q(state="open", coverage__isnull=False),
                name="conflict_open_once_per_group",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-id"], condition=Q(state="open"), name="conflict_open"),
            models.Index(fields=["site", "-id"], condition=Q(state="open"), name="conflict_site"),
            models.Index(fields=["story", "-id"], name="conflict_of_story"),
        ]
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")

    def __str__(self) -> str:
        return f"{self.field} ({self.get_state_display()})"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.state == self.State.OPEN


class StandingAnswer(models.Model):
    """In this field of this story the desk's value is always kept, whatever the robot writes.

    `field` is that of a conflict; `COVERAGE` covers the story's place in its group.
    """

    story = models.ForeignKey(
        "articles.Story", on_delete=models.CASCADE, related_name="standing_answers", db_index=False
    )
    field = models.CharField(_("field"), max_length=32)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["story", "field"], name="standing_answer_once")
        ]
        verbose_name = _("standing answer")
        verbose_name_plural = _("standing answers")

    def __str__(self) -> str:
        return f"{self.story}: {self.field}"
