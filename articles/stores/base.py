"""What every store can do, and what can go wrong with one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from articles.repository import Repository
from articles.stores.life import Step
from articles.stores.past import Past

OnStep = Callable[[str], None]
"""Told the steps of a publication as they happen: `temporary`, `renamed`, `committed`, `pushed`."""


class StoreError(Exception):
    """The files cannot be reached; the text is a sentence for an editor, without passwords."""


class MovedError(StoreError):
    """Somebody else wrote meanwhile: nothing was published."""


class NotVerifiedError(StoreError):
    """The commit would hold something else than was planned: nothing was published."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A file to write: what it holds (`None`: there is none) and what it is to hold."""

    path: bytes
    old: bytes | None
    new: bytes | None


@dataclass(frozen=True, slots=True)
class Author:
    """Who signs the commits, and when."""

    name: str
    email: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit that was made and not yet published; both empty where there is no git."""

    id: str
    parent: str


class Store(Protocol):
    """A site's files. Use it in a `with` statement; every method may raise StoreError."""

    @property
    def has_history(self) -> bool:
        """Whether it is git."""

    def __enter__(self) -> Self:
        """Open it."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""

    def refresh(self) -> None:
        """Learn what others wrote since."""

    def repository(self) -> Repository:
        """The files as they are now, to import."""

    def imported(self) -> None:
        """The files of `repository` were read: remember what makes the next time quick."""

    def read(self, path: bytes, limit: int) -> bytes | None:
        """What a file holds, `None` where there is none or it is over the limit."""

    def objection(self, planned: Planned) -> str:
        """Why the file cannot be written now, as a sentence; empty if it can."""

    def life(self, path: bytes, since: str) -> tuple[list[Step], str]:
        """The commits that changed a file, newest first, from the commit `since` (the newest where
        that is empty), and where to go on; nothing without git.
        """

    def read_at(self, commit: str, path: bytes) -> bytes | None:
        """What a file held in a commit, `None` where there was none."""

    def past(self) -> Past | None:
        """What the branch was, `None` without git; to be asked while the store is open."""

    def commit(self, files: Sequence[Planned], message: str, author: Author) -> Commit:
        """Make a commit of exactly these files, known to nobody yet. Raises NotVerifiedError."""

    def publish(self, commit: Commit, files: Sequence[Planned], on_step: OnStep) -> None:
        """Let the files be seen. Once again after a run was killed: completes what it began.

        Raises MovedError where others were faster.
        """
