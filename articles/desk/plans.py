"""A change of coverage worked out, checked and carried out as one.

All stories it touches and the groups themselves are logged under one batch, so that one undo
takes all of it back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from articles.desk.drafts import Draft, GroupDraft
from articles.desk.errors import Blocked, Stale
from articles.desk.permission import require_edit
from articles.desk.regrouping import addresses_of_others
from articles.desk.review import review
from articles.desk.writing import Entry, commit, open_members, settle
from articles.models import Change, Story


@dataclass(frozen=True, slots=True)
class Plan:
    """A change of coverage, worked out and not yet written; the story it is about comes first."""

    drafts: Sequence[Draft]
    groups: Sequence[GroupDraft]

    @classmethod
    def of(cls, first: Draft, drafts: Iterable[Draft], groups: Iterable[GroupDraft]) -> Plan:
        """All that is open; what does not change is not written."""
        others = [draft for draft in drafts if draft is not first]
        return cls([first, *others], list(groups))

    def settle(self) -> None:
        """Work out what follows: problems, queues, files to be written."""
        review(self.drafts)
        settle(self.drafts, addresses_of_others(self.groups, self.drafts), self.groups)


def carry_out(
    story: Story, version: int | None, entry: Entry, plan_it: Callable[[bool], Plan | None]
) -> Change | None:
    """Write what `plan_it` plans, if the story is as the caller saw it; None for nothing."""
    require_edit(entry.by)
    with transaction.atomic():
        plan = plan_it(True)
        if plan is None:
            return None
        first = plan.drafts[0]
        if version is not None and version != first.story.version:
            raise Stale(Story.objects.select_related("site").get(pk=story.pk))
        plan.settle()
        changes = commit(plan.drafts, entry, groups=plan.groups)
    first.copy_to(story)
    return changes[0]


def open_stories(
    ids: Collection[int], *, lock: bool
) -> tuple[dict[int, Draft], dict[int, GroupDraft]]:
    """The stories with their whole groups; refused where one changed its group just now."""
    found = dict(Story.objects.filter(pk__in=ids).values_list("pk", "coverage_id"))
    if missing := [pk for pk in ids if pk not in found]:
        raise Story.DoesNotExist(f"There is no story {missing[0]}.")
    drafts, groups = open_members(filter(None, found.values()), ids, lock=lock)
    for pk, coverage_id in found.items():
        if pk not in drafts or drafts[pk].story.coverage_id != coverage_id:
            raise Stale(Story.objects.get(pk=pk))
    return drafts, groups


def refuse_two_sites(targets: Sequence[Draft]) -> None:
    """Raises Blocked."""
    for draft in targets:
        if draft.story.site_id != targets[0].story.site_id:
            raise Blocked(draft.story, [_("Stories of two sites cannot be linked.")])


def refuse_locked(story: Story) -> None:
    """Raises Blocked."""
    if story.locked:
        reason = _("The file of “%(title)s” is locked: put it right first.") % {"title": story}
        raise Blocked(story, [reason])
