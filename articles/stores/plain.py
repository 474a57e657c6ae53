"""A plain folder: no history, so each file is replaced whole and nothing more is promised."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from articles.destination import BusyError, ChangedError, Destination, UnsafePathError
from articles.repository import Repository, RepositoryError, open_repositories
from articles.stores.base import Author, Commit, MovedError, OnStep, Planned, StoreError
from articles.stores.life import Step

CHANGED = "The file is no longer what was read: sync first."


class PlainFolder:
    """A folder with `_news` in it."""

    has_history = False

    def __init__(self, root: Path, limit: int) -> None:
        self.root = root
        self._limit = limit

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def refresh(self) -> None:
        """Nothing to fetch."""

    def repository(self) -> Repository:
        """The folder as it is."""
        try:
            return open_repositories([self.root], max_file_bytes=self._limit)[0]
        except RepositoryError as error:
            raise StoreError(str(error)) from error

    def imported(self) -> None:
        """Nothing to remember: every file is read each time."""

    def read(self, path: bytes, limit: int) -> bytes | None:
        """What a file holds."""
        try:
            with Destination(self.root) as folder:
                return folder.read(path, limit)
        except (OSError, UnsafePathError) as error:
            raise StoreError(_words(error)) from error

    def objection(self, planned: Planned) -> str:
        """A file that is neither what was read nor what is to be written stays as it is."""
        held = self.read(planned.path, limit_of(planned))
        return "" if held in {planned.old, planned.new} else CHANGED

    def life(self, path: bytes, since: str) -> tuple[list[Step], str]:
        """A folder remembers nothing."""
        return [], ""

    def read_at(self, commit: str, path: bytes) -> bytes | None:
        """A folder remembers nothing."""
        return None

    def past(self) -> None:
        """A folder remembers nothing."""

    def commit(self, files: Sequence[Planned], message: str, author: Author) -> Commit:
        """There is no git here."""
        return Commit("", "")

    def publish(self, commit: Commit, files: Sequence[Planned], on_step: OnStep) -> None:
        """Write the files one by one."""
        lay_down(self.root, files, on_step)


def limit_of(planned: Planned) -> int:
    """How many bytes to read to know whether a file is one of the two."""
    return max(len(planned.old or b""), len(planned.new or b"")) + 1


def lay_down(root: Path, files: Sequence[Planned], on_step: OnStep) -> None:
    """Write files into a folder. One that holds what it is to hold is left alone.

    Raises MovedError before the first file is written if one is not what was planned.
    """
    try:
        with ExitStack() as stack:
            folder = stack.enter_context(Destination(root, on_step=on_step))
            folder.lock()
            held = {file.path: folder.read(file.path, limit_of(file)) for file in files}
            if any(held[file.path] not in {file.old, file.new} for file in files):
                raise MovedError("A file was changed meanwhile: nothing was written.")
            for file in files:
                if held[file.path] != file.new:
                    _put(folder, file)
    except BusyError as error:
        raise MovedError(str(error)) from error
    except (ChangedError, FileExistsError, FileNotFoundError) as error:
        raise MovedError("A file was changed while it was being written.") from error
    except (OSError, UnsafePathError) as error:
        raise StoreError(_words(error)) from error


def _put(folder: Destination, file: Planned) -> None:
    if file.new is None:
        folder.remove(file.path)
    elif file.old is None:
        folder.create(file.path, file.new)
    else:
        folder.replace(file.path, file.new, expected=file.old)


def _words(error: OSError | UnsafePathError) -> str:
    if isinstance(error, UnsafePathError):
        return str(error)
    return f"A file cannot be read or written: {(error.strerror or 'unknown reason').lower()}."
