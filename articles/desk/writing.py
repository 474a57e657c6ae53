"""Opening stories and groups for a verb, and writing them with the log of what changed.

Every verb runs inside one transaction: `open_drafts` locks and reads, the verb changes the drafts
in memory, `commit` writes only what changed, each row on condition that its version is the one
that was read.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from articles import judging
from articles.desk.disputes import Answer, reconcile, weigh
from articles.desk.drafts import Draft, GroupDraft
from articles.desk.errors import Stale
from articles.desk.files import Linked, settle_pending
from articles.desk.parts import write_parts
from articles.failpoints import around_commit
from articles.models import Change, Coverage, Story, Verb
from articles.models.change import name_of
from articles.rules import Standing, queue_of

CLOCK = "clock"
"""The name under which the history tells what nobody did: snoozed stories wake."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How the log names an action: who did what (None: the clock), why, in which batch.

    `answer` says how the conflicts ended that the action settles.
    """

    by: User | None
    verb: Verb
    reason: str = ""
    batch: uuid.UUID | None = None
    undoes: Mapping[tuple[int | None, int | None], Change] = field(default_factory=dict)
    verbs: Mapping[tuple[int | None, int | None], Verb] = field(default_factory=dict)
    answer: Answer | None = None


def open_drafts(story_ids: Iterable[int], *, lock: bool = True) -> dict[int, Draft]:
    """The stories as they are now, in the order of their ids, locked until the transaction ends."""
    rows = _for_verbs(lock).filter(pk__in=list(story_ids))
    return {story.pk: Draft(story) for story in rows}


def _for_verbs(lock: bool) -> QuerySet[Story]:
    rows = Story.objects.light().select_related("site").order_by("pk")
    return rows.select_for_update(of=("self",)) if lock else rows


def open_draft(story: Story) -> Draft:
    """One story as it is now, locked. Raises Story.DoesNotExist."""
    found = open_drafts([story.pk])
    if not found:
        raise Story.DoesNotExist(f"There is no story {story.pk}.")
    return found[story.pk]


def open_members(
    coverage_ids: Iterable[int], story_ids: Collection[int], *, lock: bool = True
) -> tuple[dict[int, Draft], dict[int, GroupDraft]]:
    """Groups and stories with all members of those groups, locked: groups first, both by id.

    The order is the same for everybody, so that two people never wait for each other.
    """
    groups = Coverage.objects.filter(pk__in=list(coverage_ids)).order_by("pk")
    coverages = list(groups.select_for_update() if lock else groups)
    members = Story.objects.filter(coverage__in=coverages).values_list("pk", flat=True)
    drafts = open_drafts({*story_ids, *members}, lock=lock)
    opened = {coverage.pk: GroupDraft(coverage, existed=True) for coverage in coverages}
    for draft in drafts.values():
        if draft.story.coverage_id in opened:
            opened[draft.story.coverage_id].members.append(draft)
    return drafts, opened


def settle(
    drafts: Collection[Draft], linked: Linked | None = None, groups: Collection[GroupDraft] = ()
) -> None:
    """Bring what follows from the rest up to date: bases of edited fields, queue, `pending`.

    `groups` are those that are being changed, `linked` who is related because of it.
    """
    reconcile(drafts, groups)
    for draft in drafts:
        draft.story.queue = queue_of(_standing(draft.story))
    settle_pending(drafts, linked)


def _standing(story: Story) -> Standing:
    return Standing(
        is_lead=story.is_lead,
        published=story.published,
        removed=story.removed,
        gone=story.missing_since is not None,
        decision=story.decision,
        recent=story.recent,
        snoozed=story.snoozed_until is not None,
        woken=story.woke_at is not None,
    )


def commit(
    drafts: Iterable[Draft], entry: Entry, *, groups: Iterable[GroupDraft] = ()
) -> list[Change]:
    """Write what changed and log it: one `Change` per story and per group, in the order given.

    Raises Stale where a story is not the one that was opened any more.
    """
    drafts, groups = list(drafts), list(groups)
    _place_groups(groups)
    weighing = weigh(drafts, groups)
    _write_stories([draft for draft in drafts if draft.columns() or draft.is_changed])
    write_parts(drafts, by=entry.by)
    _write_groups(groups)
    standing = [group for group in groups if not group.is_gone and any(group.change())]
    judging.judge([group.coverage.pk for group in standing])
    weighing.record(by=entry.by, answer=entry.answer, now=timezone.now())
    rows = [_story_change(draft, entry) for draft in drafts if draft.is_changed]
    rows += [_group_change(group, entry) for group in groups if any(group.change())]
    changes = Change.objects.bulk_create(rows)
    around_commit("decision")
    return changes


def _write_stories(drafts: Sequence[Draft]) -> None:
    """One UPDATE for all stories that get the same values, whatever their number."""
    now = timezone.now()
    alike: dict[str, list[Draft]] = {}
    for draft in drafts:
        key = repr((draft.story.version, sorted(draft.columns().items())))
        alike.setdefault(key, []).append(draft)
    for same in alike.values():
        version = same[0].story.version
        rows = Story.objects.filter(pk__in=[d.story.pk for d in same], version=version)
        values = {**same[0].columns(), "version": version + 1, "updated_at": now}
        if rows.update(**values) != len(same):
            raise Stale(same[0].story)
        for draft in same:
            draft.story.version, draft.story.updated_at = version + 1, now


def _place_groups(groups: Sequence[GroupDraft]) -> None:
    """New groups get their row, and stories may join; a lead may move from one to another."""
    for group in groups:
        coverage = group.coverage
        if group.is_gone:
            continue
        if group.pk_was is None:
            lead, created_at = coverage.lead_id, coverage.created_at
            coverage.lead = None
            Coverage.objects.bulk_create([coverage])
            # Saving dates the row; a group that comes back has its own date.
            coverage.lead_id, coverage.created_at = lead, created_at or coverage.created_at
        for draft in group.members:
            draft.story.coverage_id = coverage.pk
    moving = [group.pk_was for group in groups if group.pk_was and any(group.change())]
    Coverage.objects.filter(pk__in=moving).update(lead=None)


def _write_groups(groups: Sequence[GroupDraft]) -> None:
    for group in groups:
        before, after = group.change()
        if group.is_gone or not (before or after):
            continue
        coverage = group.coverage
        coverage.version += 1
        values = {name: getattr(coverage, name) for name in group.values()}
        Coverage.objects.filter(pk=coverage.pk).update(**values, version=coverage.version)
    Coverage.objects.filter(pk__in=[g.pk_was for g in groups if g.is_gone and g.pk_was]).delete()


def _story_change(draft: Draft, entry: Entry) -> Change:
    before, after = draft.change()
    story = draft.story
    key = (story.pk, None)
    return Change(
        **_common(entry, key),
        site_id=story.site_id,
        story=story,
        coverage_id_then=story.coverage_id or draft.was("coverage_id"),
        before=before,
        after=after,
    )


def _group_change(group: GroupDraft, entry: Entry) -> Change:
    before, after = group.change()
    pk = group.pk_was or group.coverage.pk
    return Change(
        **_common(entry, (None, pk)),
        site_id=group.coverage.site_id,
        coverage_id_then=pk,
        before=before,
        after=after,
    )


def _common(entry: Entry, key: tuple[int | None, int | None]) -> dict[str, Any]:
    return {
        "actor": entry.by,
        "actor_name": name_of(entry.by) if entry.by else CLOCK,
        "verb": entry.verbs.get(key, entry.verb),
        "reason": entry.reason,
        "batch": entry.batch,
        "undoes": entry.undoes.get(key),
    }
