"""Reading the values of a story file with every doubt noted on the way.

A text is the characters in the file, never the type YAML gives them; a number, a flag or an
instant is exactly that or unknown. No key is spelled here: fields come under the names that
`record.py` hands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode

from articles.storyfile.errors import Issue
from articles.storyfile.issues import clipped, issue
from articles.storyfile.scalars import (
    TEXT_TAG,
    instant,
    is_blank,
    is_null,
    is_standard_flag,
    is_typed,
    plain_flag,
    stamp,
    whole_number,
)

LONGEST_TITLE = 500
"""Characters; the longest real headline has 180. Longer ones break every list they stand in."""

LONGEST_EXCERPT = 65_536
"""Characters; the longest real excerpt has 419. Lists do not load longer ones."""

MOST_OF_A_KIND = 100
"""Doubts of one code that are named for one file."""

_BIDI = "\u202a-\u202e\u2066-\u2069"
_TAGS = "\U000e0000-\U000e007f"
NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane << 16 | place) for plane in range(17) for place in (0xFFFE, 0xFFFF)
)
"""What will never be a character (Unicode 23.7), though escapes can write it: for a class of a
regular expression."""

_CONTROL = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{NONCHARACTERS}]")
_CONTROL_OR_BREAK = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BIDI_CONTROL = re.compile(f"[{_BIDI}]")
_TAG_CHARACTER = re.compile(f"[{_TAGS}]")
# Selectors without a sign to select for, or one upon the other, carry hidden words.
_SELECTOR = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_HIDDEN_WORDS = re.compile(f"[{_SELECTOR}]{{2}}|(?:^|[\x00-\x7f])[\U000e0100-\U000e01ef]")
# The flags of England, Scotland and Wales are a black flag and tag characters.
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")

# Of a key that stands there thousands of times; to find a line costs a look at the whole file.
_MOST_NAMED = 5

Entry = tuple[ScalarNode, Node]
Fields = Mapping[str, Entry]


class Source(Protocol):
    """Where nodes come from: the file as a whole, or the fast reader's pieces of it."""

    def line_of(self, node: Node) -> int:
        """Return the 1-based line in the file on which the node begins."""

    def pairs(self, node: MappingNode) -> Sequence[tuple[Node, Node]]:
        """Return keys and values of a mapping and of those merged into it, in reading order."""

    def trailing_comment(self, node: Node) -> str | None:
        """Return the comment that stands behind a plain value on its line."""


@dataclass(slots=True)
class Reading:
    """One pass over one file: where the nodes come from, and the doubts found so far."""

    source: Source
    issues: list[Issue] = field(default_factory=list)
    notes: list[Issue] = field(default_factory=list)
    locked: bool = False
    _times: dict[str, int] = field(default_factory=dict)

    def doubt(self, code: str, node: Node | None, **details: object) -> None:
        """Raise the issue of that code on the line of the node."""
        if self._is_wanted(code):
            line = None if node is None else self.source.line_of(node)
            self.issues.append(issue(code, line, **details))

    def note(self, code: str, node: Node | None, **details: object) -> None:
        """Record something worth knowing that needs no work."""
        if self._is_wanted(code):
            line = None if node is None else self.source.line_of(node)
            self.notes.append(issue(code, line, **details))

    def take(self, issues: Iterable[Issue], notes: Iterable[Issue]) -> None:
        """Take over the doubts and notes of a part that was read by itself."""
        self.issues += [found for found in issues if self._is_wanted(found.code)]
        self.notes += [found for found in notes if self._is_wanted(found.code)]

    def _is_wanted(self, code: str) -> bool:
        """Count the doubts of a code; a file may have tens of thousands, and few are read."""
        times = self._times[code] = self._times.get(code, 0) + 1
        return times <= MOST_OF_A_KIND

    def fields(self, node: MappingNode, names: Mapping[str, str]) -> dict[str, Entry]:
        """Return the entries of a mapping by field name; `names` gives the name for each key."""
        found: dict[str, Entry] = {}
        hits = 0
        pairs = self.source.pairs(node)
        for key, value in pairs:
            if isinstance(key, ScalarNode) and key.tag == TEXT_TAG:
                name = names.get(key.value)
                if name is not None:
                    hits += 1
                    found[name] = (key, value)
        if hits != len(pairs):
            self._check_unknown(pairs, names)
        elif hits != len(found):
            self._check_duplicates(pairs)
        return found

    def _check_unknown(self, pairs: Sequence[tuple[Node, Node]], names: Mapping[str, str]) -> None:
        """Look for equal keys where some are not ours, and within the values of those."""
        self._check_duplicates(pairs)
        waiting = [value for key, value in pairs if not (is_text_key(key) and key.value in names)]
        seen: set[int] = set()
        while waiting:
            node = waiting.pop()
            if not isinstance(node, CollectionNode) or id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, MappingNode):
                self._check_duplicates(node.value)
                waiting += [value for _, value in node.value]
            else:
                waiting += node.value

    def _check_duplicates(self, pairs: Sequence[tuple[Node, Node]]) -> None:
        """Raise `key.duplicate`, and lock the story, where a key stands twice in one mapping."""
        places: dict[tuple[str, str], list[Node]] = {}
        for key, _ in pairs:
            if isinstance(key, ScalarNode):
                places.setdefault((key.tag, key.value), []).append(key)
        for (_, text), same in places.items():
            if len(same) > 1:
                self.locked = True
                lines = ", ".join(f"line {self.source.line_of(key)}" for key in same[:_MOST_NAMED])
                lines += ", …" if len(same) > _MOST_NAMED else ""
                self.doubt("key.duplicate", same[-1], text=clipped(text), value=lines)


def is_text_key(key: Node) -> bool:
    """Say whether a key of a mapping is text, as all keys of the format are."""
    return isinstance(key, ScalarNode) and key.tag == TEXT_TAG


def read_text(reading: Reading, fields: Fields, name: str, label: str = "") -> str:
    """Return a text as it stands in the file, `""` where it is missing, empty or no text."""
    entry = fields.get(name)
    if entry is None:
        return ""
    key, value = entry
    label = label or key.value
    if not isinstance(value, ScalarNode):
        reading.doubt("text.type", key, field=label)
        return ""
    if is_null(value):
        return ""
    if is_typed(value):
        reading.doubt("text.type", key, field=label)
    check_text(reading, value.value, key, label, one_line=False)
    return str(value.value)


def check_text(
    reading: Reading, text: str, node: Node | None, label: str, *, one_line: bool
) -> None:
    """Raise the `text.*` issues for characters that are dangerous or invisible on a page."""
    if text.isprintable() and (text.isascii() or not _HIDDEN_WORDS.search(text)):
        return
    # White space at the ends comes from block texts and shows nowhere.
    broken = one_line and _CONTROL_OR_BREAK.search(text.strip(" \t\r\n"))
    if broken or _CONTROL.search(text):
        reading.doubt("text.control", node, field=label)
    if _BIDI_CONTROL.search(text):
        reading.doubt("text.bidi_control", node, field=label)
    if _hides_words(text):
        reading.doubt("text.invisible", node, field=label)


def _hides_words(text: str) -> bool:
    tags = _TAG_CHARACTER.search(text) and _TAG_CHARACTER.search(_FLAG.sub("", text))
    return bool(tags or _HIDDEN_WORDS.search(text))


def read_title(reading: Reading, fields: Fields) -> str:
    """Return the headline as it stands in the file; raises `title.*` for what is odd about it."""
    entry = fields.get("title")
    if entry is None:
        reading.doubt("title.missing", None)
        return ""
    key, value = entry
    if not isinstance(value, ScalarNode):
        reading.doubt("title.type", key, text="as a list")
        reading.doubt("title.missing", key)
        return ""
    text = "" if is_null(value) else str(value.value)
    if is_blank(text):
        reading.doubt("title.missing", key)
    elif is_typed(value):
        reading.doubt("title.type", key, text=clipped(text))
    if len(text) > LONGEST_TITLE:
        reading.doubt("title.long", key, size=len(text))
    check_text(reading, text, key, "title", one_line=True)
    check_comment(reading, key, value, "title")
    return text


def check_comment(reading: Reading, key: ScalarNode, value: Node, label: str) -> None:
    """Raise `value.trailing_comment` where ` #` cuts a text without quotes short."""
    if reading.source.trailing_comment(value):
        reading.doubt("value.trailing_comment", key, field=label)


def read_flag(reading: Reading, fields: Fields, name: str) -> bool | None:
    """Return an optional yes/no, `None` where it is missing or unclear."""
    entry = fields.get(name)
    if entry is None or is_null(entry[1]):
        return None
    key, value = entry
    flag = plain_flag(value)
    if flag is None or not is_standard_flag(value):
        text = clipped(value.value) if isinstance(value, ScalarNode) else "as a list"
        read_as = "not set" if flag is None else str(flag).lower()
        reading.doubt("bool.form", key, field=key.value, text=text, value=read_as)
    return flag


def doubt_form(reading: Reading, key: ScalarNode, value: Node, number: int | None) -> None:
    """Raise `int.form`: a number that only the publisher's reader takes for one."""
    text = clipped(str(value.value))
    reading.doubt("int.form", key, field=key.value, text=text, value=number)


def read_number(reading: Reading, fields: Fields, name: str) -> int | None:
    """Return quality or heat, unknown (`None`) where it is not exactly a whole number.

    Raises `quality.missing`, `.type` and `.range`; heat is not required of a file.
    """
    entry = fields.get(name)
    if entry is None:
        if name == "quality":
            reading.doubt("quality.missing", None)
        return None
    key, value = entry
    number = whole_number(value)
    text = clipped(str(value.value)) if isinstance(value, ScalarNode) else "(a list)"
    if number.oddity == "form":
        doubt_form(reading, key, value, number.value)
    elif number.oddity == "type" or (number.oddity and name == "heat"):
        reading.doubt(f"{name}.type", key, text=repr(text))
    elif number.oddity or (name == "quality" and number.value is not None and number.value < 0):
        reading.doubt("quality.range", key, text=text)
    return number.value


def read_instant(reading: Reading, fields: Fields, name: str) -> datetime | None:
    """Return an instant in UTC, unknown (`None`) where it is missing or not exactly one."""
    entry = fields.get(name)
    if entry is None:
        return None
    key, value = entry
    found = instant(value)
    if found.codes:
        text = clipped(str(value.value)) if isinstance(value, ScalarNode) else "(a list)"
        shown = "" if found.value is None else stamp(found.value)
        for code in found.codes:
            reading.doubt(code, key, field=key.value, text=text, value=shown)
    return found.value
