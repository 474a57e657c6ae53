"""Yesterday's backup, restored today: a sync brings it to today's files, and writes none."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection

from articles import desk
from articles.models import Change, Conflict, Story
from articles.sync import begin, sync
from newsdesk.env import BASE_DIR
from tests.gitting import needs_git
from tests.importer.newsroom import contents
from tests.newswire import AN, Newswire
from tests.processes import Processes
from tests.releasing import release_pending

pytestmark = [
    pytest.mark.django_db(transaction=True),
    needs_git,
    pytest.mark.skipif(
        connection.vendor == "postgresql" and not shutil.which("pg_dump"),
        reason="pg_dump is not installed",
    ),
]
Restore = Callable[[], None]


def back_up(folder: Path) -> Restore:
    """A backup as the documents say, and how to bring it back."""
    if connection.vendor == "sqlite":
        copy = folder / "backup.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        return lambda: _restore_sqlite(copy)
    environment = {**os.environ, "DATABASE_URL": Processes(folder).url()}
    command = [BASE_DIR / "deploy" / "backup", folder]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return lambda: _restore_postgresql(done.stdout.strip(), environment)


def _restore_sqlite(copy: Path) -> None:
    file = sqlite3.connect(copy)
    file.backup(connection.connection)
    file.close()


def _restore_postgresql(dump: str, environment: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    connection.close()
    command = [BASE_DIR / "deploy" / "restore", dump]
    subprocess.run(command, env=environment, capture_output=True, check=True)


def story(path: str) -> Story:
    return Story.objects.get(path=path)


@pytest.mark.parametrize("remote", [False, True], ids=["tree", "remote"])
def test_comes_to_todays_files_by_one_sync(tmp_path: Path, publisher: User, remote: bool) -> None:
    wire = Newswire.new(tmp_path, remote=remote)
    desk.publish(story(AN), by=publisher)
    desk.edit(story(wire.live), {"excerpt": "Edited before the backup"}, by=publisher)
    restore = back_up(tmp_path)

    release_pending(wire.site, by=publisher)
    desk.unlink(story(wire.group[2]), by=publisher)
    release_pending(wire.site, by=publisher)
    if remote:
        wire.robot.pull()
    wire.robot.write(wire.live, wire.text(wire.live).replace(b"quality: 90", b"quality: 91"))
    wire.says("Update news")
    desk.publish(story(wire.single), by=publisher)  # decided, never released: lost
    files = {path: wire.text(path) for path in wire.paths}
    head = wire.head()

    restore()
    assert story(AN).pending
    sync(begin(wire.site))

    assert {path: contents(story(path)) for path in wire.paths} == files
    assert not Conflict.objects.open().exists()
    assert not Story.objects.needing_export().exists()
    assert story(AN).published
    assert (story(wire.live).quality, story(wire.live).excerpt) == (91, "Edited before the backup")
    assert story(wire.group[2]).coverage_id is None
    assert not story(wire.single).published
    assert not Change.objects.filter(story=story(wire.single), verb="publish").exists()
    release_pending(wire.site, by=publisher)
    assert wire.head() == head
