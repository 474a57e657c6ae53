"""A git working tree on this machine: the desk commits there, and the files follow.

The files are written before the branch moves, so that whoever commits everything he finds in the
meantime commits the decisions too, never their reverse.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

from dulwich.errors import NotGitRepository
from dulwich.file import FileLocked
from dulwich.index import index_entry_from_stat
from dulwich.objects import Blob, ObjectID
from dulwich.refs import Ref
from dulwich.repo import Repo

from articles.stores.base import Commit, MovedError, OnStep, Planned, StoreError
from articles.stores.commits import tree_of
from articles.stores.git import GitStore
from articles.stores.plain import PlainFolder, lay_down, limit_of
from articles.stores.tree import find

NOT_COMMITTED = "The file has changes in the working tree that are not committed."
TRIES, PAUSE = 20, 0.1
"""How often, and with how many seconds between, the index is tried while git works with it."""


class WorkingTree(GitStore):
    """A repository with files checked out."""

    def _open(self) -> None:
        try:
            self._open_repo = Repo(self._location)
        except (NotGitRepository, OSError):
            raise StoreError(f"{self._location} is no git repository any more.") from None
        checked_out = self._checked_out()
        if self._branch and self._branch != checked_out:
            raise StoreError(
                f"{self._location} has {checked_out} checked out, not {self._branch}: "
                "check that branch out, or name the other one in the site's settings."
            )
        self._branch = checked_out

    def _checked_out(self) -> str:
        target = self.repo.refs.get_symrefs().get(Ref(b"HEAD"), b"")
        if not target.startswith(b"refs/heads/"):
            raise StoreError(f"{self._location} has no branch checked out.")
        return target.removeprefix(b"refs/heads/").decode()

    def refresh(self) -> None:
        """What others commit is here at once."""

    def objection(self, planned: Planned) -> str:
        """A file that somebody is working on stays as it is too."""
        found = super().objection(planned)
        if found:
            return found
        folder = PlainFolder(Path(self._location), self._limit)
        held = folder.read(planned.path, limit_of(planned))
        return "" if held in {planned.old, planned.new} else NOT_COMMITTED

    def publish(self, commit: Commit, files: Sequence[Planned], on_step: OnStep) -> None:
        """The files first, then the branch, then git's list of what is checked out."""
        if not self._has(commit):
            self._check_parent(commit)
            lay_down(Path(self._location), files, on_step)
            on_step("laid_down")
            made, parent = ObjectID(commit.id.encode()), ObjectID(commit.parent.encode())
            if not self.repo.refs.set_if_equals(Ref(self.ref), parent, made):
                raise MovedError("Somebody committed meanwhile.")
            on_step("committed")
        self._stage(files)

    def _stage(self, files: Sequence[Planned]) -> None:
        for _ in range(TRIES):
            try:
                return self._write_index(files)
            except FileLocked:
                time.sleep(PAUSE)
        raise StoreError(
            f"Another git command keeps {self._location}/.git/index.lock. If none is running, "
            "delete that file, and sync again."
        )

    def _write_index(self, files: Sequence[Planned]) -> None:
        tree = tree_of(self.repo, self.head)
        index = self.repo.open_index()
        for file in files:
            held = find(self.repo, tree, file.path)
            wanted = None if file.new is None else Blob.from_string(file.new).id
            if (held[1] if held else None) != wanted:
                continue
            full = os.fsencode(self._location) + b"/" + file.path
            if held is None:
                if file.path in index:
                    del index[file.path]
            elif os.path.lexists(full):
                index[file.path] = index_entry_from_stat(os.lstat(full), held[1], held[0])
        index.write()
