"""Which stories belong together: the links of the files, followed both ways.

A story is a `Node`. Two file stories are tied where one lists the other's address, or where both
have the same address. What a person grouped on the desk (`frozen`) is left alone: no link of a
file reaches into it or out of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from articles.repository.parsing import ParsedFile, Reference
from articles.rules import Queue, Standing, choose_lead, queue_of


@dataclass(slots=True, eq=False)
class Node:
    """A story as grouping sees it: a row, a file on its way in, or both.

    `id` is None for a row still to be made. A node without a path is known only from `related`
    blocks, of which `entry` describes it. `links` are the entries of distinct addresses that
    its file lists, without itself. `found` says whether the file is there, if the import looked.
    A `quiet` node's file changes nothing for any other story (`articles.importer.quiet`).
    """

    id: int | None
    path: str | None
    url_key: str
    digest: str
    incoming: ParsedFile | None = None
    entry: Reference | None = None
    links: tuple[Reference, ...] = ()
    quality: int | None = None
    heat: int | None = None
    published: bool = False
    removed: bool = False
    published_at: datetime | None = None
    gone: bool = False
    conflict: bool = False
    decision: str = ""
    recent: bool = True
    snoozed: bool = False
    woken: bool = False
    row: Row | None = None
    group: Group | None = None
    found: bool | None = None
    quiet: bool = False

    @property
    def is_lead(self) -> bool:
        """Whether the story leads its group, or stands alone."""
        if self.frozen:
            return self.row is None or self.row.is_lead
        return self.group is None or self.group.lead is self

    @property
    def frozen(self) -> bool:
        """Whether the group stays: a person decided, or nothing changed that it depends on."""
        return self.row is not None and (self.row.frozen or self.quiet)

    @property
    def known_row(self) -> Row:
        """The row of a story that has one."""
        if self.row is None:
            raise LookupError(f"{self.path or self.url_key} has no row yet.")
        return self.row

    @property
    def related_count(self) -> int:
        """How many other stories its group has, one per address (`rules.related_count`)."""
        if self.row is not None and self.frozen:
            return self.row.related_count
        return 0 if self.group is None else self.group.related_count

    @property
    def coverage_id(self) -> int | None:
        """The id of the group's `Coverage`, once that has one."""
        if self.row is not None and self.frozen:
            return self.row.coverage_id
        return None if self.group is None else self.group.id

    @property
    def queue(self) -> Queue:
        """Where the story waits."""
        return queue_of(
            Standing(
                is_lead=self.is_lead,
                published=self.published,
                removed=self.removed,
                gone=self.gone,
                decision=self.decision,
                recent=self.recent,
                snoozed=self.snoozed,
                woken=self.woken,
            )
        )

    @property
    def said_links(self) -> tuple[Reference, ...]:
        """The links of the story's file that may tie or describe others.

        A file that is gone says nothing any more, a quiet one nothing new.
        """
        return () if self.gone or self.quiet else self.links

    @property
    def sort_key(self) -> tuple[bool, str, str]:
        """Files by path, then the others by address: the same order in every run."""
        return (self.path is None, self.path or "", self.url_key)

    def reach(self) -> set[str]:
        """Every address that could tie this story to another, before and after the import."""
        keys = {reference.url_key for reference in self.links}
        keys.add(self.url_key)
        if self.incoming is not None:
            keys.update(reference.url_key for reference in self.incoming.links)
            keys.add(self.incoming.own_key)
        keys.discard("")
        return keys

    def adopt(self) -> None:
        """Take over what the incoming file says."""
        if self.incoming is not None:
            record = self.incoming.record
            self.path = self.incoming.path
            self.url_key = self.incoming.own_key
            self.digest = self.incoming.digest
            self.links = self.incoming.links
            self.quality = record.quality
            self.heat = record.heat
            self.published = record.published
            self.removed = record.removed
            self.published_at = record.published_at
            self.gone = False
        elif self.found is not None:
            self.gone = not self.found

    def describe(self) -> None:
        """Take over what the entry says of a story without a file."""
        if self.entry is not None and self.entry.record is not None:
            self.digest = self.entry.digest
            self.quality = self.entry.record.quality
            self.published_at = self.entry.record.published_at
            self.gone = False


@dataclass(frozen=True, slots=True)
class Row:
    """What the database says of a story at present."""

    version: int
    path: str | None
    missing_since: datetime | None
    conflict: bool
    coverage_id: int | None
    in_edited_group: bool
    frozen: bool
    is_lead: bool
    related_count: int
    queue: int
    stale: bool
    issue_count: int
    untouched: bool
    edited: tuple[str, ...]
    bases: Mapping[str, Any]

    def differs(self, node: Node) -> bool:
        """Whether the node's group, state or whereabouts are not what the row says."""
        return (
            self.stale
            or self.conflict != node.conflict
            or (self.missing_since is not None) != node.gone
            or self.coverage_id != node.coverage_id
            or self.is_lead != node.is_lead
            or self.related_count != node.related_count
            or self.queue != node.queue
        )


@dataclass(slots=True, eq=False)
class Group:
    """At least two stories of one event. `id` is that of its `Coverage`, once it has one."""

    members: list[Node]
    lead: Node
    related_count: int
    id: int = 0

    @classmethod
    def of(cls, members: Iterable[Node]) -> Group:
        """The group of these stories, led by the one the files make their lead.

        A story whose file is gone leads only where every file is gone.
        """
        ordered = sorted(members, key=lambda node: node.sort_key)
        lead = choose_lead([node for node in ordered if not node.gone] or ordered)
        addresses = {node.url_key or node.path for node in ordered}
        return cls(ordered, lead, len(addresses) - 1)

    def dates(self) -> tuple[datetime | None, datetime | None]:
        """When the first and the last story of the group appeared."""
        known = [node.published_at for node in self.members if node.published_at]
        return (min(known, default=None), max(known, default=None))


class _Forest:
    """Sets that grow together (union-find with halved paths)."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def root(self, index: int) -> int:
        parent = self._parent
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    def join(self, one: int, other: int) -> None:
        # Most joins find the two together already, one step from their root.
        if self._parent[one] == self._parent[other]:
            return
        one, other = self.root(one), self.root(other)
        if one != other:
            # The smaller index is the root, so that the order of joining does not matter.
            self._parent[max(one, other)] = min(one, other)

    def sets(self) -> list[list[int]]:
        found: dict[int, list[int]] = {}
        for index in range(len(self._parent)):
            found.setdefault(self.root(index), []).append(index)
        return list(found.values())


def tied(nodes: list[Node]) -> list[list[Node]]:
    """The nodes in sets that the links of files tie together; a frozen node stands alone."""
    forest = _Forest(len(nodes))
    owner: dict[str, int] = {}
    for index, node in enumerate(nodes):
        if node.frozen or not node.url_key or (node.path is None and node.gone):
            continue
        first = owner.setdefault(node.url_key, index)
        forest.join(first, index)
    for index, node in enumerate(nodes):
        if node.frozen or (node.path is None and node.gone):
            continue
        for reference in node.said_links:
            other = owner.get(reference.url_key)
            if other is not None:
                forest.join(index, other)
    return [[nodes[index] for index in found] for found in forest.sets()]


def neighbourhoods(nodes: list[Node]) -> list[list[Node]]:
    """The nodes in sets that can be written one after the other.

    No link, no shared address and no group of the desk reaches from one set into another. Sets
    and their nodes come in the order of the paths.
    """
    nodes = sorted(nodes, key=lambda node: node.sort_key)
    forest = _Forest(len(nodes))
    by_address: dict[str, int] = {}
    by_group: dict[int, int] = {}
    for index, node in enumerate(nodes):
        for key in node.reach():
            forest.join(by_address.setdefault(key, index), index)
        if node.row is not None and node.row.coverage_id is not None:
            forest.join(by_group.setdefault(node.row.coverage_id, index), index)
    return [[nodes[index] for index in found] for found in forest.sets()]


def batches(sets: Iterable[list[Node]], size: int) -> Iterator[list[Node]]:
    """Whole sets in batches of about `size` nodes."""
    batch: list[Node] = []
    for found in sets:
        if batch and len(batch) + len(found) > size:
            yield batch
            batch = []
        batch += found
    if batch:
        yield batch


def described(nodes: Iterable[Node]) -> dict[str, Reference]:
    """How the nodes' files describe each address they list.

    Where files describe the same story differently, the entry of the smallest digest counts, so
    that the order of the files does not.
    """
    best: dict[str, Reference] = {}
    for node in nodes:
        for reference in node.said_links:
            found = best.get(reference.url_key)
            if found is None or (found is not reference and reference.digest < found.digest):
                best[reference.url_key] = reference
    return best


def add_stories_without_files(nodes: list[Node]) -> None:
    """Give every address that a file lists a node, and say what is known of those without file.

    A story that no file lists any more is `gone`.
    """
    best = described(nodes)
    known = {node.url_key for node in nodes}
    for node in nodes:
        if node.path is None and not node.frozen:
            node.entry = best.pop(node.url_key, None)
            node.gone = node.entry is None and (node.gone or _was_grouped(node))
    for key, reference in best.items():
        if key not in known:
            nodes.append(Node(None, None, key, "", entry=reference))


def _was_grouped(node: Node) -> bool:
    # Only of a group all members are at hand, so only there it is certain that no file lists it.
    return node.row is not None and node.row.coverage_id is not None
