"""The life of one file in git: the commits that changed it, newest first, along the first parents.

Trees of thousands of names are searched for the one name, not parsed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from dulwich.objects import Commit, ObjectID, RawObjectID, Tree, hex_to_sha, sha_to_hex
from dulwich.repo import Repo

from articles.stores.tree import blob_bytes

SHA_BYTES = 20


class NoCommitError(Exception):
    """What was named is in the repository, and is no commit."""


@dataclass(frozen=True, slots=True)
class Step:
    """One commit that changed the file: what it held before and since (`None`: there is none)."""

    commit: str
    parent: str
    author: str
    at: datetime
    subject: str
    old: bytes | None
    new: bytes | None


def steps(
    repo: Repo, start: ObjectID, path: bytes, *, most: int, patience: float
) -> tuple[list[Step], str]:
    """The commits from `start` on, and the id to go on from; empty at the beginning of time.

    Stops after `most` commits that changed the file, or `patience` seconds.
    """
    finder, found = _Finder(repo, path), []
    until = time.monotonic() + patience
    commit = commit_of(repo, start)
    blob = finder.blob_in(commit)
    while True:
        older = commit_of(repo, commit.parents[0]) if has_parent(repo, commit) else None
        before = finder.blob_in(older) if older else None
        if before != blob:
            found.append(_step(repo, commit, before, blob))
        if older is None:
            return found, ""
        if len(found) >= most or time.monotonic() > until:
            return found, older.id.decode()
        commit, blob = older, before


def has_parent(repo: Repo, commit: Commit) -> bool:
    """A clone may end before the beginning of time."""
    return bool(commit.parents) and commit.parents[0] in repo.object_store


def commit_of(repo: Repo, name: ObjectID) -> Commit:
    """The commit of that id, which is here. Raises NoCommitError for another object."""
    found = repo[name]
    if not isinstance(found, Commit):
        raise NoCommitError(name)
    return found


def _step(repo: Repo, commit: Commit, before: ObjectID | None, after: ObjectID | None) -> Step:
    return Step(
        commit.id.decode(),
        commit.parents[0].decode() if commit.parents else "",
        author_of(commit),
        instant(commit.commit_time),
        subject_of(commit),
        blob_bytes(repo, before) if before else None,
        blob_bytes(repo, after) if after else None,
    )


def author_of(commit: Commit) -> str:
    """The name of who made a commit, without the address."""
    return bytes(commit.author).decode(errors="replace").partition(" <")[0]


def subject_of(commit: Commit) -> str:
    """The first line of a commit's message."""
    return bytes(commit.message).decode(errors="replace").partition("\n")[0]


def instant(seconds: int) -> datetime:
    """When a commit says it was made; one that says nonsense was made at the beginning of time."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)


class _Finder:
    """Finds one file in many trees; a tree that did not change is searched once."""

    def __init__(self, repo: Repo, path: bytes) -> None:
        self._repo = repo
        self._names = path.split(b"/")
        self._known: dict[tuple[ObjectID, int], ObjectID | None] = {}

    def blob_in(self, commit: Commit) -> ObjectID | None:
        """The id of the file in a commit's tree."""
        place: ObjectID | None = commit.tree
        for depth in range(len(self._names)):
            if place is None:
                return None
            place = self._below(place, depth)
        return place

    def _below(self, tree: ObjectID, depth: int) -> ObjectID | None:
        key = (tree, depth)
        if key not in self._known:
            self._known[key] = self._look_up(tree, self._names[depth])
        return self._known[key]

    def _look_up(self, tree: ObjectID, name: bytes) -> ObjectID | None:
        try:
            kind, raw = self._repo.object_store.get_raw(hex_to_sha(tree))
        except KeyError:  # a repository in the repository: its trees are not here
            return None
        return _entry(raw, name) if kind == Tree.type_num else None


def _entry(raw: bytes, name: bytes) -> ObjectID | None:
    """The id beside a name in the bytes of a tree: `mode SP name NUL id`, one after the other.

    An id is binary and could hold a short name by chance; a mode of five or six digits before it
    rules that out.
    """
    wanted = b" " + name + b"\0"
    at = raw.find(wanted)
    while at >= 0:
        start = at - 1
        while start >= 0 and raw[start : start + 1].isdigit() and at - start <= 6:
            start -= 1
        if at - start - 1 in {5, 6}:
            end = at + len(wanted)
            return sha_to_hex(RawObjectID(raw[end : end + SHA_BYTES]))
        at = raw.find(wanted, at + 1)
    return None
