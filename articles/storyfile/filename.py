"""The names of story files: what is odd about one, and the name of a new file.

A name is data: shown escaped, never handed to a shell, never built from anything but a date and
a slug of plain letters, digits and hyphens.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container
from datetime import UTC, date, datetime
from itertools import count

from articles.storyfile.errors import Issue
from articles.storyfile.issues import clipped, issue

STORY_ENDINGS = (".md", ".markdown")
LONGEST_NAME = 200
"""Bytes of a new name; file systems end at 255, and temporary names need some of them."""

_ROOM_FOR_NUMBER = 8

# The publisher's expression for a dated name; the slug may be empty.
_DATED = re.compile(r"(\d{2,4})-(\d{1,2})-(\d{1,2})(?:-(.*))?", re.DOTALL | re.ASCII)
_UNSAFE = re.compile(
    r'[$`;|&<>"\\*?\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]'
    r"|%(?:2[ef]|5c|00)|\{[{%]|(?:^|/)-",
    re.IGNORECASE,
)
_DROPPED = re.compile(r"[^a-z0-9_\s-]+")
_BETWEEN_WORDS = re.compile(r"[\s-]+")


def check_name(relative_path: str) -> list[Issue]:
    """Return the `name.*` issues of a file that is a story, by its path in the repository."""
    name = relative_path.rpartition("/")[2]
    stem, ending = _split_ending(name)
    codes = []
    if ending not in STORY_ENDINGS:
        codes.append("name.extension")
    if _UNSAFE.search(relative_path):
        codes.append("name.unsafe")
    if date_code := _date_code(stem):
        codes.append(date_code)
    return [issue(code, text=clipped(name)) for code in codes]


def _split_ending(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if stem else (name, "")


def _date_code(stem: str) -> str:
    dated = _DATED.fullmatch(stem)
    if dated is None:
        return "name.no_date"
    year, month, day, slug = dated.groups()
    if (len(year), len(month), len(day)) != (4, 2, 2) or not _is_date(year, month, day):
        return "name.bad_date"
    return "" if slug and slug.strip(" .-_") else "name.no_slug"


def _is_date(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def story_name(published_at: datetime, title: str, taken: Container[str]) -> str:
    """Return the name of a new story file: `YYYY-MM-DD-slug.md`, never one of `taken`.

    `published_at` is an aware instant, its day is taken in UTC. A name that is taken gets `-2`,
    `-3`, ... at its end; `taken` holds names in lower case, as no two may differ by case alone.
    """
    day = published_at.astimezone(UTC).date().isoformat()
    slug = slug_of(title, LONGEST_NAME - len(f"{day}-.md") - _ROOM_FOR_NUMBER)
    name = f"{day}-{slug}.md"
    if name not in taken:
        return name
    numbered = (f"{day}-{slug}-{number}.md" for number in count(2))
    return next(name for name in numbered if name not in taken)


def slug_of(title: str, longest: int = 180) -> str:
    """Return a title as lower-case words of plain letters and digits joined by hyphens.

    As the aggregator names its files, so that both give one story one name: accents go, other
    signs go without leaving a gap. Cut at a word where there is one; a title without any such
    letter becomes a short digest.
    """
    plain = _without_marks(unicodedata.normalize("NFD", title)).lower()
    words = _BETWEEN_WORDS.sub("-", _DROPPED.sub("", plain)).strip("-")
    if not words.strip("_-"):
        digest = hashlib.blake2b(title.encode("utf-8", "surrogatepass"), digest_size=6)
        return f"story-{digest.hexdigest()}"
    if len(words) <= longest:
        return words
    cut = words[: longest + 1].rpartition("-")[0]
    return cut if len(cut) > longest // 2 else words[:longest].rstrip("-")


def _without_marks(text: str) -> str:
    return "".join(c for c in text if not unicodedata.combining(c)).translate(_LETTERS)


# Letters that have no decomposition into a plain letter and a mark.
_LETTERS = str.maketrans("øđðłıØĐÐŁ", "oddlioddl") | str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "Æ": "ae", "Œ": "oe", "Þ": "th"}
)
