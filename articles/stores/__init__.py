"""Where a site's files are, read and written as one thing: a folder, a working tree, a git remote.

`open_store` tells which it is. A store shows its files as a `Repository` to import, and takes
planned files: all of them, or none (`publish`). Plain Python without Django.
"""

from articles.stores.base import (
    Author,
    Commit,
    MovedError,
    NotVerifiedError,
    Planned,
    Store,
    StoreError,
)
from articles.stores.life import Step
from articles.stores.line import Point, TooLongError
from articles.stores.opening import open_store
from articles.stores.past import LiveFile, Past

__all__ = [
    "Author",
    "Commit",
    "LiveFile",
    "MovedError",
    "NotVerifiedError",
    "Past",
    "Planned",
    "Point",
    "Step",
    "Store",
    "StoreError",
    "TooLongError",
    "open_store",
]
