"""Releases: what waits on the desk, written into the repository in one go, and taken back.

A release is decided (`prepare`), published by the site's store, and marked (`finish`). What a
killed run left between these is completed by the next one (`complete`).
"""

from articles.releases.planning import Item, Knot, Plan, plan_release
from articles.releases.reverse import NotReversibleError, plan_reverse
from articles.releases.writing import complete, drop, finish, planned_files, prepare, under_way

__all__ = [
    "Item",
    "Knot",
    "NotReversibleError",
    "Plan",
    "complete",
    "drop",
    "finish",
    "plan_release",
    "plan_reverse",
    "planned_files",
    "prepare",
    "under_way",
]
