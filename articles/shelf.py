"""The shelf: what a person puts aside while going through the lists. Nobody else sees it."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles.models import ShelfItem, Story

HOLDS = 500
"""The most stories a shelf takes: it is for today's work, not an archive."""


class FullShelfError(Exception):
    """The shelf takes no more; the text says what to do."""

    def __init__(self) -> None:
        super().__init__(_("Your shelf holds %d stories: clear it first.") % HOLDS)


def put(story: Story, *, by: User) -> bool:
    """Put a story on the person's shelf; False where it lies there. Raises FullShelfError."""
    mine = ShelfItem.objects.filter(user=by)
    if mine.filter(story=story).exists():
        return False
    if mine.count() >= HOLDS:
        raise FullShelfError
    ShelfItem.objects.get_or_create(user=by, story=story)
    return True


def put_many(stories: Iterable[Story], *, by: User) -> int:
    """Put stories on the person's shelf; how many did not lie there. Raises FullShelfError."""
    mine = ShelfItem.objects.filter(user=by)
    there = set(mine.values_list("story_id", flat=True))
    new = [ShelfItem(user=by, story=story) for story in stories if story.pk not in there]
    if len(there) + len(new) > HOLDS:
        raise FullShelfError
    ShelfItem.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def take(story: Story, *, by: User) -> bool:
    """Take a story off the person's shelf; False where it does not lie there."""
    return bool(ShelfItem.objects.filter(user=by, story=story).delete()[0])


def clear(*, by: User) -> int:
    """Empty the person's shelf; how many stories lay there."""
    return ShelfItem.objects.filter(user=by).delete()[0]
