"""One verb on many stories, with an answer for each of them.

The work is done in pieces of `PIECE` stories, each in a transaction of its own and in a number of
queries that does not depend on how many stories it holds. All of it is one batch, so that one undo
takes all of it back. A story that is refused leaves the others alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.desk.acting import Step
from articles.desk.decisions import Decline, Publish, Unpublish
from articles.desk.drafts import Draft
from articles.desk.errors import DeskError
from articles.desk.review import blocking_sentences, review_each
from articles.desk.sleeping import Snooze, Wake
from articles.desk.writing import Entry, commit, open_drafts, settle
from articles.models import Story

PIECE = 500
"""Stories a transaction."""

Versions = Mapping[int, int | None]
"""Story id -> the version the person saw."""


@dataclass(slots=True)
class BulkResult:
    """What became of many stories. `refused` holds id, headline and the reason in a sentence."""

    batch: uuid.UUID
    done: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str, str]] = field(default_factory=list)


def publish_many(
    stories: Iterable[Story],
    *,
    by: User,
    versions: Versions | None = None,
    reason: str = "",
    both: bool = False,
) -> BulkResult:
    """Make the site show these stories, as `publish` does. Raises PermissionDenied."""
    return _carry_out(stories, Publish(by, reason, both), versions)


def unpublish_many(
    stories: Iterable[Story], *, by: User, versions: Versions | None = None, reason: str = ""
) -> BulkResult:
    """Take these stories off the site, as `unpublish` does. Raises PermissionDenied."""
    return _carry_out(stories, Unpublish(by, reason), versions)


def decline_many(
    stories: Iterable[Story], *, by: User, versions: Versions | None = None, reason: str = ""
) -> BulkResult:
    """Say no to these stories, as `decline` does. Raises PermissionDenied."""
    return _carry_out(stories, Decline(by, reason), versions)


def snooze_many(
    stories: Iterable[Story],
    *,
    by: User,
    until: datetime,
    versions: Versions | None = None,
    reason: str = "",
) -> BulkResult:
    """Put these stories to sleep, as `snooze` does. Raises PermissionDenied and Invalid."""
    return _carry_out(stories, Snooze(by, until, reason), versions)


def wake_many(
    stories: Iterable[Story], *, by: User, versions: Versions | None = None, reason: str = ""
) -> BulkResult:
    """Bring these stories back into the inbox, as `wake` does. Raises PermissionDenied."""
    return _carry_out(stories, Wake(by, reason), versions)


def _carry_out(stories: Iterable[Story], step: Step, versions: Versions | None) -> BulkResult:
    step.allow()
    result = BulkResult(uuid.uuid4())
    ids = iter(_ids_of(stories))
    while piece := list(islice(ids, PIECE)):
        _do_piece(piece, step, versions or {}, result)
    return result


def _ids_of(stories: Iterable[Story]) -> list[int]:
    if isinstance(stories, QuerySet):
        return list(stories.values_list("pk", flat=True))
    return list(dict.fromkeys(story.pk for story in stories))


def _do_piece(ids: list[int], step: Step, versions: Versions, result: BulkResult) -> None:
    with transaction.atomic():
        drafts = open_drafts(ids)
        step = _with_sentences(step, drafts.values())
        refused: dict[int, str] = {}
        for pk, draft in drafts.items():
            seen = versions.get(pk)
            try:
                step.apply(draft)
                if draft.is_changed and seen is not None and seen != draft.story.version:
                    refused[pk] = _("It was changed meanwhile.")
            except DeskError as error:
                refused[pk] = str(error)
        changed = [d for pk, d in drafts.items() if pk not in refused and d.is_changed]
        for refusal in review_each(changed):
            refused[refusal.story.pk] = str(refusal)
        changed = [draft for draft in changed if draft.story.pk not in refused]
        settle(changed)
        commit(changed, Entry(step.by, step.verb, step.reason, result.batch))
    result.done += len(changed)
    result.unchanged += len(drafts) - len(changed) - len(refused)
    result.refused += [(pk, drafts[pk].story.title, why) for pk, why in refused.items()]
    gone = [pk for pk in ids if pk not in drafts]
    result.refused += [(pk, "", _("There is no such story any more.")) for pk in gone]


def _with_sentences(step: Step, drafts: Collection[Draft]) -> Step:
    """Let a publication know why its stories are blocked, all at once."""
    if not isinstance(step, Publish):
        return step
    sentences = blocking_sentences(draft.story for draft in drafts)
    return replace(step, sentences=lambda story: sentences.get(story.pk, ()))
