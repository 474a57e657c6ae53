"""Carrying a step out on one story: the right, the lock, the version, the log."""

from __future__ import annotations

import uuid
from typing import Protocol

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles.desk.drafts import Draft
from articles.desk.errors import Blocked, DeskError, Stale
from articles.desk.files import linked_addresses, settle_pending
from articles.desk.review import review
from articles.desk.writing import Entry, commit, open_draft, open_drafts, settle
from articles.models import Change, Story, Verb


class Step(Protocol):
    """One verb with its particulars, ready to be carried out on stories."""

    @property
    def by(self) -> User | None:
        """Who does it."""

    @property
    def reason(self) -> str:
        """Why, in the person's words."""

    @property
    def verb(self) -> Verb:
        """What the log calls it."""

    def allow(self) -> None:
        """Raises PermissionDenied."""

    def apply(self, draft: Draft) -> None:
        """Change the draft; leave it alone where all is so already. Raises DeskError."""


def act(
    story: Story, step: Step, *, version: int | None = None, batch: uuid.UUID | None = None
) -> Change | None:
    """Carry a step out on one story; None where there is nothing to do."""
    step.allow()
    with transaction.atomic():
        draft = open_draft(story)
        stale = version is not None and version != draft.story.version
        try:
            step.apply(draft)
            if draft.is_changed:
                review([draft])
        except DeskError as error:
            raise (Stale(open_draft(story).story) if stale else error) from error
        if stale and draft.is_changed:
            raise Stale(open_draft(story).story)
        settle([draft])
        changes = commit([draft], Entry(step.by, step.verb, step.reason, batch))
        tell_fellows([draft])
    draft.copy_to(story)
    return changes[0] if changes else None


def tell_fellows(drafts: list[Draft]) -> None:
    """After an address changed: the files of the group that list the story are to be written."""
    groups = {
        draft.story.coverage_id
        for draft in drafts
        if draft.story.coverage_id and draft.story.url_key != draft.was("url_key")
    }
    if not groups:
        return
    fellows = Story.objects.filter(coverage_id__in=groups, path__isnull=False)
    opened = list(open_drafts(fellows.values_list("pk", flat=True), lock=False).values())
    settle_pending(opened, linked_addresses([draft.story for draft in opened]))
    for draft in opened:
        if columns := draft.columns():
            Story.objects.filter(pk=draft.story.pk).update(**columns)


def refuse_unwritable(story: Story) -> None:
    """Raises Blocked for a story whose file the desk cannot write."""
    if story.locked:
        raise Blocked(
            story,
            [_("The file is locked, because the desk cannot say which of its lines to change.")],
        )
    if story.missing_since is not None:
        raise Blocked(story, [_("The file is gone from the repository.")])
