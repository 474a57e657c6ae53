"""Coverage: link, unlink, choose the lead.

A change of a group by a person makes the group the desk's (`Coverage.edited`). The verbs raise
PermissionDenied, Stale, Blocked (a locked file, two sites), KeptApart, Story.DoesNotExist.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles.desk.apart import take_out
from articles.desk.drafts import Draft, GroupDraft
from articles.desk.errors import Blocked
from articles.desk.pairs import part, refuse_pairs
from articles.desk.plans import Plan, carry_out, open_stories, refuse_locked, refuse_two_sites
from articles.desk.regrouping import rearrange
from articles.desk.writing import Entry
from articles.models import Change, Coverage, Story, Verb
from articles.rules import best_member


def link(
    story: Story,
    others: Iterable[Story],
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
) -> Change | None:
    """Join stories, with all of their groups, to one group with `story`.

    The best story leads, unless a person chose the lead. Returns the change of `story`; None
    where all are in one group already.
    """
    wanted = [other.pk for other in others]
    entry = Entry(by, Verb.LINK, reason, batch or uuid.uuid4())
    return carry_out(story, version, entry, lambda lock: plan_link(story, wanted, by, lock=lock))


def unlink(
    story: Story,
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
    keep_apart: bool = False,
) -> Change | None:
    """Take a story out of its group; a group of two is dissolved. None for a single story.

    With `keep_apart` the robot cannot bring it back: the story and the lead of the group (the one
    that leads now, if the story led) are kept apart from then on.
    """
    entry = Entry(by, Verb.UNLINK, reason, batch or uuid.uuid4())
    return carry_out(
        story,
        version,
        entry,
        lambda lock: plan_unlink(story, by, lock=lock, keep_apart=keep_apart, reason=reason),
    )


def choose_lead(
    story: Story,
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
) -> Change | None:
    """Make a story the lead of its group, whatever the rule says. None where it leads already."""
    entry = Entry(by, Verb.LEAD, reason, batch or uuid.uuid4())
    return carry_out(story, version, entry, lambda lock: plan_lead(story, by, lock=lock))


def plan_link(story: Story, others: Collection[int], by: User, *, lock: bool = True) -> Plan | None:
    """What `link` would do; None for nothing."""
    ids = [story.pk, *(pk for pk in dict.fromkeys(others) if pk != story.pk)]
    drafts, groups = open_stories(ids, lock=lock)
    targets = [drafts[pk] for pk in ids]
    refuse_two_sites(targets)
    for target in targets:
        refuse_locked(target.story)
    if len({draft.story.coverage_id or -draft.story.pk for draft in targets}) == 1:
        return None
    joined = [groups[pk] for pk in dict.fromkeys(d.story.coverage_id for d in targets) if pk]
    whole = joined[0] if joined else GroupDraft(Coverage(site_id=story.site_id), existed=False)
    _merge(whole, joined[1:], targets)
    refuse_pairs({draft.story.pk: draft for draft in whole.members})
    rearrange(whole, by=by)
    return Plan.of(targets[0], drafts.values(), [whole, *joined[1:]])


def _merge(whole: GroupDraft, others: Iterable[GroupDraft], targets: Iterable[Draft]) -> None:
    """Empty the other groups into one; the first chosen lead stays chosen."""
    members = {draft.story.pk: draft for draft in whole.members}
    for group in others:
        members.update({draft.story.pk: draft for draft in group.members})
        if group.coverage.lead_chosen and not whole.coverage.lead_chosen:
            whole.coverage.lead_chosen, whole.coverage.lead_id = True, group.coverage.lead_id
        group.members = []
    members.update({draft.story.pk: draft for draft in targets})
    whole.members = [members[pk] for pk in sorted(members)]


def plan_unlink(
    story: Story, by: User, *, lock: bool = True, keep_apart: bool = False, reason: str = ""
) -> Plan | None:
    """What `unlink` would do; None for nothing."""
    drafts, groups = open_stories([story.pk], lock=lock)
    target = drafts[story.pk]
    if target.story.coverage_id is None:
        return None
    others = [draft for draft in groups[target.story.coverage_id].members if draft is not target]
    leads = [draft for draft in others if draft.story.is_lead]
    take_out(target, groups, by=by)
    if keep_apart:
        lead = leads[0] if leads else drafts[best_member(d.story for d in others).pk]
        part(target, lead, by=by, reason=reason)
    return Plan.of(target, drafts.values(), groups.values())


def plan_lead(story: Story, by: User, *, lock: bool = True) -> Plan | None:
    """What `choose_lead` would do; None for nothing."""
    drafts, groups = open_stories([story.pk], lock=lock)
    target = drafts[story.pk]
    if target.story.is_lead or target.story.coverage_id is None:
        return None
    refuse_locked(target.story)
    if target.story.removed:
        raise Blocked(target.story, [_("The story was removed: restore it first.")])
    group = groups[target.story.coverage_id]
    group.coverage.lead_id, group.coverage.lead_chosen = story.pk, True
    rearrange(group, by=by)
    return Plan.of(target, drafts.values(), [group])
