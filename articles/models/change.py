"""The log of every decision and every edit: who, when, before, after."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Verb(models.TextChoices):
    """What can happen to a story or a group."""

    PUBLISH = "publish", _("published")
    UNPUBLISH = "unpublish", _("unpublished")
    DECLINE = "decline", _("declined")
    REMOVE = "remove", _("removed")
    RESTORE = "restore", _("restored")
    EDIT = "edit", _("edited")
    LINK = "link", _("linked")
    UNLINK = "unlink", _("unlinked")
    LEAD = "lead", _("made the lead")
    KEEP_APART = "keep_apart", _("kept apart")
    ALLOW_TOGETHER = "allow_together", _("allowed together")
    MERGE = "merge", _("merged")
    SPLIT = "split", _("split")
    PROMOTE = "promote", _("gave a file to")
    SNOOZE = "snooze", _("snoozed")
    WAKE = "wake", _("brought back")
    PROPOSE = "propose", _("proposed publishing")
    SETTLE = "settle", _("settled")
    IMPORTED = "imported", _("updated from the file")
    EXPORTED = "exported", _("wrote to the file")
    UNDO = "undo", _("undid")


ROBOTS = (Verb.IMPORTED, Verb.EXPORTED)
"""What no person did."""


def name_of(user: User) -> str:
    """How the log names a person (`Change.actor_name`)."""
    return (user.get_full_name() or user.get_username())[:150]


def jsonable(value: Any) -> Any:
    """A value as the log keeps it: instants as ISO 8601 text."""
    return value.isoformat() if isinstance(value, datetime) else value


class ChangeQuerySet(models.QuerySet["Change"]):
    """Reading the log. It cannot be changed or shortened."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refused: the log is append-only."""
        raise TypeError("The log of changes is append-only.")

    def delete(self) -> NoReturn:
        """Refused: the log is append-only."""
        raise TypeError("The log of changes is append-only.")

    def of_story(self, story_id: int) -> ChangeQuerySet:
        """What happened to one story, newest first."""
        return self.filter(story_id=story_id).select_related("actor").order_by("-id")

    def by_person(self, user_id: int) -> ChangeQuerySet:
        """One person's own decisions, newest first."""
        return self.filter(actor_id=user_id).order_by("-id")

    def knowing_undone(self) -> ChangeQuerySet:
        """With `is_undone`: whether the change was taken back."""
        undone = Change.objects.filter(undoes=OuterRef("pk"))
        return self.annotate(is_undone=Exists(undone))


class Change(models.Model):
    """One event in the life of a story. Append-only; undo is an event of its own (`undoes`).

    `before` and `after` map field names to values. `batch` joins the rows that one action wrote,
    so that one undo takes all of them back. `actor` is empty for the robot, whose name stands in
    `actor_name`.
    """

    at = models.DateTimeField(_("when"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="changes",
        verbose_name=_("who"),
    )
    actor_name = models.CharField(_("name"), max_length=150)
    verb = models.CharField(_("what"), max_length=16, choices=Verb)
    site = models.ForeignKey("articles.Site", on_delete=models.CASCADE, related_name="changes")
    story = models.ForeignKey(
        "articles.Story",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="changes",
        db_index=False,
    )
    coverage_id_then = models.BigIntegerField(null=True, blank=True)
    batch = models.UUIDField(null=True, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["story", "-id"], name="change_of_story"),
            models.Index(fields=["actor", "-id"], name="change_by_actor"),
            models.Index(fields=["site", "-id"], name="change_on_site"),
            models.Index(fields=["verb", "-id"], name="change_of_verb"),
            models.Index(fields=["batch", "-id"], name="change_of_batch"),
            models.Index(fields=["at", "id"], name="change_at"),
            models.Index(fields=["-id"], condition=models.Q(actor=None), name="change_by_robot"),
        ]
        verbose_name = _("change")
        verbose_name_plural = _("changes")

    def __str__(self) -> str:
        return f"{self.actor_name} {self.get_verb_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write once."""
        if self.pk is not None:
            raise TypeError("The log of changes is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: the log is append-only."""
        raise TypeError("The log of changes is append-only.")
