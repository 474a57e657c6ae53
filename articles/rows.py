"""The rows of a list: one a coverage group, led by its lead, with what each row shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from articles import prepared
from articles.models import Story, StoryImage, StoryTopic
from articles.weburl import picture_href

MEMBERS_SHOWN = 8
"""How many members unfold at once; then "33 more"."""

MOST_MEMBERS = 200
"""How many members "33 more" shows; whoever needs more opens the group's page."""

MEMBER_FIELDS = (
    "id",
    "path",
    "title",
    "provider_name",
    "published_at",
    "quality",
    "published",
    "queue",
    "decision",
    "locked",
    "publish_gate",
    "version",
    "coverage__member_count",
    "site__publish_threshold",
)
"""What the row of a member shows."""

HOLDER = ("first_name", "last_name", "username")
"""The columns of a name."""

TOPICS = prepared.Prepared(
    lambda: (
        StoryTopic.objects.filter(story_id__in=prepared.ids())
        .order_by("story_id", "position")
        .values_list("story_id", "name", "topic__name")
    )
)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Members:
    """Some members of a group, best first: those after the `after` best; `more` are not shown."""

    story_id: int
    coverage_id: int | None
    rows: list[Row]
    more: int
    after: int


def decorate(rows: list[Row], *, images: bool) -> list[Row]:
    """Give rows their topics, pictures and growth. At most three queries.

    The main topic of a site stands at almost all of its stories, so rows leave it out.
    """
    with_holders(rows)
    ids = [row["id"] for row in rows]
    topics = _topics(ids)
    pictures = _pictures(ids) if images else {}
    grown = _grown(rows)
    for row in rows:
        row["threshold"] = row.pop("site__publish_threshold")
        main = row.pop("site__topic").casefold()
        row["topics"] = [name for name in topics.get(row["id"], []) if name.casefold() != main]
        row["image_url"] = pictures.get(row["id"], "")
        row["grown"] = grown.get(row["id"], 0)
        row["matches"] = []
        row["members"] = None
    return rows


def with_holders(rows: list[Row]) -> list[Row]:
    """Give rows `claimed_by`, the name of who works on the story; empty where nobody does."""
    now = timezone.now()
    for row in rows:
        if "claimed_by" not in row:
            names = [row.pop(f"claimed_by__{part}") for part in HOLDER]
            is_held = row["claimed_until"] is not None and row["claimed_until"] > now
            full = " ".join(filter(None, names[:2])) or names[2]
            row["claimed_by"] = full if is_held and full else ""
    return rows


def fold(rows: list[Row]) -> list[Row]:
    """One row a group: members fold beneath their lead, or beneath the first of them.

    The row that stays names the others in `matches`.
    """
    heads: dict[int, Row] = {}
    for row in rows:
        group = row["coverage_id"]
        if group is not None and (group not in heads or row["id"] == row["coverage__lead_id"]):
            heads[group] = row
    kept: list[Row] = []
    for row in rows:
        head = heads.get(row["coverage_id"], row)
        if head is row:
            kept.append(row)
        else:
            head["matches"].append(row)
    return kept


def unfold(rows: list[Row], story_id: int | None) -> None:
    """Put the members of one row's group beneath it. One query, none where the row is not there."""
    for row in rows:
        if row["id"] == story_id and row["coverage_id"] is not None:
            row["members"] = members_beside(row["id"], row["coverage_id"])


def members_beside(
    story_id: int, coverage_id: int | None, *, after: int = 0, limit: int = MEMBERS_SHOWN
) -> Members:
    """The other stories of a story's group, best first by the site's rule. One query."""
    if coverage_id is None:
        return Members(story_id, None, [], 0, 0)
    found = list(
        Story.objects.filter(coverage_id=coverage_id)
        .exclude(pk=story_id)
        .order_by("-quality_rank", F("path").asc(nulls_last=True), "url_key", "id")
        .values(*MEMBER_FIELDS)[after : after + limit]
    )
    total = found[0]["coverage__member_count"] - 1 if found else 0
    return Members(story_id, coverage_id, found, max(0, total - after - len(found)), after)


def rows_of(ids: Iterable[int], *, images: bool) -> list[Row]:
    """Rows as the list shows them; a story that is gone has none."""
    return decorate(list(Story.objects.filter(pk__in=list(ids)).for_list()), images=images)


def _topics(ids: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for story_id, written, name in TOPICS.ask(ids=prepared.listed(ids)):
        found.setdefault(story_id, []).append(written or name)
    return found


def _pictures(ids: Iterable[int]) -> dict[int, str]:
    first = StoryImage.objects.filter(story_id__in=ids).order_by("story_id", "-position")
    return {
        story_id: href
        for story_id, url in first.values_list("story_id", "url")
        if (href := picture_href(url))
    }


def _grown(rows: Iterable[Row]) -> dict[int, int]:
    """How many stories joined a decided group since its decision. No query without one."""
    decided = [row["id"] for row in rows if row["decided_at"] and row["coverage_id"]]
    if not decided:
        return {}
    later = Q(coverage__members__created_at__gt=F("decided_at"))
    leads = Story.objects.filter(pk__in=decided).annotate(
        grown=Count("coverage__members", filter=later)
    )
    return dict(leads.order_by().values_list("pk", "grown"))
