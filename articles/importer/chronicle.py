"""The history of the stories that an import changes."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from articles.importer.deciding import Said, differences
from articles.importer.network import Node
from articles.importer.planning import Plan
from articles.importer.stored import Stored
from articles.models import Change, Site, Verb
from articles.repository.parsing import Reference

ROBOT = "import"
"""The name under which an import stands in the history of a story."""


class Chronicle:
    """Writes one entry of history for each story that follows its file; all share one batch."""

    def __init__(self, site: Site, stored: Stored, now: datetime) -> None:
        self._site = site
        self._stored = stored
        self._now = now
        self._uuid = uuid4()

    def write(self, plan: Plan) -> None:
        """Log what changed in stories that were there before: values, or the file's presence."""
        changes = []
        for node in plan.nodes:
            if node.row is None:
                continue
            before, after = self._change(node, plan)
            if before != after:
                changes.append(
                    Change(
                        at=self._now,
                        actor_name=ROBOT,
                        verb=Verb.IMPORTED,
                        site=self._site,
                        story_id=node.id,
                        coverage_id_then=node.coverage_id,
                        batch=self._uuid,
                        before=before,
                        after=after,
                    )
                )
        Change.objects.bulk_create(changes)

    def _change(self, node: Node, plan: Plan) -> tuple[Said, Said]:
        before: Said = {}
        after: Said = {}
        if node.incoming is not None and node.id is not None:
            before, after = differences(plan.desk[node.id], node.incoming)
            removed, added = self._relinked(plan.old_links[node], node.links)
            if removed or added:
                before["related"], after["related"] = removed, added
        was_gone = node.known_row.missing_since is not None
        if node.path is not None and was_gone != node.gone:
            before["missing"], after["missing"] = was_gone, node.gone
        return before, after

    def _relinked(
        self, old: tuple[Reference, ...], new: tuple[Reference, ...]
    ) -> tuple[list[str], list[str]]:
        """The addresses that are listed no more, and those that are now."""
        before = {reference.url_key: reference for reference in old}
        after = {reference.url_key: reference for reference in new}
        removed = [reference for key, reference in before.items() if key not in after]
        added = [reference for key, reference in after.items() if key not in before]
        self._stored.fill([*removed, *added])
        return [_address(r) for r in removed], [_address(r) for r in added]


def _address(reference: Reference) -> str:
    return reference.record.url if reference.record is not None else ""
