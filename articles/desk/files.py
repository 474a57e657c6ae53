"""What the stories' files say, and whether the desk says otherwise.

`pending` is true exactly when the next export would write the file: where a field that a person
owns has another value in the row than in the bytes the story was last read from or written to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from articles.desk.drafts import Draft
from articles.filing import (
    FILE_FIELDS,
    Parts,
    differences,
    image_records,
    image_values,
    leaving_and_joining,
    topic_names,
)
from articles.models import Story, StoryFile, TextBlock
from articles.storyfile.reader import StoryReader
from articles.storyfile.record import ImageRecord, StoryRecord
from articles.weburl import url_key

Linked = Mapping[int, Collection[str]]
"""Story id -> the identities of the addresses of the other members of its group."""


@dataclass(frozen=True, slots=True)
class FileState:
    """What a story's file says; `listed` are its related entries, by identity of address."""

    record: StoryRecord
    listed: frozenset[str]


def file_states(story_ids: Iterable[int]) -> dict[int, FileState]:
    """What the files say, without the texts of related entries; in two queries."""
    ids = list(story_ids)
    files = list(StoryFile.objects.filter(story_id__in=ids)) if ids else []
    wanted = {block for file in files for block in file.block_ids}
    keys: dict[int, str] = {}
    if wanted:
        rows = TextBlock.objects.filter(id__in=wanted)
        keys.update(rows.values_list("id", "url_key"))
    reader = StoryReader()
    return {file.story_id: _state(file, keys, reader) for file in files}


def _state(file: StoryFile, keys: Mapping[int, str], reader: StoryReader) -> FileState:
    record = reader.read(file.head_bytes() + file.tail_bytes())
    listed = {keys[block] for block in file.block_ids}
    listed |= {url_key(entry.url) for entry in record.related if entry.url}
    return FileState(record, frozenset(listed))


def settle_pending(drafts: Collection[Draft], linked: Linked | None = None) -> None:
    """Bring `pending` up to date. `linked` is given where the groups are being changed."""
    open_questions = [draft for draft in drafts if not _is_plain(draft)]
    states, parts = file_states(d.story.pk for d in open_questions), parts_of(open_questions)
    if linked is None:
        linked = linked_addresses(_owning("related", open_questions))
    for draft in open_questions:
        story = draft.story
        state, members = states.get(story.pk), linked.get(story.pk, ())
        story.pending = state is None or bool(
            unwritten(story, state, story.edited_fields, parts, members)
        )


def _is_plain(draft: Draft) -> bool:
    """Settles `pending` where no file has to be read for it; says whether it did."""
    story = draft.story
    if "path" in story.edited_fields and story.has_file:
        return False
    owned = FILE_FIELDS.intersection(story.edited_fields)
    if not story.has_file or not owned:
        story.pending = False
        return True
    was_clean = not draft.was("edited_fields") and not draft.was("pending")
    if was_clean and not owned & {"topics", "images", "related", "published_at"}:
        story.pending = any(getattr(story, field) != draft.was(field) for field in owned)
        return True
    return False


def unwritten(
    story: Story,
    state: FileState,
    fields: Collection[str],
    parts: Parts,
    members: Collection[str],
) -> set[str]:
    """The fields among `fields` that the file does not say as the desk does.

    `members` are the addresses of the other stories of the group.
    """
    found = set(differences(story, state.record, fields, parts))
    if "related" in fields and any(leaving_and_joining(state.record, state.listed, members)):
        found.add("related")
    return found


def parts_of(drafts: Collection[Draft], *, whole: bool = False) -> Parts:
    """The parts that a person owns, or `whole`, as they will be; each kind in one query."""
    topics = topic_names(story.pk for story in _owning("topics", drafts, whole=whole))
    images = image_records(story.pk for story in _owning("images", drafts, whole=whole))
    for draft in drafts:
        if draft.topics is not None:
            topics[draft.story.pk] = draft.topics
        if draft.images is not None:
            images[draft.story.pk] = [ImageRecord(**values) for values in draft.images]
    return Parts(topics, images)


def _owning(field: str, drafts: Iterable[Draft], *, whole: bool = False) -> list[Story]:
    return [d.story for d in drafts if whole or field in d.story.edited_fields]


def linked_addresses(stories: Collection[Story]) -> dict[int, set[str]]:
    """The addresses of the other members of each story's group, in one query."""
    groups: dict[int, set[str]] = {}
    ids = {story.coverage_id for story in stories if story.coverage_id is not None}
    rows = Story.objects.filter(coverage_id__in=ids).values_list("coverage_id", "url_key")
    for group, key in rows if ids else ():
        groups.setdefault(group or 0, set()).add(key)
    return {
        story.pk: groups.get(story.coverage_id or 0, set()) - {story.url_key, ""}
        for story in stories
    }


def logged_images(story_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """The images of stories as the log keeps them."""
    return {
        pk: [image_values(image) for image in images]
        for pk, images in image_records(story_ids).items()
    }
