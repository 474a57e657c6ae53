"""Why stories are declined: the reasons a digit stands for, and giving a decline another one."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from articles.desk.decisions import decline
from articles.desk.errors import Stale
from articles.desk.permission import require_edit
from articles.desk.undo import undo
from articles.models import Change, Site, Story, Verb
from articles.prepared import Prepared

MOST_REASONS = 9
"""As many as there are digits."""


WRITTEN = Prepared(lambda: Site.objects.values_list("decline_reasons"))


def decline_reasons() -> list[tuple[int, str]]:
    """What a digit right after `x` means: the reasons of the sites, each once. One query."""
    reasons = dict.fromkeys(str(reason) for (several,) in WRITTEN.ask() for reason in several)
    return list(enumerate(reasons, 1))[:MOST_REASONS]


def give_reason(
    story: Story, *, by: User, reason: str, version: int | None = None
) -> Change | None:
    """Give one's own decline of a story a reason; a story that is not declined is declined.

    The decline is taken back and made again, so that one undo takes back both. None where the
    reason is the same, or somebody else or an action on several stories declined it. Raises what
    `decline` and `undo` raise.
    """
    require_edit(by)
    with transaction.atomic():
        mine = Change.objects.by_person(by.pk).filter(story=story, undone_by=None)
        newest = mine.exclude(verb=Verb.UNDO).order_by("-pk").first()
        if newest is None or newest.verb != Verb.DECLINE or _is_one_of_many(newest):
            return decline(story, by=by, reason=reason, version=version)
        story.refresh_from_db()
        if version is not None and version != story.version:
            raise Stale(story)
        if story.decision_reason == reason:
            return None
        undo(newest, by=by)
        return decline(Story.objects.get(pk=story.pk), by=by, reason=reason)


def _is_one_of_many(change: Change) -> bool:
    """Whether one action did more than this. What was done again is a batch of its own."""
    together = Change.objects.filter(batch=change.batch).exclude(pk=change.pk)
    return change.batch is not None and together.exists()
