"""What people say to suggestions, and how often the desk was right.

An answer is a verb of the desk (`desk.link`, `desk.keep_apart`) that is remembered beside the
score the suggestion had. An answer that was undone does not count.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from articles import desk
from articles.models import Change, Site, Story, Suggestion
from articles.suggestions import likeness

PRECISION = 0.95
"""The share of right suggestions from which a site may link by rule."""
SUREST_LOW = 0.90
"""The lower end of Wilson's interval that this share needs: about 60 answers without an error."""
Z = 1.96
"""Standard deviations of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Precision:
    """How often suggestions of at least a score, between two publishers, were right."""

    accepted: int
    refused: int

    @property
    def answers(self) -> int:
        """How many were answered."""
        return self.accepted + self.refused

    @property
    def share(self) -> float | None:
        """Accepted of all; None without an answer."""
        return self.accepted / self.answers if self.answers else None

    @property
    def low(self) -> float:
        """The lower end of Wilson's 95 % interval of the share (Wilson 1927)."""
        n = self.answers
        if not n:
            return 0.0
        share = self.accepted / n
        middle = share + Z * Z / (2 * n)
        spread = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
        # Rounding may put the end of an interval at 0 a hair above it.
        return min(share, max(0.0, (middle - spread) / (1 + Z * Z / n)))

    @property
    def suffices(self) -> bool:
        """Whether the site may link by rule."""
        return self.share is not None and self.share >= PRECISION and self.low >= SUREST_LOW


def precision(site: Site, score: float | None = None) -> Precision:
    """What the answers of a site say of suggestions from a score on (the site's own). One query."""
    least = site.auto_link_score if score is None else score
    answers = Suggestion.objects.filter(site=site, score__gte=least, same_provider__in=[False])
    counted = answers.answered_by_people().aggregate(
        accepted=Count("pk", filter=Q(answer=Suggestion.Answer.ACCEPTED)),
        refused=Count("pk", filter=Q(answer=Suggestion.Answer.REFUSED)),
    )
    return Precision(**counted)


def accept(
    story: Story, other: Story, *, by: User, version: int | None = None, reason: str = ""
) -> Change | None:
    """Link a story with a suggested one; None where they are linked already. Raises as `link`."""
    with transaction.atomic():
        change = desk.link(story, [other], by=by, version=version, reason=reason)
        _remember(story, other, Suggestion.Answer.ACCEPTED, by, change)
    return change


def refuse(
    story: Story, other: Story, *, by: User, version: int | None = None, reason: str = ""
) -> Change | None:
    """Keep a story apart from a suggested one; None where that is known. Raises as `keep_apart`."""
    with transaction.atomic():
        change = desk.keep_apart(story, other, by=by, version=version, reason=reason)
        _remember(story, other, Suggestion.Answer.REFUSED, by, change)
    return change


def _remember(
    story: Story,
    other: Story,
    answer: Suggestion.Answer,
    by: User,
    change: Change | None,
) -> None:
    """Once for each pair, whichever of the two it was asked for; the last answer counts."""
    if change is None:
        return
    pair = Q(story=story, other=other) | Q(story=other, other=story)
    known = Suggestion.objects.filter(pair).first() or Suggestion(
        site_id=story.site_id, story=story, other=other, score=likeness(story, other)
    )
    known.same_provider = story.provider_id == other.provider_id
    known.answer, known.answered_by, known.answered_at = answer, by, timezone.now()
    known.change = change
    known.save()
