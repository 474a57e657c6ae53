"""YAML nodes from text in a strict grammar of one-line values, without a YAML parser.

The grammar is the small part of YAML in which every line can be understood by itself: `key:`,
`key: value`, `- value` and `- key: value`, nested by indentation; values are plain, or quoted and
closed on their line. Whatever else a line holds (anchors, tags, brackets, comments, blocks, tabs,
continued texts) is refused, and a real parser has to read the whole file. What is accepted gives
the same nodes as PyYAML; a test compares them on mutated files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from articles.storyfile.scalars import NULL_TAG, TEXT_TAG

MAP_TAG = "tag:yaml.org,2002:map"
SEQ_TAG = "tag:yaml.org,2002:seq"
DEEPEST = 8
"""Levels of nesting; real files have four."""

# Line ends other than LF, and characters that YAML refuses or treats as line ends.
_ODD = re.compile(
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_LINE = re.compile(
    r"( *)(- )?(?:([A-Za-z_][A-Za-z0-9_]{0,99}):(?: +|$))?"
    r"(?:\"([^\"\\]*(?:\\.[^\"\\]*)*)\"|'([^']*(?:''[^']*)*)'"
    r"|((?:[\w/.(]|-(?=[0-9]))(?:[^\s:#]|:(?=\S)|(?<=\S)#)*(?: +(?:[^\s:#]|:(?=\S))"
    r"(?:[^\s:#]|:(?=\S)|(?<=\S)#)*)*))?"
)
_ESCAPE = re.compile(r"\\(?:([\"\\/ntr])|u([0-9A-Fa-f]{4}))?")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}

_RESOLVERS: dict[str | None, list[tuple[str, re.Pattern[str]]]] = (
    yaml.SafeLoader.yaml_implicit_resolvers
)

Pair = tuple[Node, Node]


class NotInGrammarError(Exception):
    """The text needs a real YAML parser."""


class LineSource:
    """Where the nodes of this module come from: their marks are plain line numbers."""

    __slots__ = ()

    def line_of(self, node: Node) -> int:
        """Return the line at which the node begins."""
        line: Any = node.start_mark
        return int(line)

    def pairs(self, node: MappingNode) -> Sequence[Pair]:
        """Return keys and values of a mapping; the grammar knows no merge keys."""
        pairs: list[Pair] = node.value
        return pairs

    def trailing_comment(self, node: Node) -> str | None:
        """Return nothing: the grammar knows no comments."""
        return None


@lru_cache(maxsize=32_768)
def plain_tag(text: str) -> str:
    """Return the type that YAML gives a value without quotes."""
    for tag, pattern in [*_RESOLVERS.get(text[:1], ()), *_RESOLVERS.get(None, ())]:
        if pattern.match(text):
            return str(tag)
    return TEXT_TAG


def parse_mapping(text: str, first_line: int) -> list[Pair]:
    """Return the pairs of a mapping whose keys stand at the beginning of their lines."""
    return _Builder(is_list=False).build(text, first_line)


def parse_item(text: str) -> Node:
    """Return the one item of a list, dash and indentation included; its lines count from 0."""
    items: list[Any] = _Builder(is_list=True).build(text, 0)
    if len(items) != 1:
        raise NotInGrammarError
    item: Node = items[0]
    return item


class _Builder:
    """The open collections, outermost first, and the key that waits for its value."""

    def __init__(self, *, is_list: bool) -> None:
        self.indent = 2 if is_list else 0
        self.is_list = is_list
        self.values: list[Any] = []
        self.outer: list[tuple[int, bool, list[Any]]] = []
        self.waiting: ScalarNode | None = None

    def build(self, text: str, first_line: int) -> list[Any]:
        if _ODD.search(text):
            raise NotInGrammarError
        root = self.values
        match = _LINE.fullmatch
        line: Any
        for line, content in enumerate(text.split("\n"), first_line):
            if content:
                found = match(content)
                if found is None:
                    raise NotInGrammarError
                spaces, dash, key, double, single, plain = found.groups()
                node = None
                if plain is not None:
                    node = ScalarNode(plain_tag(plain), plain, line)
                elif double is not None:
                    node = ScalarNode(TEXT_TAG, unescaped(double), line, None, '"')
                elif single is not None:
                    node = ScalarNode(TEXT_TAG, single.replace("''", "'"), line, None, "'")
                elsewhere = dash is not None or self.is_list or len(spaces) != self.indent
                if elsewhere or self.waiting is not None:
                    self.place(line, len(spaces), is_item=dash is not None, is_pair=key is not None)
                self.put(line, key, node)
        self.settle()
        return root

    def place(self, line: Any, indent: int, *, is_item: bool, is_pair: bool) -> None:
        """Find or open the collection to which a line of that indentation belongs."""
        if self.waiting is not None:
            if indent > self.indent:
                self.open(line, indent, is_list=is_item)
            else:
                self.settle()
        while indent < self.indent and self.outer:
            self.indent, self.is_list, self.values = self.outer.pop()
        if indent != self.indent or self.is_list != is_item:
            raise NotInGrammarError
        if is_item and is_pair:
            item = MappingNode(MAP_TAG, [], line)
            self.values.append(item)
            self.enter(indent + 2, is_list=False, values=item.value)

    def put(self, line: Any, key: str | None, node: ScalarNode | None) -> None:
        if key is None:
            if node is None or not self.is_list:
                raise NotInGrammarError
            self.values.append(node)
            return
        if self.is_list:
            raise NotInGrammarError
        key_node = ScalarNode(plain_tag(key), key, line)
        if node is None:
            self.waiting = key_node
        else:
            self.values.append((key_node, node))

    def open(self, line: Any, indent: int, *, is_list: bool) -> None:
        """Begin the collection that is the waiting key's value."""
        new = SequenceNode(SEQ_TAG, [], line) if is_list else MappingNode(MAP_TAG, [], line)
        self.values.append((self.waiting, new))
        self.waiting = None
        self.enter(indent, is_list=is_list, values=new.value)

    def enter(self, indent: int, *, is_list: bool, values: list[Any]) -> None:
        if len(self.outer) >= DEEPEST:
            raise NotInGrammarError
        self.outer.append((self.indent, self.is_list, self.values))
        self.indent, self.is_list, self.values = indent, is_list, values

    def settle(self) -> None:
        """Give the waiting key, which has nothing below it, its empty value."""
        if self.waiting is not None:
            empty = ScalarNode(NULL_TAG, "", self.waiting.start_mark)
            self.values.append((self.waiting, empty))
            self.waiting = None


def unescaped(text: str) -> str:
    """Return the text between double quotes with its escapes replaced."""
    return _ESCAPE.sub(_replacement, text) if "\\" in text else text


def _replacement(escape: re.Match[str]) -> str:
    sign, code = escape.groups()
    if sign is not None:
        return _ESCAPED.get(sign, sign)
    point = int(code, 16) if code else 0
    if point < 0x20 or 0xD800 <= point <= 0xDFFF:
        raise NotInGrammarError
    return chr(point)
