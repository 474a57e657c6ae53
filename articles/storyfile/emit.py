"""Writes values as YAML in the house style of the story files.

A value goes in as a small tree (`Text`, `Word`, `Url`, bool, int, datetime, dict, list) and comes
out twice: as lines of text, and as the shape a parser must find there. The second is what every
edit is checked against.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeAlias

import yaml

from articles.storyfile.errors import EditRefused
from articles.storyfile.shapes import Vocabulary

_YAML = "tag:yaml.org,2002:"
TEXT_TAG = _YAML + "str"
INT_TAG = _YAML + "int"
BOOL_TAG = _YAML + "bool"
MAP_TAG = _YAML + "map"
SEQUENCE_TAG = _YAML + "seq"
INSTANT_TAG = _YAML + "timestamp"


@dataclass(frozen=True, slots=True)
class Text:
    """Prose of other people: always in double quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Word:
    """A name or keyword: bare where that is safe, as `The Example Post` or `article`."""

    value: str


@dataclass(frozen=True, slots=True)
class Url:
    """An address: bare or in double quotes, as the file's dialect has it."""

    value: str


Scalar: TypeAlias = Text | Word | Url | bool | int | datetime
Value: TypeAlias = "Scalar | Mapping[str, Value] | Sequence[Value]"
# (tag, text) of a scalar, (tag, children) of a collection: what two YAML trees are compared by.
Shape: TypeAlias = tuple[str, object]


@dataclass(frozen=True, slots=True)
class Style:
    """How one file, or a dialect, writes what can be written in several ways.

    `list_indent` is what stands before the dash of a list item, `blank_lines` whether sections
    (provider, topics, images, related, secured) are set apart.
    """

    vocabulary: Vocabulary = "web"
    plain_urls: bool = False
    list_indent: str = "  "
    blank_lines: bool = True
    newline: str = "\n"


HOUSE: Mapping[Vocabulary, Style] = {
    "web": Style("web", plain_urls=False),
    "source": Style("source", plain_urls=True),
}

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Characters that YAML forbids, that break a line for YAML or JavaScript, or that begin a file.
_TO_ESCAPE = re.compile('[\\\\"\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]')
_NEVER = re.compile("[\x00\ud800-\udfff]")


def quoted(text: str) -> str:
    """The text in double quotes on one line; EditRefused for what no file or database can hold."""
    odd = _NEVER.search(text)
    if odd:
        raise EditRefused(f"The text holds the character U+{ord(odd.group()):04X}: delete it.")
    return '"' + _TO_ESCAPE.sub(_escaped, text) + '"'


def _escaped(match: re.Match[str]) -> str:
    odd = match.group()
    if odd in _ESCAPES:
        return _ESCAPES[odd]
    return f"\\x{ord(odd):02x}" if odd < "\xa0" else f"\\u{ord(odd):04x}"


_PLAIN = re.compile(r"(?:[^\W_]|/)[^\x00-\x1f\x7f-\xa0\ufeff\ufffe\uffff\u2028\u2029]*")
_NUMBER_LIKE = re.compile(r"[0-9][0-9_,.:eExXoO+\-]*")
# Words that some reader of the family takes for a bool or a number although PyYAML does not.
_TYPED_ELSEWHERE = frozenset({"y", "n", "inf", "nan", "infinity"})


@lru_cache(maxsize=4096)
def is_plain(text: str) -> bool:
    """Whether every YAML reader takes the text without quotes for just this text."""
    if not _PLAIN.fullmatch(text) or _NUMBER_LIKE.fullmatch(text):
        return False
    if text.casefold() in _TYPED_ELSEWHERE or ": " in text or " #" in text:
        return False
    if text.endswith((" ", ":")):
        return False
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    return node is not None and shape_of_node(node) == (TEXT_TAG, text)


def bare(text: str) -> str:
    """The text without quotes where that is safe, else in double quotes."""
    return text if is_plain(text) else quoted(text)


def instant(value: datetime) -> str:
    """A full UTC timestamp, as `2020-02-20T16:53:00Z`."""
    if value.tzinfo is None:
        raise EditRefused("A date without a time zone is no instant.")
    try:
        utc = value.astimezone(UTC)
    except OverflowError:
        raise EditRefused("The date lies outside the years 1 to 9999.") from None
    return utc.replace(tzinfo=None).isoformat() + "Z"


def spelled(value: Scalar, *, plain_urls: bool = False, was_quoted: bool = False) -> str:
    """One value as it stands behind its key. `was_quoted`: the value it replaces had quotes."""
    match value:
        case Text(text):
            return quoted(text)
        case Word(text):
            return quoted(text) if was_quoted else bare(text)
        case Url(text):
            return bare(text) if plain_urls else quoted(text)
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case datetime():
            return instant(value)


def lines(pairs: Mapping[str, Value], style: Style) -> list[str]:
    """A mapping as lines without indentation and line ends."""
    found: list[str] = []
    for key, value in pairs.items():
        if isinstance(value, Mapping):
            found.append(f"{key}:")
            found += ["  " + line for line in lines(value, style)]
        elif isinstance(value, Sequence):
            found.append(f"{key}:")
            for item in value:
                found += item_lines(item, style)
        else:
            found.append(f"{key}: {spelled(value, plain_urls=style.plain_urls)}")
    return found


def item_lines(item: Value, style: Style) -> list[str]:
    """One list item as lines, the dash indented as the style says."""
    if isinstance(item, Mapping):
        first, *rest = lines(item, style)
        return [f"{style.list_indent}- {first}", *(f"{style.list_indent}  {line}" for line in rest)]
    if isinstance(item, Sequence):
        raise EditRefused("A list within a list has no spelling in a story file.")
    return [f"{style.list_indent}- {spelled(item, plain_urls=style.plain_urls)}"]


def shape_of(value: Value) -> Shape:
    """What a YAML parser must find where the value was written."""
    match value:
        case Text(text) | Word(text) | Url(text):
            return TEXT_TAG, text
        case bool():
            return BOOL_TAG, "true" if value else "false"
        case int():
            return INT_TAG, str(value)
        case datetime():
            return INSTANT_TAG, instant(value)
    if isinstance(value, Mapping):
        return map_shape([((TEXT_TAG, key), shape_of(held)) for key, held in value.items()])
    return SEQUENCE_TAG, tuple(shape_of(item) for item in value)


def shape_of_node(node: yaml.Node) -> Shape:
    """The same of what a YAML parser did find."""
    if isinstance(node, yaml.MappingNode):
        pairs = [(shape_of_node(key), shape_of_node(value)) for key, value in node.value]
        return map_shape(pairs, node.tag)
    if isinstance(node, yaml.SequenceNode):
        return node.tag, tuple(shape_of_node(item) for item in node.value)
    return node.tag, node.value


def map_shape(pairs: Iterable[tuple[Shape, Shape]], tag: str = MAP_TAG) -> Shape:
    """The shape of a mapping, in which order says nothing."""
    return tag, tuple(sorted(pairs, key=lambda pair: str(pair[0])))
