"""Three versions of one story - read, on file, on the desk - made one, field by field.

The *base* is what the file said when it was last read or written, *file* what it says now, *desk*
what the desk says. What no person edited follows the file. What a person edited stays; where the
file moved as well, and not to the same value, the two collide and a person has to decide.

What a person edited is compared with the base of the edit, not with the file of the last reading:
a value the file has moved away from is remembered (`Merge.bases`) until the file comes back to it
or the desk's value is written. So it does not matter in how many steps the file came to where it
is, and a collision dissolves when the file comes back or agrees.

Plain values in, plain values out: text, numbers, lists, as the log of changes keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Items:
    """How the items of a list field are told apart: by `key`, which decides who is who.

    `same` says whether two items of one key say the same; they differ where, say, a picture has
    another width.
    """

    key: Callable[[Any], Hashable]
    same: Callable[[Any, Any], bool] = lambda one, other: bool(one == other)

    def by_key(self, items: Sequence[Any]) -> dict[Hashable, Any]:
        """The items by key, the first of each."""
        found: dict[Hashable, Any] = {}
        for item in items:
            found.setdefault(self.key(item), item)
        return found


@dataclass(frozen=True, slots=True)
class Merge:
    """One story, merged.

    `values` are the fields of the story from now on; `bases` what is to be remembered of edited
    fields and handed in again next time; `collisions` names the edited fields that stay the desk's
    although the file has moved to another value.
    """

    values: dict[str, Any]
    bases: dict[str, Any]
    collisions: tuple[str, ...]


def three_way(
    base: Values,
    file: Values,
    desk: Values,
    *,
    edited: Collection[str],
    remembered: Values | None = None,
    lists: Mapping[str, Items] | None = None,
    always: Collection[str] = (),
) -> Merge:
    """Merge the fields of `file` into the desk's.

    `edited` names the fields a person decided on, `remembered` the bases of the last merge,
    `lists` the fields that are merged item by item, `always` those where the desk's value stands
    whatever the file says. A field that `base` does not have is one the file never said before.
    """
    remembered, lists = remembered or {}, lists or {}
    values, bases = dict(file), {}
    collisions = []
    for field in sorted(file.keys() & set(edited)):
        if field in lists:
            found = remembered.get(field) or edit_of(base.get(field, ()), desk[field])
            merged = merged_items(found, file[field], lists[field])
            if merged is None and field in always:
                found, merged = edit_of(file[field], desk[field]), list(desk[field])
            bases[field] = found
        else:
            merged = desk[field]
            came_from = remembered[field] if field in remembered else base.get(field)
            if came_from != file[field] and field not in always:
                bases[field] = came_from
        values[field] = desk[field] if merged is None else merged
        if field in bases and collides(file[field], desk[field], bases[field], lists.get(field)):
            collisions.append(field)
    return Merge(values, bases, tuple(collisions))


def collides(file: Any, desk: Any, remembered: Any, items: Items | None = None) -> bool:
    """Whether file and desk disagree on a field of which a base is remembered."""
    if items is None:
        return bool(file != desk)
    return merged_items(remembered, file, items) is None


def regroups(
    base: Set[str], file: Set[str], members: Set[str], excused: Set[str] = frozenset()
) -> bool:
    """Whether a file's related coverage contradicts a group that a person made.

    It does where it drops a member, or adds a story that is none. `excused` are added stories that
    stand with one the person parted from the group: they stay apart with it.
    """
    return bool((base - file) & members or file - base - members - excused)


def edit_of(base: Sequence[Any], desk: Sequence[Any]) -> dict[str, list[Any]]:
    """A person's edit of a list, as it is remembered: what the list was and what it became."""
    return {"base": list(base), "desk": list(desk)}


def merged_items(edit: Values, file: Sequence[Any], items: Items) -> list[Any] | None:
    """The file's list with a person's edit done to it; None where both changed one item.

    What the person added stays, what they took out stays out, what they left alone follows the
    file. The person's order comes first, then what is new in the file.
    """
    base, desk, now = (items.by_key(some) for some in (edit["base"], edit["desk"], file))
    merged: list[Any] = []
    for key, item in desk.items():
        is_edited = key not in base or not items.same(item, base[key])
        if not is_edited:
            merged += [now[key]] if key in now else []
            continue
        expected = [item, *([base[key]] if key in base else [])]
        if key in now and not any(items.same(now[key], each) for each in expected):
            return None
        merged.append(item)
    return merged + [item for key, item in now.items() if key not in desk and key not in base]


def edited_again(
    edit: Values, file: Sequence[Any], new: Sequence[Any], items: Items
) -> dict[str, list[Any]]:
    """The edit of a list that a person edits once more: what they decided before still counts."""
    base, desk, now = (items.by_key(some) for some in (edit["base"], edit["desk"], file))
    wanted = items.by_key(new)
    kept: list[Any] = []
    for key, item in now.items():
        if key not in wanted or key not in desk:
            kept.append(item)
        elif key in base:
            is_as_before = items.same(wanted[key], desk[key])
            kept.append(base[key] if is_as_before else item)
    gone = [base[key] for key in base if key not in {*desk, *now, *wanted}]
    return edit_of([*kept, *gone], new)
