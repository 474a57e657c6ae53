"""From bytes to front matter and body, by the grammar of the publisher (Jekyll's `Document`).

What the publisher does not see as front matter is refused here too, so that the desk never shows
a story the site does not have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from articles.storyfile.errors import StoryFileError

BOM = "\ufeff"

# Ruby's \s; Python's own \s on text would also take no-break and other Unicode spaces.
_OPENER = re.compile(r"\A---[ \t\r\n\f\v]*\n")
CLOSER = re.compile(r"^(?:---|\.\.\.)[ \t\r\n\f\v]*$\n?", re.MULTILINE)
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?=[ \r\n]|\Z)", re.MULTILINE)
_CONFLICT_START = re.compile(r"^<{7} ", re.MULTILINE)

# The characters YAML 1.1 calls printable; both loaders of PyYAML refuse all others.
_NOT_YAML = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]",
)

_WIDE_ENCODINGS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)

# More NUL bytes than this share, and the file is no text at all (UTF-16 has nearly a half).
_NUL_SHARE = 10


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The text of a file cut in three; `mark + text + closer + body` is the whole file.

    `text` begins with the opening `---` line and ends before the closing marker, so that line
    numbers and offsets of the YAML parser are those of the file. `closer` is the closing marker
    with the blank lines the publisher drops after it.
    """

    has_bom: bool
    text: str
    closer: str
    body: str


def read_front_matter(data: bytes) -> FrontMatter:
    """Cuts the bytes of a story file; raises StoryFileError where the publisher sees no story."""
    text = decode(data)
    has_bom = text.startswith(BOM)
    if has_bom:
        text = text[1:]
    if not text.strip(" \t\r\n"):
        raise StoryFileError("empty_file", "The file is empty.", 1)
    closer = _closing_marker(text)
    head = text[: closer.start()]
    _refuse_conflict(head)
    _refuse_control_characters(head, text)
    return FrontMatter(has_bom, head, closer.group(), text[closer.end() :])


def decode(data: bytes) -> str:
    """The file as text; raises StoryFileError (`not_text`, `not_utf8`) where it is not UTF-8."""
    for mark, encoding in _WIDE_ENCODINGS:
        if data.startswith(mark):
            raise StoryFileError(
                "not_utf8", f"The file is {encoding}, not UTF-8: save it again as UTF-8.", 1
            )
    if data.count(0) * _NUL_SHARE > len(data):
        raise StoryFileError(
            "not_text",
            "The file is not text (it is full of NUL bytes): perhaps UTF-16, or no text file.",
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse_encoding(data, error)


def _refuse_encoding(data: bytes, error: UnicodeDecodeError) -> NoReturn:
    line = data.count(b"\n", 0, error.start) + 1
    # Nothing, or only the end of the line, follows a character that a crash cut in half.
    cut = error.reason == "unexpected end of data" or error.end - error.start > 1
    odd = data[error.start]
    if cut:
        hint = "a character is cut in half, as after a crash"
    elif 0x80 <= odd <= 0x9F:
        hint = "it looks like Windows-1252; save it again as UTF-8"
    else:
        hint = "it looks like Latin-1 or Windows-1252; save it again as UTF-8"
    raise StoryFileError("not_utf8", f"Byte 0x{odd:02X} is not UTF-8: {hint}.", line) from None


def _closing_marker(text: str) -> re.Match[str]:
    opener = _OPENER.match(text)
    if opener is None:
        _refuse_opener(text)
    closer = CLOSER.search(text, opener.end())
    if closer is None:
        _refuse_conflict(text)
        raise StoryFileError(
            "unterminated_front_matter",
            "The closing --- of the front matter is missing: the file may have been cut off.",
            text.count("\n", 0, len(text.rstrip("\n"))) + 1,
        )
    return closer


def _refuse_opener(text: str) -> NoReturn:
    if _CONFLICT_START.match(text):
        _refuse_conflict(text)
    if "\n" not in text and "\r" in text:
        hint = "its line ends are CR alone, and the publisher reads only LF or CR LF line ends"
    else:
        hint = "the first line must begin with --- and hold nothing else"
    raise StoryFileError("no_front_matter", f"The file has no front matter: {hint}.", 1)


def _refuse_conflict(text: str) -> None:
    if not _CONFLICT_START.search(text):
        return
    marker = _CONFLICT.search(text)
    if marker is not None:
        raise StoryFileError(
            "merge_conflict_markers",
            "Git conflict markers were left in the file: choose one side and delete the markers.",
            line_at(text, marker.start()),
        )


def _refuse_control_characters(head: str, text: str) -> None:
    odd = _NOT_YAML.search(head)
    # The body is no YAML; there only the character no database can hold is refused.
    at = odd.start() if odd else text.find("\0", len(head))
    if at >= 0:
        raise StoryFileError(
            "control_character",
            f"The character U+{ord(text[at]):04X} may not stand in a story file: delete it.",
            line_at(text, at),
        )


def line_at(text: str, index: int) -> int:
    """The 1-based line of a character, as an editor program counts lines."""
    return text.count("\n", 0, index) + 1
