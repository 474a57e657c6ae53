"""How well a group of stories holds together, and where it would be cut.

Measured on real groups (`docs/coverage.md`): a file's list of related stories rots as it grows,
so that long, scattered groups hide good stories behind a lead they have nothing to do with.
Plain Python, no database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from articles.rules import HeatRule
from articles.textmatch import (
    Piece,
    Rarity,
    Vector,
    cosine,
    days_apart,
    is_same_piece,
    is_wire_copy,
    nearness,
    read,
    shared,
    vector,
)

JOINS = 0.14
"""Average score with the stories of a part from which on a story belongs to it. Of one event are
98 of 100 pairs so joined, in the labelled stories of a real site."""

LONG_DAYS = 30
GAP_DAYS = 7
MANY_PROVIDERS = 12
FEW_SHARED = 0.08
"""Mean likeness of two stories of a group, dates apart, under which little holds it together."""

SIGNALS: Mapping[str, str] = {
    "span": "long span",
    "gap": "gaps",
    "words": "few shared words",
    "providers": "many providers",
}
SIGNALS_NEEDED = 2

WORTH_HIDDEN, WORTH_SIGNAL, MOST_PARTS = 100, 10, 9


@dataclass(frozen=True, slots=True)
class Held:
    """A story as a member of a group."""

    id: int
    piece: Piece
    quality: int | None = None
    is_lead: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Stories that belong together; `members` in the order of time, `lead` the best of them."""

    members: tuple[Held, ...]

    @property
    def lead(self) -> Held:
        """The story of highest quality, the earliest on a tie; who leads the group stays lead."""
        return min(self.members, key=lambda held: (not held.is_lead, -(held.quality or 0)))

    @property
    def ids(self) -> list[int]:
        """The stories."""
        return [held.id for held in self.members]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is doubtful about a group: the signals, the parts, the good stories it hides.

    `rescued` are the leads of parts, other than the one of the group's lead, that the site's rule
    would publish by their quality alone.
    """

    signals: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    rescued: tuple[Held, ...] = ()

    @property
    def suspicion(self) -> int:
        """0 for a group that holds; else the more, the more good coverage it hides."""
        if len(self.signals) < SIGNALS_NEEDED or len(self.parts) < 2:
            return 0
        return (
            WORTH_HIDDEN * len(self.rescued)
            + WORTH_SIGNAL * len(self.signals)
            + min(len(self.parts), MOST_PARTS)
        )


@dataclass(slots=True)
class Likeness:
    """The likeness of the stories of one group; vectors are made once."""

    rarity: Rarity
    _vectors: dict[int, Vector] = field(default_factory=dict)

    def vector(self, held: Held) -> Vector:
        """The story's words as weights."""
        if held.id not in self._vectors:
            reading = read(held.piece.title, held.piece.excerpt)
            self._vectors[held.id] = vector(reading, self.rarity)
        return self._vectors[held.id]

    def alike(self, one: Held, other: Held) -> float:
        """How alike the words of two stories are, whatever their dates, 0 to 1."""
        return cosine(self.vector(one), self.vector(other))

    def score(self, one: Held, other: Held) -> float:
        """How likely two stories are of one event, 0 to 1."""
        if is_same_piece(one.piece, other.piece) or is_wire_copy(one.piece, other.piece):
            return 1.0
        near = nearness(one.piece, other.piece)
        return near * self.alike(one, other) if near else 0.0

    def mean(self, members: Sequence[Held]) -> float:
        """The mean cosine of two different stories; 1 for a single one."""
        if len(members) < 2:
            return 1.0
        total: Counter[str] = Counter()
        for held in members:
            total.update(self.vector(held))
        length = sum(weight * weight for weight in total.values())
        own = sum(bool(self.vector(held)) for held in members)
        return (length - own) / (len(members) * (len(members) - 1))

    def words(self, one: Held, other: Held, limit: int = 4) -> list[str]:
        """The rare words two stories share, as the first one writes them."""
        forms = read(one.piece.title, one.piece.excerpt).forms
        found = shared(self.vector(one), self.vector(other))[:limit]
        return [forms[each][0] for each in found]


def judge(members: Iterable[Held], rule: HeatRule, likeness: Likeness) -> Judgement:
    """Look at a group as a whole."""
    ordered = in_time(members)
    parts = cut(ordered, likeness)
    return Judgement(signals(ordered, likeness), parts, rescued(parts, rule))


def in_time(members: Iterable[Held]) -> list[Held]:
    """Oldest first, unknown dates last."""
    return sorted(members, key=_moment)


def _moment(held: Held) -> tuple[bool, float, int]:
    at = held.piece.at
    return at is None, at.timestamp() if at else 0.0, held.id


def signals(ordered: Sequence[Held], likeness: Likeness) -> tuple[str, ...]:
    """The names of what is doubtful about a group (`SIGNALS`)."""
    dates = [held.piece.at for held in ordered if held.piece.at is not None]
    gaps = [days_apart(one, other) or 0.0 for one, other in pairwise(dates)]
    found = {
        "span": sum(gaps) > LONG_DAYS,
        "gap": max(gaps, default=0.0) > GAP_DAYS,
        "words": likeness.mean(ordered) < FEW_SHARED,
        "providers": len({held.piece.provider for held in ordered} - {""}) >= MANY_PROVIDERS,
    }
    return tuple(name for name, is_so in found.items() if is_so)


def cut(ordered: Sequence[Held], likeness: Likeness) -> tuple[Part, ...]:
    """The parts of a group: story by story in the order of time, each joins the part it is most
    like on the average, or begins one. The part of the lead comes first, then by size.
    """
    parts: list[list[Held]] = []
    for held in ordered:
        scores = [(_mean_score(held, part, likeness), part) for part in parts]
        best, part = max(scores, key=lambda found: found[0], default=(0.0, []))
        if best >= JOINS:
            part.append(held)
        else:
            parts.append([held])
    found = [Part(tuple(part)) for part in parts]
    return tuple(sorted(found, key=lambda part: (not part.lead.is_lead, -len(part.members))))


def _mean_score(held: Held, part: Sequence[Held], likeness: Likeness) -> float:
    days = days_apart(held.piece.at, part[-1].piece.at)
    if days is not None and days > GAP_DAYS + 1:
        return 0.0
    return sum(likeness.score(held, other) for other in part) / len(part)


def rescued(parts: Sequence[Part], rule: HeatRule) -> tuple[Held, ...]:
    """The good stories that cuts would set free."""
    freed = (part.lead for part in parts if not part.lead.is_lead)
    return tuple(held for held in freed if rule.publishes(held.quality))
