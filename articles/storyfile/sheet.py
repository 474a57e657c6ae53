"""The text under the pen: where a value stands in it, and patches of exactly that place.

A patch replaces characters between two offsets of the text the nodes were read from. Nothing here
decides what to change; `edits` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import yaml

from articles.storyfile.document import (
    MERGE_TAG,
    NULL_TAG,
    end_of,
    is_merge,
    pairs_of,
    start_of,
)
from articles.storyfile.emit import (
    Scalar,
    Style,
    Text,
    Url,
    Value,
    Word,
    lines,
    shape_of,
    spelled,
)
from articles.storyfile.errors import EditRefused
from articles.storyfile.frontmatter import line_at

# Comments on the first line of a block scalar (`title: | # why`) would be lost with its text.
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*([ \t]+#[^\r\n]*)?")
_ANCHOR = re.compile(r"(?:!\S*\s+)?&")
_BLANK_REST = re.compile(r"[ \t]*(?=\r?\n)")
_BLANKS = " \t\r\n"
_MERGED = "Values are merged from another place: edit the file itself."


@dataclass(frozen=True, slots=True)
class Patch:
    """Replace `text[start:end]` by `new`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A front matter text with its nodes and its style."""

    text: str
    root: yaml.MappingNode
    style: Style

    def own_pair(
        self, mapping: yaml.MappingNode, keys: Iterable[str]
    ) -> tuple[yaml.ScalarNode, yaml.Node] | None:
        """The pair of the first of these keys that the mapping has.

        Raises EditRefused where a change of that line would not do what the editor sees.
        """
        if mapping.flow_style:
            raise EditRefused("The story is written in braces on one line: edit the file itself.")
        for key in keys:
            found = [pair for pair in mapping.value if _is_key(pair[0], key)]
            if len(found) > 1:
                where = ", ".join(str(line_at(self.text, start_of(k))) for k, _ in found)
                raise EditRefused(f"{key} stands more than once (lines {where}): delete one first.")
            if found:
                held, value = found[0]
                last = [pair[0] for pair in pairs_of(mapping) if _is_key(pair[0], key)][-1:]
                if last != [held]:
                    raise EditRefused(_MERGED)
                return cast("yaml.ScalarNode", held), value
        if any(pair[0].tag == MERGE_TAG or is_merge(pair) for pair in mapping.value):
            raise EditRefused(_MERGED)
        return None

    def refuse_shared(self, key: yaml.Node, value: yaml.Node) -> None:
        """Raises EditRefused for `key: &name value` and `key: *name`, where two places change."""
        alias = start_of(value) < end_of(key)
        if alias or _ANCHOR.match(self.text, start_of(value)):
            line = line_at(self.text, start_of(key))
            raise EditRefused(
                f"The value in line {line} is shared with another place by an anchor: "
                "edit the file itself."
            )

    def line_start(self, index: int) -> int:
        """The offset of the first character of the line."""
        return self.text.rfind("\n", 0, index) + 1

    def line_end(self, index: int) -> int:
        """The offset behind the line, its line end included."""
        return self.text.index("\n", index) + 1

    def after(self, key: yaml.Node, value: yaml.Node) -> int:
        """The offset behind the last line of a pair: blank lines and comments below stay."""
        return self.line_end(max(end_of(key), self.content_end(value, end_of(key))))

    def content_end(self, node: yaml.Node, begin: int) -> int:
        """Where the last character of a value stands; block collections reach further."""
        if start_of(node) < begin:
            return begin
        if isinstance(node, yaml.ScalarNode):
            if node.style in {"|", ">"}:
                return start_of(node) + len(self._source(node).rstrip(_BLANKS))
            return end_of(node)
        if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
            return end_of(node)
        last = node.value[-1]
        if isinstance(node, yaml.MappingNode):
            return max(end_of(last[0]), self.content_end(last[1], end_of(last[0])))
        return self.content_end(last, start_of(node))

    def _source(self, node: yaml.Node) -> str:
        return self.text[start_of(node) : end_of(node)]

    def set(
        self,
        mapping: yaml.MappingNode,
        keys: Sequence[str],
        value: Scalar | None,
        before: Sequence[str],
        *,
        section: bool = False,
    ) -> list[Patch]:
        """Gives a key a value: over the old one, as a new line, or no line any more (None).

        The first of `keys` that is there counts; a new line is spelled as the last one, and goes
        behind the nearest of the keys `before`.
        """
        pair = self.own_pair(mapping, keys)
        if value is None:
            return self.remove(*pair, section=section) if pair else []
        if pair:
            return self.replace(*pair, value)
        if section:
            return self.insert_section(lines({keys[-1]: value}, self.style), before)
        return self.insert(mapping, {keys[-1]: value}, before)

    def replace(self, key: yaml.ScalarNode, old: yaml.Node, value: Scalar) -> list[Patch]:
        """Writes another scalar over one; nothing where it is already there."""
        if is_same(old, value):
            return []
        self.refuse_shared(key, old)
        if isinstance(old, yaml.CollectionNode) and not old.flow_style:
            raise EditRefused(f"{key.value} is written as a list or mapping: edit the file itself.")
        start, end, comment = start_of(old), self.content_end(old, end_of(key)), ""
        style = old.style if isinstance(old, yaml.ScalarNode) else None
        if style in {"|", ">"}:
            header = _BLOCK_HEADER.search(self.text, start)
            comment = (header.group(1) or "") if header else ""
        plain = not style if isinstance(value, Url) else self.style.plain_urls
        new = spelled(value, plain_urls=plain, was_quoted=style in {'"', "'"})
        gap = " " if self.text[start - 1] == ":" else ""
        if start == end and (blanks := _BLANK_REST.match(self.text, end)):
            end = blanks.end()
        return [Patch(start, end, gap + new + comment)]

    def remove(self, key: yaml.Node, value: yaml.Node, *, section: bool) -> list[Patch]:
        """Takes a pair out with its lines, a section with the blank line above it."""
        self.refuse_shared(key, value)
        start = self.line_start(start_of(key))
        if self.text[start : start_of(key)].strip(" ") not in {"", "?"}:
            raise EditRefused("The first value of a list item cannot be removed.")
        if section:
            above = self.line_start(start - 1)
            if not self.text[above:start].strip(_BLANKS):
                start = above
        return [Patch(start, self.after(key, value), "")]

    def insert(
        self, mapping: yaml.MappingNode, pairs: Mapping[str, Value], before: Sequence[str]
    ) -> list[Patch]:
        """Adds keys behind the nearest of the keys that come `before` by convention."""
        indent = " " * _column(mapping)
        added = "".join(indent + line + self.style.newline for line in lines(pairs, self.style))
        at = self.place(mapping, before)
        return [Patch(at, at, added)]

    def insert_section(self, added: Sequence[str], before: Sequence[str]) -> list[Patch]:
        """Adds the lines of a section (topics, images, related), set apart as the file does it."""
        blank = self.style.newline if self.style.blank_lines else ""
        at = self.place(self.root, before)
        return [Patch(at, at, blank + "".join(line + self.style.newline for line in added))]

    def into_block(self, key: yaml.Node, old: yaml.Node, added: Sequence[str]) -> list[Patch]:
        """Writes a list of lines in the place of `[]`, `[a, b]`, a text or nothing."""
        self.refuse_shared(key, old)
        colon = self.text.index(":", end_of(key)) + 1
        content = self.content_end(old, end_of(key))
        behind = self.line_end(max(content, colon))
        comment = self.text[max(content, colon) : behind].strip(_BLANKS)
        head = f" {comment}" if comment else ""
        body = "".join(line + self.style.newline for line in added)
        return [Patch(colon, behind, head + self.style.newline + body)]

    def place(self, mapping: yaml.MappingNode, before: Sequence[str]) -> int:
        """The offset behind the last pair whose key is the nearest of `before`."""
        for key in reversed(before):
            for held, value in reversed(mapping.value):
                if _is_key(held, key):
                    return self.after(held, value)
        return self.line_start(start_of(mapping.value[0][0]))

    def patched(self, patches: Iterable[Patch]) -> str:
        """The text with all patches made; those of one place in the order given."""
        pieces: list[str] = []
        done = 0
        for patch in sorted(patches, key=lambda patch: (patch.start, patch.end)):
            pieces += [self.text[done : patch.start], patch.new]
            done = patch.end
        return "".join(pieces) + self.text[done:]


def is_same(node: yaml.Node, value: Scalar) -> bool:
    """Whether the file already says this, so that its spelling has to stay.

    Text is the characters as they stand, whatever type YAML gives them; a bool, number or instant
    must be written as one.
    """
    if not isinstance(node, yaml.ScalarNode):
        return False
    if isinstance(value, Text | Word | Url):
        return bool(value.value == ("" if node.tag == NULL_TAG else node.value))
    tag, text = shape_of(value)
    written = node.value.casefold() if isinstance(value, bool) else node.value
    same: bool = tag == node.tag and text == written
    return same


def _column(mapping: yaml.MappingNode) -> int:
    first = mapping.value[0][0]
    return cast("yaml.Mark", first.start_mark).column


def _is_key(node: yaml.Node, key: str) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.value == key
