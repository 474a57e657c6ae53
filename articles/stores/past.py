"""A branch on another day: which commit it stood at, and which stories its files showed then.

What a file says of being live is remembered by its blob: most files are the same from day to day,
so another day costs its tree and the few files that differ.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dulwich.objects import ObjectID, hex_to_sha
from dulwich.repo import Repo

from articles.repository.entries import EntryError, EntrySkippedError
from articles.stores.life import commit_of
from articles.stores.line import Line, TooLongError
from articles.stores.tree import CommitFiles, blob_bytes
from articles.storyfile.errors import StoryFileError
from articles.storyfile.reader import StoryReader
from articles.storyfile.record import StoryRecord

KEPT = 100_000
"""Files of which a process remembers whether they are live: 20 MB at the most."""

Said = datetime | Literal["undated", "hidden"]
"""What a file says of itself: the provider's date or that it has none; that nobody sees it."""


@dataclass(frozen=True, slots=True)
class LiveFile:
    """A file that the publisher shows; `blob` is the id of its bytes."""

    path: str
    published_at: datetime | None
    blob: bytes


class Past:
    """The past of a branch. All its answers together may take `patience` seconds."""

    def __init__(self, repo: Repo, head: ObjectID, limit: int, patience: float) -> None:
        self._repo = repo
        self._limit = limit
        self._until = time.monotonic() + patience
        self.line = Line(repo, head, self._until)

    def live(self, commit: str) -> list[LiveFile]:
        """The files that were live in a commit, in the order of their paths.

        Every file is asked, since its name need not tell its date. Raises TooLongError.
        """
        tree = commit_of(self._repo, ObjectID(commit.encode())).tree
        stories, found = StoryReader(), []
        for entry in CommitFiles(self._repo, tree, self._limit, {}).entries():
            if entry.reader is None:
                continue
            said = _MEMORY.get(entry.blob) or self._read(entry.blob, entry.reader, stories)
            if said != "hidden":
                date = None if said == "undated" else said
                found.append(LiveFile(entry.path, date, entry.blob))
        return found

    def record(self, file: LiveFile) -> StoryRecord:
        """What a live file says."""
        return StoryReader().read(blob_bytes(self._repo, ObjectID(file.blob)))

    def _read(self, blob: bytes, read: Callable[[], bytes], stories: StoryReader) -> Said:
        if time.monotonic() > self._until:
            raise TooLongError
        said: Said = "hidden"
        # What is no story is shown nowhere.
        with suppress(EntryError, EntrySkippedError, StoryFileError):
            record = stories.read(read())
            if record.published:
                said = record.published_at or "undated"
        _MEMORY.put(blob, said)
        return said


class _Memory:
    """What files say, by the binary id of the blob; who was not asked for longest is forgotten."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._said: OrderedDict[bytes, Said] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, blob: bytes) -> Said | None:
        name = hex_to_sha(ObjectID(blob))
        with self._lock:
            said = self._said.get(name)
            if said is not None:
                self._said.move_to_end(name)
        return said

    def put(self, blob: bytes, said: Said) -> None:
        with self._lock:
            self._said[hex_to_sha(ObjectID(blob))] = said
            while len(self._said) > self._most:
                self._said.popitem(last=False)


_MEMORY = _Memory(KEPT)
