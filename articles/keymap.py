"""The commands of the desk and their keys: as the desk gives them, and as a person changed them.

A key is one character as the keyboard gives it (`j`, `?`, `/`), `Shift+` and a letter, or the name
of a key (`Enter`, `Space`, `Escape`). Keys that belong to the browser are no keys of the desk.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

MOVE = _("Move")
DECIDE = _("Decide")
COVERAGE = _("Coverage")
SELECT = _("Select")
EDIT = _("Look and edit")
DESK = _("Desk")

EDITORS, PUBLISHERS = "edit", "publish"


@dataclass(frozen=True, slots=True)
class Command:
    """Something a key does. `needs`: the right without which it does nothing ("" for none)."""

    name: str
    key: str
    label: Words
    group: Words
    needs: str = ""


COMMANDS = (
    Command("next", "j", _("next story"), MOVE),
    Command("previous", "k", _("previous story"), MOVE),
    Command("open", "Enter", _("open the story"), MOVE),
    Command("fold", "c", _("unfold or fold the group"), MOVE),
    Command("go", "g", _("go to …"), MOVE),
    Command("publish", "p", _("publish and go on"), DECIDE, PUBLISHERS),
    Command("unpublish", "u", _("unpublish"), DECIDE, PUBLISHERS),
    Command("decline", "x", _("decline and go on; a digit after it: why"), DECIDE, EDITORS),
    Command("snooze", "b", _("snooze until …"), DECIDE, EDITORS),
    Command("repeat", ".", _("repeat the last decision"), DECIDE, EDITORS),
    Command("undo", "z", _("undo, as often as you like"), DECIDE, EDITORS),
    Command("redo", "Shift+z", _("redo"), DECIDE, EDITORS),
    Command("claim", "i", _("claim, or let go"), DECIDE, EDITORS),
    Command("shelf", "v", _("put on your shelf, or take off"), DECIDE),
    Command("select", "Space", _("select"), SELECT, EDITORS),
    Command("extend_down", "Shift+j", _("select on to the next"), SELECT, EDITORS),
    Command("extend_up", "Shift+k", _("select on to the previous"), SELECT, EDITORS),
    Command("select_above", "[", _("select everything above"), SELECT, EDITORS),
    Command("select_below", "]", _("select everything below"), SELECT, EDITORS),
    Command("escape", "Escape", _("select nothing"), SELECT),
    Command("link", "l", _("link the selected with this story"), COVERAGE, EDITORS),
    Command("unlink", "Shift+l", _("unlink"), COVERAGE, EDITORS),
    Command("lead", "m", _("make it the lead"), COVERAGE, EDITORS),
    Command("split", "s", _("split the group here"), COVERAGE, EDITORS),
    Command("original", "o", _("open the original"), EDIT),
    Command("topics", "t", _("topics"), EDIT, EDITORS),
    Command("edit", "e", _("edit"), EDIT, EDITORS),
    Command("give_back", "r", _("back to the original headline"), EDIT, EDITORS),
    Command("search", "/", _("search"), DESK),
    Command("help", "?", _("these keys"), DESK),
)  # fmt: skip

FIXED = frozenset({"escape"})
"""What nobody can give another key."""

DEFAULTS: Mapping[str, str] = {command.name: command.key for command in COMMANDS}

_KEY = re.compile(r"Enter|Space|Escape|Shift\+[a-z]|[!-~]")


def is_key(text: str) -> bool:
    """Whether a command can have this key: capital letters are written `Shift+` and the letter."""
    return _KEY.fullmatch(text) is not None and not re.fullmatch("[A-Z0-9]", text)


def keys_of(changed: Mapping[str, str]) -> dict[str, str]:
    """Every command's key. Whatever was stored and is no key (any more) counts as unchanged."""
    mine = {
        name: key
        for name, key in changed.items()
        if name in DEFAULTS and name not in FIXED and isinstance(key, str) and is_key(key)
    }
    return {**DEFAULTS, **mine}


def clashes(keys: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Keys that more than one command has, with the names of those commands."""
    found: dict[str, list[str]] = {}
    for name, key in keys.items():
        found.setdefault(key, []).append(name)
    return [(key, names) for key, names in found.items() if len(names) > 1]


def parts_of(key: str) -> list[str]:
    """A key as the caps to be pressed together: `Shift+l` is Shift and l."""
    return key.split("+") if key.startswith("Shift+") else [key]


def groups(changed: Mapping[str, str]) -> list[tuple[Words, list[tuple[Command, list[str]]]]]:
    """All commands by group, each with its caps, for the overlay and the manual."""
    keys = keys_of(changed)
    ordered = sorted(COMMANDS, key=lambda command: _ORDER[command.group])
    return [
        (group, [(command, parts_of(keys[command.name])) for command in commands])
        for group, commands in groupby(ordered, key=lambda command: command.group)
    ]


_ORDER: Mapping[Words, int] = {
    group: place for place, group in enumerate((MOVE, DECIDE, SELECT, COVERAGE, EDIT, DESK))
}
