"""Runs: one import, export or sync, its counts and problems."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

GONE = "gone"
"""Among the counts of a run that stopped to ask: the files it would have marked as missing."""


class SyncRun(models.Model):
    """One import, export or sync. `counts` holds the numbers of its summary line, `problems` a
    list of `{"path", "line", "code", "message"}`.

    A run that was killed stays `running` until the next one marks it interrupted at `done` of
    `total`. A sync is the `parent` of the runs it consists of; `phase` says what it is doing now,
    and it is `waiting` while no worker has taken it up.
    """

    class Kind(models.TextChoices):
        """What the run did."""

        IMPORT = "import", _("import")
        EXPORT = "export", _("export")
        SYNC = "sync", _("sync")

    class Status(models.TextChoices):
        """How the run ended."""

        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        INTERRUPTED = "interrupted", _("interrupted")

    site = models.ForeignKey(
        "articles.Site", on_delete=models.CASCADE, null=True, blank=True, related_name="runs"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.RUNNING)
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="parts"
    )
    phase = models.CharField(_("doing"), max_length=32, blank=True)
    source = models.TextField(_("folder"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    problems = models.JSONField(_("problems"), default=list, blank=True)
    message = models.TextField(_("message"), blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["site", "-id"], name="run_of_site")]
        verbose_name = _("run")
        verbose_name_plural = _("runs")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}: {self.get_status_display()}"

    def get_absolute_url(self) -> str:
        """The run's page with its problems."""
        return reverse("articles:run_detail", args=[self.pk])

    @property
    def asks_about(self) -> int:
        """How many files were gone, where the run stopped to ask whether they really are."""
        return int(self.counts.get(GONE, 0)) if self.status == self.Status.FAILED else 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens in it."""
        return self.status not in {self.Status.WAITING, self.Status.RUNNING}
