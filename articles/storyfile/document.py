"""The lossless text of one story file: its exact bytes, its front matter as YAML nodes, its body.

`Document.parse` is the judge of what a story file is. It knows no keys (`record` does) and builds
no values: text is read from the nodes as it stands in the file.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import yaml

from articles.storyfile.errors import StoryFileError
from articles.storyfile.frontmatter import line_at, read_front_matter
from articles.storyfile.guards import DEFAULT_LIMITS, GuardedComposer, Limits
from articles.storyfile.syntax import syntax_error

__all__ = [
    "DEFAULT_LIMITS",
    "Document",
    "Limits",
    "compose",
    "compose_part",
    "end_of",
    "is_merge",
    "pairs_of",
    "start_of",
]

MERGE_TAG = "tag:yaml.org,2002:merge"
NULL_TAG = "tag:yaml.org,2002:null"

_LINE_END = re.compile("\n")
_TRAILING_COMMENT = re.compile(r"[ \t]+(#[^\r\n]*)")

Pair = tuple[yaml.Node, yaml.Node]


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One story file that is safe to read.

    `data` is the file byte for byte. `text` is its front matter from the opening `---` line up to
    the closing marker: marks of nodes (`node.start_mark.index`) are offsets into it, in characters.
    `closer` is the closing marker, `body` what the publisher takes as content. `newline` is the
    line end of the first line.
    """

    data: bytes
    text: str
    closer: str
    body: str
    root: yaml.MappingNode
    newline: str
    has_bom: bool

    @classmethod
    def parse(cls, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Document:
        """Reads a file of any content; raises StoryFileError and nothing else."""
        if len(data) > limits.max_bytes:
            raise StoryFileError(
                "file_too_large",
                f"The file has {len(data):,} bytes, more than the {limits.max_bytes:,} allowed.",
            )
        front = read_front_matter(data)
        root = compose(front.text, limits)
        newline = "\r\n" if front.text[: front.text.index("\n") + 1].endswith("\r\n") else "\n"
        return cls(data, front.text, front.closer, front.body, root, newline, front.has_bom)

    def line_of(self, node: yaml.Node) -> int:
        """The 1-based line in the file on which the node begins."""
        return bisect_left(_line_ends(self.text), start_of(node)) + 1

    def source(self, node: yaml.Node) -> str:
        """The node as it is written in the file; a block collection ends with its blank lines."""
        return self.text[start_of(node) : end_of(node)]

    def pairs(self, node: yaml.MappingNode | None = None) -> list[Pair]:
        """Keys and values of a mapping (the whole story by default), merge keys followed.

        The last one of a key counts, as for the publisher: what is merged in below a line takes
        its place. Merged values that a line further down replaces are left out.
        """
        return pairs_of(self.root if node is None else node)

    def trailing_comment(self, node: yaml.Node) -> str | None:
        """The comment behind a plain value on its line: often half a headline, cut by ` #`."""
        if not isinstance(node, yaml.ScalarNode) or node.style:
            return None
        comment = _TRAILING_COMMENT.match(self.text, end_of(node))
        return comment.group(1) if comment else None


def compose(text: str, limits: Limits = DEFAULT_LIMITS) -> yaml.MappingNode:
    """The YAML nodes of a front matter text, guarded; raises StoryFileError and nothing else."""
    return _compose(text, GuardedComposer(text, limits))


def compose_part(text: str, limits: Limits) -> yaml.MappingNode | None:
    """The same of the upper part of a front matter; None where the lower part may refer to it."""
    composer = GuardedComposer(text, limits)
    root = _compose(text, composer)
    return None if composer.anchors else root


def _compose(text: str, composer: GuardedComposer) -> yaml.MappingNode:
    try:
        root = composer.compose()
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError, MemoryError) as error:
        raise syntax_error(text, error) from None
    if root is None or (isinstance(root, yaml.ScalarNode) and root.tag == NULL_TAG):
        raise StoryFileError("empty_front_matter", "The front matter holds nothing.", 1)
    if not isinstance(root, yaml.MappingNode):
        raise StoryFileError(
            "not_a_mapping",
            "The front matter must be lines of `key: value`.",
            line_at(text, start_of(root)),
        )
    return root


def start_of(node: yaml.Node) -> int:
    """The offset of a node's first character in its text."""
    return cast("yaml.Mark", node.start_mark).index


def end_of(node: yaml.Node) -> int:
    """The offset behind a node's last character."""
    return cast("yaml.Mark", node.end_mark).index


@lru_cache(maxsize=2)
def _line_ends(text: str) -> list[int]:
    """Where the lines end; a file with a doubt on every line is not searched for each of them."""
    return [end.start() for end in _LINE_END.finditer(text)]


def pairs_of(node: yaml.MappingNode) -> list[Pair]:
    """Keys and values of a mapping, those merged into it too; see `Document.pairs`."""
    if not any(map(is_merge, node.value)):
        return list(node.value)
    last = {_identity(key): place for place, (key, _) in enumerate(node.value)}
    found: list[Pair] = []
    for place, pair in enumerate(node.value):
        if is_merge(pair):
            merged = pairs_of(cast("yaml.MappingNode", pair[1]))
            found += [each for each in merged if last.get(_identity(each[0]), -1) < place]
        else:
            found.append(pair)
    return found


def is_merge(pair: Pair) -> bool:
    """Whether the publisher puts the values of another mapping in here.

    It does for `<<: *name`, in quotes too; of a mapping written behind `<<` it takes nothing.
    """
    key, value = pair
    is_arrow = isinstance(key, yaml.ScalarNode) and key.value == "<<"
    return is_arrow and isinstance(value, yaml.MappingNode) and start_of(value) < start_of(key)


def _identity(key: yaml.Node) -> tuple[str, str] | yaml.Node:
    return (key.tag, key.value) if isinstance(key, yaml.ScalarNode) else key
