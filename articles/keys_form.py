"""The form in which a person gives the commands of the desk other keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from articles import keymap

LONGEST_KEY = 8

ATTRIBUTES = {
    "maxlength": LONGEST_KEY,
    "autocomplete": "off",
    "autocapitalize": "none",
    "spellcheck": "false",
    "class": "key-input",
}
NAMED = {name.lower(): name for name in ("Enter", "Space")} | {
    f"shift+{letter}": f"Shift+{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"
}
"""Spellings of keys, whatever their case."""


class KeysForm(forms.Form):
    """One field a command; an emptied one means the desk's own key. Two commands never share one.

    `keys` are those a person chose before.
    """

    def __init__(self, data: Any = None, *, keys: Mapping[str, str]) -> None:
        initial = {_field(name): key for name, key in keymap.keys_of(keys).items()}
        super().__init__(data, initial=initial)
        for command in keymap.COMMANDS:
            if command.name not in keymap.FIXED:
                self.fields[_field(command.name)] = forms.CharField(
                    label=str(command.label).capitalize(),
                    required=False,
                    widget=forms.TextInput(attrs=ATTRIBUTES),
                )

    def clean(self) -> dict[str, Any]:
        """Refuse what is no key, and a key that two commands would have."""
        chosen = {name: self._read(name) for name in keymap.DEFAULTS if _field(name) in self.fields}
        keys = {**keymap.DEFAULTS, **chosen}
        for name, key in chosen.items():
            if not keymap.is_key(key):
                self.add_error(_field(name), _("“%s” is no key that the desk can use.") % key)
        for key, names in keymap.clashes(keys):
            for name in names:
                if _field(name) in self.fields:
                    others = ", ".join(_label(other) for other in names if other != name)
                    sentence = _("“%(key)s” already stands for: %(others)s. Choose another key.")
                    self.add_error(_field(name), sentence % {"key": key, "others": others})
        return {"changed": {n: k for n, k in chosen.items() if k != keymap.DEFAULTS[n]}}

    @property
    def changed(self) -> dict[str, str]:
        """The keys that differ from the desk's own: command -> key."""
        changed: dict[str, str] = self.cleaned_data["changed"]
        return changed

    def groups(self) -> Iterator[tuple[keymap.Words, list[BoundField]]]:
        """The fields under the headings of the key overlay."""
        for group, commands in keymap.groups({}):
            names = [_field(command.name) for command, _caps in commands]
            yield group, [self[name] for name in names if name in self.fields]

    def _read(self, name: str) -> str:
        """A key as the key map spells it: a capital letter is Shift and the letter."""
        typed = str(self.cleaned_data.get(_field(name)) or "").strip()[:LONGEST_KEY]
        if not typed:
            return keymap.DEFAULTS[name]
        if len(typed) == 1 and typed.isascii() and typed.isupper():
            return f"Shift+{typed.lower()}"
        return NAMED.get(typed.lower(), typed)


def _field(name: str) -> str:
    return f"key-{name}"


def _label(name: str) -> str:
    return next(str(each.label) for each in keymap.COMMANDS if each.name == name)
