"""What is doubtful about a story once its file says what the desk says.

The bytes that the next export would write are made and read again, so that an edit that cures a
problem is seen to cure it, and nothing is published that could not be written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from articles.desk.drafts import Draft
from articles.desk.errors import Blocked
from articles.desk.files import parts_of
from articles.desk.new_files import find_problems
from articles.filing import FILE_FIELDS, HARMLESS, Parts, differences
from articles.models import Story, StoryFile, StoryProblem
from articles.models.story_file import block_texts
from articles.storyfile.edits import apply_edit
from articles.storyfile.errors import EditRefused, Issue
from articles.storyfile.issues import BLOCKING_CODES, is_of_the_text, publish_verdict
from articles.storyfile.reader import StoryReader
from articles.storyfile.record import StoryRecord


def review(drafts: Collection[Draft]) -> None:
    """Find the problems of the stories whose text changed, or whose problems may be cured.

    Raises Blocked where the file cannot be written that way.
    """
    for refusal in review_each(drafts):
        raise refusal


def review_each(drafts: Collection[Draft]) -> list[Blocked]:
    """As `review`, in the same number of queries for any number; returns the refusals."""
    asked = [draft for draft in drafts if draft.story.has_file and _is_asked(draft)]
    if not asked:
        return []
    ids = [draft.story.pk for draft in asked]
    files = {file.story_id: file for file in StoryFile.objects.filter(story_id__in=ids)}
    texts = block_texts(block for file in files.values() for block in file.block_ids)
    parts, known, reader = parts_of(asked), problems_of(ids), StoryReader()
    refusals: list[Blocked] = []
    for draft in asked:
        file = files.get(draft.story.pk)
        try:
            if file is None:
                find_problems(draft)
            else:
                record = record_to_be(draft, file.content(texts), parts, reader)
                found = known.get(draft.story.pk, [])
                _find(draft, record.issues, found, locked=record.locked)
        except Blocked as refusal:
            refusals.append(refusal)
    return refusals


def _is_asked(draft: Draft) -> bool:
    columns = draft.columns()
    touched = set(columns)
    if "edited_fields" in columns:
        touched |= set(columns["edited_fields"]) ^ set(draft.was("edited_fields"))
    touched &= FILE_FIELDS - {"related"}
    if draft.topics != draft.topics_was or draft.images != draft.images_was:
        return True
    doubtful = draft.was("issue_count") or draft.story.issue_count
    return bool(touched if doubtful else touched - HARMLESS)


def record_to_be(draft: Draft, data: bytes, parts: Parts, reader: StoryReader) -> StoryRecord:
    """What the file will say after the next export; its related entries stay aside.

    Raises Blocked where there is no safe way to write it.
    """
    said = reader.read(data)
    changes = differences(draft.story, said, draft.story.edited_fields, parts)
    try:
        edited = apply_edit(data, changes)
    except EditRefused as error:
        raise Blocked(draft.story, [str(error)]) from error
    return said if edited == data else reader.read(edited)


def _find(draft: Draft, issues: Iterable[Issue], known: list[Issue], *, locked: bool) -> None:
    kept = [issue for issue in known if not is_of_the_text(issue.code)]
    now = [*issues, *kept]
    draft.story.publish_gate = publish_verdict(now)
    draft.story.issue_count = len(now)
    draft.story.locked = locked
    if sorted(map(_key, now)) != sorted(map(_key, known)):
        draft.findings = [(issue.code, issue.line, issue.message) for issue in now]


def _key(issue: Issue) -> tuple[str, int, str]:
    return issue.code, issue.line or 0, issue.message


def problems_of(story_ids: Iterable[int]) -> dict[int, list[Issue]]:
    """The problems of stories, in one query."""
    found: dict[int, list[Issue]] = {}
    rows = StoryProblem.objects.filter(story_id__in=list(story_ids)).order_by("id")
    for story_id, code, message, line in rows.values_list("story_id", "code", "message", "line"):
        found.setdefault(story_id, []).append(Issue(code, message, line))
    return found


def blocking_sentences(stories: Iterable[Story]) -> dict[int, tuple[str, ...]]:
    """Why stories may not be published, in one query; nothing for those that may."""
    blocked = [story.pk for story in stories if story.publish_gate == Story.Gate.BLOCKED]
    found = problems_of(blocked) if blocked else {}
    return {
        pk: tuple(issue.message for issue in found.get(pk, ()) if issue.code in BLOCKING_CODES)
        for pk in blocked
    }
