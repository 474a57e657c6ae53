"""Finds out how one file writes what can be written in several ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import yaml

from articles.storyfile.document import start_of
from articles.storyfile.emit import Style
from articles.storyfile.record import IMAGE_KEYS, KEYS, Vocabulary
from articles.storyfile.trees import URLS

_SECTIONS = ("provider", "topics", "images", "related", "secured")
_OLDER = frozenset(KEYS[field]["source"] for field in URLS) - {KEYS["original_url"]["web"]}
_NEWER = frozenset(KEYS[field]["web"] for field in URLS) - {KEYS["original_url"]["web"]}


def style_of(text: str, root: yaml.MappingNode, newline: str) -> Style:
    """The style of a front matter; where it shows none, the house style of its dialect."""
    vocabulary = _vocabulary(root)
    return Style(
        vocabulary=vocabulary,
        plain_urls=_plain_urls(root, vocabulary),
        list_indent=_list_indent(text, root),
        blank_lines=_blank_lines(text, root),
        newline=newline,
    )


def _vocabulary(root: yaml.MappingNode) -> Vocabulary:
    keys = {key.value for key, _ in root.value if isinstance(key, yaml.ScalarNode)}
    return "source" if keys & _OLDER and not keys & _NEWER else "web"


def _plain_urls(root: yaml.MappingNode, vocabulary: Vocabulary) -> bool:
    addresses = [*_scalars(root, _OLDER | _NEWER | {KEYS["original_url"]["web"]})]
    for images in _values(root, KEYS["images"]["web"]):
        if isinstance(images, yaml.SequenceNode):
            for image in images.value:
                if isinstance(image, yaml.MappingNode):
                    addresses += _scalars(image, {IMAGE_KEYS["url"]})
    return not addresses[0].style if addresses else vocabulary == "source"


def _scalars(mapping: yaml.MappingNode, keys: Iterable[str]) -> Iterator[yaml.ScalarNode]:
    for key, value in mapping.value:
        are_scalars = isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
        if are_scalars and key.value in keys and value.value:
            yield value


def _values(root: yaml.MappingNode, name: str) -> Iterator[yaml.Node]:
    return (value for key, value in root.value if key.value == name)


def _list_indent(text: str, root: yaml.MappingNode) -> str:
    for _, value in root.value:
        if isinstance(value, yaml.SequenceNode) and value.value and not value.flow_style:
            before = text[text.rfind("\n", 0, start_of(value)) + 1 : start_of(value)]
            if not before.strip(" "):
                return before
    return "  "


def _blank_lines(text: str, root: yaml.MappingNode) -> bool:
    names = {KEYS[section]["web"] for section in _SECTIONS}
    keys = (key for key, _ in root.value if isinstance(key, yaml.ScalarNode))
    starts = [start_of(key) for key in keys if key.value in names]
    if not starts:
        return True
    return any(re.search(r"\n[ \t]*\r?\n\Z", text[max(0, at - 9) : at]) for at in starts)
