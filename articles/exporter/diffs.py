"""The lines of files that an export would change, for people to read."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Literal

from articles.exporter.rendering import NotWritable, Rendering, render_one
from articles.models import Story
from articles.storyfile.shown import printable, shown_lines

NO_FILE = "/dev/null"

KINDS = {"+": "add", "-": "del", "@": "hunk"}
"""How the lines of a unified diff begin."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file as it is or will be. `number` counts the lines of its own version."""

    kind: Literal["", "add", "del"]
    number: int
    text: str


def whole_file(story: Story) -> list[Line]:
    """Return a story's file with the lines in place that the next export would change.

    A file that cannot be written is returned as it is. The opaque `secured` value is masked.
    """
    stored = getattr(story, "file", None)
    was = None if stored is None else stored.content()
    try:
        will_be = render_one(story).data if story.pending else was
    except NotWritable:
        will_be = was
    old = [] if was is None else shown_lines(was)
    return _merged(old, old if will_be is was else shown_lines(will_be or b""))


def _merged(old: list[str], new: list[str]) -> list[Line]:
    lines: list[Line] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            lines += [Line("", at + 1, new[at]) for at in range(j1, j2)]
        else:
            lines += [Line("del", at + 1, old[at]) for at in range(i1, i2)]
            lines += [Line("add", at + 1, new[at]) for at in range(j1, j2)]
    return lines


def pending_diff(story: Story) -> list[str]:
    """Return what the next export would change, as lines of a unified diff; none if nothing.

    The opaque `secured` value is masked wherever it stands. Raises NotWritable.
    """
    return diff_of(render_one(story)) if story.path is not None else []


def diff_of(rendering: Rendering) -> list[str]:
    """Return the lines of a unified diff between what a file holds and what it is to hold."""
    return diff_between(rendering.story.path or "", rendering.stored, rendering.data)


def diff_between(path: str, old: bytes | None, new: bytes | None) -> list[str]:
    """Return the lines of a unified diff of a file; `None` where there is none."""
    if old == new:
        return []
    name = printable(path)
    found = difflib.unified_diff(
        [] if old is None else shown_lines(old),
        [] if new is None else shown_lines(new),
        NO_FILE if old is None else f"a/{name}",
        NO_FILE if new is None else f"b/{name}",
        lineterm="",
    )
    return list(found)


def marked_lines(diff: list[str]) -> list[tuple[str, str]]:
    """Return the lines of a unified diff with their kinds, without the two that name the file.

    Kinds: `add`, `del`, `hunk`; empty for a line that stays.
    """
    return [(KINDS.get(line[:1], ""), line if line[:1] == "@" else line[1:]) for line in diff[2:]]
