"""The aggregator's arithmetic, as it was measured on the real repositories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.rules import (
    SUPERSEDED_HEAT,
    HeatRule,
    Queue,
    Standing,
    best_member,
    choose_lead,
    is_recent,
    queue_of,
    related_count,
    verdict,
)

RULE = HeatRule()
OTHER_FAMILY = HeatRule(related_weight=10, quality_floor=50, publish_threshold=69)


@dataclass(frozen=True)
class Member:
    quality: int | None
    heat: int | None = SUPERSEDED_HEAT
    path: str | None = None
    url_key: str = ""


@pytest.mark.parametrize(
    ("rule", "quality", "related", "heat"),
    [
        (RULE, 76, 2, 116),
        (RULE, 76, 0, 76),
        (RULE, 50, 1, 70),
        (RULE, 49, 30, 49),
        (RULE, None, 3, None),
        (OTHER_FAMILY, 59, 1, 69),
        (OTHER_FAMILY, 76, 3, 106),
    ],
)
def test_gives_heat_for_related_stories_from_the_quality_floor_up(
    rule: HeatRule, quality: int | None, related: int, heat: int | None
) -> None:
    assert rule.heat(quality, related) == heat


def test_publishes_from_the_threshold_on() -> None:
    assert [RULE.publishes(heat) for heat in (None, -1, 69, 70)] == [False, False, False, True]
    assert OTHER_FAMILY.publishes(69)


def test_lets_the_highest_quality_lead_and_the_first_by_path_on_a_tie() -> None:
    best = Member(80, path="_news/a.md")
    group = [Member(None), Member(80, path="_news/b.md"), Member(80), best, Member(79, path="a")]
    assert best_member(group) is best


@given(st.permutations([Member(q, path=f"{n}.md") for n, q in enumerate((5, 9, 9, None, 7))]))
def test_finds_the_same_lead_in_any_order(group: list[Member]) -> None:
    assert best_member(group).path == "1.md"


def test_follows_the_files_where_they_name_a_lead() -> None:
    named = Member(60, heat=100, path="_news/a.md")
    assert choose_lead([Member(90, path="_news/b.md"), named]) is named
    superseded = [Member(90), Member(60, path="_news/a.md")]
    assert choose_lead(superseded) is superseded[0]
    two = [Member(60, heat=80, path="_news/a.md"), Member(70, heat=90, path="_news/b.md")]
    assert choose_lead(two) is two[1]


def test_counts_other_stories_once_per_address() -> None:
    assert related_count("a", ["a", "b", "c"]) == 2
    assert related_count("a", ["a", "a", "b", "b"]) == 1
    assert related_count("a", []) == 0


def test_supersedes_every_member_but_the_lead() -> None:
    other = verdict(RULE, quality=90, heat=90, is_lead=False, related=3)
    assert (other.heat, other.publishes) == (SUPERSEDED_HEAT, False)
    lead = verdict(RULE, quality=60, heat=-1, is_lead=True, related=1)
    assert (lead.heat, lead.publishes) == (80, True)


def test_keeps_the_heat_of_a_lead_without_quality() -> None:
    lead = verdict(RULE, quality=None, heat=71, is_lead=True, related=5)
    assert (lead.heat, lead.publishes) == (71, True)


@pytest.mark.parametrize(
    ("facts", "queue"),
    [
        ({}, Queue.INBOX),
        ({"published": True}, Queue.INBOX),
        ({"recent": False}, Queue.BELOW),
        ({"recent": False, "published": True}, Queue.PUBLISHED),
        ({"decision": "published", "published": True}, Queue.PUBLISHED),
        ({"decision": "unpublished"}, Queue.BELOW),
        ({"decision": "declined"}, Queue.DECLINED),
        ({"decision": "declined", "published": True}, Queue.PUBLISHED),
        ({"decision": "declined", "is_lead": False}, Queue.DECLINED),
        ({"is_lead": False}, Queue.SUPERSEDED),
        ({"is_lead": False, "published": True}, Queue.PUBLISHED),
        ({"removed": True, "published": True}, Queue.REMOVED),
        ({"removed": True, "gone": True}, Queue.GONE),
    ],
)
def test_puts_a_story_into_exactly_one_queue(facts: dict[str, object], queue: Queue) -> None:
    defaults: dict[str, object] = {
        "is_lead": True,
        "published": False,
        "removed": False,
        "gone": False,
        "decision": "",
        "recent": True,
    }
    assert queue_of(Standing(**{**defaults, **facts})) is queue  # type: ignore[arg-type]


def test_takes_two_weeks_of_a_first_import_into_the_inbox() -> None:
    newest = datetime(2026, 3, 2, tzinfo=UTC)

    def recent(published_at: datetime | None, *, first_import: bool = True) -> bool:
        return is_recent(published_at, newest_at_first_import=newest, first_import=first_import)

    assert recent(newest - timedelta(days=14))
    assert not recent(newest - timedelta(days=14, seconds=1))
    assert not recent(None)
    assert recent(None, first_import=False)
    assert recent(newest - timedelta(days=900), first_import=False)
    assert not is_recent(newest, newest_at_first_import=None, first_import=True)
