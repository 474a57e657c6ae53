"""A release at once, which a person's button leaves to a task."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import User

from articles.models import Release, Site
from articles.sync import Outcome, Wish, begin, sync


def release_pending(
    site: Site, *, by: User | None, knots: Collection[int] | None = None, seen: int | None = None
) -> Outcome:
    """Sync a site and write what waits, or some of it, into its repository."""
    return sync(begin(site, by), Wish(knots, seen))


def take_back(release: Release, *, by: User | None) -> Outcome:
    """Write every file of a release as it was before; the decisions wait again."""
    return sync(begin(release.site, by), Wish(takes_back=release))
