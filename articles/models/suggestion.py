"""Suggested coverage: what the desk thinks belongs together, and what people said to it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    """Questions about suggestions."""

    def waiting(self) -> SuggestionQuerySet:
        """Nobody answered yet."""
        return self.filter(answer=Suggestion.Answer.WAITING)

    def answered_by_people(self) -> SuggestionQuerySet:
        """Accepted or refused, and the answer was not taken back."""
        given = (Suggestion.Answer.ACCEPTED, Suggestion.Answer.REFUSED)
        return self.filter(answer__in=given, change__undone_by=None)


class Suggestion(models.Model):
    """That `story` covers the event of `other` (and of its group), and the answer to it.

    Written when stories arrive (`articles.grouping`) and when a person answers
    (`articles.answers`). `score` is what `textmatch` gave, 0 to 1, `same_provider` whether both
    come from one publisher, `dated` whether both dates are known. `change` is the link or the
    refusal that the answer made: where it is undone, the answer no longer counts.
    """

    class Answer(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        LINKED = "linked", _("linked by the rule")

    site = models.ForeignKey("articles.Site", on_delete=models.CASCADE, related_name="suggestions")
    story = models.ForeignKey(
        "articles.Story", on_delete=models.CASCADE, related_name="suggestions", db_index=False
    )
    other = models.ForeignKey("articles.Story", on_delete=models.CASCADE, related_name="+")
    score = models.FloatField(_("score"))
    same_provider = models.BooleanField(default=False)
    dated = models.BooleanField(default=True, db_default=True)
    answer = models.CharField(
        _("answer"), max_length=8, choices=Answer, default=Answer.WAITING, editable=False
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    change = models.ForeignKey(
        "articles.Change", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-score", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["story", "other"], name="suggestion_once_a_pair")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["site", "-score", "id"],
                condition=Q(answer="waiting"),
                name="suggestion_waiting",
            ),
            models.Index(fields=["site", "answer", "score"], name="suggestion_answers"),
        ]
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")

    def __str__(self) -> str:
        return f"{self.story} + {self.other}"
