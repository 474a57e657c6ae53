"""Where file and desk disagree: what the importer and the desk have to say of it in common.

Both find out which edited fields collide (the importer when a file moved, the desk when a person
decided), and both keep the `Conflict` rows in step with that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from articles.merge import Items
from articles.models import Conflict, StandingAnswer, Story, topic_key
from articles.models.conflict import COVERAGE

RELATED = "related"

GROUP_FIELDS = frozenset({RELATED, "heat", "published"})
"""What a decision on coverage covers, of every story of the group."""

LISTS = {
    "topics": Items(key=topic_key, same=lambda one, other: True),
    "images": Items(key=lambda image: image["url"]),
}
"""Fields that are merged item by item; `related` is merged as a group."""

Key = tuple[int | None, int | None, str]

Three = tuple[Any, Any, Any]
"""A value as base, file and desk have it."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One field of one story, or one group, on which file and desk disagree now."""

    story_id: int | None
    coverage_id: int | None
    field: str
    base: Any
    file: Any
    desk: Any

    @property
    def key(self) -> Key:
        """What it is about."""
        return (self.story_id, self.coverage_id, self.field)


def as_one(
    story_id: int | None, coverage_id: int | None, members: Mapping[int, Mapping[str, Three]]
) -> Disagreement:
    """The disagreements on the members of a group, by their ids, as one."""
    base, file, desk = (
        {
            str(pk): {name: three[place] for name, three in fields.items()}
            for pk, fields in members.items()
        }
        for place in range(3)
    )
    return Disagreement(story_id, coverage_id, COVERAGE, base, file, desk)


def decided_fields(story: Story, *, in_edited_group: bool) -> frozenset[str]:
    """The fields of a story's file that a person decided on."""
    found = set(story.edited_fields)
    if story.decision:
        found.add("published")
    if in_edited_group:
        found |= GROUP_FIELDS
    return frozenset(found)


def is_of_a_group(story: Story, *, in_edited_group: bool) -> bool:
    """Whether a person decided with which stories this one belongs together, or that with none."""
    return in_edited_group or RELATED in story.edited_fields


def always_kept(story_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The fields in which the desk's value always stands, by story, in one query."""
    found: dict[int, set[str]] = {}
    rows = StandingAnswer.objects.filter(story__in=list(story_ids))
    for pk, field in rows.values_list("story_id", "field"):
        found.setdefault(pk, set()).add(field)
    return {
        pk: frozenset(fields | GROUP_FIELDS if COVERAGE in fields else fields)
        for pk, fields in found.items()
    }


def open_among(
    story_ids: Collection[int], coverage_ids: Collection[int | None]
) -> tuple[set[int], set[int]]:
    """Which of these stories and groups are in conflict; open conflicts are few, stories many."""
    if not story_ids:
        return set(), set()
    rows = list(Conflict.objects.open().values_list("story_id", "coverage_id"))
    stories = {story for story, _ in rows if story is not None}
    groups = {group for _, group in rows if group is not None}
    return stories.intersection(story_ids), groups.intersection(coverage_ids)


def in_conflict(site_id: int) -> set[int]:
    """The stories of a site that are in a conflict of their own or of their group."""
    rows = Conflict.objects.open().filter(site=site_id)
    own, groups = rows.filter(story__isnull=False), rows.filter(coverage__isnull=False)
    found = {pk for pk in own.values_list("story_id", flat=True) if pk is not None}
    members = Story.objects.filter(coverage__in=groups.values("coverage"))
    return found | set(members.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Recorder:
    """Keeps the rows of conflicts in step; `how` says why one that is no more has ended."""

    site_id: int
    now: datetime
    how: Callable[[Conflict], Conflict.How]
    by: User | None = None
    run_id: int | None = None

    def record(
        self,
        found: Iterable[Disagreement],
        *,
        stories: Collection[int],
        coverages: Collection[int],
    ) -> None:
        """Of these stories and groups, `found` are all disagreements there are now."""
        wanted = {each.key: each for each in found}
        for row in Conflict.objects.open().filter(site=self.site_id):
            if row.story_id not in stories and row.coverage_id not in coverages:
                continue
            each = wanted.pop((row.story_id, row.coverage_id, row.field), None)
            if each is None:
                self._settle(row)
            elif (row.base, row.file, row.desk) != (each.base, each.file, each.desk):
                row.base, row.file, row.desk = each.base, each.file, each.desk
                row.save(update_fields=["base", "file", "desk"])
        Conflict.objects.bulk_create(self._row(each) for each in wanted.values())

    def _settle(self, row: Conflict) -> None:
        row.state, row.how = Conflict.State.SETTLED, self.how(row)
        row.by, row.settled_at = self.by, self.now
        row.save(update_fields=["state", "how", "by", "settled_at"])

    def _row(self, each: Disagreement) -> Conflict:
        return Conflict(
            site_id=self.site_id,
            story_id=each.story_id,
            coverage_id=each.coverage_id,
            field=each.field,
            base=each.base,
            file=each.file,
            desk=each.desk,
            run_id=self.run_id,
            opened_at=self.now,
        )
