"""What one YAML value is: text or not, a yes/no, a whole number, an instant; strictly, or unknown.

Where YAML and the publisher's own reader differ, both are considered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from unicodedata import category

from yaml.nodes import Node, ScalarNode

_TAG = "tag:yaml.org,2002:"
TEXT_TAG = _TAG + "str"
BOOL_TAG = _TAG + "bool"
INT_TAG = _TAG + "int"
NULL_TAG = _TAG + "null"
_TYPED_TAGS = frozenset(_TAG + name for name in ("bool", "int", "float", "null", "timestamp"))

# PostgreSQL's integer, which holds every quality and heat ever seen many times over.
MAX_NUMBER = 2**31 - 1

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
# What the publisher's reader takes for a whole number besides (safe_yaml's ToInteger).
_ODD_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9_,]*)")
_ODD_BASES = ((re.compile(r"0[0-7]+"), 8), (re.compile(r"0[xX][0-9a-fA-F]+"), 16))
_BINARY = re.compile(r"0b[01_]+")

_INSTANT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d*))?)?"
    r"[ \t]*(Z|z|[-+]\d{1,2}(?::?\d{2})?)?)?",
    re.ASCII,
)
# The full forms that the publisher takes for an instant and sorts rightly.
_PLAIN_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d(?:T| +)\d\d:\d\d:\d\d(?:\.\d{1,6})? *(?:Z|[-+]\d\d:?\d\d)", re.ASCII
)
_WIDEST_ZONE = timedelta(hours=14)
_EARLIEST_YEAR = 1990
_FUTURE_TOLERANCE = timedelta(days=1)
_FARTHEST_FUTURE = timedelta(days=366 * 100)

# What only the publisher's reader takes for a number: 1,000, 0X1F, 1e+3 and -.5 are text for YAML.
_ODD_NUMBER = re.compile(
    r"[-+]?[1-9][0-9_]*,[0-9_,]*|0X[0-9a-fA-F]+"
    r"|[-+]?[0-9][0-9_]*[eE][-+][0-9_]+|[-+]\.[0-9][0-9_]*(?:[eE][-+][0-9_]+)?"
)
# Words of the publisher in any letters; YAML knows three spellings of each.
_EMPTY_WORDS = frozenset({"", "~", "null"})
_TRUE_WORDS = frozenset({"true", "yes", "on"})
_FALSE_WORDS = frozenset({"false", "no", "off"})
_LONGEST_WORD = 5
_SIGNS_OF_A_NUMBER = frozenset("+-.0123456789")

# Letters and signs whose shape is nothing: the Hangul fillers and the empty Braille cell.
_BLANK_SIGNS = "\u115f\u1160\u3164\uffa0\u2800"


def is_null(node: Node) -> bool:
    """Say whether the publisher takes a value for nothing: `key:`, `~` or `null` in any letters."""
    if not isinstance(node, ScalarNode) or len(node.value) > _LONGEST_WORD or is_quoted(node):
        return False
    return node.value.lower() in _EMPTY_WORDS


def is_typed(node: ScalarNode) -> bool:
    """Say whether a reader of the file sees a number, a date or a yes/no instead of text."""
    if node.tag in _TYPED_TAGS:
        return True
    return not node.style and _is_typed_by_publisher(str(node.value))


def _is_typed_by_publisher(text: str) -> bool:
    if text[:1] in _SIGNS_OF_A_NUMBER:
        return bool(_ODD_NUMBER.fullmatch(text))
    word = text.lower() if len(text) <= _LONGEST_WORD else ""
    # In one of YAML's own spellings it would not be text, had not a tag made it one.
    standard = text in {word, word.upper(), word.capitalize()}
    return not standard and (word in _TRUE_WORDS or word in _FALSE_WORDS)


def is_blank(text: str) -> bool:
    """Say whether nothing of a text can be seen."""
    return not (text[:1].isascii() and text[:1].isalnum()) and all(map(_is_unseen, text))


def _is_unseen(character: str) -> bool:
    return character.isspace() or character in _BLANK_SIGNS or category(character) in _UNSEEN


_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})


def is_quoted(node: ScalarNode) -> bool:
    """Say whether the publisher takes a value for text because of its quotes.

    A tag (`!!int "38"`) takes the quotes' effect away, for the publisher as for YAML.
    """
    return bool(node.style) and node.tag == TEXT_TAG


def plain_flag(node: Node) -> bool | None:
    """Return the truth value the publisher reads: plain true/yes/on or false/no/off, any case."""
    if not isinstance(node, ScalarNode) or is_quoted(node):
        return None
    word = str(node.value).lower()
    if word in _TRUE_WORDS:
        return True
    return False if word in _FALSE_WORDS else None


def is_standard_flag(node: Node) -> bool:
    """Say whether a flag is written as YAML and everybody else writes it."""
    return node.tag == BOOL_TAG and node.value in _STANDARD_FLAGS


_STANDARD_FLAGS = frozenset({"true", "false", "True", "False", "TRUE", "FALSE"})


@dataclass(frozen=True, slots=True)
class Number:
    """A value that should be a whole number: what it is, and what is odd about it."""

    value: int | None
    oddity: str = ""


def whole_number(node: Node) -> Number:
    """Return the whole number of a node; oddity is `""`, `form`, `type` or `range`."""
    if not isinstance(node, ScalarNode):
        return Number(None, "type")
    text = str(node.value)
    whole = bool(_WHOLE.fullmatch(text))
    if whole and len(text) < 10:
        # Digits that are text for YAML are shown, and the type is what has to be mended.
        return Number(int(text), "" if node.tag == INT_TAG else "type")
    if is_quoted(node):
        return Number(None, "type")
    base, digits = _base_of(text)
    if base is None:
        return Number(None, "type")
    if len(digits) > 40:
        return Number(None, "range")
    return _ranged(int(digits, base), "" if whole else "form")


def _base_of(text: str) -> tuple[int | None, str]:
    if _ODD_DECIMAL.fullmatch(text):
        return 10, text.replace("_", "").replace(",", "")
    for pattern, base in _ODD_BASES:
        if pattern.fullmatch(text):
            return base, text
    if _BINARY.fullmatch(text):
        return 2, text.replace("_", "")
    return None, text


def _ranged(value: int, oddity: str) -> Number:
    return Number(value, oddity) if abs(value) <= MAX_NUMBER else Number(None, "range")


@dataclass(frozen=True, slots=True)
class Instant:
    """A value that should be an instant: its UTC value, and the codes of what is odd about it."""

    value: datetime | None
    codes: tuple[str, ...] = ()


_INVALID = Instant(None, ("date.invalid",))


def instant(node: Node) -> Instant:
    """Return the instant of a node in UTC; never guesses day and month, never overflows."""
    if not isinstance(node, ScalarNode):
        return _INVALID
    text = str(node.value)
    quoted = is_quoted(node)
    if not quoted and (quick := _quick_instant(text)) is not None:
        return Instant(quick)
    return _careful_instant(text, quoted=quoted)


def _quick_instant(text: str) -> datetime | None:
    # 2020-02-20T16:53:00Z, which is every date of every real file.
    if len(text) != 20 or text[7] != "-" or text[10] != "T" or text[16] != ":" or text[19] != "Z":
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _careful_instant(text: str, *, quoted: bool) -> Instant:
    parts = _INSTANT.fullmatch(text)
    value = parts and _utc(parts)
    if parts is None or value is None:
        return _INVALID
    codes = ["date.quoted"] if quoted else []
    hour, second, zone = parts[4], parts[6], parts[8]
    if hour is None:
        codes.append("date.no_time")
    elif zone is None:
        codes.append("date.no_zone")
    if hour is not None and (second is None or (zone and not _PLAIN_INSTANT.fullmatch(text))):
        codes.append("date.form")
    return Instant(value, tuple(codes))


def _utc(parts: re.Match[str]) -> datetime | None:
    year, month, day, hour, minute, second = (int(part or 0) for part in parts.groups()[:6])
    micro = int(f"{parts[7] or '':0<6.6}")
    zone = _zone(parts[8])
    if zone is None:
        return None
    try:
        local = datetime(year, month, day, hour, minute, second, micro, tzinfo=zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone | None:
    if text is None or text in "Zz":
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    if offset > _WIDEST_ZONE or int(minutes) > 59:
        return None
    return timezone(-offset if text[0] == "-" else offset)


def implausible(value: datetime, now: datetime) -> str:
    """Return the code for a story date that cannot be right at `now`, `""` for a good one."""
    if value.year < _EARLIEST_YEAR or value - now > _FARTHEST_FUTURE:
        return "date.implausible"
    return "date.future" if value - now > _FUTURE_TOLERANCE else ""


def stamp(value: datetime) -> str:
    """Return an instant as the file format writes it."""
    return (
        value.strftime("%Y-%m-%dT%H:%M:%SZ") if value.year > 999 else f"{value:%d %B} {value.year}"
    )
