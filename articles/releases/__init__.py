"""Releases: what waits on the desk, written into the repository in one go, and taken back.

A release is decided (`prepare`), published by the site's store, and marked (`finish`). What a
killed run left between these is completed by the next one (`complete`).
"""

from articles.releases.planning import plan_release, waiting_on
from articles.releases.reverse import NotReversibleError, plan_reverse
from articles.releases.writing import complete, drop, finish, prepare

__all__ = [
    "NotReversibleError",
    "complete",
    "drop",
    "finish",
    "plan_release",
    "plan_reverse",
    "prepare",
    "waiting_on",
]
