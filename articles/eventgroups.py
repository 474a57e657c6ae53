"""Which stories are of one event, from the scores of pairs: average link.

Two groups join while the *average* score of all pairs between them is high enough; a pair nobody
scored counts 0. A single pair that looks alike never joins two long chains, which is how groups of
hundreds of stories come about. Plain Python, independent of the order of the stories.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

MANY = 64
"""Pairs between two groups (of eight stories each, say) from which on fewer have to be alike."""
ANGLES = 0.4
"""How much fewer: an event of a hundred stories is told from many angles, on a few days. Without
dates only the full average protects from joining the events of one long affair."""

CROWD = 500
"""Stories of unknown date of which none is too many to tell events apart by their words."""
IN_A_CROWD = 0.5
"""How much more alike two of them have to be for each tenfold number of them: the best of all
scores between strangers grows with the logarithm of how many strangers there are."""

LONELY = 0.7
CLEARLY = 1.25
"""A story left alone joins from a lower average on, if nothing else is nearly as alike to it."""

Pair = tuple[int, int]
"""Two different stories, in either order."""


def gather(
    scores: Mapping[Pair, float],
    least: float,
    *,
    groups: Iterable[Collection[int]] = (),
    apart: Iterable[Pair] = (),
    dated: Collection[int] = (),
    undated: int = 0,
) -> list[frozenset[int]]:
    """The groups of at least two stories, each in one.

    `groups` stand already: stories may join them, but two of them never become one. Two stories
    kept `apart` never come into one group. Between large groups of stories whose date is known
    (`dated`), and whose scores therefore are of days near each other, less is asked. Of two whose
    date is not, more is asked where they were found among a great many of those (`undated`).
    """
    known = frozenset(dated)
    gathering = _Gathering(_in_a_crowd(scores, known, undated), groups, apart, known)
    gathering.join_from(least)
    gathering.join_lonely(least * LONELY)
    gathering.join_from(least)
    return gathering.found()


def _in_a_crowd(
    scores: Mapping[Pair, float], dated: frozenset[int], undated: int
) -> Mapping[Pair, float]:
    if undated <= CROWD:
        return scores
    asked = 1 + IN_A_CROWD * math.log10(undated / CROWD)
    return {
        pair: score if pair[0] in dated or pair[1] in dated else score / asked
        for pair, score in scores.items()
    }


class _Gathering:
    def __init__(
        self,
        scores: Mapping[Pair, float],
        groups: Iterable[Collection[int]],
        apart: Iterable[Pair],
        dated: frozenset[int],
    ) -> None:
        self._dated = dated
        self._members: dict[int, set[int]] = {}
        self._fixed: set[int] = set()
        home: dict[int, int] = {}
        for group in groups:
            name = min(group)
            self._members[name] = set(group)
            self._fixed.add(name)
            home.update(dict.fromkeys(group, name))
        for story in {story for pair in (*scores, *apart) for story in pair} - home.keys():
            self._members[story] = {story}
            home[story] = story
        self._sums: defaultdict[int, dict[int, float]] = defaultdict(dict)
        for (one, other), score in scores.items():
            self._add(home[one], home[other], score)
        self._apart: defaultdict[int, set[int]] = defaultdict(set)
        for one, other in apart:
            self._apart[home[one]].add(home[other])
            self._apart[home[other]].add(home[one])

    def _add(self, one: int, other: int, score: float) -> None:
        if one != other:
            for left, right in ((one, other), (other, one)):
                sums = self._sums[left]
                sums[right] = sums.get(right, 0.0) + score

    def found(self) -> list[frozenset[int]]:
        return [frozenset(group) for group in self._members.values() if len(group) > 1]

    def join_lonely(self, least: float) -> None:
        """Let stories that stand alone join what they are by far most alike to, best first."""
        wishes = []
        for story, group in self._members.items():
            others = (
                [] if len(group) > 1 else sorted(self._entry(story, o) for o in self._sums[story])
            )
            if others and -others[0][0] >= max([least, *(-CLEARLY * o[0] for o in others[1:2])]):
                wishes.append(others[0])
        for _, story, other, *_sizes in sorted(wishes):
            if story in self._members and other in self._members:
                self._join(story, other)

    def join_from(self, least: float) -> None:
        heap = [
            self._entry(one, other)
            for one, sums in self._sums.items()
            for other in sums
            if one < other
        ]
        heapq.heapify(heap)
        while heap and -heap[0][0] >= least:
            entry = heapq.heappop(heap)
            _, one, other, *_sizes = entry
            if one in self._members and other in self._members and entry == self._entry(one, other):
                for changed in self._join(one, other):
                    heapq.heappush(heap, self._entry(*changed))

    def _entry(self, one: int, other: int) -> tuple[float, int, int, int, int]:
        """The average between two groups; the sizes tell an outdated entry."""
        sizes = len(self._members[one]), len(self._members[other])
        return -self._sums[one].get(other, 0.0) / self._pairs(one, other), one, other, *sizes

    def _pairs(self, one: int, other: int) -> float:
        """How many pairs the scores are spread over: of a great many, only so many count whole."""
        pairs = len(self._members[one]) * len(self._members[other])
        if pairs <= MANY or not self._members[one] <= self._dated >= self._members[other]:
            return pairs
        return float(pairs * (MANY / pairs) ** ANGLES)

    def _join(self, one: int, other: int) -> list[Pair]:
        """Make two groups one; returns the pairs of groups whose average is another one now."""
        if {one, other} <= self._fixed or other in self._apart[one]:
            return []
        if other in self._fixed:
            one, other = other, one
        self._members[one] |= self._members.pop(other)
        for third in self._apart.pop(other, set()):
            self._apart[third].discard(other)
            self._apart[third].add(one)
            self._apart[one].add(third)
        for third, score in self._sums.pop(other).items():
            del self._sums[third][other]
            if third != one:
                self._add(one, third, score)
        return [(min(one, third), max(one, third)) for third in self._sums[one]]
