"""What follows for the stories of a group when a person changes it: lead, heat, `published`.

Only the drafts change here; nothing is read or written. A person's decision on `published` is
never undone by the rule. Where the person may not publish, what the rule would do to `published`
becomes a proposal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth.models import User
from django.utils import timezone

from articles import roles
from articles.desk.drafts import PUBLISH, UNPUBLISH, Draft, GroupDraft
from articles.models import Story
from articles.rules import Verdict, best_member, related_count, verdict


def rearrange(group: GroupDraft, *, by: User) -> None:
    """Settle a group whose members or lead a person changed; one left alone becomes single.

    From now on each member's file lists exactly the others.
    """
    if group.is_gone:
        for draft in group.members:
            make_single(draft, by=by)
        return
    lead = _lead_of(group)
    addresses = {draft.story.pk: address_of(draft.story) for draft in group.members}
    for draft in group.members:
        story = draft.story
        story.is_lead = story.pk == lead.pk
        story.related_count = related_count(addresses[story.pk], addresses.values())
        own_related(draft)
        follow_rule(draft, by=by)
    _describe(group, lead, by)


def make_single(draft: Draft, *, by: User) -> None:
    """Take a story out of its group; it leads itself."""
    story = draft.story
    story.coverage_id, story.is_lead, story.related_count = None, True, 0
    own_related(draft)
    follow_rule(draft, by=by)


def _lead_of(group: GroupDraft) -> Story:
    """The lead a person chose, else the best story by the rule."""
    stories = [draft.story for draft in group.members]
    coverage = group.coverage
    if coverage.lead_chosen:
        for story in stories:
            if story.pk == coverage.lead_id:
                return story
    coverage.lead_chosen = False
    return best_member(present(stories))


def present(stories: Collection[Story]) -> Collection[Story]:
    """Those that may lead: a story whose file is gone only where every file is gone."""
    return [story for story in stories if story.missing_since is None] or stories


def _describe(group: GroupDraft, lead: Story, by: User) -> None:
    coverage = group.coverage
    dates = [d.story.published_at for d in group.members if d.story.published_at is not None]
    coverage.lead_id = lead.pk
    coverage.member_count = len(group.members)
    coverage.first_at, coverage.last_at = min(dates, default=None), max(dates, default=None)
    coverage.edited, coverage.edited_by_id, coverage.edited_at = True, by.pk, timezone.now()


def address_of(story: Story) -> str:
    """The identity of a story's address; a story without one is only itself."""
    return story.url_key or f"story {story.pk}"


def addresses_of_others(
    groups: Iterable[GroupDraft], drafts: Iterable[Draft]
) -> dict[int, set[str]]:
    """Story id -> the addresses its file lists once the groups are written."""
    found: dict[int, set[str]] = {draft.story.pk: set() for draft in drafts}
    for group in groups:
        if not group.is_gone:
            keys = {draft.story.url_key for draft in group.members} - {""}
            found.update({d.story.pk: keys - {d.story.url_key} for d in group.members})
    return found


def own_related(draft: Draft) -> None:
    """From now on the story's file lists the members of its group, as the desk knows them."""
    if is_written(draft.story):
        draft.own("related")


def is_written(story: Story) -> bool:
    """Whether the desk may write the story's file."""
    return story.has_file and not story.locked and story.missing_since is None


def follow_rule(draft: Draft, *, by: User) -> None:
    """Give a story the heat of its place, and `published` as the site's rule says."""
    story = draft.story
    if not is_written(story):
        return
    says = verdict_on(story)
    draft.set("heat", says.heat)
    if not story.decision and not story.removed:
        _follow_published(draft, says.publishes, by)


def verdict_on(story: Story) -> Verdict:
    """What the site's rule says of a story in its place."""
    return verdict(
        story.site.rule,
        quality=story.quality,
        heat=story.heat,
        is_lead=story.is_lead,
        related=story.related_count,
    )


def _follow_published(draft: Draft, wanted: bool, by: User) -> None:
    story = draft.story
    if wanted == story.published:
        _forget_proposal(story, wanted)
    elif wanted and story.publish_gate == Story.Gate.BLOCKED:
        return
    elif not roles.can_publish(by):
        story.proposal = PUBLISH if wanted else UNPUBLISH
    else:
        story.proposal = ""
        if wanted:
            draft.go_live()
        else:
            draft.set("published", False)


def _forget_proposal(story: Story, wanted: bool) -> None:
    """A proposal to unpublish came from the rule; what is superseded now is no proposal either."""
    if story.proposal == UNPUBLISH or not story.is_lead:
        story.proposal = ""
