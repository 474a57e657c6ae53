"""Filling texts into markup, for what a page has hundreds of: the one place that makes markup.

Django's `format_html` also looks whether each text is a translation still to be made; that is half
of its time. Escaped is the same, by the same function of Python's own library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString


def fill(pattern: str, /, *texts: object, **named: object) -> SafeString:
    """The pattern with texts in its holes, as `format_html` fills it: all but markup is escaped.

    The pattern itself must be markup of the program, with nothing in it that came from elsewhere
    but whole numbers.
    """
    shown = {name: _escaped(text) for name, text in named.items()}
    # Every text is escaped, and the pattern is the program's (`tests/test_security.py`).
    return SafeString(pattern.format(*map(_escaped, texts), **shown))  # nosec B703


def joined(parts: Iterable[SafeString | str]) -> SafeString:
    """Pieces of markup one after the other; what is none is escaped."""
    return SafeString("".join(map(_escaped, parts)))  # nosec B703


def replaced(markup: SafeString, old: str, new: str) -> SafeString:
    """Markup with every match of a regular expression replaced by other markup of the program.

    Raises TypeError for a text that is no markup.
    """
    if not isinstance(markup, SafeString):
        raise TypeError("Only markup may be replaced in.")
    return SafeString(re.sub(old, new, markup))  # nosec B703


def _escaped(text: object) -> str:
    return text.__html__() if hasattr(text, "__html__") else escape(str(text))
