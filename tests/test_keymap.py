from __future__ import annotations

import pytest

from articles.keymap import COMMANDS, DEFAULTS, clashes, groups, is_key, keys_of


def test_gives_every_command_a_key_of_its_own() -> None:
    assert clashes(DEFAULTS) == []
    assert all(is_key(key) for key in DEFAULTS.values())


def test_takes_a_persons_keys_before_its_own() -> None:
    keys = keys_of({"publish": "y", "unknown": "q"})
    assert keys["publish"] == "y"
    assert keys["decline"] == DEFAULTS["decline"]
    assert "unknown" not in keys


@pytest.mark.parametrize("key", ["", "pp", "P", "5", "Ctrl+p", "é", "F5"])
def test_forgets_what_is_no_key(key: str) -> None:
    assert keys_of({"publish": key}) == DEFAULTS


def test_leaves_escape_alone() -> None:
    assert keys_of({"escape": "q"})["escape"] == "Escape"


def test_names_the_commands_that_want_the_same_key() -> None:
    assert clashes(keys_of({"publish": "x"})) == [("x", ["publish", "decline"])]


def test_shows_every_command_once_with_its_caps() -> None:
    shown = {c.name: caps for _, commands in groups({"unlink": "Shift+u"}) for c, caps in commands}
    assert shown.keys() == {command.name for command in COMMANDS}
    assert shown["unlink"] == ["Shift", "u"]
