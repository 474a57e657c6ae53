"""Stories that a person keeps apart: no file joins them again, and the run says who asked.

Where the links of the files tie such a pair, directly or through others, the set falls apart at
the last link that would join them: links inside a group that stands already come first, then the
others in the order of the paths.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from articles.importer.network import Node
from articles.importer.report import Problem
from articles.models import KeptApart
from articles.models.change import name_of
from articles.repository.parsing import Reference

Links = Mapping[Node, tuple[Reference, ...]]


@dataclass(slots=True)
class Refusals:
    """The pairs kept apart among some nodes, and those that files of this run ask for again."""

    of: dict[Node, dict[Node, KeptApart]] = field(default_factory=dict)
    asked: dict[int, tuple[Node, KeptApart]] = field(default_factory=dict)

    @classmethod
    def among(cls, nodes: Iterable[Node]) -> Refusals:
        """What people said of these stories, in one query."""
        by_id = {node.id: node for node in nodes if node.id is not None}
        found = cls()
        pairs = KeptApart.objects.among(by_id).select_related("by") if by_id else ()
        for pair in pairs:
            first, second = by_id[pair.first_id], by_id[pair.second_id]
            found.of.setdefault(first, {})[second] = pair
            found.of.setdefault(second, {})[first] = pair
        return found

    def note(self, node: Node, new: Iterable[Reference], old: Iterable[Reference]) -> None:
        """A changed file lists, and did not before, a story its own is kept apart from."""
        fresh = _fresh(new, old)
        for other, pair in self.of.get(node, {}).items():
            if other.url_key in fresh:
                self.asked.setdefault(pair.pk, (node, pair))

    def between(self, some: Iterable[Node], others: set[Node]) -> Iterator[KeptApart]:
        """The refusals that stand between two sets of stories."""
        for node in some:
            for other, pair in self.of.get(node, {}).items():
                if other in others:
                    yield pair

    def part(self, sets: list[list[Node]], old_links: Links) -> list[list[Node]]:
        """The sets, those that hold a pair kept apart fallen into parts without one."""
        if not self.of:
            return sets
        return list(chain.from_iterable(self._parts(nodes, old_links) for nodes in sets))

    def _parts(self, nodes: list[Node], old_links: Links) -> list[list[Node]]:
        whole = set(nodes)
        if next(self.between(nodes, whole), None) is None:
            return [nodes]
        parts = {node: [node] for node in nodes}
        for one, other in _ties(nodes):
            mine, theirs = parts[one], parts[other]
            if mine is theirs:
                continue
            if pairs := list(self.between(mine, set(theirs))):
                self._note_tie(one, other, pairs, old_links)
                continue
            mine += theirs
            parts.update(dict.fromkeys(theirs, mine))
        return list({id(part): part for part in parts.values()}.values())

    def _note_tie(
        self, one: Node, other: Node, pairs: Iterable[KeptApart], old_links: Links
    ) -> None:
        if one.incoming is None:
            return
        if other.url_key in _fresh(one.incoming.links, old_links.get(one, ())):
            for pair in pairs:
                self.asked.setdefault(pair.pk, (one, pair))

    def problems(self) -> list[Problem]:
        """What the report of the run says of them."""
        return [_problem(node, pair) for node, pair in self.asked.values()]


def _fresh(new: Iterable[Reference], old: Iterable[Reference]) -> set[str]:
    return {reference.url_key for reference in new} - {reference.url_key for reference in old}


def _ties(nodes: list[Node]) -> list[tuple[Node, Node]]:
    """Who is tied to whom, those of one group of the desk first; who lists the other is first."""
    ordered = sorted(nodes, key=lambda node: node.sort_key)
    at: dict[str, list[Node]] = {}
    for node in ordered:
        if node.url_key:
            at.setdefault(node.url_key, []).append(node)
    ties = [(same[0], other) for same in at.values() for other in same[1:]]
    ties += [
        (node, other)
        for node in ordered
        for reference in node.said_links
        for other in at.get(reference.url_key, ())[:1]
    ]
    return sorted(ties, key=lambda tie: _group_of(tie[0]) != _group_of(tie[1]))


def _group_of(node: Node) -> int | None:
    return node.row.coverage_id if node.row is not None else None


def _problem(node: Node, pair: KeptApart) -> Problem:
    message = (
        f"the file asks again for two stories that {name_of(pair.by)} keeps apart since "
        f"{pair.at:%Y-%m-%d} (stories {pair.first_id} and {pair.second_id}); they stay apart"
    )
    return Problem(node.path or "", None, "coverage.kept_apart", message)
