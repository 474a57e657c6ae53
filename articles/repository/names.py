"""Names of files as text and back, and which names the publisher passes over."""

from __future__ import annotations

import re
import unicodedata

NEWS = "_news"
MARKDOWN_ENDINGS = (".md", ".markdown")
ARCHIVE_ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".zip")

# What editors, mergers and copy programs leave behind: never a story, whatever is in it.
LEFT_OVER_ENDINGS = (
    ".tmp", ".temp", ".bak", ".backup", ".old", ".orig", ".rej", ".save",
    ".swp", ".swo", ".part", ".partial", ".lock", ".dpkg-old",
)  # fmt: skip

# The publisher's own rule for names it does not read (Jekyll's EntryFilter).
IGNORED_STARTS = (".", "_", "#", "~")

_ESCAPED_BYTE = re.compile(r"\\x([0-9a-f]{2})")
_BACKSLASH_OF_ESCAPE = re.compile(r"\\(?=x[0-9a-f]{2})")


def shown_path(raw: bytes) -> str:
    r"""The name as text; a byte that is no UTF-8 appears as `\xNN`, and nothing is lost.

    A name that really holds the characters `\xNN` has its backslash written as `\x5c`, so that
    `path_bytes` always finds the way back.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "surrogateescape")
    if "\\" in text:
        text = _BACKSLASH_OF_ESCAPE.sub(r"\\x5c", text)
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def path_bytes(path: str) -> bytes:
    """The name on disk that `shown_path` showed as `path`."""
    if "\\" not in path:
        return path.encode("utf-8")
    parts = _ESCAPED_BYTE.split(path)
    return b"".join(
        bytes.fromhex(part) if index % 2 else part.encode("utf-8")
        for index, part in enumerate(parts)
    )


def is_markdown(name: str) -> bool:
    """Whether the publisher turns a file of this name from Markdown into a page."""
    return name.lower().endswith(MARKDOWN_ENDINGS)


def is_archive(name: str) -> bool:
    """Whether a file of this name is opened as an archive."""
    return name.lower().endswith(ARCHIVE_ENDINGS)


def without_archive_ending(name: str) -> str:
    """The name of an archive without `.tar.xz` and the like."""
    ending = max((e for e in ARCHIVE_ENDINGS if name.lower().endswith(e)), key=len, default="")
    return name[: len(name) - len(ending)]


def is_ignored(name: str) -> bool:
    """Whether the publisher never reads a file or folder of this name."""
    return name.startswith(IGNORED_STARTS)


def is_left_over(name: str) -> bool:
    """Whether the name is that of a temporary or backup file."""
    return name.endswith("~") or name.lower().endswith(LEFT_OVER_ENDINGS)


def site_slug(text: str) -> str:
    """A slug (`a-z`, `0-9`, `-`; at most 50 characters) of `/azure` or a folder name."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:50].rstrip("-") or "site"
