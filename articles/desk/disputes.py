"""What a person's verb does to the conflicts of the stories it touches.

A decision that is taken back lets its field follow the file again; one that is made anew is
compared with the file as it is. Afterwards the rows of the conflicts say what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from articles.conflicts import (
    GROUP_FIELDS,
    LISTS,
    RELATED,
    Disagreement,
    Recorder,
    Three,
    as_one,
    decided_fields,
    is_of_a_group,
)
from articles.desk.drafts import Draft, GroupDraft
from articles.desk.files import FileState, file_states, parts_of
from articles.filing import COLUMNS, image_values
from articles.merge import collides, edit_of, edited_again, regroups
from articles.models import Conflict, Coverage, Story
from articles.models.change import jsonable
from articles.storyfile.record import StoryRecord

Answer = Callable[[Conflict], Conflict.How]


def reconcile(drafts: Iterable[Draft], groups: Iterable[GroupDraft]) -> None:
    """Bring the bases of edited fields in step with what a verb decided.

    A field that is nobody's any more says what its file says.
    """
    asked = [draft for draft in drafts if draft.story.bases or _edits_a_list(draft)]
    states = file_states(draft.story.pk for draft in asked)
    by_hand = _grouped_by_hand(asked, groups)
    for draft in asked:
        state = states.get(draft.story.pk)
        if state is not None:
            _remember_lists(draft, state.record)
            # First, or a decision that is taken back would pass for one against the file.
            _release(draft, state.record, in_edited_group=draft.story.pk in by_hand)
            _agree_anew(draft, state.record)


def _edits_a_list(draft: Draft) -> bool:
    return draft.topics != draft.topics_was or draft.images != draft.images_was


def _grouped_by_hand(drafts: Iterable[Draft], groups: Iterable[GroupDraft]) -> set[int]:
    """Those of the stories whose group a person made; `groups` are being changed just now."""
    known = {
        draft.story.pk: group.coverage.edited
        for group in groups
        if not group.is_gone
        for draft in group.members
    }
    others = [d for d in drafts if d.story.pk not in known and d.story.coverage_id is not None]
    ids = {draft.story.coverage_id for draft in others if draft.story.coverage_id is not None}
    rows = Coverage.objects.filter(pk__in=ids, edited__in=[True])
    edited = set(rows.values_list("pk", flat=True)) if ids else set()
    known |= {draft.story.pk: draft.story.coverage_id in edited for draft in others}
    return {pk for pk, by_hand in known.items() if by_hand}


def _remember_lists(draft: Draft, said: StoryRecord) -> None:
    """What a person put into a list, or took out, is theirs however the file's list changes."""
    bases = draft.story.remembered
    for name, now, was in (
        ("topics", draft.topics, draft.topics_was),
        ("images", draft.images, draft.images_was),
    ):
        is_put_back = bases.get(name) != (draft.was("bases") or {}).get(name)
        if now is None or now == was or is_put_back or name not in draft.story.edited_fields:
            continue
        file = file_value(said, name)
        if name in bases:
            bases = {**bases, name: edited_again(bases[name], file, now, LISTS[name])}
        else:
            bases = {**bases, name: edit_of(file, now)}
        draft.story.bases = bases


def _agree_anew(draft: Draft, said: StoryRecord) -> None:
    """Who edits a value on which file and desk agreed, decides against that value."""
    before = draft.was("bases") or {}
    agreed = [
        name
        for name in before.keys() & draft.columns().keys() & set(COLUMNS)
        if draft.story.remembered.get(name) == before[name]
        and file_value(said, name) == jsonable(draft.was(name))
    ]
    forget(draft, agreed)


def _release(draft: Draft, said: StoryRecord, *, in_edited_group: bool) -> None:
    decided = decided_fields(draft.story, in_edited_group=in_edited_group)
    for name in draft.story.remembered.keys() - decided:
        follow_file(draft, name, said)


def forget(draft: Draft, names: Iterable[str]) -> None:
    """From now on these fields are compared with what the file says now."""
    left = {f: base for f, base in draft.story.remembered.items() if f not in set(names)}
    if left != draft.story.remembered:
        draft.story.bases = left or None


def follow_file(draft: Draft, name: str, said: StoryRecord) -> None:
    """Let a field say what its file says, and leave it to the robot."""
    forget(draft, [name])
    draft.story.edited_fields = [f for f in draft.story.edited_fields if f != name]
    if name in COLUMNS:
        setattr(draft.story, name, getattr(said, name))
    elif name in LISTS:
        load_lists([draft])
        setattr(draft, name, file_value(said, name))


def load_lists(drafts: Collection[Draft]) -> None:
    """Load the lists of these stories, for a verb that changes them."""
    parts = parts_of(drafts, whole=True)
    for draft in drafts:
        if draft.topics is None:
            draft.topics = draft.topics_was = parts.topics_of(draft.story)
        if draft.images is None:
            images = [image_values(image) for image in parts.images_of(draft.story)]
            draft.images = draft.images_was = images


def file_value(said: StoryRecord, name: str) -> Any:
    """What a file says in a field, as the log keeps it."""
    if name == "images":
        return [image_values(image) for image in said.images or ()]
    if name == "topics":
        return list(dict.fromkeys(said.topics))
    return jsonable(getattr(said, name))


@dataclass(slots=True)
class Weighing:
    """What file and desk disagree on after a verb, of the stories and groups it touched."""

    site_id: int = 0
    found: list[Disagreement] = field(default_factory=list)
    stories: set[int] = field(default_factory=set)
    coverages: set[int] = field(default_factory=set)
    fellows: dict[int, bool] = field(default_factory=dict)

    def record(self, *, by: User | None, answer: Answer | None, now: datetime) -> None:
        """Keep it; `answer` says how those conflicts ended that are none any more."""
        if not (self.stories or self.coverages):
            return
        how = answer or (lambda row: Conflict.How.MOOT)
        recorder = Recorder(self.site_id, now, how, by=by)
        recorder.record(self.found, stories=self.stories, coverages=self.coverages)
        for state in (True, False):
            ids = [pk for pk, waits in self.fellows.items() if waits is state]
            Story.objects.filter(pk__in=ids).exclude(conflict=state).update(conflict=state)


def weigh(drafts: Collection[Draft], groups: Collection[GroupDraft]) -> Weighing:
    """Find out what is left to disagree on, and mark the stories that must not be written."""
    asked = [d for d in drafts if d.story.bases or d.was("bases") or d.was("conflict")]
    weighing = Weighing()
    if not asked:
        return weighing
    weighing.site_id = asked[0].story.site_id
    touched = {d.story.coverage_id for d in asked} | {d.was("coverage_id") for d in asked}
    weighing.coverages = {pk for pk in touched if pk is not None}
    by_hand = _grouped_by_hand(asked, groups)
    edited = {draft.story.coverage_id for draft in asked if draft.story.pk in by_hand}
    everyone = _with_fellows(drafts, asked, edited)
    disagreeing = _Disagreements(everyone, edited)
    weighing.found = [*disagreeing.found(), *_still_displaced(asked)]
    own = {each.story_id for each in weighing.found}
    in_groups = {each.coverage_id for each in weighing.found} - {None}
    for draft in everyone:
        story = draft.story
        is_written = story.has_file and story.missing_since is None
        waits = story.pk in own or (is_written and story.coverage_id in in_groups)
        if draft in asked or draft in drafts:
            draft.story.conflict = waits
        else:
            weighing.fellows[story.pk] = waits
    weighing.stories |= {draft.story.pk for draft in everyone}
    return weighing


def _with_fellows(
    drafts: Collection[Draft], asked: Collection[Draft], edited: set[int | None]
) -> list[Draft]:
    """The stories asked about, and the other members of the groups that persons made."""
    is_open = {draft.story.pk for draft in drafts}
    rows = Story.objects.light().filter(coverage__in=edited) if edited else Story.objects.none()
    fellows = [Draft(story) for story in rows if story.pk not in is_open]
    members = [d for d in drafts if d.story.coverage_id in edited and d not in asked]
    return [*asked, *members, *fellows]


def _still_displaced(asked: Iterable[Draft]) -> Iterator[Disagreement]:
    """Files that stand where the desk promised others."""
    paths = {draft.story.pk: draft.story.path for draft in asked}
    for row in Conflict.objects.open().filter(story__in=paths, field="path"):
        if paths[row.story_id or 0] == row.desk:
            yield Disagreement(row.story_id, None, row.field, row.base, row.file, row.desk)


class _Disagreements:
    """The fields of some stories on which their files disagree with the desk."""

    def __init__(self, drafts: list[Draft], edited: set[int | None]) -> None:
        self._drafts = [draft for draft in drafts if draft.story.bases]
        self._edited = edited
        self._states = file_states(draft.story.pk for draft in self._drafts)
        self._parts = parts_of(self._drafts, whole=True)
        self._members = _present_members([draft.story for draft in self._drafts])

    def found(self) -> Iterator[Disagreement]:
        """A story's own field by field, those of a group as one."""
        groups: dict[tuple[int | None, int | None], dict[int, dict[str, Three]]] = {}
        for draft in self._drafts:
            story = draft.story
            in_edited = story.coverage_id in self._edited
            of_group = is_of_a_group(story, in_edited_group=in_edited)
            for name, three in self._colliding(draft):
                if of_group and name in GROUP_FIELDS:
                    key = (None, story.coverage_id) if in_edited else (story.pk, None)
                    groups.setdefault(key, {}).setdefault(story.pk, {})[name] = three
                else:
                    yield Disagreement(story.pk, None, name, *three)
        for (story_id, coverage_id), members in groups.items():
            yield as_one(story_id, coverage_id, members)

    def _colliding(self, draft: Draft) -> Iterator[tuple[str, Three]]:
        state = self._states.get(draft.story.pk)
        if state is None:
            return
        for name, base in draft.story.remembered.items():
            if name == RELATED:
                yield from self._regrouped(draft, state, base)
                continue
            file, desk = file_value(state.record, name), self._desk_value(draft, name)
            if collides(file, desk, base, LISTS.get(name)):
                yield name, (base["base"] if name in LISTS else base, file, desk)

    def _regrouped(
        self, draft: Draft, state: FileState, base: Mapping[str, list[str]]
    ) -> Iterator[tuple[str, Three]]:
        members = self._members.get(draft.story.coverage_id, set()) - {draft.story.url_key}
        before, file = set(base["base"]), set(state.listed) - {draft.story.url_key, ""}
        if regroups(before, file, members, set(base["excused"])):
            yield RELATED, (sorted(before), sorted(file), sorted(members))

    def _desk_value(self, draft: Draft, name: str) -> Any:
        if name == "topics":
            return self._parts.topics_of(draft.story)
        if name == "images":
            return [image_values(image) for image in self._parts.images_of(draft.story)]
        return jsonable(getattr(draft.story, name))


def _present_members(stories: Iterable[Story]) -> dict[int | None, set[str]]:
    """The addresses in each story's group of those whose file is not gone, in one query."""
    found: dict[int | None, set[str]] = {}
    groups = {story.coverage_id for story in stories} - {None}
    rows = Story.objects.filter(coverage__in=groups, missing_since=None).exclude(url_key="")
    for group, key in rows.values_list("coverage_id", "url_key") if groups else ():
        found.setdefault(group, set()).add(key)
    return found
