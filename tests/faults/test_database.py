"""The database is full, locked or gone under a decision or an import: told, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, close_old_connections, connection
from django.test import Client

from articles import busy
from articles.importer import import_repository
from articles.models import Change, Story, SyncRun
from articles.repository import open_repository
from tests.factories import make_story
from tests.importer.newsroom import Checkout, dump
from tests.test_busy import on_postgresql, on_sqlite, other_connection, sqlite_file

__all__ = ["other_connection", "sqlite_file"]

ClientOf = Callable[[User], Client]
REASON = "Typed with care, and not to be typed again"


@contextmanager
def full_disk() -> Iterator[None]:
    """No table takes another row: on SQLite no page, on PostgreSQL by a trigger."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            pages = cursor.execute("PRAGMA page_count").fetchone()[0]
            free = cursor.execute("PRAGMA freelist_count").fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages - free}")
        else:
            cursor.execute(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;"
                "CREATE TRIGGER full_disk BEFORE INSERT ON articles_change "
                "EXECUTE FUNCTION full_disk();"
                "CREATE TRIGGER full_disk BEFORE INSERT ON articles_storyfile "
                "EXECUTE FUNCTION full_disk()"
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA max_page_count = 1000000")
            else:
                cursor.execute("DROP FUNCTION full_disk() CASCADE")


def row(story: Story) -> dict[str, Any]:
    return dict(Story.objects.filter(pk=story.pk).values().get())


def decline(client: Client, story: Story, reason: str = REASON) -> Any:
    data = {"version": story.version, "reason": reason}
    return client.post(f"/stories/{story.pk}/decline/", data)


def assert_lost_nothing(client: Client, story: Story, answer: Any, fault: busy.Fault) -> None:
    """The page names the fault and holds the words; nothing was written; again, it is done."""
    assert answer.status_code == fault.status
    assert str(fault.title) in answer.content.decode()
    assert REASON in answer.content.decode()
    assert not Change.objects.exists()
    assert not Story.objects.get(pk=story.pk).decision
    assert decline(client, story).status_code == 302
    assert Change.objects.get().reason == REASON


def fill(editor: User, size: int) -> None:
    site = Story.objects.get().site
    for number in range(5000):
        reason = f"{number}" * (size // 4)
        Change.objects.create(site=site, actor=editor, actor_name="x", verb="x", reason=reason)


@on_postgresql
def test_tells_of_a_full_disk_under_a_decision(
    transactional_db: None, editor: User, client_of: ClientOf
) -> None:
    client, story = client_of(editor), make_story()
    before = row(story)
    with full_disk():
        answer = decline(client, story)
        assert row(story) == before
    assert_lost_nothing(client, story, answer, busy.FULL)


@on_sqlite
def test_tells_of_a_full_disk_under_a_decision_on_sqlite(
    sqlite_file: Any, editor: User, client_of: ClientOf
) -> None:
    client, story = client_of(editor), make_story()
    before = row(story)
    with full_disk():
        for size in (3000, 300, 30):  # what is left on pages that are there already
            with pytest.raises(OperationalError):
                fill(editor, size)
        answer = decline(client, story, REASON + "!" * 400)
        assert row(story) == before
        assert not Change.objects.filter(story=story).exists()
    assert answer.status_code == busy.FULL.status
    assert REASON in answer.content.decode()
    assert decline(client, story).status_code == 302


@on_postgresql
def test_waits_for_no_story_that_somebody_else_holds(
    other_connection: Any, editor: User, client_of: ClientOf
) -> None:
    client, story = client_of(editor), make_story()
    connection.cursor().execute("SET lock_timeout = '100ms'")
    with other_connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM articles_story WHERE id = %s FOR UPDATE", [story.pk])
        answer = decline(client, story)
        cursor.execute("ROLLBACK")
    assert_lost_nothing(client, story, answer, busy.BUSY)


@on_postgresql
def test_loses_no_decision_with_a_session_of_postgresql(
    other_connection: Any, editor: User, client_of: ClientOf
) -> None:
    client, story = client_of(editor), make_story()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with other_connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    client.raise_request_exception = False
    answer = decline(client, story)
    close_old_connections()  # as every request of a server does
    assert_lost_nothing(client, story, answer, busy.UNREACHABLE)


@pytest.fixture
def newsroom(tmp_path: Any) -> Checkout:
    checkout = Checkout(tmp_path / "harbour")
    for number in range(30):
        checkout.write(f"n{number:02}", [f"n{number ^ 1:02}"], excerpt=f"{number} words " * 900)
    return checkout


def check_import(newsroom: Checkout) -> None:
    with full_disk(), pytest.raises(OperationalError) as failed:
        import_repository(open_repository(newsroom.root))
    assert busy.fault_of(failed.value) is busy.FULL
    left = SyncRun.objects.values_list("status", flat=True)
    # Where no row fits any more, the run cannot write down its end, or not even its beginning.
    ends = [{"failed": "failed", "running": "interrupted"}[status] for status in left]
    assert not Story.objects.filter(file=None).exclude(path=None).exists()
    import_repository(open_repository(newsroom.root))
    after_all = dump()
    assert len(after_all["stories"]) == 30
    assert list(left.order_by("-pk")) == ["done", *ends]


@on_postgresql
def test_ends_an_import_when_there_is_room_again(
    transactional_db: None, newsroom: Checkout
) -> None:
    check_import(newsroom)


@on_sqlite
def test_ends_an_import_when_there_is_room_again_on_sqlite(
    sqlite_file: Any, newsroom: Checkout
) -> None:
    check_import(newsroom)
