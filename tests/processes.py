"""Commands in processes of their own, on the database of the test."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from newsdesk.env import BASE_DIR

SECONDS = 300

Ended = subprocess.CompletedProcess[str]


class Processes:
    """Starts commands as a person at a terminal does: another process, the same database.

    SQLite's test database is in memory: the others get a copy, which is taken back at the end.
    """

    def __init__(self, folder: Path) -> None:
        self.copy = folder / "desk.sqlite3"

    def manage(self, *arguments: object, failpoint: str = "") -> Ended:
        """One command of `manage.py`, to its end."""
        with self.shared():
            return self.wait(self.start("manage.py", *arguments, failpoint=failpoint))

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Processes started in here work on one database; afterwards the test sees their work."""
        self._hand_over()
        yield
        self._take_back()

    def start(self, *arguments: object, failpoint: str = "") -> subprocess.Popen[str]:
        """Python with these arguments."""
        return subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            cwd=BASE_DIR,
            env={
                **os.environ,
                "DATABASE_URL": self.url(),
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "NEWSDESK_FAILPOINT": failpoint,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @staticmethod
    def wait(process: subprocess.Popen[str]) -> Ended:
        """The end of a process, with all it printed."""
        try:
            out, err = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return Ended(process.args, process.returncode, out, err)

    def url(self) -> str:
        """The database, as a setting names it."""
        if connection.vendor == "sqlite":
            return f"sqlite:///{self.copy}"
        its = connection.settings_dict
        login = its["USER"] + (f":{its['PASSWORD']}" if its["PASSWORD"] else "")
        return (
            f"postgres://{login}@{its['HOST'] or 'localhost'}:{its['PORT'] or 5432}/{its['NAME']}"
        )

    def _hand_over(self) -> None:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            self.copy.unlink(missing_ok=True)
            file = sqlite3.connect(self.copy)
            connection.connection.backup(file)
            file.close()

    def _take_back(self) -> None:
        if connection.vendor == "sqlite":
            file = sqlite3.connect(self.copy)
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert file.execute("PRAGMA foreign_key_check").fetchall() == []
            file.backup(connection.connection)
            file.close()
