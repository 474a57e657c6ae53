"""Keeping two stories apart: a remembered no, which links, robots and rules respect.

Both stories are logged under one batch, so that one undo forgets the no, and brings the two
together again where it parted them.
"""

from __future__ import annotations

import uuid

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles import models
from articles.desk.drafts import Draft, GroupDraft
from articles.desk.errors import Blocked
from articles.desk.pairs import part, unpart
from articles.desk.plans import Plan, carry_out, open_stories, refuse_locked, refuse_two_sites
from articles.desk.regrouping import make_single, rearrange
from articles.desk.writing import Entry
from articles.models import Change, Story, Verb


def keep_apart(
    story: Story,
    other: Story,
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
) -> Change | None:
    """Remember that two stories are not about one event; None where that is known already.

    Where they stand in one group, the story leaves it, or the other one if the story leads.
    Raises as `link` does.
    """
    entry = Entry(by, Verb.KEEP_APART, reason, batch or uuid.uuid4())
    return carry_out(
        story, version, entry, lambda lock: plan_keep_apart(story, other, by, reason, lock=lock)
    )


def allow_together(
    story: Story,
    other: Story,
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
) -> Change | None:
    """Forget that two stories are kept apart; they are not linked by it. None if they are not."""
    entry = Entry(by, Verb.ALLOW_TOGETHER, reason, batch or uuid.uuid4())
    return carry_out(
        story, version, entry, lambda lock: plan_allow_together(story, other, lock=lock)
    )


def plan_keep_apart(
    story: Story, other: Story, by: User, reason: str = "", *, lock: bool = True
) -> Plan | None:
    """What `keep_apart` would do; None for nothing."""
    drafts, groups = open_stories([story.pk, other.pk], lock=lock)
    one, two = drafts[story.pk], drafts[other.pk]
    if one is two:
        raise Blocked(story, [_("A story cannot be kept apart from itself.")])
    refuse_two_sites([one, two])
    if models.KeptApart.objects.between(story.pk, other.pk).exists():
        return None
    part(one, two, by=by, reason=reason)
    if one.story.coverage_id is not None and one.story.coverage_id == two.story.coverage_id:
        take_out(two if one.story.is_lead else one, groups, by=by)
    return Plan.of(one, drafts.values(), groups.values())


def take_out(draft: Draft, groups: dict[int, GroupDraft], *, by: User) -> None:
    """Let a story leave its group; the rest is settled by the site's rule. Raises Blocked."""
    refuse_locked(draft.story)
    group = groups[draft.story.coverage_id or 0]
    group.members.remove(draft)
    make_single(draft, by=by)
    rearrange(group, by=by)


def plan_allow_together(story: Story, other: Story, *, lock: bool = True) -> Plan | None:
    """What `allow_together` would do; None for nothing."""
    drafts, groups = open_stories([story.pk, other.pk], lock=lock)
    if not models.KeptApart.objects.between(story.pk, other.pk).exists():
        return None
    unpart(drafts[story.pk], drafts[other.pk])
    return Plan.of(drafts[story.pk], drafts.values(), groups.values())
