"""Snoozing: a story sleeps until an instant, then it is back in the inbox by itself.

The verbs raise PermissionDenied, Stale, Invalid (an instant that has passed, or is too far away)
and Story.DoesNotExist.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.desk.acting import act
from articles.desk.drafts import Draft
from articles.desk.errors import Invalid
from articles.desk.permission import require_edit
from articles.desk.writing import Entry, commit, open_drafts, settle
from articles.models import Change, Story, Verb
from articles.prepared import MOMENT, Prepared

LONGEST = timedelta(days=366)
PIECE = 500
"""Stories that wake in one transaction."""

DUE = Prepared(lambda: Story.objects.due(MOMENT).values_list("pk")[:PIECE])
"""Asked by every page that shows lists."""


@dataclass(frozen=True, slots=True)
class Snooze:
    """Put a story to sleep until an instant."""

    by: User
    until: datetime
    reason: str = ""
    verb = Verb.SNOOZE

    def allow(self) -> None:
        """Raises PermissionDenied, and Invalid for an instant nobody means."""
        require_edit(self.by)
        now = timezone.now()
        if self.until <= now:
            raise Invalid({"until": _("That moment has passed: choose a later one.")})
        if self.until > now + LONGEST:
            raise Invalid({"until": _("A story sleeps for a year at most.")})

    def apply(self, draft: Draft) -> None:
        """Does nothing to a story that sleeps until then already."""
        until = self.until.astimezone(UTC).replace(second=0, microsecond=0)
        if draft.story.snoozed_until != until:
            draft.sleep(until, by=self.by)
            draft.let_go(self.by)


@dataclass(frozen=True, slots=True)
class Wake:
    """Bring a sleeping story back now; where no person does it, the clock did."""

    by: User | None
    reason: str = ""
    at: datetime = field(default_factory=timezone.now)
    verb = Verb.WAKE

    def allow(self) -> None:
        """Raises PermissionDenied."""
        if self.by is not None:
            require_edit(self.by)

    def apply(self, draft: Draft) -> None:
        """Does nothing to a story that is awake."""
        if draft.story.snoozed_until is not None:
            draft.sleep(None, by=None)
            draft.story.woke_at = self.at


def snooze(
    story: Story,
    *,
    by: User,
    until: datetime,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
) -> Change | None:
    """Put a story to sleep: it leaves its queue and is back in the inbox at `until`."""
    return act(story, Snooze(by, until, reason), version=version, batch=batch)


def wake(
    story: Story,
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
) -> Change | None:
    """Bring a sleeping story back into the inbox now."""
    return act(story, Wake(by, reason), version=version, batch=batch)


def wake_due() -> int:
    """Bring back every story whose time has come; how many. One look at an index if none is due."""
    woken = 0
    while ids := [pk for (pk,) in DUE.ask(moment=timezone.now())]:
        with transaction.atomic():
            drafts = [d for d in open_drafts(ids).values() if _is_due(d.story)]
            wake_up = Wake(None)
            for draft in drafts:
                wake_up.apply(draft)
            settle(drafts)
            commit(drafts, Entry(None, Verb.WAKE, batch=uuid.uuid4()))
        woken += len(drafts)
    return woken


def _is_due(story: Story) -> bool:
    """Once it is locked: somebody may have been first."""
    return story.snoozed_until is not None and story.snoozed_until <= timezone.now()
