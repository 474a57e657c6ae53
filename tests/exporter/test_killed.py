"""Killed at any instant, an export leaves whole files and a database the next run agrees with."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from articles.exporter import pending_bytes
from articles.models import Change, Story, SyncRun
from newsdesk.env import BASE_DIR
from tests.exporter.conftest import Repository, change, stored
from tests.factories import make_coverage, make_story

pytestmark = pytest.mark.django_db(transaction=True)

MEMBERS = 3

Ended = subprocess.CompletedProcess[str]


class Desk:
    """Runs the export in a process of its own on the database of the test."""

    def __init__(self, folder: Path) -> None:
        self.copy = folder / "copy.sqlite3"

    def export(
        self, repository: Repository, failpoint: str = ""
    ) -> subprocess.CompletedProcess[str]:
        self._hand_over()
        try:
            return subprocess.run(
                [sys.executable, "-m", "django", "export_stories", str(repository.folder),
                 "--format", "json", "--settings", "tests.settings"],
                cwd=BASE_DIR,
                env={**os.environ, "DATABASE_URL": self._url(), "NEWSDESK_FAILPOINT": failpoint},
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )  # fmt: skip
        finally:
            self._take_back()

    def _url(self) -> str:
        if connection.vendor == "sqlite":
            return f"sqlite:///{self.copy}"
        values = connection.settings_dict
        login = values["USER"] + (f":{values['PASSWORD']}" if values["PASSWORD"] else "")
        place = f"{values['HOST'] or 'localhost'}:{values['PORT'] or 5432}"
        return f"postgres://{login}@{place}/{values['NAME']}"

    def _hand_over(self) -> None:
        """SQLite's test database is in memory: the other process gets a copy."""
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            self.copy.unlink(missing_ok=True)
            with sqlite3.connect(self.copy) as file:
                connection.connection.backup(file)
            file.close()

    def _take_back(self) -> None:
        if connection.vendor == "sqlite":
            with sqlite3.connect(self.copy) as file:
                (verdict,) = file.execute("PRAGMA integrity_check").fetchone()
                assert verdict == "ok"
                file.backup(connection.connection)
            file.close()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def group(repository: Repository) -> list[Story]:
    """A group whose files are all to be written."""
    stories = [make_story(repository.site, quality=90 - number) for number in range(MEMBERS)]
    make_coverage(*stories)
    repository.check_out()
    return [change(story, excerpt="Better") for story in stories]


def rows(stories: list[Story]) -> list[Story]:
    return list(Story.objects.filter(pk__in=[story.pk for story in stories]).order_by("pk"))


@pytest.mark.parametrize(
    "place", ["export_temporary:1", "export_renamed:1", "export_renamed:2", "export_marked:1"]
)
def test_finishes_what_a_killed_run_began(
    desk: Desk, repository: Repository, group: list[Story], place: str
) -> None:
    old = {story.pk: stored(story) for story in group}
    new = {story.pk: pending_bytes(story) for story in group}
    killed = desk.export(repository, place)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    for story in rows(group):
        assert repository.read(story) in {old[story.pk], new[story.pk]}
        # What the desk has marked as written is on the disk.
        assert story.pending or repository.read(story) == new[story.pk] == stored(story)
    assert sum(not story.pending for story in rows(group)) < MEMBERS

    finished = desk.export(repository)
    assert finished.returncode == 0, finished.stderr
    report: dict[str, Any] = json.loads(finished.stdout)
    assert (report["problems"], report["pending"]) == ([], 0)
    assert [repository.read(story) for story in group] == [new[story.pk] for story in group]
    assert not any(story.pending for story in rows(group))
    assert repository.left_over() == []
    logged = Change.objects.filter(verb="exported").values_list("story_id", flat=True)
    assert sorted(logged) == sorted(story.pk for story in group)
    assert list(SyncRun.objects.order_by("pk").values_list("status", flat=True)) == [
        "interrupted",
        "done",
    ]


def test_runs_to_its_end_where_nothing_kills_it(
    desk: Desk, repository: Repository, group: list[Story]
) -> None:
    finished = desk.export(repository, "export_renamed:99")
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout)["written"] == MEMBERS
