"""Edits of the lists in a story file: topics, images, related.

Items that stay keep their exact text and order of comments; only the block of the list changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import yaml

from articles.storyfile.document import end_of, start_of
from articles.storyfile.emit import (
    SEQUENCE_TAG,
    TEXT_TAG,
    Scalar,
    Shape,
    Style,
    Value,
    Word,
    bare,
    item_lines,
    map_shape,
    quoted,
    shape_of,
    shape_of_node,
)
from articles.storyfile.errors import EditRefused
from articles.storyfile.parts import read_images
from articles.storyfile.reading import Reading
from articles.storyfile.record import IMAGE_KEYS, KEYS, SPELLING, ImageRecord, RelatedRecord
from articles.storyfile.sheet import Patch, Sheet
from articles.storyfile.trees import image_tree, related_tree

_DASH = re.compile(r"( *)-(?: +|\r?$)")
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_FLOW_UNSAFE = re.compile(r"[,\[\]{}]")


@dataclass(frozen=True, slots=True)
class RelatedEdit:
    """Who leaves and who joins the related coverage of one story.

    `remove` holds addresses (every entry with such an address goes), `add` entries that go in by
    falling quality; one whose address is already there is not added again.
    """

    remove: frozenset[str] = frozenset()
    add: tuple[RelatedRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One list item: its lines as they stand (or will stand), and what a parser finds there."""

    text: str
    shape: Shape
    url: str = ""
    quality: int | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """The patches of one key, and the shape it must have afterwards; None where it goes."""

    patches: list[Patch]
    shape: Shape | None


def url_and_quality(node: yaml.Node) -> tuple[str, int | None]:
    """The address that identifies a related entry, and its quality where that is a number."""
    if isinstance(node, yaml.ScalarNode):
        return node.value, None
    if not isinstance(node, yaml.MappingNode):
        return "", None
    texts = {k.value: v.value for k, v in node.value if isinstance(v, yaml.ScalarNode)}
    names = (*KEYS["web_url"].values(), *KEYS["original_url"].values())
    url = next((texts[name] for name in names if texts.get(name)), "")
    quality = texts.get(KEYS["quality"]["web"], "")
    return url, int(quality) if _NUMBER.fullmatch(quality) else None


def edit_names(
    sheet: Sheet, pair: tuple[yaml.ScalarNode, yaml.Node], names: Sequence[str]
) -> list[Patch]:
    """A list of names (topics, tags) made to hold exactly these, in this order."""
    key, value = pair
    if isinstance(value, yaml.SequenceNode) and value.value:
        nodes = [node for node in value.value if isinstance(node, yaml.ScalarNode)]
        if [node.value for node in nodes] == list(names) and len(nodes) == len(value.value):
            return []
        if value.flow_style:
            return _flow_names(sheet, pair, nodes, names)
        block = _Block.read(sheet, key, value)
        held = dict(zip((str(node.value) for node in value.value), block.items, strict=True))
        added = {name: _item(Word(name), block.style) for name in names}
        return block.rewritten([held.get(name) or added[name] for name in names])
    if isinstance(value, yaml.MappingNode):
        raise EditRefused(f"{key.value} is written as a mapping: edit the file itself.")
    words = [line for name in names for line in item_lines(Word(name), sheet.style)]
    return sheet.into_block(key, value, words)


def _flow_names(
    sheet: Sheet,
    pair: tuple[yaml.ScalarNode, yaml.Node],
    nodes: Iterable[yaml.ScalarNode],
    names: Sequence[str],
) -> list[Patch]:
    key, value = pair
    sheet.refuse_shared(key, value)
    held = {str(node.value): sheet.text[start_of(node) : end_of(node)] for node in nodes}
    spelled = [
        held.get(name) or (quoted(name) if _FLOW_UNSAFE.search(name) else bare(name))
        for name in names
    ]
    return [Patch(start_of(value), end_of(value), f"[{', '.join(spelled)}]")]


def names_shape(old: yaml.Node | None, names: Sequence[str]) -> Shape:
    """What the list of names must be: items that stay keep the type they had."""
    held: dict[str, Shape] = {}
    if isinstance(old, yaml.SequenceNode):
        scalars = [node for node in old.value if isinstance(node, yaml.ScalarNode)]
        held = {str(node.value): shape_of_node(node) for node in scalars}
    return SEQUENCE_TAG, tuple(held.get(name, (TEXT_TAG, name)) for name in names)


def edit_images(
    sheet: Sheet, pair: tuple[yaml.ScalarNode, yaml.Node], images: Sequence[ImageRecord]
) -> Planned:
    """The images made to be these; one known by its address keeps its text but for what differs."""
    key, value = pair
    if not (isinstance(value, yaml.SequenceNode) and value.value):
        if isinstance(value, yaml.MappingNode):
            raise EditRefused("images is written as a mapping: edit the file itself.")
        trees = [image_tree(image) for image in images]
        added = [line for tree in trees for line in item_lines(tree, sheet.style)]
        return Planned(sheet.into_block(key, value, added), shape_of(trees))
    held = [_image_of(node) for node in value.value]
    if held == list(images):
        return Planned([], shape_of_node(value))
    if value.flow_style:
        raise EditRefused("images is written in brackets: edit the file itself.")
    block = _Block.read(sheet, key, value)
    items = [_image_item(block, held, image) for image in images]
    return Planned(block.rewritten(items), sequence_shape(items))


def _image_of(node: yaml.Node) -> ImageRecord | None:
    one = yaml.SequenceNode(SEQUENCE_TAG, [node])
    label = yaml.ScalarNode(TEXT_TAG, "images")
    found = read_images(Reading(_Nowhere()), {"images": (label, one)}, SPELLING.image)
    return found[0] if found else None


class _Nowhere:
    """Where nodes come from when nobody asks for the doubts about them."""

    def line_of(self, node: yaml.Node) -> int:
        return 0

    def pairs(self, node: yaml.MappingNode) -> Sequence[tuple[yaml.Node, yaml.Node]]:
        return list(node.value)

    def trailing_comment(self, node: yaml.Node) -> str | None:
        return None


def _image_item(block: _Block, held: list[ImageRecord | None], image: ImageRecord) -> Item:
    for number, old in enumerate(held):
        if old is not None and old.url == image.url:
            held[number] = None
            return block.items[number] if old == image else block.changed_image(number, old, image)
    return _item(image_tree(image), block.style)


def edit_related(
    sheet: Sheet, pair: tuple[yaml.ScalarNode, yaml.Node], edit: RelatedEdit
) -> Planned:
    """Entries leave and join; those that stay keep their text and their order."""
    key, value = pair
    if not (isinstance(value, yaml.SequenceNode) and value.value):
        if value.value:
            raise EditRefused("related is not a list: edit the file itself.")
        joined = joining((), edit, sheet.style)
        if not joined:
            return Planned([], shape_of_node(value))
        added = entry_lines(joined)
        return Planned(sheet.into_block(key, value, added), sequence_shape(joined))
    block = _Block.read(sheet, key, value)
    items = joining(block.items, edit, block.style)
    if not items:
        return Planned(sheet.remove(key, value, section=True), None)
    return Planned(block.rewritten(items), sequence_shape(items))


def joining(items: Sequence[Item], edit: RelatedEdit, style: Style) -> list[Item]:
    """The entries after the edit: new ones stand before the first one of lower quality."""
    kept = [item for item in items if not (item.url and item.url in edit.remove)]
    known = {item.url for item in kept}
    for entry in sorted(edit.add, key=lambda entry: -_rank(entry.quality)):
        if entry.url not in known:
            known.add(entry.url)
            new = _item(related_tree(entry, style.vocabulary), style)
            new = replace(new, url=entry.url, quality=entry.quality)
            kept.insert(_place(kept, entry.quality), new)
    return kept


def _place(items: Sequence[Item], quality: int | None) -> int:
    for number, item in enumerate(items):
        if _rank(item.quality) < _rank(quality):
            return number
    return len(items)


def _rank(quality: int | None) -> int:
    return -1 if quality is None else quality


def _item(tree: Value, style: Style) -> Item:
    text = "".join(line + style.newline for line in item_lines(tree, style))
    return Item(text, shape_of(tree))


def entry_lines(items: Iterable[Item]) -> list[str]:
    """The lines of new items, without line ends."""
    return [line for item in items for line in item.text.splitlines()]


def sequence_shape(items: Iterable[Item]) -> Shape:
    """What a parser finds where the items were written."""
    return SEQUENCE_TAG, tuple(item.shape for item in items)


@dataclass(frozen=True, slots=True)
class _Block:
    """A list written with dashes, cut into the lines of its items."""

    sheet: Sheet
    nodes: Sequence[yaml.Node]
    items: tuple[Item, ...]
    style: Style
    start: int
    end: int

    @classmethod
    def read(cls, sheet: Sheet, key: yaml.ScalarNode, value: yaml.SequenceNode) -> _Block:
        sheet.refuse_shared(key, value)
        if value.flow_style:
            raise EditRefused(f"{key.value} is written in brackets: edit the file itself.")
        starts = [sheet.line_start(start_of(node)) for node in value.value]
        dashes = {_dash(sheet.text, at) for at in starts}
        if len(dashes) != 1 or len(set(starts)) != len(starts):
            raise EditRefused(f"{key.value} is written in an unusual way: edit the file itself.")
        ends = [*starts[1:], sheet.after(key, value)]
        items = tuple(
            Item(sheet.text[start:end], shape_of_node(node), *url_and_quality(node))
            for start, end, node in zip(starts, ends, value.value, strict=True)
        )
        style = replace(sheet.style, list_indent=dashes.pop())
        return cls(sheet, value.value, items, style, starts[0], ends[-1])

    def rewritten(self, items: Sequence[Item]) -> list[Patch]:
        new = "".join(item.text for item in items)
        old = self.sheet.text[self.start : self.end]
        return [] if new == old else [Patch(self.start, self.end, new)]

    def changed_image(self, number: int, old: ImageRecord, new: ImageRecord) -> Item:
        """The lines of one image, with only the lines of changed values changed."""
        node = cast("yaml.MappingNode", self.nodes[number])
        pairs = dict(cast("tuple[tuple[Shape, Shape], ...]", self.items[number].shape[1]))
        tree, names = image_tree(new), list(IMAGE_KEYS.values())
        patches: list[Patch] = []
        for field, name in IMAGE_KEYS.items():
            if getattr(old, field) != getattr(new, field):
                value = cast("Scalar | None", tree.get(name))
                patches += self.sheet.set(node, [name], value, names[: names.index(name)])
                pairs.pop((TEXT_TAG, name), None)
                if value is not None:
                    pairs[TEXT_TAG, name] = shape_of(value)
        start = self.start + sum(len(item.text) for item in self.items[:number])
        patched = self.sheet.patched(patches)
        grown = len(patched) - len(self.sheet.text)
        text = patched[start : start + len(self.items[number].text) + grown]
        return Item(text, map_shape(pairs.items()))


def _dash(text: str, at: int) -> str:
    match = _DASH.match(text, at)
    if match is None:
        raise EditRefused("A list item begins on another line than its dash: edit the file itself.")
    return match.group(1)
