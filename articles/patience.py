"""A limit to the time one question may take: no list keeps a person, or the others, waiting.

SQLite counts all statements of the block together, PostgreSQL each of them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection

INSTRUCTIONS = 20_000
"""How often SQLite looks at the clock: about once a millisecond."""

CANCELLED = "57014"
"""PostgreSQL's SQLSTATE query_canceled."""

_is_limited: ContextVar[bool] = ContextVar("is_limited", default=False)


class TooSlowError(Exception):
    """The database was stopped because the question took too long. Nothing was changed."""


@contextmanager
def patience(seconds: float | None = None) -> Iterator[None]:
    """Stop reading after `seconds` (by default NEWSDESK_STATEMENT_TIMEOUT_MS), TooSlowError.

    For reading only: a stopped statement takes the transaction around it with it. A block inside
    another one obeys the outer limit.
    """
    if _is_limited.get():
        yield
        return
    limit = settings.STATEMENT_TIMEOUT_MS / 1000 if seconds is None else seconds
    token = _is_limited.set(True)
    try:
        with _on_postgresql(limit) if connection.vendor == "postgresql" else _on_sqlite(limit):
            yield
    except OperationalError as error:
        if _was_stopped(error):
            raise TooSlowError from error
        raise
    finally:
        _is_limited.reset(token)


@contextmanager
def _on_sqlite(seconds: float) -> Iterator[None]:
    connection.ensure_connection()
    database = connection.connection
    deadline = time.monotonic() + seconds
    database.set_progress_handler(lambda: time.monotonic() > deadline, INSTRUCTIONS)
    try:
        yield
    finally:
        database.set_progress_handler(None, 0)


@contextmanager
def _on_postgresql(seconds: float) -> Iterator[None]:
    """The limit travels with each statement: no question more, and none is left behind."""
    before = f"SET LOCAL statement_timeout TO {max(1, round(seconds * 1000))}; "
    after = "; SET LOCAL statement_timeout TO DEFAULT"

    def limited(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        cursor = context["cursor"].cursor
        if many or hasattr(cursor, "name"):
            return execute(sql, params, many, context)
        result = execute(before + sql + after, params, many, context)
        cursor.nextset()
        return result

    with connection.execute_wrapper(limited):
        yield


def _was_stopped(error: OperationalError) -> bool:
    state = getattr(error.__cause__, "sqlstate", None)
    return state == CANCELLED or str(error) == "interrupted"
