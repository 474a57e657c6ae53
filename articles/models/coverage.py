"""Coverage: the stories of one event, with one lead."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class CoverageQuerySet(models.QuerySet["Coverage"]):
    """Questions about groups."""

    def suspicious(self) -> CoverageQuerySet:
        """Groups that look wrong, those first that hide the most good coverage."""
        return self.filter(suspicion__gt=0).order_by("-suspicion", "-id")

    def unjudged(self) -> CoverageQuerySet:
        """Groups that changed since anybody looked at them as a whole."""
        return self.exclude(judged_version=models.F("version"))


class Coverage(models.Model):
    """A group of at least two stories of one event. Every group has exactly one lead.

    `edited` is set by the first change a person makes: from then on the group belongs to the desk
    (its members' files list each other symmetrically, and imports do not regroup it silently).
    `lead_chosen`: a person chose the lead, so a better story that joins later does not take it.

    `suspicion` (0: none), `hidden_count`, the good stories that a cut would set free, and the names
    of the `signals` and `copies_differ`, how many members somebody's file describes differently
    from their own, are those of `articles.judging` for the group's version `judged_version`.
    """

    site = models.ForeignKey("articles.Site", on_delete=models.CASCADE, related_name="coverages")
    lead = models.OneToOneField(
        "articles.Story", on_delete=models.PROTECT, null=True, related_name="leads_coverage"
    )
    member_count = models.PositiveIntegerField(_("stories"), default=0)
    first_at = models.DateTimeField(_("first story"), null=True, blank=True)
    last_at = models.DateTimeField(_("last story"), null=True, blank=True)
    lead_chosen = models.BooleanField(_("lead chosen by a person"), default=False, db_default=False)
    edited = models.BooleanField(_("edited on the desk"), default=False)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    suspicion = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    hidden_count = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    signals = models.CharField(max_length=40, blank=True, default="", db_default="", editable=False)
    copies_differ = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    judged_version = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CoverageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-last_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["site", "-last_at", "-id"], name="coverage_newest"),
            models.Index(fields=["site", "-member_count", "-id"], name="coverage_biggest"),
            models.Index(
                fields=["-suspicion", "-id"],
                condition=Q(suspicion__gt=0),
                name="coverage_suspicious",
            ),
            models.Index(
                fields=["site", "-suspicion", "-id"],
                condition=Q(suspicion__gt=0),
                name="coverage_site_suspicious",
            ),
            models.Index(
                fields=["site", "id"],
                condition=Q(copies_differ__gt=0),
                name="coverage_copies_differ",
            ),
        ]
        verbose_name = _("coverage group")
        verbose_name_plural = _("coverage groups")

    def __str__(self) -> str:
        return f"{self.lead.title if self.lead else _('(no lead)')} ({self.member_count})"

    def get_absolute_url(self) -> str:
        """The group's own page."""
        return reverse("articles:coverage_detail", args=[self.pk])
