"""Walking a folder: no link followed, no pipe opened, every file seen or named with the reason."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path

from articles.repository.describe import CONFIG, ORGANIZATIONS, TOPICS
from articles.repository.entries import (
    FOLDER_NAMED_LIKE_A_STORY,
    FRONT_MATTER_PROBE,
    HIDDEN,
    LEFT_OVER,
    NO_FILE,
    NO_FRONT_MATTER,
    SYMLINK,
    Entry,
    EntryError,
    EntrySkippedError,
    EntryVanishedError,
    RepositoryError,
    has_front_matter,
    too_large,
)
from articles.repository.names import (
    is_ignored,
    is_left_over,
    is_markdown,
    path_bytes,
    shown_path,
)

# O_NONBLOCK: opening a pipe that took a file's place must not wait for a writer for ever.
_OPEN_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Folder:
    """The files of a folder, or of some parts of it; paths are relative to `root`."""

    def __init__(self, root: Path, parts: tuple[str, ...], max_file_bytes: int) -> None:
        self.root = root
        self.parts = parts
        self.max_file_bytes = max_file_bytes
        self.unread_folders = 0

    @cached_property
    def listed(self) -> list[Entry]:
        """Every file, folder by folder in the order of the names."""
        return list(self._every_entry())

    @property
    def total(self) -> int:
        """How many files there are, skipped ones too."""
        return len(self.listed)

    def entries(self) -> Iterator[Entry]:
        """The files, folder by folder in the order of the names; listed once."""
        return iter(self.listed)

    def _every_entry(self) -> Iterator[Entry]:
        for part in self.parts:
            path = Path(self._absolute(part))
            if path.is_dir() and not path.is_symlink():
                yield from self._walk(part)
            else:
                yield self._named_file(part)

    def _absolute(self, relative: str) -> str:
        return f"{self.root}/{relative}" if relative else str(self.root)

    def _named_file(self, relative: str) -> Entry:
        try:
            mode = os.lstat(self._absolute(relative)).st_mode
        except OSError as error:
            raise RepositoryError(_sentence(relative, error)) from error
        return self._file(relative, is_link=stat.S_ISLNK(mode), is_file=stat.S_ISREG(mode))

    def _walk(self, top: str) -> Iterator[Entry]:
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            below: list[str] = []
            yield from self._list(folder, below)
            waiting.extend(reversed(below))

    def _list(self, folder: str, below: list[str]) -> Iterator[Entry]:
        """Yield the files of one folder; its subfolders are added to `below`."""
        try:
            with os.scandir(self._absolute(folder)) as listing:
                found = sorted(listing, key=lambda item: item.name)
        except OSError as error:
            self.unread_folders += 1
            yield _unreadable(folder, error)
            return
        for item in found:
            relative = f"{folder}/{item.name}" if folder else item.name
            if item.is_dir(follow_symlinks=False):
                yield from self._folder(relative, below)
            else:
                yield self._file(
                    relative,
                    is_link=item.is_symlink(),
                    is_file=item.is_file(follow_symlinks=False),
                )

    def _folder(self, relative: str, below: list[str]) -> Iterator[Entry]:
        name = relative.rpartition("/")[2]
        if is_ignored(name):
            yield Entry(_shown(relative), skip=HIDDEN)
            return
        if is_markdown(name):
            yield Entry(_shown(relative), skip=FOLDER_NAMED_LIKE_A_STORY)
        below.append(relative)

    def _file(self, relative: str, *, is_link: bool, is_file: bool) -> Entry:
        name = relative.rpartition("/")[2]
        path = _shown(relative)
        if is_ignored(name):
            return Entry(path, skip=HIDDEN)
        if is_link:
            return Entry(path, skip=SYMLINK)
        if not is_file:
            return Entry(path, skip=NO_FILE)
        if is_left_over(name):
            return Entry(path, skip=LEFT_OVER)
        return Entry(
            path,
            partial(read_file, self._absolute(relative), self.max_file_bytes, is_markdown(name)),
        )

    def description_files(self) -> dict[str, bytes]:
        """The bytes of the files that describe the site, by path; an unreadable one is left out."""
        found: dict[str, bytes] = {}
        for path in (CONFIG, *self._listed(ORGANIZATIONS), *self._listed(TOPICS)):
            with suppress(EntryError, EntryVanishedError, EntrySkippedError):
                found[path] = read_file(
                    f"{self.root}/{os.fsdecode(path_bytes(path))}",
                    self.max_file_bytes,
                    markdown=True,
                )
        return found

    def _listed(self, folder: str) -> list[str]:
        try:
            names = [item.name for item in Path(self.root, folder).iterdir()]
        except OSError:
            return []
        return [f"{folder}/{_shown(name)}" for name in sorted(names)]


def read_file(path: str, limit: int, markdown: bool) -> bytes:
    """Return the bytes of a regular file of at most `limit` bytes.

    A file whose name is not that of Markdown is read only if it begins with front matter.
    Raises `EntryVanishedError`, `EntryError`, `EntrySkippedError`.
    """
    try:
        handle = os.open(path, _OPEN_FLAGS)
        try:
            return _read_open_file(handle, limit, markdown)
        finally:
            os.close(handle)
    except FileNotFoundError:
        raise EntryVanishedError from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise EntrySkippedError(SYMLINK) from None
        raise EntryError("read_error", _reason(error)) from error


def _read_open_file(handle: int, limit: int, markdown: bool) -> bytes:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        raise EntrySkippedError(NO_FILE)
    if not markdown and not has_front_matter(os.pread(handle, FRONT_MATTER_PROBE, 0)):
        raise EntrySkippedError(NO_FRONT_MATTER)
    # The size is a hint only: a file that grows while it is read is taken as far as it was read.
    data = os.read(handle, min(status.st_size, limit) + 1)
    while len(data) <= limit and (more := os.read(handle, limit + 1 - len(data))):
        data += more
    if len(data) > limit:
        raise too_large(limit)
    return data


def _unreadable(relative: str, error: OSError) -> Entry:
    def fail() -> bytes:
        raise EntryError("read_error", f"the folder cannot be listed: {_reason(error)}")

    return Entry(_shown(relative), fail)


def _sentence(relative: str, error: OSError) -> str:
    return f"{_shown(relative)} cannot be read: {_reason(error)}"


def _shown(path: str) -> str:
    return shown_path(os.fsencode(path))


def _reason(error: OSError) -> str:
    return (error.strerror or "unknown reason").lower()
