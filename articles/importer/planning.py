"""What becomes of a batch of stories, decided on the rows as they are and before any writing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from articles.importer.cross import Found, cross_problems
from articles.importer.deciding import Desk, desk_versions
from articles.importer.disputes import Disputes, merge_files
from articles.importer.groups import form_groups
from articles.importer.network import Group, Node, add_stories_without_files, tied
from articles.importer.parting import Refusals
from articles.importer.quiet import is_quiet, standing_problems
from articles.importer.report import Counts, Problem
from articles.importer.stored import Stored
from articles.repository.parsing import Reference, path_key
from articles.rules import HeatRule, is_recent


@dataclass(frozen=True, slots=True)
class Arrival:
    """When the stories of this import came to the site, which decides about the inbox.

    `newest` is the date of the newest story of the site's first import.
    """

    first_import: bool
    newest: datetime | None

    def is_recent(self, published_at: datetime | None) -> bool:
        """Whether a story that is new to the desk is news to its editors."""
        return is_recent(
            published_at, newest_at_first_import=self.newest, first_import=self.first_import
        )


@dataclass(slots=True)
class Plan:
    """What becomes of the nodes of one batch, before anything is written.

    `sound` and `doubtful` are the files without and with doubts, by `path_key`. `disturbed` are
    nodes that were quiet, until somebody decided about their stories just now: to be planned anew.
    """

    nodes: list[Node]
    disturbed: list[Node] = field(default_factory=list)
    new: list[Node] = field(default_factory=list)
    rewritten: list[Node] = field(default_factory=list)
    disputes: Disputes = field(default_factory=Disputes)
    desk: dict[int, Desk] = field(default_factory=dict)
    old_links: dict[Node, tuple[Reference, ...]] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    refusals: Refusals = field(default_factory=Refusals)
    cross: Found = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    problems: list[Problem] = field(default_factory=list)
    sound: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)

    def issue_count(self, node: Node) -> int:
        """How many doubts a story has; an estimate where its file did not change."""
        cross = len(self.cross.get(node, ()))
        if node.incoming is not None:
            return cross + len(node.incoming.issues)
        return max(cross, node.row.issue_count) if node.row is not None else cross


class Planner:
    """Plans the batches of one run."""

    def __init__(self, stored: Stored, arrival: Arrival, rule: HeatRule) -> None:
        self._stored = stored
        self._arrival = arrival
        self._rule = rule

    def plan(self, nodes: list[Node], *, lock: bool) -> Plan:
        """Decide, on the rows as they are now, what the files change."""
        if any(node.id is not None for node in nodes):
            self._stored.refresh(nodes, lock=lock)
        disturbed = [node for node in nodes if node.quiet and not is_quiet(node)]
        nodes = [node for node in nodes if node not in disturbed]
        plan = Plan(nodes, disturbed)
        if any(node.id is not None for node in nodes):
            plan.refusals = Refusals.among(nodes)
            self._decide(plan)
        for node in nodes:
            node.adopt()
        add_stories_without_files(nodes)
        self._sort_out(plan)
        plan.groups = form_groups(plan.refusals.part(tied(nodes), plan.old_links))
        plan.problems += plan.refusals.problems()
        plan.cross = cross_problems(node for node in nodes if not node.quiet)
        plan.cross |= standing_problems(nodes)
        self._count(plan)
        return plan

    def _sort_out(self, plan: Plan) -> None:
        """What is new, and what is written anew because its description changed."""
        for node in plan.nodes:
            if node.id is None:
                plan.new.append(node)
            elif node.incoming is not None or _has_new_entry(node):
                plan.rewritten.append(node)
        described = [n for n in (*plan.new, *plan.rewritten) if n.incoming is None]
        self._stored.fill(node.entry for node in described if node.entry is not None)
        for node in described:
            node.describe()
        plan.new.sort(key=lambda node: node.sort_key)
        for node in plan.new:
            node.recent = self._arrival.is_recent(node.published_at)

    def _decide(self, plan: Plan) -> None:
        changed = [node for node in plan.nodes if node.id is not None and node.incoming]
        plan.desk = desk_versions(node.id for node in changed if node.id is not None)
        for node in changed:
            plan.old_links[node] = node.links
            if node.incoming is not None:
                plan.refusals.note(node, node.incoming.links, node.links)
        plan.disputes = merge_files(plan.nodes, plan.desk, self._stored, self._rule)
        plan.problems += plan.disputes.problems

    def _count(self, plan: Plan) -> None:
        counts = plan.counts
        disputes = plan.disputes
        counts.conflict = len(disputes.colliding)
        for node in plan.new:
            if node.incoming is None:
                counts.embedded += 1
            else:
                counts.created += 1
        for node in plan.rewritten:
            if node.incoming is not None:
                was_file = node.id is not None and plan.desk[node.id].said["path"] is not None
                merged = disputes.merged.get(node)
                if not was_file:
                    counts.created += 1
                elif node not in disputes.colliding:
                    counts.merged += merged is not None and merged.differs
                    counts.updated += merged is None or not merged.differs
        for node in plan.nodes:
            if node.path is not None and not node.gone:
                (plan.doubtful if plan.issue_count(node) else plan.sound).add(path_key(node.path))


def _has_new_entry(node: Node) -> bool:
    """Whether a story without a file is described differently now, and nobody edited it."""
    return (
        node.path is None
        and node.entry is not None
        and node.entry.digest != node.digest
        and not node.frozen
        and node.row is not None
        and node.row.untouched
    )
