"""How long processors were busy with this process and with its connection to the database.

On a machine that others share, the clock measures the others.
"""

from __future__ import annotations

import time
from pathlib import Path

from django.db import connection

NANOSECONDS = 1e6
"""In a millisecond."""


class Processors:
    """Milliseconds of processor time, from whatever moment on.

    `is_whole` is False where the server's part is unknown: a PostgreSQL on another machine.
    SQLite works in this process.
    """

    def __init__(self) -> None:
        self._server: Path | None = None
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self._server = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
        self.is_whole = self._server is None or self._server.exists()

    def busy(self) -> float:
        """The time up to now."""
        own = time.process_time() * 1_000
        if self._server is None or not self.is_whole:
            return own
        return own + int(self._server.read_text().split()[0]) / NANOSECONDS
