"""New stories are grouped on arrival: as suggestions, or by rule where a site's answers allow it.

Called after an import. Stories without a group are compared with the archive and gathered
(`eventgroups`); what they would join waits as a `Suggestion`. Groups that stand are never merged
with each other, and a link by rule is a change like any other, which can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import desk
from articles.accounts import rule_user
from articles.answers import precision
from articles.eventgroups import Pair, gather
from articles.models import KeptApart, Site, Story, Suggestion
from articles.rules import UNKNOWN_DATE, Queue
from articles.suggestions import Compared, compare, piece_of

JOINS_FROM = 0.20
"""The average score from which stories are gathered: of the scores near it, the one where most
sets of hand-labelled stories agree (`docs/suggestions.md`)."""
CANDIDATES = 400
"""Stories compared with each new one: more than a person is shown, for events of hundreds."""
LOWEST = 0.02
"""Scores below are as good as none."""
AT_MOST = 300
"""New stories looked at in one go, the newest first."""

Scores = dict[Pair, float]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of the new stories of a site."""

    suggested: int = 0
    linked: int = 0


def arrive(site: Site, since: datetime) -> Arrival:
    """Suggest groups for the stories of a site that came since then and stand alone."""
    waiting = Story.objects.of_site(site.pk).in_queue(Queue.INBOX).newest_first().light()
    stories = list(waiting.filter(created_at__gte=since, coverage=None)[:AT_MOST])
    made = _suggested(site, stories)
    known = set(Suggestion.objects.filter(story__in=stories).values_list("story_id", "other_id"))
    new = [each for each in made if (each.story_id, each.other_id) not in known]
    if not (site.auto_link and precision(site).suffices):
        Suggestion.objects.bulk_create(new)
        return Arrival(suggested=len(new))
    linked = sum(_settled(site, each) for each in new)
    return Arrival(len(new) - linked, linked)


def arrive_everywhere(since: datetime) -> Arrival:
    """Suggest groups for the stories that came to any site since then."""
    found = [arrive(site, since) for site in Site.objects.all()]
    return Arrival(sum(each.suggested for each in found), sum(each.linked for each in found))


def scores_of(stories: Iterable[Story]) -> tuple[Scores, dict[Pair, Compared]]:
    """The score of every pair of stories alike of which one is among these, and how they compare.

    The first of each pair is the one that was looked up.
    """
    scores: Scores = {}
    compared: dict[Pair, Compared] = {}
    for story in stories:
        found = compare(
            piece_of(story), story.site_id, without=[story.pk], candidates=CANDIDATES, lowest=LOWEST
        )
        for each in found:
            other = int(each.row["id"])
            compared[story.pk, other] = each
            scores[min(story.pk, other), max(story.pk, other)] = each.score
    return scores, compared


def _suggested(site: Site, stories: Sequence[Story]) -> list[Suggestion]:
    """One suggestion for each story that belongs somewhere: its best mate that was there before."""
    scores, compared = scores_of(stories)
    groups = _groups(compared)
    apart = KeptApart.objects.partners_of({story.pk for story in stories})
    refused = [(one, other) for one, others in apart.items() for other in others]
    place = {story.pk: (story.listed_at, story.pk) for story in stories}
    found = []
    gathered = gather(
        scores,
        JOINS_FROM,
        groups=groups.values(),
        apart=refused,
        dated=dated(compared, stories),
        undated=undated(site),
    )
    for group in gathered:
        for pk in group & place.keys():
            mates = [
                compared[pk, other]
                for other in group
                if (pk, other) in compared and (other not in place or place[other] < place[pk])
            ]
            if mates:
                found.append(_suggestion(site, pk, max(mates, key=lambda mate: mate.score)))
    return found


def dated(compared: Mapping[Pair, Compared], stories: Iterable[Story]) -> set[int]:
    """The stories whose date is known."""
    known = {other for (_, other), each in compared.items() if each.piece.at is not None}
    return known | {story.pk for story in stories if story.published_at is not None}


def undated(site: Site) -> int:
    """How many stories of a site have no date: a story without one may be mistaken for any."""
    return Story.objects.filter(site=site, listed_at=UNKNOWN_DATE).count()


def _groups(compared: Mapping[Pair, Compared]) -> dict[int, set[int]]:
    """The groups that stand, as far as their stories were compared."""
    groups: dict[int, set[int]] = {}
    for (_story, other), each in compared.items():
        if each.row["coverage_id"]:
            groups.setdefault(each.row["coverage_id"], set()).add(other)
    return groups


def _suggestion(site: Site, pk: int, mate: Compared) -> Suggestion:
    return Suggestion(
        site=site,
        story_id=pk,
        other_id=mate.row["id"],
        score=mate.score,
        same_provider=mate.same_provider,
        dated=mate.days is not None,
    )


def _settled(site: Site, each: Suggestion) -> bool:
    """Link by rule what is sure enough, leave the rest waiting; returns whether it was linked."""
    sure = each.score >= site.auto_link_score and each.dated and not each.same_provider
    with transaction.atomic():
        if sure:
            reason = _("linked by rule, score %.2f") % each.score
            try:
                each.change = desk.link(each.story, [each.other], by=rule_user(), reason=reason)
            except desk.DeskError:
                sure = False
        if sure:
            each.answer, each.answered_at = Suggestion.Answer.LINKED, timezone.now()
        each.save()
    return sure
