"""A folder that files are written into: whole or not at all, never through a link, never outside.

Every path is walked name by name from the open folder without following links, so that nothing
that changes meanwhile leads elsewhere. A file is replaced by writing a temporary one beside it
(`.nd-` and eight characters: the target's own name may be as long as names can be), forcing it to
the disk and renaming it. Plain Python without Django.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

TEMPORARY = b".nd-"

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: opening a pipe that took a file's place must not wait for a writer for ever.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
_LINK_IN_THE_WAY = {errno.ELOOP, errno.ENOTDIR}

Place = tuple[int, bytes]
"""An open folder and a name in it."""


class DestinationError(Exception):
    """A path that is not written to; the text is a sentence for an editor."""


class UnsafePathError(DestinationError):
    """The path leaves the folder, or something that is no regular file stands there."""


class ChangedError(DestinationError):
    """The file is not the one that was to be replaced."""


class BusyError(DestinationError):
    """Another run is writing into the folder."""


class Destination:
    """A folder that is written into. Use it in a `with` statement.

    `on_step` is told the steps of a write as they happen: `temporary` (the new file is on the
    disk under its temporary name) and `renamed`.
    """

    def __init__(self, root: Path, *, on_step: Callable[[str], None] | None = None) -> None:
        self.root = Path(os.path.realpath(root))
        self._on_step = on_step or (lambda _: None)
        self._handle = os.open(self.root, _FOLDER)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._handle)

    def lock(self) -> None:
        """Keep other runs out until the folder is closed. Raises BusyError."""
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(
                f"Another run is writing into {self.root}; try again when it has ended."
            ) from None

    def read(self, path: bytes, limit: int) -> bytes | None:
        """Return at most `limit` bytes of a file, `None` where there is none.

        Raises UnsafePathError, OSError.
        """
        try:
            with self._place(path) as place:
                return _read(place, limit)
        except FileNotFoundError:
            return None

    def replace(self, path: bytes, data: bytes, *, expected: bytes) -> None:
        """Put `data` in the place of a file that holds exactly `expected`, owner and mode kept.

        Raises ChangedError, UnsafePathError, FileNotFoundError, OSError; the file is then as it
        was, and nothing is left beside it.
        """
        with self._place(path) as (folder, name):
            before = _status(folder, name)
            if _read((folder, name), len(expected) + 1) != expected:
                raise ChangedError("The file is no longer what was read.")
            with _temporary((folder, name), data, before) as temporary:
                self._on_step("temporary")
                if _identity(_status(folder, name)) != _identity(before):
                    raise ChangedError("The file was changed while it was being written.")
                os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
            self._on_step("renamed")
            os.fsync(folder)

    def create(self, path: bytes, data: bytes) -> None:
        """Write a file where there is none, with the folders it needs.

        Raises FileExistsError, UnsafePathError, OSError.
        """
        with self._place(path, make=True) as place:
            with _temporary(place, data, None) as temporary:
                self._on_step("temporary")
                _rename_to_free_name(place, temporary)
            self._on_step("renamed")
            os.fsync(place[0])

    def write(self, path: bytes, data: bytes) -> bool:
        """Make the file hold `data`, whatever it held; return whether it had to be written.

        Raises UnsafePathError, OSError.
        """
        with self._place(path, make=True) as (folder, name):
            before = _status_if_any(folder, name)
            if before is not None and _read((folder, name), len(data) + 1) == data:
                return False
            with _temporary((folder, name), data, before) as temporary:
                os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
            os.fsync(folder)
            return True

    def names(self, path: bytes) -> list[bytes]:
        """Return the names in a folder, none where it does not exist. Raises UnsafePathError."""
        try:
            with self._place(path + b"/.") as (folder, _), os.scandir(folder) as listing:
                return sorted(os.fsencode(item.name) for item in listing)
        except FileNotFoundError:
            return []

    def remove(self, path: bytes) -> None:
        """Delete a file, and its folder if that is empty then. Raises UnsafePathError, OSError."""
        with self._place(path) as (folder, name):
            _status(folder, name)
            os.unlink(name, dir_fd=folder)
            os.fsync(folder)
        above = path.rpartition(b"/")[0]
        if above:
            with self._place(above) as (folder, name), suppress(OSError):
                os.rmdir(name, dir_fd=folder)

    @contextmanager
    def _place(self, path: bytes, *, make: bool = False) -> Iterator[Place]:
        """Open the folder a path lies in, link by link not followed."""
        *folders, name = _parts(path)
        handle = os.dup(self._handle)
        try:
            for folder in folders:
                if make:
                    _make(handle, folder)
                below = _open_folder(handle, folder)
                os.close(handle)
                handle = below
            yield handle, name
        finally:
            os.close(handle)


def _parts(path: bytes) -> list[bytes]:
    parts = path.split(b"/")
    *folders, name = parts
    odd = any(part in {b"", b".", b".."} for part in folders) or name in {b"", b".."}
    if odd or b"\0" in path:
        raise UnsafePathError("The path does not stay in the folder.")
    return parts


def _make(handle: int, folder: bytes) -> None:
    with suppress(FileExistsError):
        os.mkdir(folder, dir_fd=handle)
        os.fsync(handle)


def _open_folder(handle: int, folder: bytes) -> int:
    try:
        return os.open(folder, _FOLDER, dir_fd=handle)
    except OSError as error:
        if error.errno in _LINK_IN_THE_WAY:
            raise UnsafePathError("A link or a file stands where a folder should.") from None
        raise


def _status(folder: int, name: bytes) -> os.stat_result:
    status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if not stat.S_ISREG(status.st_mode):
        raise UnsafePathError("What stands there is a link, a folder or a device, not a file.")
    return status


def _status_if_any(folder: int, name: bytes) -> os.stat_result | None:
    try:
        return _status(folder, name)
    except FileNotFoundError:
        return None


def _identity(status: os.stat_result) -> tuple[int, int, int, int]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def _read(place: Place, limit: int) -> bytes:
    folder, name = place
    _status(folder, name)
    try:
        handle = os.open(name, _FILE, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise UnsafePathError("What stands there is a link, not a file.") from None
        raise
    with os.fdopen(handle, "rb") as file:
        return file.read(limit)


@contextmanager
def _temporary(place: Place, data: bytes, like: os.stat_result | None) -> Iterator[bytes]:
    """Write `data` beside a file, on the disk for good; gone again unless it was renamed."""
    folder, name = place
    temporary = TEMPORARY + hashlib.blake2b(name, digest_size=4).hexdigest().encode()
    with suppress(FileNotFoundError):
        # A run that was killed left it.
        os.unlink(temporary, dir_fd=folder)
    handle = os.open(temporary, _NEW, 0o666 if like is None else 0o600, dir_fd=folder)
    try:
        try:
            _fill(handle, data, like)
        finally:
            os.close(handle)
        yield temporary
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)


def _fill(handle: int, data: bytes, like: os.stat_result | None) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]
    if like is not None:
        with suppress(PermissionError):
            os.fchown(handle, like.st_uid, like.st_gid)
        os.fchmod(handle, stat.S_IMODE(like.st_mode))
    os.fsync(handle)


def _rename_to_free_name(place: Place, temporary: bytes) -> None:
    folder, name = place
    try:
        # Unlike a rename, a hard link never takes the place of a file.
        os.link(temporary, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        if _status_if_any(folder, name) is not None:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
