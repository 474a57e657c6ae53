"""Merging the changed files of one batch, and what file and desk then still disagree on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from articles.conflicts import (
    GROUP_FIELDS,
    RELATED,
    Disagreement,
    Three,
    always_kept,
    as_one,
    decided_fields,
    open_among,
)
from articles.importer.deciding import Desk
from articles.importer.merging import Merged, Surroundings, linked_before, merge_story
from articles.importer.network import Node
from articles.importer.report import Problem
from articles.importer.stored import Stored
from articles.merge import regroups
from articles.rules import HeatRule


@dataclass(slots=True)
class Disputes:
    """What became of the changed files whose stories a person had decided about.

    `merged` are their stories; `found` are all disagreements on `stories` and `coverages`.
    """

    merged: dict[Node, Merged] = field(default_factory=dict)
    found: list[Disagreement] = field(default_factory=list)
    stories: set[int] = field(default_factory=set)
    coverages: set[int] = field(default_factory=set)
    colliding: set[Node] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def merge_files(
    nodes: list[Node], desks: Mapping[int, Desk], stored: Stored, rule: HeatRule
) -> Disputes:
    """Merge the changed files of these nodes into their stories; the nodes' files follow."""
    disputes = Disputes()
    changed = [node for node in nodes if node.incoming is not None and node.id in desks]
    decided = [node for node in changed if _is_decided(node, desks[node.id or 0])]
    _settle_what_is_gone(nodes, disputes)
    disputes.stories |= {node.id for node in changed if node.id is not None}
    if decided:
        _Merging(nodes, desks, stored, rule, disputes).merge(decided)
    _mark(nodes, disputes)
    return disputes


def _is_decided(node: Node, desk: Desk) -> bool:
    return bool(decided_fields(desk.story, in_edited_group=node.known_row.in_edited_group))


def _settle_what_is_gone(nodes: Iterable[Node], disputes: Disputes) -> None:
    """A place that was taken, and is free again, is nobody's conflict."""
    disputes.stories |= {
        node.id
        for node in nodes
        if node.id is not None and node.found and node.row is not None and not node.digest
    }


class _Merging:
    """The merging of one batch."""

    def __init__(
        self,
        nodes: list[Node],
        desks: Mapping[int, Desk],
        stored: Stored,
        rule: HeatRule,
        disputes: Disputes,
    ) -> None:
        self._nodes = nodes
        self._desks = desks
        self._stored = stored
        self._rule = rule
        self._disputes = disputes
        self._by_address = {node.url_key: node for node in nodes if node.url_key}
        self._groups: dict[int, list[Node]] = {}
        for node in nodes:
            if node.row is not None and node.row.coverage_id is not None:
                self._groups.setdefault(node.row.coverage_id, []).append(node)

    def merge(self, decided: list[Node]) -> None:
        """Merge each, then see what is left to disagree on."""
        ids = [node.id for node in decided if node.id is not None]
        records, always = self._stored.records(ids), always_kept(ids)
        for node in decided:
            pk = node.id or 0
            if self._desks[pk].is_promised and not self._is_its_own(node):
                self._displace(node)
                continue
            merged = merge_story(
                node,
                self._desks[pk],
                records.get(pk),
                self._around(node),
                rule=self._rule,
                always=always.get(pk, frozenset()),
            )
            if merged is not None:
                self._disputes.merged[node] = merged
                node.incoming = merged.incoming
        self._gather()

    def _is_its_own(self, node: Node) -> bool:
        """A file for the story's own address is the one the desk promised, whoever wrote it."""
        return node.incoming is not None and node.incoming.own_key == node.url_key

    def _displace(self, node: Node) -> None:
        """Another story's file stands where the desk promised one; it is left alone."""
        incoming = node.incoming
        if incoming is None:
            return
        self._disputes.found.append(
            Disagreement(node.id, None, "path", None, incoming.record.url, node.path)
        )
        self._disputes.colliding.add(node)
        self._disputes.problems.append(_problem(incoming.path, ["path"]))
        node.incoming, node.found = None, True

    def _around(self, node: Node) -> Surroundings:
        if node.incoming is None or not node.frozen:
            return Surroundings()
        group = self._groups.get(node.known_row.coverage_id or 0, ())
        own = {"", node.url_key}
        members = {other.url_key for other in group} - own
        there = members - {other.url_key for other in group if other.gone}
        before = linked_before(node)
        parted = before - members
        added = {link.url_key for link in node.incoming.links} - before - members
        excused = {key for key in added if self._stands_with(key, parted)}
        return Surroundings(frozenset(there), frozenset(excused))

    def _stands_with(self, address: str, parted: set[str]) -> bool:
        """Whether the files tie a story to one that a person parted from the group."""
        node = self._by_address.get(address)
        if node is None:
            return False
        links = node.incoming.links if node.incoming is not None else node.links
        return not parted.isdisjoint(link.url_key for link in links)

    def _gather(self) -> None:
        """The disagreements: a story's own field by field, those of a group as one."""
        touched: dict[int, list[Node]] = {}
        for node, merged in self._disputes.merged.items():
            row = node.known_row
            group = {f: v for f, v in merged.collisions.items() if row.frozen and f in GROUP_FIELDS}
            own = {f: v for f, v in merged.collisions.items() if f not in group}
            for name, (base, file, desk) in own.items():
                self._disputes.found.append(Disagreement(node.id, None, name, base, file, desk))
            if own:
                self._collide(node, sorted(own))
            if row.in_edited_group and row.coverage_id is not None:
                touched[row.coverage_id] = self._groups[row.coverage_id]
            elif group:
                self._collide_as_one({node: group}, story=node)
        for coverage_id, members in touched.items():
            self._disputes.coverages.add(coverage_id)
            self._collide_as_one(dict(self._colliding(members)), coverage_id=coverage_id)

    def _colliding(self, members: list[Node]) -> Iterator[tuple[Node, dict[str, Three]]]:
        """The members on which file and desk disagree, those too whose file did not change now."""
        waiting = [
            node
            for node in members
            if node not in self._disputes.merged and GROUP_FIELDS & node.known_row.bases.keys()
        ]
        records = self._stored.records(node.id for node in waiting if node.id is not None)
        for node in members:
            merged = self._disputes.merged.get(node)
            if merged is not None:
                found = {f: v for f, v in merged.collisions.items() if f in GROUP_FIELDS}
            else:
                found = dict(self._still(node, records.get(node.id or 0)))
            if found:
                yield node, found

    def _still(self, node: Node, record: Any) -> Iterator[tuple[str, Three]]:
        bases = node.known_row.bases
        for name in ("heat", "published"):
            if record is not None and name in bases:
                file, desk = getattr(record, name), getattr(node, name)
                if file != desk:
                    yield name, (bases[name], file, desk)
        if RELATED in bases:
            group = self._groups.get(node.known_row.coverage_id or 0, ())
            members = {other.url_key for other in group if not other.gone} - {"", node.url_key}
            base, file = set(bases[RELATED]["base"]), {link.url_key for link in node.links}
            if regroups(base, file, members, set(bases[RELATED]["excused"])):
                yield RELATED, (sorted(base), sorted(file), sorted(members))

    def _collide_as_one(
        self,
        colliding: Mapping[Node, Mapping[str, Three]],
        *,
        story: Node | None = None,
        coverage_id: int | None = None,
    ) -> None:
        if not colliding:
            return
        owner = story.id if story is not None else None
        members = {node.id or 0: fields for node, fields in colliding.items()}
        self._disputes.found.append(as_one(owner, coverage_id, members))
        for node in colliding:
            if node in self._disputes.merged:
                self._collide(node, sorted(colliding[node]))

    def _collide(self, node: Node, fields: list[str]) -> None:
        self._disputes.colliding.add(node)
        self._disputes.problems.append(_problem(node.path or "", fields))


def _mark(nodes: Iterable[Node], disputes: Disputes) -> None:
    """Mark the stories that nobody may write before a person decided."""
    own = {each.story_id for each in disputes.found if each.story_id is not None}
    groups = {each.coverage_id for each in disputes.found if each.coverage_id is not None}
    asked = [
        node
        for node in nodes
        if node.row is not None
        and (node.conflict or node.found or node.id in own or node.row.coverage_id in groups)
    ]
    open_own, open_groups = open_among(
        [node.id for node in asked if node.id is not None],
        {node.known_row.coverage_id for node in asked} - {None},
    )
    open_own -= disputes.stories
    open_groups -= disputes.coverages
    for node in asked:
        group = node.known_row.coverage_id
        is_written = node.path is not None and _is_there(node)
        node.conflict = node.id in own | open_own or (is_written and group in groups | open_groups)


def _is_there(node: Node) -> bool:
    """Whether the story has its file once the import is done."""
    if node.incoming is not None:
        return True
    return not node.gone if node.found is None else node.found


def _problem(path: str, fields: list[str]) -> Problem:
    names = ", ".join(fields)
    message = f"the desk changed {names}, and the file changed it too; the desk's version stays"
    return Problem(path, None, "conflict", message)
