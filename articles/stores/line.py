"""The line of a branch: its commits from the newest on along the first parents, and when they were
made. A commit never changes, so a line is remembered for as long as the process lives.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dulwich.objects import ObjectID
from dulwich.repo import Repo

from articles.stores.life import author_of, commit_of, has_parent, instant, subject_of

KEPT = 8
"""Lines that are remembered; a sync that brings commits makes another one."""


class TooLongError(Exception):
    """Reading took longer than was allowed. What was read is remembered: the next time goes on."""


@dataclass(frozen=True, slots=True)
class Point:
    """A commit of a line. `parent` and `child` are its neighbours there, empty at the ends."""

    commit: str
    parent: str
    child: str
    author: str
    at: datetime
    subject: str


class Line:
    """One branch; made anew for each request, on top of what the process remembers of it."""

    def __init__(self, repo: Repo, head: ObjectID, until: float) -> None:
        self._repo = repo
        self._head = head
        self._until = until

    def at(self, moment: datetime) -> Point | None:
        """The newest commit made before a moment, None if there is none. Raises TooLongError.

        The one that `git rev-list -1 --first-parent --before` names: a commit made by a wrong
        clock counts as made when it says.
        """
        seconds = moment.timestamp()
        with _LOCK:
            known = self._known()
            for place in self._places(known):
                if known.times[place] < seconds:
                    return self._point(known, place)
        return None

    def named(self, commit: str) -> Point | None:
        """The commit of that id, None if it is not of this line. Raises TooLongError."""
        name = commit.encode()
        with _LOCK:
            known = self._known()
            for place in self._places(known):
                if known.names[place] == name:
                    return self._point(known, place)
        return None

    def first(self) -> Point:
        """Where the line begins. Raises TooLongError."""
        with _LOCK:
            known = self._known()
            *_, last = self._places(known)
            return self._point(known, last)

    def _known(self) -> _Commits:
        place = self._repo.controldir()
        known = _KNOWN.setdefault((place, self._head), _Commits(self._head))
        _KNOWN.move_to_end((place, self._head))
        while len(_KNOWN) > KEPT:
            _KNOWN.popitem(last=False)
        return known

    def _places(self, known: _Commits) -> Iterator[int]:
        """The places of the line from the newest commit on; what nobody read yet is read."""
        place = 0
        while True:
            if place == len(known.names) and not self._read(known):
                return
            yield place
            place += 1

    def _read(self, known: _Commits) -> bool:
        """Read one commit more, or take over the rest of a line that was read before."""
        if known.next is None:
            return False
        if time.monotonic() > self._until:
            raise TooLongError
        older = _KNOWN.get((self._repo.controldir(), known.next))
        if older is not None and older is not known and older.names:
            known.take(older)
            return True
        commit = commit_of(self._repo, known.next)
        known.names.append(commit.id)
        known.times.append(commit.commit_time)
        known.next = commit.parents[0] if has_parent(self._repo, commit) else None
        return True

    def _point(self, known: _Commits, place: int) -> Point:
        commit = commit_of(self._repo, known.names[place])
        return Point(
            commit.id.decode(),
            commit.parents[0].decode() if has_parent(self._repo, commit) else "",
            known.names[place - 1].decode() if place else "",
            author_of(commit),
            instant(commit.commit_time),
            subject_of(commit),
        )


class _Commits:
    """The ids of a line and their seconds, the newest first; `next` is where to read on."""

    __slots__ = ("names", "next", "times")

    def __init__(self, head: ObjectID) -> None:
        self.names: list[ObjectID] = []
        self.times: list[int] = []
        self.next: ObjectID | None = head

    def take(self, older: _Commits) -> None:
        """Go on as an older line does."""
        self.names += older.names
        self.times += older.times
        self.next = older.next


_KNOWN: OrderedDict[tuple[str, ObjectID], _Commits] = OrderedDict()
_LOCK = threading.Lock()
