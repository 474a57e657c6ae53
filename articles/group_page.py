"""What the page of one coverage group shows: its time line, reasons, candidates and cuts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from articles import judging, story_page
from articles.cohesion import GAP_DAYS, SIGNALS, Held, Judgement, Likeness, Part, in_time
from articles.models import Coverage, KeptApart, Story, StoryImage
from articles.textmatch import days_apart, read

MOST_MEMBERS = 400
"""So many members are shown and compared."""
CANDIDATES = 5
LARGE_IMAGE = 600
"""Pixels from which on a picture serves the front page."""
OFF_TOPIC = 0.1
"""A member that is less like every story of the lead's part, dates apart, looks off-topic."""
STRIP = 1000
"""Width of the drawn time line."""


@dataclass(frozen=True, slots=True)
class Member:
    """A story of the group. `words` are the rare ones it shares with `like`, the lead first."""

    story: Story
    words: tuple[str, ...]
    like: Story | None
    off_topic: bool
    x: int
    is_rescued: bool


@dataclass(frozen=True, slots=True)
class Day:
    """The stories of one day, oldest first; `gap`: so many silent days before, if many."""

    date: date | None
    gap: int
    members: list[Member]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that could lead, with what speaks for it."""

    story: Story
    heat: int | None
    publishes: bool
    is_first: bool
    has_large_image: bool
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """A proposed part: who would lead it, with which heat, and whether a good story is rescued.

    `ids` is what the page posts to split it off.
    """

    lead: Story
    others: list[Story]
    heat: int | None
    publishes: bool
    is_rescued: bool
    ids: str


def context(group: Coverage) -> dict[str, Any]:
    """Everything the page needs, in a fixed number of queries."""
    stories = members_of(group)
    helds = {story.pk: judging.held(story) for story in stories}
    likeness = judging.likeness_of(group.site_id, helds.values())
    judgement = judging.judgement_of(group, list(helds.values()), likeness)
    by_id = {story.pk: story for story in stories}
    lead = by_id.get(group.lead_id or 0)
    members = _members(by_id, judgement, likeness)
    cuts = [_cut(part, by_id, judgement) for part in judgement.parts[1:]]
    return {
        "group": group,
        "lead": lead,
        "sum": story_page.heat_sum(lead) if lead else None,
        "days": list(_days(members)),
        "members": members,
        "candidates": _candidates(stories),
        "cuts": cuts,
        "all_cuts": ";".join(cut.ids for cut in cuts),
        "is_suspicious": judgement.suspicion > 0,
        "signals": [SIGNALS[name] for name in judgement.signals],
        "rescued": [cut for cut in cuts if cut.is_rescued],
        "hidden_members": max(0, group.member_count - len(stories)),
        "kept_apart": _kept_apart(by_id),
    }


def members_of(group: Coverage) -> list[Story]:
    """The members, oldest first."""
    stories = Story.objects.filter(coverage=group).select_related("site", "provider")
    return list(stories.light().order_by("listed_at", "id")[:MOST_MEMBERS])


def _members(
    by_id: dict[int, Story], judgement: Judgement, likeness: Likeness
) -> dict[int, Member]:
    ordered = in_time(held for part in judgement.parts for held in part.members)
    dates = [held.piece.at for held in ordered if held.piece.at is not None]
    rescued = {held.id for held in judgement.rescued}
    core = judgement.parts[0].members if judgement.parts else ()
    lead = [held for held in core if held.is_lead]
    part_of = {held.id: part.members for part in judgement.parts for held in part.members}
    found = {}
    for held in ordered:
        mates = part_of[held.id]
        others = [*lead, *mates] if held in core else [*mates, *lead]
        like, words = _reason(held, others, likeness)
        found[held.id] = Member(
            story=by_id[held.id],
            words=tuple(words),
            like=by_id[like.id] if like else None,
            off_topic=_is_off_topic(held, core, likeness),
            x=_x(held.piece.at, dates),
            is_rescued=held.id in rescued,
        )
    return found


def _is_off_topic(held: Held, core: Sequence[Held], likeness: Likeness) -> bool:
    """Whether a story is like none of the stories that belong to the lead."""
    return held not in core and all(likeness.alike(held, other) < OFF_TOPIC for other in core)


def _reason(
    held: Held, others: Iterable[Held], likeness: Likeness
) -> tuple[Held | None, list[str]]:
    """The first of the others that shares rare words with a story, and those words."""
    for other in others:
        if other is not held and (words := likeness.words(held, other)):
            return other, words
    return None, []


def _x(at: datetime | None, dates: Sequence[datetime]) -> int:
    if at is None or len(dates) < 2 or dates[-1] == dates[0]:
        return STRIP // 2
    share = (at - dates[0]) / (dates[-1] - dates[0])
    return 10 + round(share * (STRIP - 20))


def _days(members: dict[int, Member]) -> Iterable[Day]:
    last: datetime | None = None
    for day, found in groupby(members.values(), key=_day_of):
        stories = list(found)
        at = stories[0].story.published_at
        silent = days_apart(last, at) or 0.0
        yield Day(day, round(silent) if silent > GAP_DAYS else 0, stories)
        last = at or last


def _day_of(member: Member) -> date | None:
    at = member.story.published_at
    return timezone.localtime(at).date() if at else None


def _candidates(stories: Sequence[Story]) -> list[Candidate]:
    """The best stories side by side, the present lead always among them."""
    best = sorted(stories, key=lambda s: (not s.is_lead, -(s.quality or 0)))[:CANDIDATES]
    wide = StoryImage.objects.filter(story__in=best, width__gte=LARGE_IMAGE)
    pictured = set(wide.values_list("story_id", flat=True))
    first = stories[0] if stories else None
    return [_candidate(story, story is first, story.pk in pictured) for story in best]


def _candidate(story: Story, is_first: bool, has_image: bool) -> Candidate:
    heat = story.site.rule.heat(story.quality, story.related_count)
    reading = read("", story.title)
    names = [reading.forms[each][0] for each in sorted(reading.names)]
    publishes = story.site.rule.publishes(heat)
    return Candidate(story, heat, publishes, is_first, has_image, tuple(names))


def _cut(part: Part, by_id: dict[int, Story], judgement: Judgement) -> Cut:
    lead = by_id[part.lead.id]
    heat = lead.site.rule.heat(lead.quality, len(part.members) - 1)
    return Cut(
        lead=lead,
        others=[by_id[held.id] for held in part.members if held.id != lead.pk],
        heat=heat,
        publishes=lead.site.rule.publishes(heat),
        is_rescued=part.lead in judgement.rescued,
        ids=",".join(str(pk) for pk in part.ids),
    )


def _kept_apart(by_id: dict[int, Story]) -> list[KeptApart]:
    """What people keep apart from the stories of the group."""
    pairs = KeptApart.objects.touching(by_id).select_related("first", "second", "by")
    return list(pairs[:50])


def signal_words(group: Coverage) -> list[str]:
    """What is doubtful about a group, as it was judged last."""
    return [str(_(SIGNALS[name])) for name in group.signals.split() if name in SIGNALS]
