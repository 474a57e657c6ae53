"""The files of one git commit, seen as a folder is: nothing is checked out to read them."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property, partial

from dulwich.objects import Blob, ObjectID, Tree
from dulwich.repo import BaseRepo

from articles.repository.describe import CONFIG, ORGANIZATIONS, TOPICS
from articles.repository.entries import (
    FRONT_MATTER_PROBE,
    HIDDEN,
    LEFT_OVER,
    NO_FILE,
    NO_FRONT_MATTER,
    SYMLINK,
    Entry,
    EntrySkippedError,
    has_front_matter,
    too_large,
)
from articles.repository.names import (
    NEWS,
    is_ignored,
    is_left_over,
    is_markdown,
    path_bytes,
    shown_path,
)
from articles.storyfile.digest import digest_of

Digests = dict[bytes, str]
"""What the desk calls the bytes of a blob, by the blob's id."""


class CommitFiles:
    """The stories in the tree of a commit. `digests` knows blobs that were read before."""

    unread_folders = 0

    def __init__(self, repo: BaseRepo, tree: ObjectID, limit: int, digests: Digests) -> None:
        self._repo = repo
        self._tree = tree
        self._limit = limit
        self._known = digests
        self.digests: Digests = {}

    @property
    def total(self) -> int:
        """How many files there are, skipped ones too."""
        return len(self._listed)

    def entries(self) -> Iterator[Entry]:
        """The files, in the order of git."""
        return iter(self._listed)

    @cached_property
    def _listed(self) -> list[Entry]:
        news = NEWS.encode()
        return list(self._walk(news, find(self._repo, self._tree, news)))

    def _walk(self, folder: bytes, found: tuple[int, ObjectID] | None) -> Iterator[Entry]:
        if found is None or not stat.S_ISDIR(found[0]):
            return
        for item in _tree(self._repo, found[1]).iteritems():
            path = folder + b"/" + item.path
            if b"/" in item.path:  # a tree that no git makes: the name would lead elsewhere
                yield Entry(shown_path(path), skip=NO_FILE)
            elif not stat.S_ISDIR(item.mode):
                yield self._file(path, item.mode, item.sha)
            elif is_ignored(shown_path(item.path)):
                yield Entry(shown_path(path), skip=HIDDEN)
            else:
                yield from self._walk(path, (item.mode, item.sha))

    def _file(self, raw: bytes, mode: int, blob: ObjectID) -> Entry:
        path = shown_path(raw)
        name = path.rpartition("/")[2]
        if is_ignored(name):
            return Entry(path, skip=HIDDEN)
        if stat.S_ISLNK(mode):
            return Entry(path, skip=SYMLINK)
        if not stat.S_ISREG(mode):
            return Entry(path, skip=NO_FILE)
        if is_left_over(name):
            return Entry(path, skip=LEFT_OVER)
        known = self._known.get(blob, "")
        if known:
            self.digests[blob] = known
        reader = partial(self._read, blob, is_markdown(name))
        return Entry(path, reader, in_archive=True, digest=known, blob=blob)

    def _read(self, blob: ObjectID, markdown: bool) -> bytes:
        data = blob_bytes(self._repo, blob)
        if not markdown and not has_front_matter(data[:FRONT_MATTER_PROBE]):
            raise EntrySkippedError(NO_FRONT_MATTER)
        if len(data) > self._limit:
            raise too_large(self._limit)
        self.digests[blob] = digest_of(data)
        return data

    def description_files(self) -> dict[str, bytes]:
        """The bytes of the files that describe the site, by path."""
        found: dict[str, bytes] = {}
        for path in (CONFIG, *self._names(ORGANIZATIONS), *self._names(TOPICS)):
            place = find(self._repo, self._tree, path_bytes(path))
            if place is not None and stat.S_ISREG(place[0]):
                data = blob_bytes(self._repo, place[1])
                if len(data) <= self._limit:
                    found[path] = data
        return found

    def _names(self, folder: str) -> list[str]:
        place = find(self._repo, self._tree, folder.encode())
        if place is None or not stat.S_ISDIR(place[0]):
            return []
        names = sorted(shown_path(name) for name in _tree(self._repo, place[1]))
        return [f"{folder}/{name}" for name in names]


def find(repo: BaseRepo, tree: ObjectID, path: bytes) -> tuple[int, ObjectID] | None:
    """Mode and id of what stands at a path of a tree; None if nothing does."""
    with suppress(KeyError, NotADirectoryError, ValueError):
        mode, found = _tree(repo, tree).lookup_path(repo.__getitem__, path)
        return mode, found
    return None


def blob_bytes(repo: BaseRepo, blob: ObjectID) -> bytes:
    """The bytes of a file in git; none where something else stands there."""
    with suppress(KeyError):  # a repository in the repository: its commits are not here
        found = repo[blob]
        return found.data if isinstance(found, Blob) else b""
    return b""


def _tree(repo: BaseRepo, tree: ObjectID) -> Tree:
    found = repo[tree]
    return found if isinstance(found, Tree) else Tree()
