"""Commits: made of planned files and nothing else, proved before anybody sees them."""

from __future__ import annotations

import itertools
import stat
from collections.abc import Sequence

from dulwich import objects
from dulwich.diff_tree import tree_changes
from dulwich.object_store import commit_tree_changes
from dulwich.objects import Blob, ObjectID
from dulwich.repo import Repo

from articles.stores.base import Author, MovedError, NotVerifiedError, Planned
from articles.stores.tree import blob_bytes, find

REGULAR = 0o100644
FAR_BACK = 10_000
"""Commits looked through for one that was published before."""


def make_commit(
    repo: Repo, parent: ObjectID, files: Sequence[Planned], message: str, author: Author
) -> ObjectID:
    """Add a commit on top of `parent` that changes exactly these files; nothing refers to it yet.

    Raises MovedError where a file is not what was planned, NotVerifiedError.
    """
    store = repo.object_store
    tree = tree_of(repo, parent)
    changes = [_change(repo, tree, file) for file in files]
    for (_, _, blob), file in zip(changes, files, strict=True):
        if blob is not None and file.new is not None:
            store.add_object(Blob.from_string(file.new))
    after = commit_tree_changes(store, tree, changes)
    _verify(repo, tree, after, files)
    commit = objects.Commit()
    commit.tree, commit.parents = after, [parent]
    commit.author = commit.committer = f"{author.name} <{author.email}>".encode()
    commit.author_time = commit.commit_time = int(author.at.timestamp())
    commit.author_timezone = commit.commit_timezone = 0
    commit.encoding = b"UTF-8"
    commit.message = message.encode() + b"\n"
    store.add_object(commit)
    return commit.id


def tree_of(repo: Repo, commit: ObjectID) -> ObjectID:
    """The tree of a commit."""
    found = repo[commit]
    if not isinstance(found, objects.Commit):
        raise MovedError("The branch points to something that is no commit.")
    return ObjectID(found.tree)


def contains(repo: Repo, head: ObjectID, commit: bytes, parent: bytes) -> bool:
    """Whether `commit`, made on top of `parent`, is in the history of `head`."""
    if head == commit:
        return True
    start = ObjectID(parent)
    if ObjectID(commit) not in repo.object_store or start not in repo.object_store:
        return False
    walker = repo.get_walker(include=[head], exclude=[start])
    return any(entry.commit.id == commit for entry in itertools.islice(walker, FAR_BACK))


def _change(repo: Repo, tree: ObjectID, file: Planned) -> tuple[bytes, int | None, ObjectID | None]:
    held = find(repo, tree, file.path)
    if held is not None and not stat.S_ISREG(held[0]):
        raise MovedError("Something that is no file stands where a file was to be written.")
    if (blob_bytes(repo, held[1]) if held else None) != file.old:
        raise MovedError("A file is no longer what was read.")
    if file.new is None:
        return file.path, None, None
    return file.path, held[0] if held else REGULAR, Blob.from_string(file.new).id


def _verify(repo: Repo, before: ObjectID, after: ObjectID, files: Sequence[Planned]) -> None:
    """The difference of the trees is the plan, byte for byte."""
    wanted = {file.path: (file.old, file.new) for file in files if file.old != file.new}
    found: dict[bytes, tuple[bytes | None, bytes | None]] = {}
    for change in tree_changes(repo.object_store, before, after):
        old, new = change.old, change.new
        path = (new.path if new and new.path else None) or (old.path if old else None) or b""
        found[path] = (
            blob_bytes(repo, old.sha) if old and old.sha else None,
            blob_bytes(repo, new.sha) if new and new.sha else None,
        )
    if found != wanted:
        raise NotVerifiedError(
            "The commit would not have held exactly what was planned; it was not made."
        )
