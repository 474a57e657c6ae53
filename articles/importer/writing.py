"""Rows written as planned: one transaction of an import, a whole in itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from django.db.models import F

from articles import word_counts
from articles.conflicts import Recorder
from articles.importer import bulk, rows
from articles.importer.catalogue import Catalogue
from articles.importer.chronicle import Chronicle
from articles.importer.columns import FILE_COLUMNS
from articles.importer.cross import CROSS_CODES
from articles.importer.groups import CoverageRows
from articles.importer.network import Node
from articles.importer.planning import Plan
from articles.importer.stored import Stored
from articles.models import (
    Conflict,
    KeptApart,
    Site,
    Story,
    StoryFile,
    StoryImage,
    StoryProblem,
    TextBlock,
)
from articles.models.conflict import COVERAGE
from articles.models.topic import StoryTopic
from articles.storyfile.record import ProviderRecord

_CHILDREN = (StoryTopic, StoryImage, StoryProblem, StoryFile)

_MERGED = ("pending", "conflict", "bases", "edited_fields")
_RELEASED = {"missing_since": None, "links_stale": False}
_FOLLOWING = (
    "coverage_id",
    "is_lead",
    "related_count",
    "queue",
    "conflict",
    "missing_since",
    "links_stale",
    "issue_count",
    "updated_at",
    "version",
)


class Writer:
    """Writes the batches of one run. Nothing is shared between two of them but caches."""

    def __init__(self, site: Site, stored: Stored, now: datetime, run_id: int) -> None:
        self._site = site
        self._now = now
        self._run_id = run_id
        self._chronicle = Chronicle(site, stored, now)

    @cached_property
    def _catalogue(self) -> Catalogue:
        return Catalogue(self._site)

    def write(self, plan: Plan) -> None:
        """Write what was planned; call it in the transaction of the plan."""
        self._add_catalogue(plan)
        self._add_blocks(plan)
        coverage = CoverageRows(self._site.pk, plan.nodes)
        coverage.assign(plan.groups)
        for node, pk in zip(plan.new, bulk.new_ids(Story, len(plan.new)), strict=True):
            node.id = pk
        self._insert(plan)
        self._rewrite(plan)
        self._follow(plan)
        coverage.write(plan.groups, self._now)
        asked = KeptApart.objects.filter(pk__in=plan.refusals.asked)
        asked.update(asked_again=F("asked_again") + 1)
        self._chronicle.write(plan)
        self._record_disputes(plan)
        word_counts.settle()

    def _record_disputes(self, plan: Plan) -> None:
        disputes = plan.disputes
        if not (disputes.stories or disputes.coverages):
            return
        moved = {
            (node.id, name) for node, merged in disputes.merged.items() for name in merged.bases
        }

        def how(row: Conflict) -> Conflict.How:
            """The file has moved and says what the desk says, or it has come back."""
            fields = {(row.story_id, row.field)} if row.field != COVERAGE else _members_of(row)
            return Conflict.How.RETURNED if moved.isdisjoint(fields) else Conflict.How.AGREED

        recorder = Recorder(self._site.pk, self._now, how, run_id=self._run_id)
        recorder.record(disputes.found, stories=disputes.stories, coverages=disputes.coverages)

    def _add_catalogue(self, plan: Plan) -> None:
        written = [*plan.new, *plan.rewritten]
        self._catalogue.add_providers(_provider_of(node) for node in written)
        self._catalogue.add_topics(
            name for node in written if node.incoming for name in node.incoming.record.topics
        )

    def _add_blocks(self, plan: Plan) -> None:
        missing = {
            reference.digest: reference
            for node in (*plan.new, *plan.rewritten)
            if node.incoming is not None
            for reference in node.incoming.references
            if reference.text is not None and not reference.block_id
        }
        for chunk in bulk.chunks(list(missing)):
            known = TextBlock.objects.filter(digest__in=chunk).values_list("digest", "id")
            for digest, pk in known:
                missing.pop(digest).block_id = pk
        new = list(missing.values())
        for reference, pk in zip(new, bulk.new_ids(TextBlock, len(new)), strict=True):
            reference.block_id = pk
        bulk.insert(
            TextBlock,
            rows.BLOCK_COLUMNS,
            ([r.block_id, r.digest, r.url_key, r.text] for r in new),
        )

    def _insert(self, plan: Plan) -> None:
        bulk.insert(Story, rows.STORY_COLUMNS, self._story_rows(plan.new, plan))
        self._insert_children(plan.new, plan)

    def _story_rows(self, nodes: list[Node], plan: Plan) -> Iterable[list[object]]:
        issues = {node: plan.issue_count(node) for node in nodes}
        return rows.story_rows(nodes, self._site.pk, self._catalogue, issues, self._now)

    def _insert_children(self, nodes: list[Node], plan: Plan) -> None:
        bulk.insert(StoryTopic, rows.TOPIC_COLUMNS, rows.topic_rows(nodes, self._catalogue))
        bulk.insert(StoryImage, rows.IMAGE_COLUMNS, rows.image_rows(nodes))
        bulk.insert(StoryProblem, rows.PROBLEM_COLUMNS, rows.problem_rows(nodes, plan.cross))
        bulk.insert(StoryFile, rows.FILE_BYTES_COLUMNS, rows.file_rows(nodes))

    def _rewrite(self, plan: Plan) -> None:
        """Stories that follow a changed file, or an entry that describes them differently now."""
        nodes = plan.rewritten
        for chunk in bulk.chunks(node.id for node in nodes):
            for child in _CHILDREN:
                child._default_manager.filter(story__in=chunk).delete()
        columns = (
            *(*FILE_COLUMNS, *rows.OWN_COLUMNS[1:]),
            *(*_MERGED, *_RELEASED, "updated_at", "version"),
        )
        width = len(FILE_COLUMNS)
        bulk.update(
            Story,
            columns,
            (
                [*values[:width], *values[width + 1 : width + len(rows.OWN_COLUMNS)],
                 *_merged(node, plan), *_RELEASED.values(), self._now,
                 node.known_row.version + 1, node.id]
                for node, values in zip(nodes, self._story_rows(nodes, plan), strict=True)
            ),
        )  # fmt: skip
        self._insert_children(nodes, plan)

    def _follow(self, plan: Plan) -> None:
        """Stories whose own file did not change, but whose group, state or neighbours did."""
        done = {*plan.new, *plan.rewritten}
        others = [node for node in plan.nodes if node not in done and node.id is not None]
        issues = self._replace_cross_problems(others, plan)
        bulk.update(
            Story,
            _FOLLOWING,
            (
                [*_following(node, self._now), issues.get(node, node.known_row.issue_count),
                 self._now, node.known_row.version + 1, node.id]
                for node in others
                if node.known_row.differs(node) or node in issues
            ),
        )  # fmt: skip

    def _replace_cross_problems(self, nodes: list[Node], plan: Plan) -> dict[Node, int]:
        """Bring the doubts beside other stories up to date; the new `issue_count` where changed."""
        by_id = {node.id: node for node in nodes}
        stored: dict[Node, list[tuple[str, str]]] = {}
        for chunk in bulk.chunks(by_id):
            found = StoryProblem.objects.filter(story__in=chunk, code__in=CROSS_CODES)
            for pk, code, message in found.order_by("id").values_list(
                "story_id", "code", "message"
            ):
                stored.setdefault(by_id[pk], []).append((code, message))
        changed = {}
        for node in nodes:
            before = stored.get(node, [])
            after = [(issue.code, issue.message) for issue in plan.cross.get(node, ())]
            if before != after:
                changed[node] = node.known_row.issue_count - len(before) + len(after)
        for chunk in bulk.chunks(node.id for node in changed):
            StoryProblem.objects.filter(story__in=chunk, code__in=CROSS_CODES).delete()
        bulk.insert(
            StoryProblem,
            rows.PROBLEM_COLUMNS,
            (
                [node.id, issue.code, issue.line, issue.message]
                for node in changed
                for issue in plan.cross.get(node, ())
            ),
        )
        return changed


def _members_of(row: Conflict) -> set[tuple[int | None, str]]:
    """The stories and fields of a conflict about a group."""
    return {(int(pk), name) for pk, fields in (row.file or {}).items() for name in fields}


def _merged(node: Node, plan: Plan) -> list[object]:
    """The values of _MERGED: nothing is pending where no person decided anything."""
    merged = plan.disputes.merged.get(node)
    if merged is None:
        return [False, node.conflict, None, list(node.known_row.edited)]
    return [merged.pending, node.conflict, merged.bases or None, list(merged.edited)]


def _following(node: Node, now: datetime) -> list[object]:
    missing_since = (node.known_row.missing_since or now) if node.gone else None
    return [
        node.coverage_id,
        node.is_lead,
        node.related_count,
        node.queue.value,
        node.conflict,
        missing_since,
        False,
    ]


def _provider_of(node: Node) -> ProviderRecord | None:
    if node.incoming is not None:
        return node.incoming.record.provider
    return rows.entry_record(node).provider
