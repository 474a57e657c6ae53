"""Edits of a story file: what is not named stays byte for byte.

`apply_edit` takes field names, finds their places in the text, and replaces just these places.
Before it hands the result out it parses it and compares it with the file as it was, key by key
with types: where anything but the intended keys differs, it refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from articles.storyfile.document import DEFAULT_LIMITS, Document, Limits
from articles.storyfile.emit import HOUSE, TEXT_TAG, Shape, Value, lines, shape_of
from articles.storyfile.errors import EditRefused, StoryFileError
from articles.storyfile.frontmatter import BOM
from articles.storyfile.lists import RelatedEdit
from articles.storyfile.pieces import (
    edit_entries,
    edit_head,
    edit_lines,
    shapes,
    sheet_of,
    verify,
)
from articles.storyfile.plan import EDITABLE, plan_edit
from articles.storyfile.record import RelatedRecord, StoryRecord, Vocabulary
from articles.storyfile.trees import story_trees

__all__ = ["EDITABLE", "RelatedEdit", "apply_edit", "edit_related_entries", "new_file"]


def apply_edit(
    data: bytes, changes: Mapping[str, object], limits: Limits = DEFAULT_LIMITS
) -> bytes:
    """The file with these fields changed, and nothing else.

    `changes` maps field names to values: text for texts, words and addresses, bool, int, aware
    datetime, a list of names (`topics`, `tags`), a list of ImageRecord (`images`), a RelatedEdit
    (`related`). None takes the key out of the file, as does an empty list or an empty address.

    Raises EditRefused where there is no safe way to write it, or the file cannot be read.
    """
    unknown = changes.keys() - EDITABLE
    if unknown:
        raise EditRefused(f"{', '.join(sorted(unknown))} cannot be edited.")
    if not changes:
        return data
    try:
        edited = _edit_part(data, changes, limits)
        return _edit_whole(data, changes, limits) if edited is None else edited
    except StoryFileError as error:
        raise EditRefused(f"The file cannot be edited: {error}") from error


def _edit_part(data: bytes, changes: Mapping[str, object], limits: Limits) -> bytes | None:
    if "related" not in changes:
        edited = edit_lines(data, changes, limits)
        return edit_head(data, changes, limits) if edited is None else edited
    edit = changes["related"]
    above = {name: value for name, value in changes.items() if name != "related"}
    if not isinstance(edit, RelatedEdit):
        return None
    edited = edit_entries(data, edit, limits)
    return edited if edited is None or not above else apply_edit(edited, above, limits)


def edit_related_entries(
    data: bytes, *, remove_urls: Iterable[str] = (), add: Iterable[RelatedRecord] = ()
) -> bytes:
    """The file with coverage that left taken out and coverage that joined put in by quality."""
    return apply_edit(data, {"related": RelatedEdit(frozenset(remove_urls), tuple(add))})


def new_file(story: StoryRecord, vocabulary: Vocabulary = "web") -> bytes:
    """A story file in the house style of the dialect, without `secured`."""
    sections = story_trees(story, vocabulary)
    text = "\n\n".join("\n".join(lines(tree, HOUSE[vocabulary])) for tree in sections)
    data = f"---\n{text}\n\n---\n\n{story.body}".encode()
    try:
        document = Document.parse(data)
    except StoryFileError as error:
        raise EditRefused(f"The story cannot be written: {error}") from error
    meant = [pair for tree in sections for pair in _pairs(tree)]
    if shapes(document.root) != meant or document.body != story.body:
        raise EditRefused("The story cannot be written so that it reads back the same.")
    return data


def _pairs(tree: Mapping[str, Value]) -> list[tuple[Shape, Shape]]:
    return [((TEXT_TAG, key), shape_of(value)) for key, value in tree.items()]


def _edit_whole(data: bytes, changes: Mapping[str, object], limits: Limits) -> bytes:
    document = Document.parse(data, limits)
    sheet = sheet_of(document.text, document.root)
    plan = plan_edit(sheet, changes)
    if not plan.patches:
        return data
    text = sheet.patched(plan.patches)
    mark = BOM if document.has_bom else ""
    edited = (mark + text + document.closer + document.body).encode()
    again = Document.parse(edited, limits)
    if again.text != text or again.body != document.body:
        raise EditRefused("The change would end the front matter in another place.")
    verify(document.root, again.root, plan.expected)
    return edited
