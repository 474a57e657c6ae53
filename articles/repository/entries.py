"""One file of a repository, its reading, and what can go wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_FRONT_MATTER = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t\r]*(?:\n|\Z)")
FRONT_MATTER_PROBE = 64


class RepositoryError(Exception):
    """A path that cannot be read at all; the text is a sentence for the person who named it."""


class UnknownPathError(RepositoryError):
    """A path that names nothing."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a file is left out: `code` is `name.hidden`, `name.extension`, `name.symlink` or
    `not_a_file`, `message` a sentence.
    """

    code: str
    message: str


class EntryError(Exception):
    """A file that cannot be read: refused, the run goes on. `code`: `read_error`,
    `file_too_large`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


class EntryVanishedError(Exception):
    """A file that was listed and is gone now: missing, not an error."""


class EntrySkippedError(Exception):
    """A file that turns out to be no story when it is opened."""

    def __init__(self, skip: Skip) -> None:
        super().__init__(skip)
        self.skip = skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A file under `_news` (or under the plain folder that was named).

    `path` is relative to the repository, with `/`, as it is stored. `skip` is set where the file
    is left out without being opened. An entry `in_archive` can be read only by the process that
    opened the archive, and only while it is the current one. `digest` is that of its bytes where
    it is known without reading them, `blob` the id under which git keeps them, if it does.
    """

    path: str
    reader: Callable[[], bytes] | None = None
    skip: Skip | None = None
    in_archive: bool = False
    digest: str = ""
    blob: bytes = b""

    def read(self) -> bytes:
        """The file's bytes.

        Raises EntryVanishedError, EntryError (unreadable, over the limit), EntrySkippedError.
        """
        if self.reader is None:
            raise EntrySkippedError(self.skip or NO_FILE)
        return self.reader()


NO_FILE = Skip("not_a_file", "this is neither a regular file nor a folder; it was not opened")
SYMLINK = Skip("name.symlink", "symbolic links are not followed; put the file itself here")
FOLDER_NAMED_LIKE_A_STORY = Skip("not_a_file", "this is a folder, although its name ends in .md")
HIDDEN = Skip("name.hidden", "the publisher ignores names that begin with . _ # or ~")
LEFT_OVER = Skip("name.extension", "a temporary or backup file is never a story")
NO_FRONT_MATTER = Skip(
    "name.extension", "the name does not end in .md, and the file has no front matter"
)


def too_large(limit: int) -> EntryError:
    """The refusal of a file of more than `limit` bytes."""
    return EntryError(
        "file_too_large", f"the file is larger than {limit:,} bytes; a story is a few thousand"
    )


def has_front_matter(beginning: bytes) -> bool:
    """Whether a file that begins so opens with a `---` line, as the publisher reads it."""
    return _FRONT_MATTER.match(beginning) is not None
