"""What a working tree and a remote repository have in common: a branch, read from its commit."""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from dulwich.objects import ObjectID
from dulwich.repo import Repo

from articles.repository import Repository
from articles.repository.names import NEWS
from articles.stores.base import Author, Commit, MovedError, Planned, StoreError
from articles.stores.commits import contains, make_commit, tree_of
from articles.stores.life import NoCommitError, Step, steps
from articles.stores.past import Past
from articles.stores.tree import CommitFiles, Digests, blob_bytes, find

STEPS, PATIENCE = 25, 1.0
"""Changes of a file that are looked up at once, and seconds that may take."""

PAST_PATIENCE = 5.0
"""Seconds for what the branch was on another day; usually it is a few hundredths."""

_COMMIT = re.compile(r"[0-9a-f]{40}")

CHANGED = "The file is no longer what was read: sync first."


class GitStore(ABC):
    """A branch of a git repository on this machine. `memory` is where digests are remembered."""

    has_history = True

    def __init__(self, location: str, branch: str, limit: int, memory: Path) -> None:
        self._location = location
        self._branch = branch
        self._limit = limit
        self._memory = memory
        self._files: CommitFiles | None = None
        self._open_repo: Repo | None = None

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._open_repo is not None:
            self._open_repo.close()
            self._open_repo = None

    @abstractmethod
    def _open(self) -> None:
        """Set `_open_repo`; raises StoreError where there is no such repository or branch."""

    @property
    def repo(self) -> Repo:
        """The repository, while it is open."""
        if self._open_repo is None:
            raise StoreError("The repository is not open.")
        return self._open_repo

    @property
    def ref(self) -> bytes:
        """The branch's full name."""
        return b"refs/heads/" + self._branch.encode()

    @property
    def head(self) -> ObjectID:
        """The newest commit of the branch as it is known here."""
        try:
            return self.repo.refs[self.ref]  # type: ignore[index]
        except KeyError:
            raise StoreError(
                f"There is no branch {self._branch} with a commit in {self._location}."
            ) from None

    def repository(self) -> Repository:
        """The files of the branch's newest commit."""
        tree = tree_of(self.repo, self.head)
        if find(self.repo, tree, NEWS.encode()) is None:
            raise StoreError(f"The branch {self._branch} of {self._location} has no {NEWS}.")
        self._files = CommitFiles(self.repo, tree, self._limit, self._remembered())
        name = self._location.rstrip("/").rpartition("/")[2].removesuffix(".git")
        return Repository(self._files, name=name, source=self._location, whole=True)

    def imported(self) -> None:
        """Remember what the blobs that were read are called on the desk."""
        if self._files is None or self._files.digests == self._remembered():
            return
        lines = sorted(f"{blob.decode()} {d}\n" for blob, d in self._files.digests.items())
        self._memory.parent.mkdir(parents=True, exist_ok=True)
        beside = self._memory.with_suffix(f".{os.getpid()}.new")
        beside.write_text("".join(lines))
        beside.replace(self._memory)

    def _remembered(self) -> Digests:
        found: Digests = {}
        with suppress(OSError, UnicodeDecodeError):
            for line in self._memory.read_text().splitlines():
                blob, _, digest = line.partition(" ")
                found[blob.encode()] = digest
        return found

    def read(self, path: bytes, limit: int) -> bytes | None:
        """What the file holds in the newest commit."""
        held = find(self.repo, tree_of(self.repo, self.head), path)
        data = blob_bytes(self.repo, held[1]) if held else None
        return data if data is None or len(data) <= limit else None

    def objection(self, planned: Planned) -> str:
        """A file that is not what was read stays as it is."""
        held = find(self.repo, tree_of(self.repo, self.head), planned.path)
        data = blob_bytes(self.repo, held[1]) if held else None
        return "" if data in {planned.old, planned.new} else CHANGED

    def life(self, path: bytes, since: str) -> tuple[list[Step], str]:
        """The commits that changed a file; a look of at most about a second."""
        try:
            return steps(self.repo, self._known(since), path, most=STEPS, patience=PATIENCE)
        except NoCommitError:
            raise StoreError("That is no commit of the repository.") from None

    def read_at(self, commit: str, path: bytes) -> bytes | None:
        """What a file held in a commit of this repository."""
        held = find(self.repo, tree_of(self.repo, self._known(commit)), path)
        return blob_bytes(self.repo, held[1]) if held else None

    def past(self) -> Past:
        """The branch from its newest commit on."""
        return Past(self.repo, self.head, self._limit, PAST_PATIENCE)

    def _known(self, commit: str) -> ObjectID:
        """A commit that is here; the newest where none is named."""
        if not commit:
            return self.head
        name = ObjectID(commit.encode())
        if not _COMMIT.fullmatch(commit) or name not in self.repo.object_store:
            raise StoreError("That commit is not in the repository.")
        return name

    def commit(self, files: Sequence[Planned], message: str, author: Author) -> Commit:
        """A commit on top of the newest, that nobody sees yet."""
        store = self.repo.object_store
        store.fsync_object_files = True
        parent = self.head
        made = make_commit(self.repo, parent, files, message, author)
        return Commit(made.decode(), parent.decode())

    def _has(self, commit: Commit) -> bool:
        return contains(self.repo, self.head, commit.id.encode(), commit.parent.encode())

    def _check_parent(self, commit: Commit) -> None:
        if self.head != commit.parent.encode():
            raise MovedError("Somebody committed meanwhile: nothing was published.")
