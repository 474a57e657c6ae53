"""A copy of the test's process that may be killed, on the same database."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from articles import failpoints


class Twin:
    """Runs something in a copy of this process, which may be killed, on the same database.

    SQLite's is in memory: the copy works on a file, whose content comes back.
    """

    def __init__(self, folder: Path) -> None:
        self.database = folder / "twin.sqlite3"

    def run(self, work: Callable[[], object], failpoint: str) -> int:
        self._hand_over()
        pid = os.fork()
        if pid == 0:
            self._live(work, failpoint)
        _, status = os.waitpid(pid, 0)
        self._take_back()
        return os.waitstatus_to_exitcode(status)

    def _live(self, work: Callable[[], object], failpoint: str) -> None:
        code = 1
        try:
            # The parent's connection is the parent's.
            connection.connection = None
            connection.savepoint_ids, connection.in_atomic_block = [], False
            if connection.vendor == "sqlite":
                connection.settings_dict["NAME"] = str(self.database)
            os.environ["NEWSDESK_FAILPOINT"] = failpoint
            failpoints._reached.clear()
            work()
            code = 0
        finally:
            os._exit(code)

    def _hand_over(self) -> None:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            self.database.unlink(missing_ok=True)
            file = sqlite3.connect(self.database)
            connection.connection.backup(file)
            file.close()

    def _take_back(self) -> None:
        if connection.vendor == "sqlite":
            file = sqlite3.connect(self.database)
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            file.backup(connection.connection)
            file.close()
