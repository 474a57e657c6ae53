"""The aggregator's arithmetic: heat, who leads a group, which queue a story stands in.

Measured on the real repositories of the family; every site keeps its own three numbers.
Plain Python, no database: the importer, the desk and the simulation share this one place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Protocol, TypeVar

SUPERSEDED_HEAT = -1
"""The heat a file gives every member of a group except its lead."""

UNKNOWN_DATE = datetime(1970, 1, 1, tzinfo=UTC)
"""Where stories of unknown date stand in the lists (`Story.listed_at`)."""

INBOX_DAYS = timedelta(days=14)
"""How far before the newest story a first import still counts as new."""


class Queue(IntEnum):
    """Where a story waits. Exclusive: a story stands in exactly one queue."""

    INBOX = 1
    PUBLISHED = 2
    BELOW = 3
    SUPERSEDED = 4
    DECLINED = 5
    REMOVED = 6
    GONE = 7
    SNOOZED = 8


@dataclass(frozen=True, slots=True)
class HeatRule:
    """The three numbers of one site: `heat = quality + weight x related` from a quality floor up.

    `quality_floor`: below it related coverage adds nothing. `publish_threshold`: from this heat
    on the rule publishes.
    """

    related_weight: int = 20
    quality_floor: int = 50
    publish_threshold: int = 70

    def heat(self, quality: int | None, related: int) -> int | None:
        """The heat of a lead with `related` distinct other members; unknown without quality."""
        if quality is None:
            return None
        return quality + self.bonus(quality, related)

    def bonus(self, quality: int, related: int) -> int:
        """What related coverage adds to the quality."""
        return self.related_weight * related if quality >= self.quality_floor else 0

    def publishes(self, heat: int | None) -> bool:
        """Whether the rule alone would show a story of this heat on the site."""
        return heat is not None and heat >= self.publish_threshold


class Member(Protocol):
    """What the rules need to know of a story in a group."""

    @property
    def quality(self) -> int | None:
        """Given by the aggregator; unknown where the file has no whole number."""

    @property
    def heat(self) -> int | None:
        """As the file says."""

    @property
    def path(self) -> str | None:
        """The file in the repository, if the story has one."""

    @property
    def url_key(self) -> str:
        """The stored identity of its address."""


M = TypeVar("M", bound=Member)


def by_merit(member: Member) -> tuple[int, bool, str, str]:
    """Sort key: highest quality first, on a tie the first by path, stories without a file last."""
    quality = -1_000_000 if member.quality is None else member.quality
    return (-quality, member.path is None, member.path or "", member.url_key)


def best_member(members: Iterable[M]) -> M:
    """The lead by the site's rule: the member of highest quality (534 of 534 real groups)."""
    return min(members, key=by_merit)


def choose_lead(members: Iterable[M]) -> M:
    """The lead as the files say: the best member that no file calls superseded.

    Where every file is superseded, the best story of all leads, with or without a file. A group
    whose files disagree (two that are not superseded) is led by the better one.
    """
    group = list(members)
    standing = [
        m for m in group if m.path is not None and m.heat is not None and m.heat != SUPERSEDED_HEAT
    ]
    return best_member(standing or group)


def related_count(address: str, group: Iterable[str]) -> int:
    """How many other stories a group has, seen from one: one per address, its own not counted.

    `group` holds the identities of the members' addresses (two files may have the same one).
    """
    return len(set(group) - {address})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rule alone makes of a story: its heat and whether the site shows it."""

    heat: int | None
    publishes: bool


def verdict(
    rule: HeatRule, *, quality: int | None, heat: int | None, is_lead: bool, related: int
) -> Verdict:
    """What follows for a story of `heat` from its place in a group; a single one leads itself.

    Every story but the lead is superseded. A lead of unknown quality keeps its heat.
    """
    if not is_lead:
        return Verdict(SUPERSEDED_HEAT, publishes=False)
    own = rule.heat(quality, related)
    known = heat if own is None else own
    return Verdict(known, publishes=rule.publishes(known))


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts that put a story into its queue."""

    is_lead: bool
    published: bool
    removed: bool
    gone: bool
    decision: str
    recent: bool
    snoozed: bool = False
    woken: bool = False


def queue_of(standing: Standing) -> Queue:
    """The one queue of a story: gone and removed first, then decisions, then the site.

    A story that was put to sleep comes back to the inbox, wherever it stood before.
    """
    if standing.gone or standing.removed:
        return Queue.GONE if standing.gone else Queue.REMOVED
    if standing.snoozed:
        return Queue.SNOOZED
    if standing.is_lead and (standing.woken or (standing.recent and not standing.decision)):
        return Queue.INBOX
    if standing.decision == "declined" and not standing.published:
        return Queue.DECLINED
    if not standing.is_lead and not standing.published:
        return Queue.SUPERSEDED
    return Queue.PUBLISHED if standing.published else Queue.BELOW


def is_recent(
    published_at: datetime | None, *, newest_at_first_import: datetime | None, first_import: bool
) -> bool:
    """Whether a story belongs into the inbox at all.

    Everything that arrives after a site's first import does; of the first import only what is
    at most fourteen days older than its newest story.
    """
    if not first_import:
        return True
    if published_at is None or newest_at_first_import is None:
        return False
    return published_at >= newest_at_first_import - INBOX_DAYS
