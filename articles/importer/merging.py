"""A changed file and the desk's version of its story made one (`articles.merge`).

What comes out is a file again, as the desk will have it: its bytes are those of the file on disk,
its record says what the story says from now on. All that follows an import (rows, grouping, doubts,
history) reads that record.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from articles.conflicts import LISTS, RELATED, Three, decided_fields
from articles.filing import HARMLESS, has_odd_date
from articles.importer.deciding import Desk, Said, file_version, record_version
from articles.importer.network import Node
from articles.merge import Merge, regroups, three_way
from articles.repository.parsing import ParsedFile
from articles.rules import HeatRule
from articles.storyfile.edits import apply_edit
from articles.storyfile.errors import EditRefused, Issue, StoryFileError
from articles.storyfile.issues import is_of_the_text
from articles.storyfile.reader import StoryReader
from articles.storyfile.record import ImageRecord, StoryRecord
from articles.weburl import url_key


@dataclass(frozen=True, slots=True)
class Merged:
    """One story merged: its file as the desk will have it, and what is left to do.

    `collisions` holds base, file and desk of every field on which they disagree. `differs`: the
    desk says something else than the file, `pending`: the next export writes that.
    """

    incoming: ParsedFile
    bases: Said
    edited: tuple[str, ...]
    collisions: Mapping[str, Three]
    differs: bool
    pending: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the other stories of a batch have to do with the merging of one.

    `members` are the addresses of the other stories of its group, without those whose file is
    gone; `excused` those the file adds that stand with a story parted from it.
    """

    members: frozenset[str] = frozenset()
    excused: frozenset[str] = frozenset()


def merge_story(
    node: Node,
    desk: Desk,
    base: StoryRecord | None,
    around: Surroundings,
    *,
    rule: HeatRule,
    always: frozenset[str],
) -> Merged | None:
    """Merge a changed file into its story; None where no person decided anything about it."""
    incoming, row = node.incoming, node.known_row
    edited = tuple(name for name in row.edited if name != "path")
    decided = decided_fields(desk.story, in_edited_group=row.in_edited_group) - {"path"}
    if incoming is None or not decided:
        return None
    file, mine = file_version(incoming), _desk_version(node, desk, rule)
    merged = three_way(
        {} if base is None else record_version(base),
        file,
        mine,
        edited=decided,
        remembered=row.bases,
        lists=LISTS,
        always=always,
    )
    collisions = {f: (_base_of(merged, f), file[f], mine[f]) for f in merged.collisions}
    if RELATED in decided:
        collisions |= _merge_related(node, merged, around, always)
    changes = _changes(incoming.record, file, merged.values, edited)
    listed = {reference.url_key for reference in incoming.links}
    relinked = RELATED in edited and listed != around.members
    return Merged(
        _as_the_desk_has_it(incoming, merged.values, file, changes),
        merged.bases,
        edited,
        collisions,
        differs=relinked
        or any(merged.values[name] != file[name] for name in decided & file.keys()),
        pending=relinked or bool(changes),
    )


def _base_of(merged: Merge, name: str) -> Any:
    return merged.bases[name]["base"] if name in LISTS else merged.bases[name]


def _desk_version(node: Node, desk: Desk, rule: HeatRule) -> Said:
    """The desk's values; the heat of a lead that a person chose is arithmetic, not a value."""
    row, incoming = node.known_row, node.incoming
    if incoming is not None and "heat" in row.edited and row.frozen and row.is_lead:
        heat = rule.heat(incoming.record.quality, row.related_count)
        if heat is not None:
            return {**desk.said, "heat": heat}
    return desk.said


def _merge_related(
    node: Node, merged: Merge, around: Surroundings, always: frozenset[str]
) -> dict[str, Three]:
    """Compare the links of the file; remember what they were, and say where they collide."""
    if node.incoming is None:
        return {}
    base, file = linked_before(node), {link.url_key for link in node.incoming.links}
    if base == file or RELATED in always:
        return {}
    merged.bases[RELATED] = {"base": sorted(base), "excused": sorted(around.excused)}
    if not regroups(base, file, around.members, around.excused):
        return {}
    return {RELATED: (sorted(base), sorted(file), sorted(around.members))}


def linked_before(node: Node) -> set[str]:
    """The addresses that a story's file listed when a person decided on its group."""
    remembered = node.known_row.bases.get(RELATED)
    if remembered is not None:
        return set(remembered["base"])
    return {reference.url_key for reference in node.links}


def _changes(
    record: StoryRecord, file: Said, values: Mapping[str, Any], edited: Iterable[str]
) -> dict[str, Any]:
    """What the next export will write, as the record has it; related coverage aside."""
    found = {f: _typed(f, values[f]) for f in edited if f in file and values[f] != file[f]}
    if "published_at" in edited and has_odd_date(record):
        found["published_at"] = _typed("published_at", values["published_at"])
    return found


def _as_the_desk_has_it(
    incoming: ParsedFile, values: Mapping[str, Any], file: Said, changes: Mapping[str, Any]
) -> ParsedFile:
    different = [name for name in values if values[name] != file[name]]
    if not different and not changes:
        return incoming
    typed = {name: _typed(name, values[name]) for name in different}
    record = replace(incoming.record, **{**typed, **_tuples(typed)})
    issues, locked = _doubts(incoming, changes)
    return replace(
        incoming,
        record=replace(record, locked=locked),
        issues=issues,
        own_key=url_key(record.url) if record.url else "",
    )


def _doubts(incoming: ParsedFile, changes: Mapping[str, Any]) -> tuple[tuple[Issue, ...], bool]:
    """What is doubtful once the file says what the desk says, and whether it is locked then."""
    as_it_is = (incoming.issues, incoming.record.locked)
    if not changes or (not incoming.issues and HARMLESS.issuperset(changes)):
        return as_it_is
    texts = [reference.text for reference in incoming.references if reference.text is not None]
    tail = zlib.decompress(incoming.tail) if incoming.tail else b""
    data = b"".join((zlib.decompress(incoming.head), *texts, tail))
    try:
        record = StoryReader().read(apply_edit(data, changes))
    except (EditRefused, StoryFileError):
        return as_it_is
    others = (issue for issue in incoming.issues if not is_of_the_text(issue.code))
    return (*record.issues, *others), record.locked


def _typed(field: str, value: Any) -> Any:
    """A value of the log as a record of a file has it."""
    if field == "published_at" and value:
        return datetime.fromisoformat(value)
    if field == "images":
        return [ImageRecord(**image) for image in value]
    return value


def _tuples(typed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(typed[name]) for name in LISTS if name in typed}
