"""A process that is killed in the middle of an import (kill -9, not an exception)."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.importer.newsroom import Checkout

pytestmark = pytest.mark.django_db(transaction=True)


class Desk:
    """A desk in processes of its own, on SQLite with a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "desk.sqlite3" if connection.vendor == "sqlite" else None
        self._address = f"sqlite:///{self.database}" if self.database else test_database()

    def copy_to(self, folder: Path) -> Desk:
        """The same desk in another folder; migrating one takes as long as all these tests."""
        if self.database:
            shutil.copy(self.database, folder)
        return Desk(folder)

    def run(self, *arguments: str, failpoint: str = "") -> subprocess.CompletedProcess[bytes]:
        environment = {
            **os.environ,
            "DATABASE_URL": self._address,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "NEWSDESK_FAILPOINT": failpoint,
        }
        command = [sys.executable, "-m", "tests.importer.child", *arguments]
        return subprocess.run(
            command, env=environment, capture_output=True, timeout=120, check=False
        )

    def dump(self) -> tuple[dict[str, Any], list[tuple[str, int, int]]]:
        done = self.run("dump")
        assert done.returncode == 0, done.stderr.decode()
        return pickle.loads(done.stdout)  # type: ignore[no-any-return]


def test_database() -> str:
    its = connection.settings_dict
    password = f":{its['PASSWORD']}" if its["PASSWORD"] else ""
    host = f"{its['HOST'] or 'localhost'}:{its['PORT'] or 5432}"
    return f"postgres://{its['USER']}{password}@{host}/{its['NAME']}"


test_database.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def empty_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    if desk.database:
        desk.run("migrate")
    return desk


@pytest.fixture
def desk(empty_desk: Desk, tmp_path: Path) -> Desk:
    return empty_desk.copy_to(tmp_path)


@pytest.fixture
def newsroom(checkout: Checkout) -> Checkout:
    """Forty stories in groups of four, each listing one story without a file besides."""
    for number in range(40):
        mates = [f"n{n:02}" for n in range(40) if n // 4 == number // 4 and n != number]
        checkout.write(f"n{number:02}", [*mates, f"lost{number // 4}"], quality=number)
    return checkout


@pytest.mark.parametrize(
    "failpoint",
    [
        "import_before_commit:1",
        "import_before_commit:3",
        "import_after_commit:1",
        "import_after_commit:2",
    ],
)
def test_leaves_whole_batches_and_the_next_import_does_the_rest(
    desk: Desk, newsroom: Checkout, failpoint: str
) -> None:
    killed = desk.run("import", str(newsroom.root), failpoint=failpoint)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    half, runs = desk.dump()
    assert runs[-1][0] == "running"
    assert len(half["stories"]) < 50
    for story in half["stories"].values():
        assert story["lead"] is not None
        assert not story["links_stale"]
        assert story["file"] is not None or story["path"] is None
    assert all(len(group) == 5 for group in half["groups"])
    if desk.database:
        with sqlite3.connect(desk.database) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []

    finished = desk.run("import", str(newsroom.root))
    assert finished.returncode == 0, finished.stderr.decode()
    whole, runs = desk.dump()
    status, done, total = runs[0]
    batches = int(failpoint[-1]) - failpoint.startswith("import_before")
    assert (status, done, total) == ("interrupted", 8 * batches, 40)
    assert runs[1] == ("done", 40, 40)
    assert len(whole["groups"]) == 10
    for path, story in half["stories"].items():
        assert whole["stories"][path] == story


def test_ends_as_an_import_that_nobody_killed(
    desk: Desk, empty_desk: Desk, newsroom: Checkout, tmp_path: Path
) -> None:
    for failpoint in ("import_before_commit:2", "import_after_commit:2", ""):
        desk.run("import", str(newsroom.root), failpoint=failpoint)
    killed, _ = desk.dump()
    if connection.vendor == "sqlite":
        (tmp_path / "other").mkdir()
        other = empty_desk.copy_to(tmp_path / "other")
        other.run("import", str(newsroom.root))
        assert other.dump()[0] == killed
    assert len(killed["stories"]) == 50


@pytest.mark.parametrize("failpoint", ["import_begun", "import_read", "import_written"])
def test_is_completed_wherever_between_the_batches_it_was_killed(
    desk: Desk, newsroom: Checkout, failpoint: str
) -> None:
    killed = desk.run("import", str(newsroom.root), failpoint=failpoint)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    half, _ = desk.dump()
    assert len(half["stories"]) == (50 if failpoint == "import_written" else 0)

    finished = desk.run("import", str(newsroom.root))
    assert finished.returncode == 0, finished.stderr.decode()
    whole, runs = desk.dump()
    assert [status for status, *_ in runs] == ["interrupted", "done"]
    assert (len(whole["stories"]), len(whole["groups"])) == (50, 10)
    assert {path: whole["stories"][path] for path in half["stories"]} == half["stories"]
