"""The lines of files that an export would change, for people to read."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal, TypeAlias

from articles.exporter.rendering import NotWritable, Rendering, render_one
from articles.models import Story
from articles.storyfile.shown import printable, shown_lines

NO_FILE = "/dev/null"
CONTEXT = 3
"""Lines shown around a change."""

MOST_COMPARED = 1_000_000
"""Pairs of equal lines: a tenth of a second of comparing."""

Step: TypeAlias = Literal["replace", "delete", "insert", "equal"]
Opcode: TypeAlias = tuple[Step, int, int, int, int]

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
    for tag, i1, i2, j1, j2 in _opcodes(old, new):
        if tag == "equal":
            lines += [Line("", at + 1, new[at]) for at in range(j1, j2)]
        else:
            lines += [Line("del", at + 1, old[at]) for at in range(i1, i2)]
            lines += [Line("add", at + 1, new[at]) for at in range(j1, j2)]
    return lines


def _opcodes(old: list[str], new: list[str]) -> list[Opcode]:
    """The steps from one version to the other, as difflib names them, in time linear in the file.

    difflib compares each line with all equal ones: thousands of blank lines keep it busy for hours.
    So it gets only what lies between the first and the last change, and where that is still too
    much of the same, all of it counts as replaced.
    """
    start = _common(zip(old, new, strict=False))
    rest = min(len(old), len(new)) - start
    end = min(rest, _common(zip(reversed(old), reversed(new), strict=False)))
    old_end, new_end = len(old) - end, len(new) - end
    found: list[Opcode] = [("equal", 0, start, 0, start)] if start else []
    found += [
        (tag, start + i1, start + i2, start + j1, start + j2)
        for tag, i1, i2, j1, j2 in _between(old[start:old_end], new[start:new_end])
    ]
    return [*found, ("equal", old_end, len(old), new_end, len(new))] if end else found


def _common(pairs: Iterable[tuple[str, str]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _between(old: list[str], new: list[str]) -> list[Opcode]:
    if old and new:
        times = Counter(new)
        if sum(times[line] for line in old) > MOST_COMPARED:
            return [("replace", 0, len(old), 0, len(new))]
    return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


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
    before = [] if old is None else shown_lines(old)
    after = [] if new is None else shown_lines(new)
    matcher = _Known(_opcodes(before, after))
    lines = [f"--- {NO_FILE if old is None else f'a/{name}'}"]
    lines.append(f"+++ {NO_FILE if new is None else f'b/{name}'}")
    for group in matcher.get_grouped_opcodes(CONTEXT):
        lines += _hunk(group, before, after)
    return lines if len(lines) > 2 else []


def marked_lines(diff: list[str]) -> list[tuple[str, str]]:
    """Return the lines of a unified diff with their kinds, without the two that name the file.

    Kinds: `add`, `del`, `hunk`; empty for a line that stays.
    """
    return [(KINDS.get(line[:1], ""), line if line[:1] == "@" else line[1:]) for line in diff[2:]]


class _Known(difflib.SequenceMatcher[str]):
    """A comparison whose steps are known, for the grouping that difflib does."""

    def __init__(self, steps: list[Opcode]) -> None:
        super().__init__(None, [], [])
        self._steps = steps

    def get_opcodes(self) -> list[Opcode]:
        return self._steps


def _hunk(
    group: Sequence[tuple[str, int, int, int, int]], old: list[str], new: list[str]
) -> list[str]:
    first, last = group[0], group[-1]
    lines = [f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@"]
    for tag, i1, i2, j1, j2 in group:
        if tag == "equal":
            lines += [f" {line}" for line in old[i1:i2]]
        else:
            lines += [f"-{line}" for line in old[i1:i2]]
            lines += [f"+{line}" for line in new[j1:j2]]
    return lines


def _range(start: int, stop: int) -> str:
    """Line and number of lines, as a unified diff has them; an empty range names the line above."""
    size = stop - start
    return str(start + 1) if size == 1 else f"{start + bool(size)},{size}"
