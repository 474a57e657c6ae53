"""A story file as people may see it: its lines without the opaque value and without tricks."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from articles.storyfile.document import Document, end_of, start_of
from articles.storyfile.record import key_of

MASK = "•••"

_WORDS = re.compile(r"[^\s].*")


def printable(text: str) -> str:
    """The text on one line, with nothing in it that a terminal or a log would act on."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shown_lines(data: bytes) -> list[str]:
    """Return the lines of a story file with every `secured` value masked.

    Characters that do not show are spelled out. Raises StoryFileError.
    """
    document = Document.parse(data)
    shown, at = [], 0
    for start, end in _secret_spans(document):
        shown += [document.text[at:start], _WORDS.sub(MASK, document.text[start:end])]
        at = end
    whole = "".join((*shown, document.text[at:], document.closer, document.body))
    lines = (line.removesuffix("\r") for line in whole.removesuffix("\n").split("\n"))
    return [printable(line.replace("\t", "    ")) for line in lines]


def _secret_spans(document: Document) -> list[tuple[int, int]]:
    """Where opaque values stand, in order and apart from each other."""
    spans: list[tuple[int, int]] = []
    for span in sorted(_secret_span(document, node) for node in _secret_nodes(document.root)):
        if spans and span[0] <= spans[-1][1]:
            start, end = spans.pop()
            spans.append((start, max(end, span[1])))
        else:
            spans.append(span)
    return spans


def _secret_span(document: Document, node: yaml.Node) -> tuple[int, int]:
    """A value to the end of its last line: a comment there may repeat it."""
    start, end = start_of(node), end_of(node)
    if document.text[start:end].endswith("\n"):
        return start, end
    rest = document.text.find("\n", end)
    return start, len(document.text) if rest < 0 else rest


def _secret_nodes(root: yaml.Node) -> Iterator[yaml.Node]:
    secret, seen, waiting = key_of("secured"), set(), [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode) and key.value == secret:
                    yield value
                waiting.append(value)
