"""Databases that the benchmark makes, and drops whatever happens."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests.benchmarks.processes import ROOT, run_step

LARGE = 200_000_000
"""Bytes of a database that is copied file by file."""


class Scratch(ABC):
    """A database that can be had empty, but migrated, any number of times.

    `url` is what `DATABASE_URL` has to be in the processes that use it; `version` is for people.
    """

    name: str
    version: str
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that uses the database, with the settings of production."""
        return self._with(self.url)

    @property
    @abstractmethod
    def template_environment(self) -> dict[str, str]:
        """The environment of the process that migrates what `fresh` copies."""

    @abstractmethod
    def fresh(self) -> None:
        """Make the database anew from the migrated one."""

    @abstractmethod
    def clear(self) -> None:
        """Drop the copy; what it was made from stays."""

    def fill(self, stories: int) -> None:
        """Put so many invented stories into what `fresh` copies, where they are not there yet."""
        run_step("migrate", environment=self.template_environment)
        run_step("fill", str(stories), environment=self.template_environment)

    def _with(self, url: str) -> dict[str, str]:
        return {**os.environ, **SETTINGS, "DATABASE_URL": url}


SETTINGS: Mapping[str, str] = {
    "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
    # Debugging keeps every query in memory.
    "NEWSDESK_DEBUG": "false",
    "NEWSDESK_INSECURE_HTTP": "true",
    "NEWSDESK_SECRET_KEY": "only-for-the-benchmarks-" + "0123456789abcdef" * 3,
    "PYTHONHASHSEED": "0",
}


class SqliteScratch(Scratch):
    """A file in a folder that vanishes."""

    name = "SQLite"
    version = f"SQLite {sqlite3.sqlite_version}"

    def __init__(self, folder: Path, name: str, keep: Path | None) -> None:
        self._template = (keep or folder) / f"template{name}.sqlite3"
        self._file = folder / f"desk{name}.sqlite3"
        self.url = f"sqlite:///{self._file}"

    @property
    def template_environment(self) -> dict[str, str]:
        return self._with(f"sqlite:///{self._template}")

    def fresh(self) -> None:
        self.clear()
        with closing(sqlite3.connect(self._template)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(self._template, self._file)

    def clear(self) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(f"{self._file}{ending}").unlink(missing_ok=True)


class PostgresScratch(Scratch):
    """Two databases beside the one that was named: what is migrated once, and its copy."""

    name = "PostgreSQL"

    def __init__(self, url: str, name: str, *, kept: bool) -> None:
        self._own = f"newsdesk_benchmark_{os.getpid()}{name}"
        self._template = f"newsdesk_benchmark_kept{name}" if kept else f"{self._own}_template"
        self._is_kept = kept
        self._server = urlsplit(url)
        self.url = self._url(self._own)
        self.version = "PostgreSQL"

    @property
    def template_environment(self) -> dict[str, str]:
        return self._with(self._url(self._template))

    def create(self) -> None:
        """Make the empty database that is to be migrated."""
        with _connect(self.url) as connection:
            number = connection.info.server_version
            self.version = f"PostgreSQL {number // 10_000}.{number % 10_000}"
            known = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(known, [self._template]).fetchone() is None:
                connection.execute(f'CREATE DATABASE "{self._template}"')

    def fresh(self) -> None:
        self.clear()
        with _connect(self.url) as connection:
            asked = connection.execute("SELECT pg_database_size(%s)", [self._template])
            # The usual way writes every page twice, which is quicker for few pages only.
            how = " STRATEGY FILE_COPY" if asked.fetchone()[0] > LARGE else ""
            template = f'TEMPLATE "{self._template}"{how}'
            connection.execute(f'CREATE DATABASE "{self._own}" {template}')

    def drop(self) -> None:
        """Leave nothing behind that is not to be kept."""
        self.clear()
        if not self._is_kept:
            self._execute(f'DROP DATABASE IF EXISTS "{self._template}" WITH (FORCE)')

    def clear(self) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{self._own}" WITH (FORCE)')

    def _url(self, name: str) -> str:
        return urlunsplit(self._server._replace(path=f"/{name}"))

    def _execute(self, *statements: str) -> None:
        with _connect(self.url) as connection:
            for statement in statements:
                connection.execute(statement)


@contextmanager
def scratch(url: str, folder: Path, name: str = "", keep: Path | None = None) -> Iterator[Scratch]:
    """A scratch database of the kind `url` names; SQLite where it is empty.

    `name` tells several of one run apart. `keep`: a folder where what was filled stays for the
    next run; a PostgreSQL server keeps it itself. Other rows or other tables have other names.
    """
    kept = f"{name}_{_digest()}" if keep else name
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
    if not url.startswith(("postgres", "pgsql")):
        yield SqliteScratch(folder, kept, keep)
        return
    database = PostgresScratch(url, kept, kept=keep is not None)
    database.create()
    try:
        yield database
    finally:
        database.drop()


def answers(url: str) -> bool:
    """Whether there is a server to measure; SQLite always is."""
    if not url:
        return True
    try:
        import psycopg
    except ImportError:  # the extra is not installed
        return False
    try:
        _connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def _connect(url: str) -> Any:
    """To the server that `url` names, whatever database of it."""
    import psycopg

    server = urlsplit(url)._replace(scheme="postgresql", path="/postgres")
    return psycopg.connect(urlunsplit(server), autocommit=True, connect_timeout=10)


def _digest() -> str:
    """Of everything that makes the rows and tables of a filled database."""
    migrations = sorted((ROOT / "articles" / "migrations").glob("*.py"))
    paths = [Path(__file__).with_name("filling.py"), *migrations]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:8]
