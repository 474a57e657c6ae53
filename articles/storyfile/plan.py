"""From field names to patches: which key is meant, where it goes, what must be read there after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from articles.storyfile.emit import Shape, Word, lines, shape_of
from articles.storyfile.errors import EditRefused
from articles.storyfile.lists import (
    Planned,
    RelatedEdit,
    edit_images,
    edit_names,
    edit_related,
    entry_lines,
    joining,
    names_shape,
    sequence_shape,
)
from articles.storyfile.record import KEYS, ImageRecord
from articles.storyfile.sheet import Patch, Sheet
from articles.storyfile.trees import SCALARS, image_tree, scalar

_NAMES = frozenset({"topics", "tags"})
_LISTS = _NAMES | {"images", "related"}
# Fields that stand apart by a blank line, where the file has blank lines.
_SECTIONS = _LISTS | {"featured_content"}

EDITABLE = SCALARS | _LISTS
"""The fields an edit may name."""

Pair = tuple[yaml.ScalarNode, yaml.Node]


@dataclass(slots=True)
class Plan:
    """All patches of one edit, and the shape each touched key must have afterwards."""

    patches: list[Patch] = field(default_factory=list)
    expected: dict[str, Shape | None] = field(default_factory=dict)


def plan_edit(sheet: Sheet, changes: Mapping[str, object]) -> Plan:
    """The patches for all changes; raises EditRefused where one has no safe spelling."""
    plan = Plan()
    for name in KEYS:
        if name in changes:
            keys = _keys(sheet, name)
            pair = sheet.own_pair(sheet.root, keys)
            planned = _planned(sheet, name, changes[name], pair)
            if planned.patches:
                plan.patches += planned.patches
                plan.expected[str(pair[0].value) if pair else keys[-1]] = planned.shape
    return plan


def spellings(fields: Iterable[str]) -> set[str]:
    """Every key by which one of the fields may stand in a file."""
    return {key for name in fields for key in KEYS[name].values()}


def _keys(sheet: Sheet, name: str) -> list[str]:
    """The keys of a field by precedence, the file's own spelling last."""
    return [KEYS[name]["web"], KEYS[name]["source"], KEYS[name][sheet.style.vocabulary]]


def _before(name: str) -> list[str]:
    """The keys that stand before a field by convention."""
    fields = list(KEYS)
    return [key for field in fields[: fields.index(name)] for key in KEYS[field].values()]


def _planned(sheet: Sheet, name: str, raw: object, pair: Pair | None) -> Planned:
    if name in SCALARS:
        value = scalar(name, raw)
        section = name in _SECTIONS
        patches = sheet.set(sheet.root, _keys(sheet, name), value, _before(name), section=section)
        return Planned(patches, None if value is None else shape_of(value))
    if name == "related":
        return _related(sheet, raw, pair)
    values = _listed(name, raw)
    if not values:
        return Planned(sheet.remove(*pair, section=True) if pair else [], None)
    if name == "images":
        images = [value for value in values if isinstance(value, ImageRecord)]
        return _images(sheet, images, pair)
    return _names(sheet, name, [str(value) for value in values], pair)


def _listed(name: str, raw: object) -> Sequence[object]:
    wanted = ImageRecord if name == "images" else str
    if raw is None:
        return ()
    if isinstance(raw, list | tuple) and all(isinstance(item, wanted) for item in raw):
        return raw
    raise EditRefused(f"{name} must be a list of {wanted.__name__}.")


def _names(sheet: Sheet, name: str, names: Sequence[str], pair: Pair | None) -> Planned:
    if pair:
        return Planned(edit_names(sheet, pair, names), names_shape(pair[1], names))
    tree = {_keys(sheet, name)[-1]: [Word(one) for one in names]}
    return Planned(
        sheet.insert_section(lines(tree, sheet.style), _before(name)), names_shape(None, names)
    )


def _images(sheet: Sheet, images: Sequence[ImageRecord], pair: Pair | None) -> Planned:
    if pair:
        return edit_images(sheet, pair, images)
    trees = [image_tree(image) for image in images]
    added = lines({KEYS["images"]["web"]: trees}, sheet.style)
    return Planned(sheet.insert_section(added, _before("images")), shape_of(trees))


def _related(sheet: Sheet, raw: object, pair: Pair | None) -> Planned:
    if not isinstance(raw, RelatedEdit):
        raise EditRefused("related must be a RelatedEdit.")
    if pair:
        return edit_related(sheet, pair, raw)
    items = joining((), raw, sheet.style)
    if not items:
        return Planned([], None)
    added = [f"{KEYS['related']['web']}:", *entry_lines(items)]
    return Planned(sheet.insert_section(added, _before("related")), sequence_shape(items))
