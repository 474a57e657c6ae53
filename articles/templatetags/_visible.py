"""Third-party text as text: isolated from the page's direction, nothing in it invisible.

A direction override can make a headline say something else, a zero-width space can hide a word from
search. Such characters are shown as small marks with their name; the stored text is untouched.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.safestring import SafeString

from articles.storyfile.reading import NONCHARACTERS
from articles.templatetags._markup import fill, joined

NAMES = {
    "\t": "TAB",
    "\n": "⏎",
    "\r": "CR",
    "\x7f": "␡",
    "\x85": "NEL",
    "\u00ad": "SHY",
    "\u061c": "ALM",
    "\u200b": "ZWSP",
    "\u200c": "ZWNJ",
    "\u200d": "ZWJ",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u2028": "LS",
    "\u2029": "PS",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2060": "WJ",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
    "\ufeff": "BOM",
}
"""Short names of the characters met in practice; any other is shown as U+XXXX."""

HARMLESS = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f")
"""Common leftovers of word processors: marked, but faintly."""

_UNSEEN = (
    "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5"
    "\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ud800-\\uf8ff"
    "\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb"
    "\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U0010ffff"
) + NONCHARACTERS
UNSEEN = re.compile(f"[{_UNSEEN}]+")
"""Runs of characters nobody can see, line ends and tabs excepted."""

UNSEEN_ON_ONE_LINE = re.compile(f"[{_UNSEEN}\\t\\n\\r]+")
"""The same with line ends and tabs, for text that should be one line."""

LONGEST_CODE = 10_000
"""So many characters of a code are shown; the longest real player has 180."""

LONGEST_RUN = 8
"""So many marks in a row are shown; of a longer run, the first and the number of the rest."""


def visible(text: object) -> SafeString:
    """One line of somebody else's text, ready for a page."""
    return _marked(str(text), UNSEEN_ON_ONE_LINE)


def visible_lines(text: object) -> SafeString:
    """Several lines of somebody else's text; the line ends stay line ends."""
    return _marked(str(text).replace("\r\n", "\n").rstrip("\n"), UNSEEN)


def visible_code(text: object) -> SafeString:
    """Somebody's code as a text to look at: spaces are marked too, and a long one is cut."""
    code = str(text).replace("\r\n", "\n").rstrip("\n")
    space = fill('<span class="space">{}</span>', " ")
    words = [_marked(word, UNSEEN) for word in code[:LONGEST_CODE].split(" ")]
    shown = joined(space + word if at else word for at, word in enumerate(words))
    rest = len(code) - LONGEST_CODE
    if rest <= 0:
        return shown
    return fill('{}<span class="mark">{} more characters</span>', shown, f"{rest:,}")


def visible_plain(text: object) -> str:
    """The same for an attribute, where no markup can be: `[RLO]` in place of the character."""
    text = str(text)
    if not UNSEEN_ON_ONE_LINE.search(text):
        return text
    return "".join(
        f"[{_name(char)}]" if UNSEEN_ON_ONE_LINE.match(char) and not _belongs(text, at) else char
        for at, char in enumerate(text)
    )


def _marked(text: str, unseen: re.Pattern[str]) -> SafeString:
    if not unseen.search(text):
        return fill("<bdi>{}</bdi>", text)
    pieces: list[str] = []
    end = 0
    for run in unseen.finditer(text):
        pieces.append(text[end : run.start()])
        pieces.append(_marks(text, run.start(), run.end()))
        end = run.end()
    pieces.append(text[end:])
    return fill("<bdi>{}</bdi>", joined(pieces))


def _marks(text: str, start: int, end: int) -> SafeString:
    shown = min(end, start + LONGEST_RUN)
    marks = joined(_mark(text, at) for at in range(start, shown))
    if shown == end:
        return marks
    return fill('{}<span class="mark">{} more</span>', marks, end - shown)


def _mark(text: str, at: int) -> SafeString | str:
    char = text[at]
    if _belongs(text, at):
        return char
    faint = " mark-faint" if char in HARMLESS else ""
    title = f"U+{ord(char):04X} {unicodedata.name(char, 'control character').lower()}"
    return fill('<span class="mark{}" title="{}">{}</span>', faint, title, _name(char))


def _name(char: str) -> str:
    if char in NAMES:
        return NAMES[char]
    return chr(0x2400 + ord(char)) if char < " " else f"U+{ord(char):04X}"


def _belongs(text: str, at: int) -> bool:
    """Whether an invisible character does its proper work: in an emoji or in a joining script."""
    char, before = text[at], text[at - 1] if at else ""
    if not before or before in " \n\t":
        return False
    if char in "\ufe0e\ufe0f":
        return not before.isalpha() and before not in HARMLESS
    if char == "\u200d" and (before == "\ufe0f" or unicodedata.category(before) in {"So", "Sk"}):
        return at + 1 < len(text)
    return char in "\u200c\u200d" and "\u0600" <= before <= "\u1fff"
