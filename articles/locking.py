"""One at a time: locks that end with the process that holds them, however that ends."""

from __future__ import annotations

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import DatabaseError, connection

_SPACE = 0x6E647379
"""The desk's own among PostgreSQL's advisory locks of two numbers."""


class BusyError(Exception):
    """Somebody else holds the lock; the text says who, for an editor."""


@contextmanager
def only_one(name: str, busy: str) -> Iterator[None]:
    """Hold the lock of that name. Raises BusyError, with the text `busy`, if it is taken.

    It counts for everybody who works with this database: on PostgreSQL on all hosts of the desk,
    otherwise on this machine.
    """
    holding = _advisory if connection.vendor == "postgresql" else _file
    with holding(name, busy):
        yield


@contextmanager
def _advisory(name: str, busy: str) -> Iterator[None]:
    numbers = [_SPACE, zlib.crc32(name.encode()) - 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", numbers)
        if not cursor.fetchone()[0]:
            raise BusyError(busy)
    try:
        yield
    finally:
        # Where the connection is lost, so is the lock.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", numbers)


@contextmanager
def _file(name: str, busy: str) -> Iterator[None]:
    """Hold a file beside the database; never the database, whose own locks that would drop."""
    database = str(connection.settings_dict["NAME"])
    if "memory" in database and not Path(database).exists():
        # A database in memory belongs to this process alone.
        yield
        return
    with Path(f"{database}-{name}.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(busy) from None
        yield
