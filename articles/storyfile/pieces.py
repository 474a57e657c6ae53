"""Edits of a part of a long file, without reading the rest of it.

`related` is often 95 % of a file. A YAML reader that stands at the beginning of a line in column 0,
with nothing left open above, takes what follows as it would take it alone; so a part between two
such lines can be read, changed and proved by itself, and the bytes around it stay as they are.
Each function here returns None where it cannot be sure of that: then the whole file is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

import yaml

from articles.storyfile.document import Limits, compose, compose_part, start_of
from articles.storyfile.emit import TEXT_TAG, Shape, shape_of_node
from articles.storyfile.errors import EditRefused, StoryFileError
from articles.storyfile.frontmatter import BOM, read_front_matter
from articles.storyfile.guards import GuardedComposer
from articles.storyfile.lists import Item, RelatedEdit, joining, url_and_quality
from articles.storyfile.plan import plan_edit, spellings
from articles.storyfile.record import KEYS
from articles.storyfile.sheet import Sheet
from articles.storyfile.style import style_of
from articles.storyfile.trees import SCALARS, scalar

_RELATED = KEYS["related"]["web"].encode()
_RELATED_LINE = b"\n" + _RELATED + b":"
_UNINDENTED = re.compile(rb"\n(?! )")
_KEY_LINE = re.compile(rb"([A-Za-z][A-Za-z0-9_]*):(?:[ \t]|\Z)")
# What YAML takes for the end of a line besides \n: CR, NEL, line and paragraph separator.
_ODD_BREAKS = (b"\r", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9")
# A line that leaves nothing open: a key, a dash or both, and a value that is closed on the line.
_VALUE = rb'(?:"(?:[^"\\\n\r]|\\[^\n\r])*+" *|[A-Za-z0-9/\-][ -~\x80-\xff]*+)?'
_KEY = rb"[A-Za-z][A-Za-z0-9_]*:(?= |\n) *"
_CLOSED_LINES = re.compile(
    rb"---\n(?:(?!---)(?:%(key)b%(value)b|(?: +(?:- )?|- )(?:%(key)b)?%(value)b)?\n)*+"
    % {b"key": _KEY, b"value": _VALUE}
)
_NEXT_KEY = re.compile(rb"\n(?![ \n\-])")
_LIST_ENDS = re.compile(rb"(?:[ \t]*\n)*+[^ \t]")
_INDENT = "  "


def edit_lines(data: bytes, changes: Mapping[str, object], limits: Limits) -> bytes | None:
    """Changes single values above `related`, each proved by the lines of its key alone."""
    cut = _cut(data, changes, limits)
    if cut is None or not SCALARS.issuperset(changes) or not _CLOSED_LINES.fullmatch(data, 0, cut):
        return None
    if any(odd in data[:cut] for odd in _ODD_BREAKS):
        return None
    pieces: list[tuple[int, int, bytes]] = []
    for name, value in changes.items():
        place = _lines_of(data, cut, name)
        if place is None or scalar(name, value) is None:
            return None
        start, end = place
        pieces.append((start, end, _edited_lines(data[start:end].decode(), {name: value}, limits)))
    for start, end, new in sorted(pieces, reverse=True):
        # Without copies of what lies behind: it may be a hundred times as long.
        whole = memoryview(data)
        data = b"".join((whole[:start], new, whole[end:]))
    return data


def _lines_of(data: bytes, cut: int, name: str) -> tuple[int, int] | None:
    """Where the lines of a key begin and end, if it stands there exactly once."""
    places = []
    for key in spellings([name]):
        line = b"\n" + key.encode() + b":"
        at = data.find(line, 0, cut)
        if at >= 0:
            places += [at, *([0] if data.find(line, at + 1, cut) >= 0 else [])]
    if len(places) != 1:
        return None
    end = _NEXT_KEY.search(data, places[0] + 1, cut)
    return places[0] + 1, end.end() if end else cut


def _edited_lines(text: str, changes: Mapping[str, object], limits: Limits) -> bytes:
    sheet = sheet_of(text, compose(text, limits))
    plan = plan_edit(sheet, changes)
    new = sheet.patched(plan.patches)
    if plan.patches:
        verify(sheet.root, compose(new, limits), plan.expected)
    return new.encode()


def edit_head(data: bytes, changes: Mapping[str, object], limits: Limits) -> bytes | None:
    """Changes anything above `related`, proved by that part of the file."""
    cut = _cut(data, changes, limits)
    head = None if cut is None else _head_sheet(data[:cut], limits)
    if head is None:
        return None
    plan = plan_edit(head, changes)
    new = head.patched(plan.patches)
    if plan.patches:
        again = read_front_matter(new.encode() + b"---\n")
        verify(head.root, compose(again.text, limits), plan.expected)
    mark = BOM if data.startswith(BOM.encode()) else ""
    return (mark + new).encode() + data[cut:]


def edit_entries(data: bytes, edit: RelatedEdit, limits: Limits) -> bytes | None:
    """Takes related entries out and puts others in, each proved by its own lines."""
    cut = _cut(data, (), limits)
    if cut is None:
        return None
    end = _UNINDENTED.search(data, cut)
    first = cut + len(_RELATED) + 2
    if end is None or end.start() < first or not data.startswith(b"  - ", first):
        return None
    if not _LIST_ENDS.match(data, end.start() + 1):
        return None
    blocks = data[first : end.start() + 1].split(b"\n  - ")
    lines = [blocks[0], *(b"  - " + block for block in blocks[1:])]
    held = [entry_of(line if line.endswith(b"\n") else line + b"\n", limits) for line in lines]
    head = _head_sheet(data[:cut], limits)
    if head is None or head.style.list_indent != _INDENT or None in held:
        return None
    kept = [item for item in held if item is not None]
    items = joining(kept, edit, head.style)
    if not items:
        return None
    for item in items:
        read = entry_of(item.text.encode(), limits)
        if read is None or read.shape != item.shape:
            raise EditRefused("A related entry would not read back the same.")
    return data[:first] + "".join(item.text for item in items).encode() + data[end.start() + 1 :]


@lru_cache(maxsize=4096)
def entry_of(lines: bytes, limits: Limits) -> Item | None:
    """One related entry read alone; None where its lines do not stand for just one entry."""
    try:
        text = lines.decode()
        composer = GuardedComposer(text, limits)
        root = composer.compose()
    except (yaml.YAMLError, StoryFileError, ValueError):
        return None
    if composer.anchors or not isinstance(root, yaml.SequenceNode) or len(root.value) != 1:
        return None
    node = root.value[0]
    if not isinstance(node, yaml.MappingNode) or start_of(root) != len(_INDENT):
        return None
    return Item(text, shape_of_node(node), *url_and_quality(node))


def _cut(data: bytes, changes: Iterable[str], limits: Limits) -> int | None:
    """Where the line `related:` begins, if none of the keys to change stands below it."""
    cut = data.find(_RELATED_LINE) + 1
    if not cut or len(data) > limits.max_bytes:
        return None
    below = _keys_below(data, cut)
    touched = {*spellings(changes), KEYS["related"]["web"]}
    return cut if below is not None and below.isdisjoint(touched) else None


def _keys_below(data: bytes, cut: int) -> set[str] | None:
    """The top-level keys below `related`; None where lines of other kinds stand there."""
    rest = data[cut:]
    if any(odd[-1:] in rest and odd in rest for odd in _ODD_BREAKS):
        return None
    found: set[str] = set()
    for match in _UNINDENTED.finditer(data, cut):
        start = match.start() + 1
        end = data.find(b"\n", start)
        line = data[start : None if end < 0 else end]
        if line.rstrip(b" \t") in {b"---", b"..."}:
            return found
        key = _KEY_LINE.match(line)
        if key:
            found.add(key.group(1).decode())
        elif line and not line.startswith(b"- "):
            return None
    return None


def _head_sheet(head: bytes, limits: Limits) -> Sheet | None:
    front = read_front_matter(head + b"---\n")
    if front.closer != "---\n" or front.body:
        return None
    root = compose_part(front.text, limits)
    # Flow style or indentation: then `related:` would not be a key of the same mapping.
    if (
        root is None
        or root.flow_style
        or start_of(root) != front.text.rfind("\n", 0, start_of(root)) + 1
    ):
        return None
    return sheet_of(front.text, root)


def sheet_of(text: str, root: yaml.MappingNode) -> Sheet:
    """The text ready for editing, with its own style."""
    newline = "\r\n" if text[: text.index("\n")].endswith("\r") else "\n"
    return Sheet(text, root, style_of(text, root, newline))


def verify(
    old: yaml.MappingNode, new: yaml.MappingNode, expected: Mapping[str, Shape | None]
) -> None:
    """Raises EditRefused unless exactly the expected keys changed, to the expected values."""
    touched = {(TEXT_TAG, key): shape for key, shape in expected.items()}
    before = [pair for pair in shapes(old) if pair[0] not in touched]
    after = shapes(new)
    if before != [pair for pair in after if pair[0] not in touched]:
        raise EditRefused("The change would reach other values too: edit the file itself.")
    found = sorted((pair for pair in after if pair[0] in touched), key=str)
    meant = sorted(((key, shape) for key, shape in touched.items() if shape is not None), key=str)
    if found != meant:
        raise EditRefused("The new value would not read back the same: edit the file itself.")


def shapes(root: yaml.MappingNode) -> list[tuple[Shape, Shape]]:
    """Keys and values of a story in the order of the file."""
    return [(shape_of_node(key), shape_of_node(value)) for key, value in root.value]
