"""Settling conflicts: take the file's value, keep the desk's, or keep it always."""

from __future__ import annotations

import posixpath
import uuid
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.conflicts import GROUP_FIELDS, LISTS
from articles.desk.bulk import BulkResult
from articles.desk.disputes import file_value, follow_file, forget, load_lists
from articles.desk.drafts import Draft
from articles.desk.editing import follow_address
from articles.desk.errors import Blocked, DeskError
from articles.desk.files import file_states
from articles.desk.parts import standing_answers
from articles.desk.permission import require_publish
from articles.desk.promotion import free_name
from articles.desk.regrouping import addresses_of_others, present
from articles.desk.review import review
from articles.desk.writing import Entry, commit, open_members, settle
from articles.merge import edit_of
from articles.models import Change, Conflict, StandingAnswer, Story, Verb
from articles.models.conflict import COVERAGE
from articles.rules import choose_lead
from articles.storyfile.digest import digest_of
from articles.storyfile.record import StoryRecord


class Answer(StrEnum):
    """What a person says to a conflict."""

    TAKE = "take"
    KEEP = "keep"
    ALWAYS = "keep-always"


HOW = {
    Answer.TAKE: Conflict.How.TAKEN,
    Answer.KEEP: Conflict.How.KEPT,
    Answer.ALWAYS: Conflict.How.ALWAYS,
}


def settle_conflicts(
    conflicts: Iterable[Conflict],
    answer: Answer,
    *,
    by: User,
    seen: Mapping[int, str] | None = None,
) -> BulkResult:
    """Settle conflicts all in the same way, as one batch that one undo takes back.

    `TAKE` lets the field follow the robot again, `KEEP` lets the desk's value be written over the
    file's, `ALWAYS` does so for whatever the robot writes into that field of that story later.
    `seen` are the `token_of` the conflicts as the person saw them; one that has changed since is
    refused, as is one that somebody settled. Raises PermissionDenied.
    """
    require_publish(by)
    result = BulkResult(uuid.uuid4())
    for some in _units(conflicts):
        try:
            with transaction.atomic():
                settling = _Settling(some, answer, by, result.batch)
                settling.carry_out(seen or {})
        except DeskError as refusal:
            result.refused += [(row.story_id or 0, _title_of(row), str(refusal)) for row in some]
        else:
            result.done += len(some)
    return result


def _units(conflicts: Iterable[Conflict]) -> list[list[Conflict]]:
    """The conflicts of one group, or of one single story, together: they are one change each."""
    found: dict[tuple[int | None, int | None], list[Conflict]] = {}
    for row in conflicts:
        group = row.coverage_id or (row.story.coverage_id if row.story else None)
        found.setdefault((group, None if group else row.story_id), []).append(row)
    return list(found.values())


def _title_of(conflict: Conflict) -> str:
    return str(conflict.story or conflict.coverage or "")


def forget_answer(answer: StandingAnswer, *, by: User) -> Change | None:
    """Ask again from now on when file and desk disagree; None where nobody said otherwise."""
    require_publish(by)
    with transaction.atomic():
        drafts, _groups = open_members([], [answer.story_id])
        draft = drafts[answer.story_id]
        _load_always(draft)
        draft.always = [name for name in draft.always or () if name != answer.field]
        changes = commit([draft], Entry(by, Verb.SETTLE))
    return changes[0] if changes else None


def token_of(conflict: Conflict) -> str:
    """What tells one state of a conflict from another."""
    return digest_of(repr((conflict.base, conflict.file, conflict.desk)).encode())[:16]


def _load_always(draft: Draft) -> None:
    draft.always = draft.always_was = standing_answers([draft.story.pk]).get(draft.story.pk, [])


class _Settling:
    """The conflicts of one group or story, and the answer to them."""

    def __init__(
        self, conflicts: Sequence[Conflict], answer: Answer, by: User, batch: uuid.UUID
    ) -> None:
        self._ids = [conflict.pk for conflict in conflicts]
        self._answer = answer
        self._by = by
        self._batch = batch
        stories = {row.story_id for row in conflicts if row.story_id is not None}
        groups = {row.coverage_id for row in conflicts if row.coverage_id is not None}
        self._drafts, self._groups = open_members(groups, stories)
        self._states = file_states(self._drafts)

    def carry_out(self, seen: Mapping[int, str]) -> None:
        """Settle them. Raises Blocked where one is not what the person saw any more."""
        conflicts = list(Conflict.objects.open().filter(pk__in=self._ids))
        if len(conflicts) < len(self._ids):
            raise Blocked(Story(), [_("It is settled already.")])
        for conflict in conflicts:
            if seen.get(conflict.pk, token_of(conflict)) != token_of(conflict):
                raise Blocked(Story(), [_("File or desk changed meanwhile: look at it again.")])
            self._settle(conflict)
        self._write()

    def _settle(self, conflict: Conflict) -> None:
        for draft in self._in_question(conflict):
            for name in self._fields_of(conflict, draft):
                self._settle_field(draft, name)
            if self._answer is Answer.ALWAYS:
                if draft.always is None:
                    _load_always(draft)
                draft.always = sorted({*(draft.always or ()), conflict.field})
        if self._answer is Answer.TAKE and conflict.field == COVERAGE:
            self._leave_the_group_to_the_robot(conflict)

    def _in_question(self, conflict: Conflict) -> list[Draft]:
        if conflict.coverage_id is None:
            return [self._drafts[conflict.story_id or 0]]
        return [draft for draft in self._drafts.values() if draft.story.pk in self._states]

    def _fields_of(self, conflict: Conflict, draft: Draft) -> Sequence[str]:
        if conflict.field != COVERAGE:
            return [conflict.field]
        if self._answer is Answer.TAKE:
            return sorted(GROUP_FIELDS)
        return sorted((conflict.desk or {}).get(str(draft.story.pk), ()))

    def _settle_field(self, draft: Draft, name: str) -> None:
        if name == "path":
            self._settle_path(draft)
            return
        said = self._states[draft.story.pk].record
        if self._answer is Answer.TAKE:
            self._take(draft, name, said)
        elif name in LISTS:
            load_lists([draft])
            edit = edit_of(file_value(said, name), getattr(draft, name))
            draft.story.bases = {**draft.story.remembered, name: edit}
            draft.own(name)
        else:
            forget(draft, [name])
            draft.own(name)

    def _take(self, draft: Draft, name: str, said: StoryRecord) -> None:
        story = draft.story
        was_live = story.published
        follow_file(draft, name, said)
        if name == "published" and story.decision and story.published != was_live:
            decided = Story.Decision.PUBLISHED if story.published else Story.Decision.UNPUBLISHED
            draft.decide(decided, by=self._by, reason="", at=timezone.now())
        if name in {"web_url", "original_url"}:
            follow_address(draft)

    def _settle_path(self, draft: Draft) -> None:
        """Another story's file stands in the promised place: give way, or promise another."""
        story = draft.story
        if self._answer is Answer.TAKE:
            story.path = story.path_key = None
            story.edited_fields = [name for name in story.edited_fields if name != "path"]
        else:
            folder = posixpath.dirname(story.path or "")
            story.path = posixpath.join(folder, free_name(story, folder))
            story.path_key = digest_of(story.path.encode())

    def _leave_the_group_to_the_robot(self, conflict: Conflict) -> None:
        """The lead is who the files say; the next import ties the stories as they are linked."""
        for draft in self._in_question(conflict):
            draft.story.links_stale = True
        for group in self._groups.values():
            coverage = group.coverage
            lead = choose_lead(present([draft.story for draft in group.members]))
            coverage.lead_id, coverage.lead_chosen, coverage.edited = lead.pk, False, False
            for draft in group.members:
                draft.story.is_lead = draft.story.pk == lead.pk

    def _write(self) -> None:
        drafts, groups = list(self._drafts.values()), list(self._groups.values())
        review(drafts)
        settle(drafts, addresses_of_others(groups, drafts) if groups else None, groups)
        commit(
            drafts, Entry(self._by, Verb.SETTLE, batch=self._batch, answer=self._how), groups=groups
        )

    def _how(self, row: Conflict) -> Conflict.How:
        return HOW[self._answer] if row.pk in self._ids else Conflict.How.MOOT
