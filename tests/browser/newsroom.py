"""A real-shaped morning: 300 invented stories in 113 groups, 76 of them single, one of 56."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from articles.models import Story
from tests.factories import NOON, make_coverage, make_story

SIZES = (56, 20, 15, 10, *[4] * 24, *[3] * 9)
SINGLES = 76
PLACES = ("harbour", "barrage", "library", "orchard", "ferry", "observatory", "market", "lock")
EVENTS = ("opens", "closes", "floods", "strikes", "votes", "moves", "burns", "wins")


def make_morning() -> None:
    """Everything waits in the inbox; groups and single stories take turns."""
    sizes = [*SIZES, *[1] * SINGLES]
    mixed = [size for pair in zip(sizes[::2], sizes[1::2], strict=False) for size in pair]
    for number, size in enumerate([*mixed, *sizes[len(mixed) :]]):
        stories = list(_stories(number, size))
        if size > 1:
            make_coverage(*stories)


def _stories(number: int, size: int) -> Iterator[Story]:
    place, event = PLACES[number % 8], EVENTS[number // 8 % 8]
    for member in range(size):
        yield make_story(
            title=f"Number {number}: the {place} {event}" + (f", seen by {member}" * bool(member)),
            domain=f"paper{(number + member) % 12}.example",
            quality=75 - member % 40 if number % 3 else 40,
            published_at=NOON - timedelta(minutes=7 * number + member),
            recent=True,
        )
