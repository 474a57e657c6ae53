"""Decisions on one story: publish, unpublish, decline, remove, restore, propose.

Each verb says what shall be, not what to toggle: said twice, the second time nothing is written
and the answer is None. `version` is the version the caller saw; without it the verb applies to the
story as it is now. Every verb brings the caller's instance up to date.

They raise PermissionDenied, Stale (somebody changed the story since), Blocked (the story cannot
be published or changed as it is), and Story.DoesNotExist.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import roles
from articles.desk.acting import act, refuse_unwritable
from articles.desk.drafts import PUBLISH, UNPUBLISH, Draft
from articles.desk.errors import Blocked, NeedsChoice
from articles.desk.permission import require_edit, require_override, require_publish
from articles.desk.review import blocking_sentences
from articles.models import Change, Story, Verb

Sentences = Callable[[Story], tuple[str, ...]]


def _sentences(story: Story) -> tuple[str, ...]:
    return blocking_sentences([story])[story.pk]


@dataclass(frozen=True, slots=True)
class Publish:
    """Make the site show a story. `both`: although it is not the lead of its group."""

    by: User
    reason: str = ""
    both: bool = False
    override: bool = False
    sentences: Sentences = _sentences
    at: datetime = field(default_factory=timezone.now)
    verb = Verb.PUBLISH

    def allow(self) -> None:
        """Raises PermissionDenied."""
        require_publish(self.by)
        if self.override:
            require_override(self.by)

    def apply(self, draft: Draft) -> None:
        """Heat stays what it is."""
        story = draft.story
        if not story.published:
            self._refuse(story)
            draft.go_live()
            if story.publish_gate == Story.Gate.BLOCKED:
                draft.notes["overrode"] = list(self.sentences(story))
        story.proposal = ""
        draft.decide(Story.Decision.PUBLISHED, by=self.by, reason=self.reason, at=self.at)

    def _refuse(self, story: Story) -> None:
        refuse_unwritable(story)
        if not story.has_file:
            raise Blocked(story, [_("The story has no file of its own yet: give it one first.")])
        if story.removed:
            raise Blocked(story, [_("The story was removed: restore it first.")])
        if story.publish_gate == Story.Gate.BLOCKED and not self.override:
            raise Blocked(story, self.sentences(story) or [_("The story cannot be published.")])
        if not story.is_lead and not self.both:
            raise NeedsChoice(story)


@dataclass(frozen=True, slots=True)
class Unpublish:
    """Take a story off the site."""

    by: User
    reason: str = ""
    at: datetime = field(default_factory=timezone.now)
    verb = Verb.UNPUBLISH

    def allow(self) -> None:
        """Raises PermissionDenied."""
        require_publish(self.by)

    def apply(self, draft: Draft) -> None:
        """Does nothing to a story that is not live."""
        if draft.story.published:
            take_down(draft)
            draft.decide(Story.Decision.UNPUBLISHED, by=self.by, reason=self.reason, at=self.at)


@dataclass(frozen=True, slots=True)
class Decline:
    """Say no to a story: a mark of the desk, and off the site.

    What an editor declines while it is live stays live, as a proposal to a publisher.
    """

    by: User
    reason: str = ""
    at: datetime = field(default_factory=timezone.now)
    verb = Verb.DECLINE

    def allow(self) -> None:
        """Raises PermissionDenied."""
        require_edit(self.by)

    def apply(self, draft: Draft) -> None:
        """Does nothing to a story that is declined already."""
        if not draft.story.published:
            draft.story.proposal = ""
        elif roles.can_publish(self.by):
            take_down(draft)
        else:
            draft.story.proposal = UNPUBLISH
        draft.decide(Story.Decision.DECLINED, by=self.by, reason=self.reason, at=self.at)


@dataclass(frozen=True, slots=True)
class Remove:
    """Mark a story as removed, and take it off the site (which itself does not read the mark)."""

    by: User
    reason: str = ""
    at: datetime = field(default_factory=timezone.now)
    verb = Verb.REMOVE

    def allow(self) -> None:
        """Raises PermissionDenied."""
        require_publish(self.by)

    def apply(self, draft: Draft) -> None:
        """Does nothing to a story that is removed and off the site."""
        story = draft.story
        if story.removed and not story.published:
            return
        refuse_unwritable(story)
        draft.set("removed", True)
        if story.published:
            take_down(draft)
            draft.decide(Story.Decision.UNPUBLISHED, by=self.by, reason=self.reason, at=self.at)


@dataclass(frozen=True, slots=True)
class Restore:
    """Take the mark of removal away; the story stays off the site until it is published."""

    by: User
    reason: str = ""
    verb = Verb.RESTORE

    def allow(self) -> None:
        """Raises PermissionDenied."""
        require_publish(self.by)

    def apply(self, draft: Draft) -> None:
        """Does nothing to a story that is not removed."""
        if draft.story.removed:
            refuse_unwritable(draft.story)
            draft.set("removed", False)


@dataclass(frozen=True, slots=True)
class Propose:
    """Suggest to the publishers to publish a story."""

    by: User
    reason: str = ""
    verb = Verb.PROPOSE

    def allow(self) -> None:
        """Raises PermissionDenied."""
        require_edit(self.by)

    def apply(self, draft: Draft) -> None:
        """Does nothing to a story that is live."""
        if not draft.story.published:
            draft.story.proposal = PUBLISH


def take_down(draft: Draft) -> None:
    """Take a live story off the site; whatever was proposed for it is settled."""
    refuse_unwritable(draft.story)
    draft.set("published", False)
    draft.story.proposal = ""


def publish(
    story: Story,
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
    both: bool = False,
    override: bool = False,
) -> Change | None:
    """Make the site show a story (`published: true`, nothing else; heat stays).

    A live story that nobody decided on is confirmed by it. Raises NeedsChoice for a superseded
    story unless `both`; a chief may `override` a block, which is recorded.
    """
    decision = Publish(by, reason, both, override)
    return act(story, decision, version=version, batch=batch)


def unpublish(
    story: Story,
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
) -> Change | None:
    """Take a live story off the site."""
    return act(story, Unpublish(by, reason), version=version, batch=batch)


def decline(
    story: Story,
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
) -> Change | None:
    """Say no to a story. An editor's no to a live story waits as a proposal for a publisher."""
    return act(story, Decline(by, reason), version=version, batch=batch)


def remove(
    story: Story,
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
) -> Change | None:
    """Mark a story as removed and take it off the site."""
    return act(story, Remove(by, reason), version=version, batch=batch)


def restore(
    story: Story,
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
) -> Change | None:
    """Take the mark of removal away; the story stays off the site."""
    return act(story, Restore(by, reason), version=version, batch=batch)


def propose(
    story: Story,
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
) -> Change | None:
    """Suggest publishing a story; it waits for a publisher."""
    return act(story, Propose(by, reason), version=version, batch=batch)
