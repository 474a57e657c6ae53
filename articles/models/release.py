"""Releases: what the desk wrote into a content repository in one go, and can take back."""

from __future__ import annotations

import zlib
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Asking for releases."""

    def written(self) -> ReleaseQuerySet:
        """Those that the repository has."""
        return self.filter(state=Release.State.WRITTEN)


class Release(models.Model):
    """Files written together, in one commit where the repository is git.

    It is `prepared` from the moment everything about it is decided, and `written` when the
    repository has it; a run that was killed in between is completed by the next one. `takes_back`
    is the release this one is the reverse of. `parent` and `commit` are ids of git commits, empty
    for a plain folder.
    """

    class State(models.TextChoices):
        """How far it has come."""

        PREPARED = "prepared", _("being written")
        WRITTEN = "written", _("written")
        DROPPED = "dropped", _("not written")

    site = models.ForeignKey(
        "articles.Site", on_delete=models.CASCADE, related_name="releases", verbose_name=_("site")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    run = models.ForeignKey(
        "articles.SyncRun",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="releases",
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PREPARED)
    parent = models.CharField(max_length=64, blank=True)
    commit = models.CharField(_("commit"), max_length=64, blank=True)
    message = models.TextField(_("message"))
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    takes_back = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="taken_back_by"
    )

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["site", "-id"], name="release_of_site"),
            models.Index(fields=["site"], name="release_under_way", condition=Q(state="prepared")),
        ]
        verbose_name = _("release")
        verbose_name_plural = _("releases")

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        """The release's page with its files and lines."""
        return reverse("articles:release_detail", args=[self.pk])

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]

    @property
    def is_taken_back(self) -> bool:
        """Whether a later release, written, is its reverse."""
        later: Any = getattr(self, "taken_back_by", None)
        return later is not None and later.state == self.State.WRITTEN


class ReleaseFile(models.Model):
    """One file of a release: its bytes before and after, compressed; none where there is no file.

    `version` is the story's at that moment. Never shown as it is: it holds the opaque `secured`.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="files")
    story = models.ForeignKey(
        "articles.Story", on_delete=models.CASCADE, related_name="release_files"
    )
    path = models.TextField(_("path"))
    version = models.PositiveIntegerField()
    old = models.BinaryField(null=True)
    new = models.BinaryField(null=True)
    added = models.PositiveIntegerField(_("lines added"), default=0)
    removed = models.PositiveIntegerField(_("lines removed"), default=0)
    said_before = models.JSONField(default=dict, blank=True)
    said_after = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.path

    @property
    def before(self) -> bytes | None:
        """What the file held."""
        return None if self.old is None else zlib.decompress(bytes(self.old))

    @property
    def after(self) -> bytes | None:
        """What it holds since."""
        return None if self.new is None else zlib.decompress(bytes(self.new))

    @staticmethod
    def packed(data: bytes | None) -> bytes | None:
        """The bytes of a file as they are kept."""
        return None if data is None else zlib.compress(data)
