"""Reading from a streaming replica, where `DATABASE_REPLICA_URL` names one.

Only what may be a moment old is read there: pages that say so with `served_by_replica`. Everything
else, every write and everything an editor decides by, stays with the primary.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponseBase

logger = logging.getLogger(__name__)

REPLICA = "replica"

_is_reading: ContextVar[bool] = ContextVar("is_reading_from_replica", default=False)

View = Callable[..., HttpResponseBase]


class ReplicaRouter:
    """Sends reads to the replica while a page asks for it; writes and migrations never."""

    def db_for_read(self, model: type, **hints: Any) -> str | None:
        """The replica inside `reading_from_replica`, else no opinion."""
        return REPLICA if _is_reading.get() else None

    def allow_relation(self, one: object, other: object, **hints: Any) -> bool:
        """Both hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """The replica gets its tables from the primary."""
        return False if db == REPLICA else None


@contextmanager
def reading_from_replica() -> Iterator[None]:
    """Read everything inside from the replica."""
    token = _is_reading.set(True)
    try:
        yield
    finally:
        _is_reading.reset(token)


def served_by_replica(view: View) -> View:
    """A page whose data may be some seconds old. The primary answers while the replica cannot."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if REPLICA not in settings.DATABASES:
            return view(request, *args, **kwargs)
        try:
            with reading_from_replica():
                return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            logger.warning("the replica does not answer, asking the primary: %s", error)
        return view(request, *args, **kwargs)

    return answer
