"""Coverage rows: made, kept and dropped as the groups of stories change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from articles.importer import bulk
from articles.importer.network import Group, Node
from articles.models import Coverage, Story

_COLUMNS = ("lead_id", "member_count", "first_at", "last_at", "version")


def form_groups(sets: list[list[Node]]) -> list[Group]:
    """Give every node of two or more that belong together its group."""
    groups = []
    for found in sets:
        group = Group.of(found) if len(found) > 1 else None
        for node in found:
            node.group = group
        if group is not None:
            groups.append(group)
    return groups


class CoverageRows:
    """The coverage rows of one batch.

    A group keeps the row in which most of its members stand already; where a group falls apart,
    the largest part keeps it.
    """

    def __init__(self, site_id: int, nodes: Iterable[Node]) -> None:
        self._site_id = site_id
        held = {True: set[int](), False: set[int]()}
        for node in nodes:
            if node.row is not None and node.row.coverage_id is not None:
                held[node.frozen].add(node.row.coverage_id)
        self._before: dict[int, tuple[Any, ...]] = {}
        for chunk in bulk.chunks(held[False] - held[True]):
            rows = Coverage.objects.filter(pk__in=chunk).values_list("id", *_COLUMNS)
            self._before.update((pk, tuple(values)) for pk, *values in rows)

    def assign(self, groups: list[Group]) -> None:
        """Give every group the id of its row, an old one or a new one."""
        claims: list[tuple[int, int, int]] = []
        for index, group in enumerate(groups):
            held = (node.row.coverage_id for node in group.members if node.row is not None)
            counts = Counter(pk for pk in held if pk is not None and pk in self._before)
            claims += [(-count, pk, index) for pk, count in counts.items()]
        taken: set[int] = set()
        for _, pk, index in sorted(claims):
            if not groups[index].id and pk not in taken:
                groups[index].id = pk
                taken.add(pk)
        new = [group for group in groups if not group.id]
        for group, fresh in zip(new, bulk.new_ids(Coverage, len(new)), strict=True):
            group.id = fresh

    def write(self, groups: list[Group], now: datetime) -> None:
        """Insert and update the rows of the groups; the stories have their ids by now."""
        new = [group for group in groups if group.id not in self._before]
        changed = [group for group in groups if self._is_changed(group)]
        # A lead that moves from one group to another must not lead both for a moment.
        moved = [group.id for group in changed if self._before[group.id][0] != group.lead.id]
        Coverage.objects.filter(pk__in=moved).update(lead=None)
        self._drop(groups)
        bulk.update(
            Coverage,
            _COLUMNS,
            ([*_facts(g), self._before[g.id][-1] + 1, g.id] for g in changed),
        )
        columns = ("id", "site_id", *_COLUMNS, "lead_chosen", "edited", "created_at")
        bulk.insert(
            Coverage,
            columns,
            ([g.id, self._site_id, *_facts(g), 1, False, False, now] for g in new),
        )

    def _is_changed(self, group: Group) -> bool:
        before = self._before.get(group.id)
        return before is not None and before[:-1] != tuple(_facts(group))

    def _drop(self, groups: list[Group]) -> None:
        kept = {group.id for group in groups}
        empty = [pk for pk in self._before if pk not in kept]
        if empty:
            Story.objects.filter(coverage__in=empty).update(coverage=None)
            Coverage.objects.filter(pk__in=empty).delete()


def _facts(group: Group) -> list[int | datetime | None]:
    return [group.lead.id, len(group.members), *group.dates()]
