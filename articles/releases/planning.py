"""What a release would write: files, in knots that are written together or not at all."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import F, Max

from articles.exporter import NotWritable, Rendering
from articles.exporter.rendering import Renderer, renderings
from articles.models import Change, Conflict, Site, Story, StoryQuerySet, Verb
from articles.models.change import ROBOTS
from articles.repository import path_bytes
from articles.stores import Planned

BATCH = 100
"""Stories rendered at a time, so that memory stays flat."""

IN_CONFLICT = "Robot and editor disagree: settle the conflict first."
WITH_ANOTHER = "It belongs together with a file that cannot be written."

Objection = Callable[[Planned], str]


@dataclass(frozen=True)
class Item:
    """One file of a release: whose it is, and what becomes of it."""

    story: Story
    rendering: Rendering

    @property
    def planned(self) -> Planned:
        """The file as the store takes it."""
        path = path_bytes(self.story.path or "")
        return Planned(path, self.rendering.stored, self.rendering.data)

    @property
    def what(self) -> str:
        """What a person would say was done: added, published, unpublished, removed or edited."""
        before, after = self.rendering.before, self.rendering.after
        if self.rendering.stored is None:
            return "added"
        if after.get("removed"):
            return "removed"
        if before.get("published") != after.get("published"):
            return "published" if after.get("published") else "unpublished"
        return "repaired" if self.is_repair else "edited"

    @property
    def is_repair(self) -> bool:
        """Whether its coverage changes."""
        return "related" in self.rendering.after

    @cached_property
    def lines(self) -> tuple[int, int]:
        """How many lines come and go."""
        return changed_lines(self.rendering.stored, self.rendering.data)


def changed_lines(old: bytes | None, new: bytes | None) -> tuple[int, int]:
    """How many lines come and go. What the desk edits never moves a line, so a count will do."""
    before, after = Counter((old or b"").splitlines()), Counter((new or b"").splitlines())
    return (after - before).total(), (before - after).total()


@dataclass(slots=True)
class Knot:
    """Files that one edit of coverage touched: written together or not at all.

    `id` is that of the first story. `reasons` say, by path, why it is not written.
    """

    items: list[Item] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """What names it in a form."""
        return min(item.story.pk for item in self.items)

    @property
    def title(self) -> str:
        """Of its lead, or of the only story."""
        lead = next((item for item in self.items if item.story.is_lead), self.items[0])
        return lead.story.title

    @property
    def is_repair(self) -> bool:
        """Whether the coverage of a story changes."""
        return any(item.is_repair for item in self.items)


@dataclass
class Plan:
    """What a release writes (`knots`), and what waits and is left out (`left_out`, by path)."""

    site: Site
    knots: list[Knot]
    left_out: dict[str, str]

    @property
    def items(self) -> list[Item]:
        """Every file."""
        return [item for knot in self.knots for item in knot.items]

    @property
    def counts(self) -> dict[str, int]:
        """Stories by what becomes of them, groups repaired, lines."""
        items = self.items
        by_kind = Counter(item.what for item in items)
        kinds = ("published", "unpublished", "removed", "added", "edited")
        found = {kind: by_kind[kind] for kind in kinds}
        found["groups"] = sum(knot.is_repair for knot in self.knots)
        return {
            **found,
            "files": len(items),
            "lines_added": sum(item.lines[0] for item in items),
            "lines_removed": sum(item.lines[1] for item in items),
        }

    @cached_property
    def deciders(self) -> list[str]:
        """The names of those whose decisions these are, first come first."""
        return deciders_of(item.story.pk for item in self.items)


def plan_release(
    site: Site,
    chosen: Collection[int] | None = None,
    *,
    objection: Objection = lambda planned: "",
    limit: int = 0,
) -> Plan:
    """What waits on a site, in knots. `chosen` names the knots to write by ids; None: all.

    `objection` says of a file why it cannot be written now; `limit` stops after so many stories.
    """
    ids = _waiting(site)
    found: dict[int, Item] = {}
    reasons: dict[int, tuple[str, str]] = {}
    disputed = _disputed(site)
    for story, rendering in _rendered(ids[:limit] if limit else ids):
        reason = _reason(story, rendering, disputed) or _objected(story, rendering, objection)
        if reason:
            reasons[story.pk] = (story.path or "", reason)
        if isinstance(rendering, Rendering):
            found[story.pk] = Item(story, rendering)
    knots, left_out = [], dict(reasons.values())
    for members in _tied(list({**found, **reasons})):
        bad = [pk for pk in members if pk in reasons]
        knot = Knot([found[pk] for pk in members if pk in found])
        if bad:
            left_out.update(
                (item.story.path or "", WITH_ANOTHER)
                for item in knot.items
                if item.story.pk not in reasons
            )
        elif chosen is None or not {item.story.pk for item in knot.items}.isdisjoint(chosen):
            knots.append(knot)
    return Plan(site, knots, left_out)


def waiting_on(site: Site) -> StoryQuerySet:
    """The stories of a site whose file is to be written."""
    return Story.objects.of_site(site.pk).needing_export().with_file()


def _waiting(site: Site) -> list[int]:
    order = (F("coverage_id").asc(nulls_last=True), "-is_lead", "path")
    return list(waiting_on(site).order_by(*order).values_list("id", flat=True))


def _rendered(ids: list[int]) -> Iterator[tuple[Story, Rendering | NotWritable]]:
    renderer = Renderer()
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        stories = Story.objects.in_bulk(some)
        yield from renderings([stories[pk] for pk in some if pk in stories], renderer)


def _disputed(site: Site) -> set[int]:
    """The groups about which robot and editor disagree."""
    rows = Conflict.objects.open().filter(site=site, coverage__isnull=False)
    return {group for group in rows.values_list("coverage_id", flat=True) if group}


def _reason(story: Story, rendering: Rendering | NotWritable, disputed: set[int]) -> str:
    if isinstance(rendering, NotWritable):
        return rendering.message
    return IN_CONFLICT if story.conflict or story.coverage_id in disputed else ""


def _objected(story: Story, rendering: Rendering | NotWritable, objection: Objection) -> str:
    return objection(Item(story, rendering).planned) if isinstance(rendering, Rendering) else ""


def _tied(ids: list[int]) -> list[list[int]]:
    """The stories in knots: those of one group, and those that one edit of coverage touched."""
    knot_of = {pk: pk for pk in ids}

    def knot(pk: int) -> int:
        while knot_of[pk] != pk:
            knot_of[pk] = knot_of[knot_of[pk]]
            pk = knot_of[pk]
        return pk

    for together in _edits(ids):
        first, *others = together
        for other in others:
            knot_of[knot(other)] = knot(first)
    found: dict[int, list[int]] = {}
    for pk in ids:
        found.setdefault(knot(pk), []).append(pk)
    return list(found.values())


def _edits(ids: list[int]) -> Iterator[list[int]]:
    """Stories that belong together: of one group, or touched by one edit of coverage."""
    groups: dict[int, list[int]] = {}
    for some in _chunks(ids):
        rows = Story.objects.filter(pk__in=some, coverage_id__isnull=False)
        for pk, group, owned in rows.values_list("pk", "coverage_id", "edited_fields"):
            if "related" in owned:
                groups.setdefault(group or 0, []).append(pk)
    yield from groups.values()
    touched: dict[uuid.UUID, set[int]] = {}
    for change in _decisions(ids, "story_id", "batch"):
        if change["batch"]:
            touched.setdefault(change["batch"], set()).add(change["story_id"])
    several = [batch for batch, stories in touched.items() if len(stories) > 1]
    for some_batches in _chunks(several):
        # A change of a group has a row of its own, without a story.
        rows_of_groups = Change.objects.filter(batch__in=some_batches, story=None)
        for batch in rows_of_groups.values_list("batch", flat=True).distinct():
            if batch:
                yield sorted(touched[batch])


def deciders_of(ids: Iterable[int]) -> list[str]:
    """Who decided on stories since their files were last written, in the order of deciding."""
    names = [
        (change["pk"], change["actor_name"])
        for change in _decisions(list(ids), "pk", "actor_name", "actor_id")
        if change["actor_id"]
    ]
    return list(dict.fromkeys(name for _, name in sorted(names)))


def _decisions(ids: list[int], *columns: str) -> Iterator[dict[str, Any]]:
    """What was done to stories since their files were last written."""
    for some in _chunks(ids):
        changes = Change.objects.filter(story_id__in=some)
        written = changes.filter(verb=Verb.EXPORTED).values_list("story_id")
        last = dict(written.annotate(last=Max("pk")).order_by())
        rows = changes.exclude(verb__in=ROBOTS)
        for row in rows.order_by("pk").values("pk", "story_id", *columns):
            if row["pk"] > last.get(row["story_id"], 0):
                yield row


def _chunks(items: list[Any], size: int = 500) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
