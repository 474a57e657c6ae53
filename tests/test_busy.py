"""When the database cannot save: words instead of a 500, the text kept, nothing half written."""

from __future__ import annotations

import errno
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
)
from django.test import Client, RequestFactory
from django.urls import reverse

from articles import busy
from tests.conftest import PASSWORD

TYPED = "Nora of the harbour"
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL")


def invite(client: Client, path: str = "people_invite", **extra: Any) -> Any:
    fields = {"username": "nora", "full_name": TYPED, "role": "editor"}
    return client.post(reverse(path), fields, **extra)


def assert_told(response: Any, fault: busy.Fault) -> None:
    """The page says what happened, holds the text, and can be sent again."""
    assert response.status_code == fault.status
    assert int(response["Retry-After"]) == fault.retry_after
    page = response.content.decode()
    assert str(fault.title) in page
    assert TYPED in page
    assert 'name="csrfmiddlewaretoken"' in page
    assert f'action="{reverse("people_invite")}"' in page


# Which error means what


def postgresql_error(state: str) -> OperationalError:
    error = OperationalError("the server says something")
    error.__cause__ = type("Cause", (Exception,), {"sqlstate": state})()
    return error


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (OperationalError("database is locked"), busy.BUSY),
        (OperationalError("database table is locked: x"), busy.BUSY),
        (OperationalError("database or disk is full"), busy.FULL),
        (OperationalError("attempt to write a readonly database"), busy.UNREACHABLE),
        (OperationalError("unable to open database file"), busy.UNREACHABLE),
        (OperationalError("connection refused"), busy.UNREACHABLE),
        (InterfaceError("connection already closed"), busy.UNREACHABLE),
        (postgresql_error("55P03"), busy.BUSY),
        (postgresql_error("40P01"), busy.BUSY),
        (postgresql_error("53100"), busy.FULL),
        (postgresql_error("57014"), busy.SLOW),
        (postgresql_error("57P01"), busy.UNREACHABLE),
        (postgresql_error("08006"), busy.UNREACHABLE),
        (OSError(errno.ENOSPC, "No space left on device"), busy.FULL),
        (postgresql_error("42P01"), None),
        (OperationalError("no such table: articles_story"), None),
        (OSError(errno.ENOENT, "No such file"), None),
        (DatabaseError("database is locked"), None),
        (ValueError("database is locked"), None),
        (None, None),
    ],
)
def test_knows_faults_from_mistakes(error: Exception | None, fault: busy.Fault | None) -> None:
    assert busy.fault_of(error) is fault


# The page


def test_hands_back_everything_but_passwords_and_tokens() -> None:
    request = RequestFactory().post(
        "/x/", {"title": TYPED, "old_password": "secret1", "password": "secret2",
                "new_password1": "secret3", "csrfmiddlewaretoken": "token4", "ids": ["1", "2"]},
    )  # fmt: skip
    assert busy.typed_fields(request) == [("title", TYPED), ("ids", "1"), ("ids", "2")]
    response = busy.answer(request, busy.BUSY, None)
    page = response.content.decode()
    assert "secret" not in page
    assert "token4" not in page
    assert "Try again" not in page  # a form with a password is filled in anew


def test_hands_back_no_monster() -> None:
    request = RequestFactory().post("/x/", {"text": "x" * (busy.MAX_TEXT + 1)})
    assert busy.typed_fields(request) == []


def test_shows_typed_text_as_text() -> None:
    evil = '</textarea><script>alert(1)</script>"onfocus="alert(1)'
    request = RequestFactory().post("/x/?a=%22%3E", {"text": evil, '"><script>x': "longer text"})
    page = busy.answer(request, busy.BUSY, None).content.decode()
    assert "<script>" not in page
    assert '"onfocus' not in page


def test_asks_no_database_for_the_page() -> None:
    request = RequestFactory().get("/stories/")  # no database fixture: a query would fail
    assert busy.answer(request, busy.UNREACHABLE, None).status_code == 503


@pytest.mark.django_db
def test_answers_errors_outside_of_views_too(client: Client, monkeypatch: Any) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database is locked")

    User.objects.create_user("nora", password=PASSWORD)
    client.raise_request_exception = False
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", fail)
    response = client.post(reverse("login"), {"username": "nora", "password": PASSWORD})
    assert response.status_code == 503
    assert PASSWORD not in response.content.decode()


@pytest.mark.django_db
def test_leaves_mistakes_of_the_program_to_the_page_of_mistakes(
    client: Client, monkeypatch: Any
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise ValueError("a bug")

    client.raise_request_exception = False
    monkeypatch.setattr("django.contrib.auth.forms.AuthenticationForm.clean", fail)
    response = client.post(reverse("login"), {"username": "nora", "password": "x"})
    assert response.status_code == 500


# SQLite, on a file as in production


@pytest.fixture
def sqlite_file(transactional_db: None, tmp_path: Path) -> Iterator[Path]:
    """Let Django work on a copy of the test database in a file, with WAL, waiting a tenth."""
    path = tmp_path / "desk.sqlite3"
    connection.ensure_connection()
    memory = connection.connection
    copy = sqlite3.connect(path)
    memory.backup(copy)
    # Pages that other tests left free would be room on a full disk.
    copy.execute("VACUUM")
    copy.close()
    name = connection.settings_dict["NAME"]
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    connection.ensure_connection()
    connection.cursor().execute("PRAGMA busy_timeout = 100")
    yield path
    connection.connection.close()
    connection.connection, connection.settings_dict["NAME"] = memory, name


@on_sqlite
def test_says_that_another_save_is_running_on_sqlite(
    sqlite_file: Path, make_user: Callable[[str], User], client_of: Callable[[User], Client]
) -> None:
    client = client_of(make_user("chief"))
    locked, release = threading.Event(), threading.Event()

    def hold() -> None:
        other = sqlite3.connect(sqlite_file)
        other.execute("BEGIN IMMEDIATE")
        locked.set()
        release.wait(10)
        other.rollback()
        other.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(10)
    try:
        assert_told(invite(client), busy.BUSY)
        assert User.objects.count() == 1  # reading goes on
    finally:
        release.set()
        holder.join()
    assert invite(client).status_code == 302
    assert User.objects.count() == 2


def fill(size: int) -> None:
    for number in range(2000):
        User.objects.create(username=f"nora{size}-{number}", first_name="x" * size)


@on_sqlite
def test_says_that_the_disk_is_full_on_sqlite(
    sqlite_file: Path, make_user: Callable[[str], User], client_of: Callable[[User], Client]
) -> None:
    client = client_of(make_user("chief"))
    cursor = connection.cursor()
    pages = cursor.execute("PRAGMA page_count").fetchone()[0]
    cursor.execute(f"PRAGMA max_page_count = {pages}")
    for size in (150, 50, 10):  # what is left on the last pages
        with pytest.raises(OperationalError):
            fill(size)
    before = User.objects.count()
    assert_told(invite(client), busy.FULL)
    assert User.objects.count() == before
    cursor.execute("PRAGMA max_page_count = 1000000")
    assert invite(client).status_code == 302


# PostgreSQL


@pytest.fixture
def other_connection(transactional_db: None) -> Iterator[Any]:
    """A second session of the same database."""
    other = connections.create_connection("default")
    other.connect()
    yield other
    other.close()


@on_postgresql
def test_says_that_another_save_is_running_on_postgresql(
    other_connection: Any, make_user: Callable[[str], User], client_of: Callable[[User], Client]
) -> None:
    client = client_of(make_user("chief"))
    connection.cursor().execute("SET lock_timeout = '100ms'")
    with other_connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE auth_user IN SHARE ROW EXCLUSIVE MODE")
        assert_told(invite(client), busy.BUSY)
        cursor.execute("ROLLBACK")
    assert User.objects.count() == 1
    assert invite(client).status_code == 302


@on_postgresql
def test_says_that_the_disk_is_full_on_postgresql(
    transactional_db: None, make_user: Callable[[str], User], client_of: Callable[[User], Client]
) -> None:
    client = client_of(make_user("chief"))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;"
            "CREATE TRIGGER full_disk BEFORE INSERT ON auth_user EXECUTE FUNCTION full_disk()"
        )
    try:
        assert_told(invite(client), busy.FULL)
        assert User.objects.count() == 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION full_disk() CASCADE")
    assert invite(client).status_code == 302


@on_postgresql
def test_survives_a_killed_session_of_postgresql(
    other_connection: Any, make_user: Callable[[str], User], client_of: Callable[[User], Client]
) -> None:
    client = client_of(make_user("chief"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with other_connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    client.raise_request_exception = False
    assert_told(invite(client), busy.UNREACHABLE)
    close_old_connections()  # as every request of a server does
    assert invite(client).status_code == 302
    assert User.objects.count() == 2
