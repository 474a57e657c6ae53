"""Builds the YAML nodes of a front matter event by event, and stops at the first unsafe one.

`CSafeLoader` ends the whole process (signal 11) on deep nesting, and a few hundred bytes of
aliases can stand for gigabytes. The event stream has neither trouble, and costs the same for every
file of one size; the nodes built from it here are those of `yaml.compose`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn, cast

import yaml

from articles.storyfile.errors import StoryFileError
from articles.storyfile.frontmatter import line_at


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may ask for; an installation may set others.

    `max_bytes` is the size of the file, `max_depth` the nesting with aliases followed,
    `max_nodes` the number of values written down, `max_expansion` the number of further values
    that aliases and merge keys stand for.
    """

    max_bytes: int = 1_000_000
    max_depth: int = 50
    max_nodes: int = 100_000
    max_expansion: int = 10_000


DEFAULT_LIMITS = Limits()

_YAML = "tag:yaml.org,2002:"
TEXT_TAG = _YAML + "str"
SAFE_TAGS = frozenset(
    _YAML + name
    for name in (
        *("str", "int", "float", "bool", "null", "timestamp"),
        *("seq", "map", "set", "omap", "pairs", "merge"),
    )
)


class _Open:
    """A collection whose end has not come: its values so far, and the nesting below it."""

    __slots__ = ("anchor", "height", "key", "node", "size")

    def __init__(self, node: yaml.CollectionNode, anchor: str | None) -> None:
        self.node = node
        self.anchor = anchor
        self.key: yaml.Node | None = None
        self.size = 1
        self.height = 0

    def take(self, node: yaml.Node, size: int, height: int) -> None:
        """Puts in a finished value (of a mapping: key and value in turn)."""
        self.size += size
        self.height = max(self.height, height)
        if isinstance(self.node, yaml.SequenceNode):
            self.node.value.append(node)
        elif self.key is None:
            self.key = node
        else:
            self.node.value.append((self.key, node))
            self.key = None


class GuardedComposer:
    """One walk over the events of one front matter.

    `compose` raises StoryFileError for unsafe content and yaml.YAMLError for broken syntax.
    """

    def __init__(self, text: str, limits: Limits) -> None:
        self.text = text
        self.limits = limits
        self.open = [_Open(yaml.SequenceNode(_YAML + "seq", []), None)]
        self.anchors: dict[str, tuple[yaml.Node, int, int] | None] = {}
        self.nodes = 0
        self.expansion = 0

    def compose(self) -> yaml.Node | None:
        """The root node of the only document, None where there is none."""
        take: dict[type[yaml.Event], Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.SequenceStartEvent: self._sequence,
            yaml.MappingStartEvent: self._mapping,
            yaml.SequenceEndEvent: self._end,
            yaml.MappingEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        loader = yaml.CSafeLoader(self.text)
        try:
            event = loader.get_event()
            while event is not None and type(event) is not yaml.StreamEndEvent:
                handle = take.get(type(event))
                if handle is not None:
                    handle(event)
                event = loader.get_event()
        finally:
            loader.dispose()
        found = self.open[0].node.value
        return cast("yaml.Node", found[0]) if found else None

    def _document(self, event: yaml.Event) -> None:
        if self.open[0].node.value:
            self._refuse(
                event,
                "yaml_syntax",
                "Three dashes or dots with text behind them end the front matter: put the value "
                "in quotes or indent it.",
            )

    def _scalar(self, event: Any) -> None:
        value = event.value
        tag = event.tag
        if tag is not None:
            self._check_tag(event)
        else:
            tag = plain_tag(value) if event.implicit[0] else TEXT_TAG
        self.nodes += 1
        if self.nodes > self.limits.max_nodes or "\0" in value:
            self._refuse_scalar(event)
        node = yaml.ScalarNode(tag, value, event.start_mark, event.end_mark, event.style)
        if event.anchor is not None:
            self._name(event, event.anchor, (node, 1, 0))
        self.open[-1].take(node, 1, 0)

    def _refuse_scalar(self, event: yaml.ScalarEvent) -> None:
        self._count(event)
        self._refuse(event, "control_character", "An escaped NUL may not stand in a story file.")

    def _sequence(self, event: Any) -> None:
        tag = event.tag or _YAML + "seq"
        self._start(event, yaml.SequenceNode(tag, [], event.start_mark, None, event.flow_style))

    def _mapping(self, event: Any) -> None:
        tag = event.tag or _YAML + "map"
        self._start(event, yaml.MappingNode(tag, [], event.start_mark, None, event.flow_style))

    def _start(self, event: yaml.CollectionStartEvent, node: yaml.CollectionNode) -> None:
        self.nodes += 1
        self._count(event)
        if event.tag is not None:
            self._check_tag(event)
        if event.anchor is not None:
            self._name(event, event.anchor, None)
        self.open.append(_Open(node, event.anchor))
        self._check_depth(event, 0)

    def _end(self, event: yaml.CollectionEndEvent) -> None:
        closed = self.open.pop()
        closed.node.end_mark = event.end_mark
        if closed.anchor is not None:
            self.anchors[closed.anchor] = (closed.node, closed.size, closed.height + 1)
        self.open[-1].take(closed.node, closed.size, closed.height + 1)

    def _alias(self, event: yaml.AliasEvent) -> None:
        name = event.anchor or ""
        self.nodes += 1
        self._count(event)
        if name not in self.anchors:
            self._refuse(
                event,
                "yaml_syntax",
                f"*{name} refers to nothing: put the value in quotes if it is text.",
            )
        target = self.anchors[name]
        if target is None:
            self._refuse(event, "recursive_alias", f"*{name} contains itself.")
        node, size, height = target
        self.expansion += size
        if self.expansion > self.limits.max_expansion:
            limit = self.limits.max_expansion
            self._refuse(event, "expansion_limit", f"Aliases stand for more than {limit:,} values.")
        self._check_depth(event, height)
        self.open[-1].take(node, size, height)

    def _name(
        self, event: yaml.Event, anchor: str, target: tuple[yaml.Node, int, int] | None
    ) -> None:
        if anchor in self.anchors:
            self._refuse(event, "yaml_syntax", f"&{anchor} names two values.")
        self.anchors[anchor] = target

    def _count(self, event: yaml.Event) -> None:
        limit = self.limits.max_nodes
        if self.nodes > limit:
            self._refuse(event, "expansion_limit", f"The file holds more than {limit:,} values.")

    def _check_depth(self, event: yaml.Event, below: int) -> None:
        limit = self.limits.max_depth
        if len(self.open) - 1 + below > limit:
            self._refuse(event, "too_deep", f"Values are nested more than {limit} deep.")

    def _check_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.tag not in SAFE_TAGS:
            self._refuse(
                event,
                "unsafe_tag",
                f"The tag {_shown(event.tag)} is not allowed: only plain text, numbers, dates, "
                "lists and mappings are read.",
            )

    def _refuse(self, event: yaml.Event, code: str, message: str) -> NoReturn:
        index = cast("yaml.Mark", event.start_mark).index
        raise StoryFileError(code, message, line_at(self.text, index))


_LONGEST_REMEMBERED = 64
_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers


def plain_tag(value: str) -> str:
    """The type YAML gives to a value without quotes."""
    return _resolved(value) if len(value) <= _LONGEST_REMEMBERED else _resolved.__wrapped__(value)


@lru_cache(maxsize=8192)
def _resolved(value: str) -> str:
    for tag, pattern in _RESOLVERS.get(value[:1], ()):
        if pattern.match(value):
            return str(tag)
    return TEXT_TAG


def _shown(tag: str | None) -> str:
    tag = tag or ""
    short = "!!" + tag[len(_YAML) :] if tag.startswith(_YAML) else tag
    return ascii(short[:60])
