"""Whole groups: merge several into one, split one into parts, take one over as it is.

All raise PermissionDenied, Stale, Blocked (a locked file, two sites), KeptApart; each is one
batch, taken back as one.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles.desk.drafts import Draft, GroupDraft
from articles.desk.errors import Blocked, Stale
from articles.desk.groups import plan_link
from articles.desk.pairs import part as keep_pair
from articles.desk.permission import require_edit
from articles.desk.plans import Plan, carry_out, open_stories, refuse_locked
from articles.desk.regrouping import make_single, rearrange
from articles.desk.writing import Entry
from articles.models import Change, Coverage, Story, Verb
from articles.rules import best_member

Parts = Sequence[Collection[int]]
"""Ids of the stories that leave a group together, part by part."""


def merge(
    groups: Sequence[Coverage],
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
) -> Change | None:
    """Join groups to one, which keeps the row of the first; None for fewer than two.

    `version` is that of the first group. The best story leads, unless a person chose the lead.
    """
    require_edit(by)
    leads = [_lead_of(group) for group in groups]
    if len({lead.pk for lead in leads}) < 2:
        return None
    entry = Entry(by, Verb.MERGE, reason, batch or uuid.uuid4())
    others = [lead.pk for lead in leads[1:]]

    def plan(lock: bool) -> Plan | None:
        found = plan_link(leads[0], others, by, lock=lock)
        _refuse_stale(groups[0], version)
        return found

    return carry_out(leads[0], None, entry, plan)


def adopt(
    group: Coverage,
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
) -> Change | None:
    """Make a group the desk's as it stands: the files of its members list each other from now on.

    Heat and supersession follow the site's rule. None where it is the desk's already.
    """
    lead = _lead_of(group)
    entry = Entry(by, Verb.LINK, reason, batch or uuid.uuid4())

    def plan(lock: bool) -> Plan | None:
        drafts, groups = open_stories([lead.pk], lock=lock)
        whole = groups[group.pk]
        _refuse_stale(group, version)
        if whole.coverage.edited:
            return None
        rearrange(whole, by=by)
        return Plan.of(drafts[lead.pk], drafts.values(), [whole])

    return carry_out(lead, None, entry, plan)


def split(
    group: Coverage,
    parts: Parts,
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
    keep_apart: bool = False,
) -> Change | None:
    """Let parts of a group become groups of their own, single stories where a part is one story.

    Who is in no part keeps the group; where nobody is left, the part of the lead stays. With
    `keep_apart` the lead of each part is kept apart from the lead of the rest, so that the robot
    cannot bring them together again. None where nothing would leave.
    """
    entry = Entry(by, Verb.SPLIT, reason, batch or uuid.uuid4())

    def plan(lock: bool) -> Plan | None:
        found = plan_split(group, parts, by, lock=lock, keep_apart=keep_apart, reason=reason)
        _refuse_stale(group, version)
        return found

    return carry_out(_lead_of(group), None, entry, plan)


def _lead_of(group: Coverage) -> Story:
    lead = Story.objects.light().filter(coverage=group.pk, is_lead__in=[True]).first()
    if lead is None:
        raise Story.DoesNotExist(f"The group {group.pk} is gone.")
    return lead


def _refuse_stale(group: Coverage, version: int | None) -> None:
    """Raises Stale where the group is not the one the person saw; its stories are locked."""
    if version is None:
        return
    if not Coverage.objects.filter(pk=group.pk, version=version).exists():
        raise Stale(_lead_of(group))


def plan_split(
    group: Coverage,
    parts: Parts,
    by: User,
    *,
    lock: bool = True,
    keep_apart: bool = False,
    reason: str = "",
) -> Plan | None:
    """What `split` would do; None for nothing."""
    lead = _lead_of(group)
    drafts, groups = open_stories([lead.pk], lock=lock)
    whole = groups[group.pk]
    leaving = _leaving(whole, lead.pk, parts)
    if not leaving:
        return None
    gone = {draft.story.pk for part in leaving for draft in part}
    whole.members = [draft for draft in whole.members if draft.story.pk not in gone]
    made = [_found(part, lead.site_id, by) for part in leaving]
    rearrange(whole, by=by)
    if keep_apart:
        stays = _best(whole.members)
        for part in leaving:
            keep_pair(_best(part), stays, by=by, reason=reason)
    return Plan.of(drafts[lead.pk], drafts.values(), [whole, *filter(None, made)])


def _leaving(whole: GroupDraft, lead: int, parts: Parts) -> list[list[Draft]]:
    """The parts that leave, as drafts. Raises Blocked for a story that is no member, or locked."""
    members = {draft.story.pk: draft for draft in whole.members}
    sets = [set(part) for part in parts if part]
    named = [pk for part in sets for pk in part]
    if len(named) != len(set(named)) or not members.keys() >= set(named):
        stranger = members[lead].story
        raise Blocked(stranger, [_("The group has other stories by now: look at it again.")])
    if members.keys() <= set(named):
        sets = [part for part in sets if lead not in part]
    found = [[members[pk] for pk in sorted(part)] for part in sets]
    for part in found:
        for draft in part:
            refuse_locked(draft.story)
    return found


def _found(part: list[Draft], site_id: int, by: User) -> GroupDraft | None:
    """A new group of the stories of a part; none for a single one."""
    if len(part) == 1:
        make_single(part[0], by=by)
        return None
    group = GroupDraft(Coverage(site_id=site_id), existed=False)
    group.members = part
    rearrange(group, by=by)
    return group


def _best(drafts: Sequence[Draft]) -> Draft:
    """The lead of stories that stand together by now."""
    leads = [draft for draft in drafts if draft.story.is_lead]
    best = best_member(draft.story for draft in leads or drafts)
    return next(draft for draft in drafts if draft.story is best)
