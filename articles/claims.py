"""Claims: who works on a story, so that two people do not do the same work.

A claim is no decision: it is not logged, changes no version and hinders nobody. It ends after two
hours without a sign of life, with the decision, when the person lets go, or when a publisher or
the end of the account takes it away.
"""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import roles
from articles.models import Story
from articles.models.change import name_of

LASTS = timedelta(hours=2)
RENEWED_AFTER = timedelta(minutes=5)
"""A claim that has been renewed so lately is left alone: one write in five minutes."""


class ClaimedError(Exception):
    """Somebody else works on the story; the text says who and until when at the latest."""

    def __init__(self, story: Story) -> None:
        self.story = story
        holder = name_of(story.claimed_by) if story.claimed_by else ""
        super().__init__(
            _("%(name)s works on “%(title)s”: ask, or wait until the claim ends.")
            % {"name": holder, "title": story}
        )


def claim(story: Story, *, by: User) -> bool:
    """Say that one works on a story; False where one did already, whose claim is renewed.

    Raises PermissionDenied, and ClaimedError where somebody else was first.
    """
    if not roles.can_edit(by):
        raise PermissionDenied
    held = Story.objects.filter(pk=story.pk).claimed_by_person(by.pk).exists()
    now = timezone.now()
    free = Q(claimed_by=None) | Q(claimed_by=by) | Q(claimed_until__lte=now)
    rows = Story.objects.filter(free, pk=story.pk)
    if not rows.update(claimed_by=by, claimed_until=now + LASTS):
        raise ClaimedError(Story.objects.select_related("claimed_by").get(pk=story.pk))
    story.claimed_by, story.claimed_until = by, now + LASTS
    return not held


def release(story: Story, *, by: User) -> bool:
    """Let go of a story, one's own or as a publisher anybody's; False where nobody held it.

    Raises PermissionDenied for somebody else's claim.
    """
    mine = Q() if roles.can_publish(by) else Q(claimed_by=by)
    rows = Story.objects.claimed().filter(mine, pk=story.pk)
    if not rows.update(claimed_by=None, claimed_until=None):
        if Story.objects.claimed().filter(pk=story.pk).exists():
            raise PermissionDenied(_("Only a publisher may end somebody else's claim."))
        return False
    story.claimed_by = story.claimed_until = None
    return True


def release_all(user: User) -> int:
    """Let go of everything a person holds, as when they leave; how many stories."""
    held = Story.objects.filter(claimed_by=user)
    return held.update(claimed_by=None, claimed_until=None)


def renew(story_id: int, *, by: User) -> None:
    """A sign of life: the person still works on the story, if it is theirs."""
    now = timezone.now()
    held = Story.objects.filter(pk=story_id).claimed_by_person(by.pk)
    held.filter(claimed_until__lt=now + LASTS - RENEWED_AFTER).update(claimed_until=now + LASTS)
