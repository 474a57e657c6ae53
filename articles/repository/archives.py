"""Stories in a `.tar`, `.tar.gz`, `.tar.xz` or `.zip`, read in place: nothing is unpacked.

An archive is somebody else's file. Names that leave the archive, and contents that grow beyond the
limits, refuse the archive as a whole; links and devices in it are left out with the reason.
"""

from __future__ import annotations

import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, cast

from articles.repository.describe import is_description
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
    RepositoryError,
    Skip,
    has_front_matter,
    too_large,
)
from articles.repository.names import NEWS, is_ignored, is_left_over, is_markdown, shown_path

# What the library raises for a zip whose bytes are not what they should be, by method and place.
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, NotImplementedError, OSError, OverflowError, ValueError),
)

MAX_MEMBERS = 200_000
MAX_TOTAL_BYTES = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much an archive may hold: files, and bytes once unpacked."""

    members: int = MAX_MEMBERS
    total_bytes: int = MAX_TOTAL_BYTES


DEFAULT_ARCHIVE_LIMITS = ArchiveLimits()


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: the path in it, what kind it is and how long it says it is.

    `read(limit, markdown)` returns its bytes as `folders.read_file` does.
    """

    path: str
    kind: str  # "file", "folder", "link" or "other"
    size: int
    read: Callable[[int, bool], bytes]


class Archive:
    """The files of an archive; a single top folder is taken off their paths."""

    def __init__(
        self, path: Path, max_file_bytes: int, limits: ArchiveLimits = DEFAULT_ARCHIVE_LIMITS
    ) -> None:
        self.path = path
        self.max_file_bytes = max_file_bytes
        self.unread_folders = 0
        self._opened = _open_zip if path.name.lower().endswith(".zip") else _open_tar
        self._limits = limits
        self._described: dict[str, bytes] = {}
        with self._opened(path, limits) as archive:
            members = self._looked_through(archive)
        self.top = _top_folder(members)
        self._members = members

    def _looked_through(self, archive: TarArchive | ZipArchive) -> list[Member]:
        """Check every member, and keep what describes the site: a tar is slow to read again."""
        members = []
        for member in checked(archive.members(), self._limits):
            members.append(member)
            inside = member.path if is_description(member.path) else _below_top(member.path)
            if member.kind == "file" and is_description(inside):
                with suppress(EntryError):
                    self._described[member.path] = member.read(self.max_file_bytes, True)
        return members

    @property
    def has_news(self) -> bool:
        """Whether the archive is a whole content repository."""
        return any(path.startswith(f"{NEWS}/") for path in self._paths())

    @property
    def total(self) -> int:
        """How many files there are, skipped ones too."""
        prefix = f"{NEWS}/" if self.has_news else ""
        inside = ((m, _inside(m, self.top, prefix)) for m in self._members)
        return sum(m.kind != "folder" and path is not None for m, path in inside)

    def _paths(self) -> Iterator[str]:
        return (member.path.removeprefix(self.top) for member in self._members)

    def entries(self) -> Iterator[Entry]:
        """Yield the story files in the order of the archive, each readable while it is current."""
        prefix = f"{NEWS}/" if self.has_news else ""
        with self._opened(self.path, self._limits) as archive:
            for member in archive.members():
                inside = _inside(member, self.top, prefix)
                if inside is not None:
                    yield from self._entry(member, inside, prefix)

    def _entry(self, member: Member, path: str, prefix: str) -> Iterator[Entry]:
        skip = _skip_of(member, path.removeprefix(prefix))
        if skip is not None:
            yield Entry(path, skip=skip)
        elif member.kind == "file":
            name = path.rpartition("/")[2]
            yield Entry(
                path, partial(member.read, self.max_file_bytes, is_markdown(name)), in_archive=True
            )

    def description_files(self) -> dict[str, bytes]:
        """The bytes of the files that describe the site, by path."""
        found = ((path.removeprefix(self.top), data) for path, data in self._described.items())
        return dict(sorted((path, data) for path, data in found if is_description(path)))


class TarArchive:
    """A tar, read once from front to back."""

    def __init__(self, tar: tarfile.TarFile, stream: IO[bytes]) -> None:
        self._tar = tar
        self._stream = stream

    def members(self) -> Iterator[Member]:
        """The members in their order; the archive must end as a tar ends."""
        while (info := self._tar.next()) is not None:
            # tarfile remembers every header it has read; the run needs only the current one.
            self._tar.members = []  # type: ignore[attr-defined]
            yield Member(
                _member_path(info.name), _tar_kind(info), info.size, partial(self._read, info)
            )
        self._stream.seek(self._tar.offset)
        if self._stream.read(tarfile.BLOCKSIZE) != tarfile.NUL * tarfile.BLOCKSIZE:
            raise RepositoryError("the archive ends too early; copy it again")

    def _read(self, info: tarfile.TarInfo, limit: int, markdown: bool) -> bytes:
        if info.issparse():
            raise EntryError("read_error", "a file with holes is not read from an archive")
        stream = self._tar.extractfile(info)
        if stream is None:
            raise EntrySkippedError(NO_FILE)
        with stream:
            return _read_member(stream, limit, markdown)


class ZipArchive:
    """A zip, in the order of its paths."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive

    def members(self) -> Iterator[Member]:
        """The members by name."""
        for info in sorted(self._zip.infolist(), key=lambda info: info.filename):
            yield Member(
                _member_path(info.filename),
                _zip_kind(info),
                info.file_size,
                partial(self._read, info),
            )

    def _read(self, info: zipfile.ZipInfo, limit: int, markdown: bool) -> bytes:
        if info.flag_bits & 0x1:
            raise EntryError("read_error", "the file is encrypted in the archive")
        try:
            with self._zip.open(info) as stream:
                return _read_member(stream, limit, markdown)
        except _DAMAGED as error:
            reason = str(error) or "it ends too early"
            raise EntryError("read_error", f"damaged in the archive: {reason}") from error


def checked(members: Iterable[Member], limits: ArchiveLimits) -> Iterator[Member]:
    """Yield the members; raises RepositoryError where they break a limit or share a path."""
    seen: set[str] = set()
    total = 0
    for count, member in enumerate(members, start=1):
        total += member.size
        if member.size < 0 or total > limits.total_bytes:
            raise RepositoryError(f"the archive holds more than {limits.total_bytes:,} bytes")
        if count > limits.members:
            raise RepositoryError(f"the archive holds more than {limits.members:,} files")
        if member.kind != "folder" and member.path in seen:
            raise RepositoryError(f"the archive holds two files named {member.path}")
        seen.add(member.path)
        yield member


class _Bounded(io.RawIOBase):
    """A decompressed stream that refuses to be read beyond a number of bytes in all.

    The tar reader trusts the lengths written in headers; a few bytes of xz can claim, and deliver,
    gigabytes of header.
    """

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        super().__init__()
        self._stream = stream
        self._limit = limit

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._stream.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET or offset < 0 or offset > self._limit:
            raise RepositoryError(f"the archive holds more than {self._limit:,} bytes")
        return self._stream.seek(offset)

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0 or self._stream.tell() + size > self._limit:
            raise RepositoryError(f"the archive holds more than {self._limit:,} bytes")
        return self._stream.read(size)


@contextmanager
def _open_tar(path: Path, limits: ArchiveLimits) -> Iterator[TarArchive]:
    # Room for the headers and the padding of the largest archive that is allowed.
    room = limits.total_bytes + limits.members * 2 * tarfile.BLOCKSIZE + tarfile.RECORDSIZE
    try:
        with _decompressed(path) as stream:
            bounded = _Bounded(stream, room)
            with tarfile.open(fileobj=bounded, mode="r:") as tar:
                yield TarArchive(tar, cast("IO[bytes]", bounded))
    except (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError, ValueError) as error:
        raise RepositoryError(f"{path.name} cannot be read as an archive: {error}") from error


@contextmanager
def _open_zip(path: Path, limits: ArchiveLimits) -> Iterator[ZipArchive]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield ZipArchive(archive)
    except _DAMAGED as error:
        raise RepositoryError(f"{path.name} cannot be read as an archive: {error}") from error


def _decompressed(path: Path) -> IO[bytes]:
    name = path.name.lower()
    if name.endswith((".tar.gz", ".tgz")):
        return gzip.open(path, "rb")  # type: ignore[return-value]
    if name.endswith((".tar.xz", ".txz")):
        return lzma.open(path, "rb")
    return path.open("rb")


def _member_path(name: str) -> str:
    path = shown_path(name.encode("utf-8", "surrogateescape"))
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts or "\0" in name or ":" in path.split("/")[0]:
        raise RepositoryError(f"the archive names a file outside itself: {path!r}; it was not read")
    return "/".join(parts)


def _tar_kind(info: tarfile.TarInfo) -> str:
    if info.isreg():
        return "file"
    if info.isdir():
        return "folder"
    return "link" if info.issym() or info.islnk() else "other"


def _zip_kind(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if info.is_dir():
        return "folder"
    if stat.S_ISLNK(mode):
        return "link"
    return "file" if stat.S_IFMT(mode) in (0, stat.S_IFREG) else "other"


def _top_folder(members: list[Member]) -> str:
    """Return `name/` where everything lies in one folder (and that is not `_news` itself)."""
    paths = [m.path for m in members if m.path and not m.path.startswith("__MACOSX")]
    tops = {path.partition("/")[0] for path in paths}
    if len(tops) != 1 or NEWS in tops:
        return ""
    top = tops.pop() + "/"
    files = [m.path for m in members if m.kind != "folder" and m.path in paths]
    return top if files and all(path.startswith(top) for path in files) else ""


def _below_top(path: str) -> str:
    return path.partition("/")[2]


def _inside(member: Member, top: str, prefix: str) -> str | None:
    if not member.path.startswith(top) or member.path.startswith("__MACOSX"):
        return None
    path = member.path.removeprefix(top)
    return path if path and path.startswith(prefix) and path != prefix else None


def _skip_of(member: Member, below: str) -> Skip | None:
    """Return why a member is left out; a folder is mentioned only where it looks like a story."""
    *folders, name = below.split("/")
    if member.kind == "folder":
        return FOLDER_NAMED_LIKE_A_STORY if is_markdown(name) else None
    if any(is_ignored(part) for part in (*folders, name)):
        return HIDDEN
    if member.kind == "link":
        return SYMLINK
    if member.kind == "other":
        return NO_FILE
    return LEFT_OVER if is_left_over(name) else None


def _read_member(stream: IO[bytes], limit: int, markdown: bool) -> bytes:
    data = stream.read(FRONT_MATTER_PROBE)
    if not markdown and not has_front_matter(data):
        raise EntrySkippedError(NO_FRONT_MATTER)
    data += stream.read(limit + 1 - len(data))
    if len(data) > limit:
        raise too_large(limit)
    return data
