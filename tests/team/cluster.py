"""A PostgreSQL server of one's own, and a second one that follows it."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from pathlib import Path

PRIMARY_PORT, REPLICA_PORT = 54_401, 54_402
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "wal_level": "replica",
    "max_wal_senders": "4",
    "hot_standby": "on",
    "max_connections": "60",
}


def programs() -> Path:
    """Where PostgreSQL's own programs are. Raises SystemExit without any."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
    if not found:
        raise SystemExit("PostgreSQL's server is not installed. Install the package postgresql.")
    return found[-1]


class Cluster:
    """A primary and its streaming replica, gone when the block ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.primary, self.replica = folder / "primary", folder / "replica"

    def __enter__(self) -> Cluster:
        self.folder.mkdir()
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "-D", self.primary, "-A", "trust", "-U", "newsdesk")
        self._start(self.primary, PRIMARY_PORT)
        self._run("createdb", *self._login(PRIMARY_PORT), "newsdesk")
        self._run(
            "pg_basebackup", *self._login(PRIMARY_PORT), "-D", self.replica, "-R", "-c", "fast"
        )
        self._start(self.replica, REPLICA_PORT)
        return self

    def __exit__(self, *_: object) -> None:
        for data in (self.replica, self.primary):
            if (data / "postmaster.pid").exists():
                self._run("pg_ctl", "-D", data, "-m", "immediate", "stop")

    def url(self, port: int = PRIMARY_PORT, name: str = "newsdesk") -> str:
        """One of the servers, as a setting names it."""
        return f"postgres://newsdesk@127.0.0.1:{port}/{name}"

    def create(self, name: str) -> str:
        """Another database of the primary."""
        self._run("createdb", *self._login(PRIMARY_PORT), name)
        return self.url(name=name)

    def ask(self, sql: str, port: int = PRIMARY_PORT, name: str = "newsdesk") -> str:
        """The answer of a server, as text."""
        answer = self._run("psql", *self._login(port), "-d", name, "-qAtc", sql)
        return answer.strip()

    def processes(self) -> list[int]:
        """The first process of each server that is up."""
        files = [data / "postmaster.pid" for data in (self.primary, self.replica)]
        return [int(file.read_text().split()[0]) for file in files if file.exists()]

    def stop_replica(self) -> None:
        """As a host that fails."""
        self._run("pg_ctl", "-D", self.replica, "-m", "immediate", "stop")

    def _login(self, port: int) -> Sequence[str]:
        return ("-h", "127.0.0.1", "-p", str(port), "-U", "newsdesk")

    def _start(self, data: Path, port: int) -> None:
        words = [f"-p {port}", f"-k {self.folder}", *(f"-c {k}={v}" for k, v in SETTINGS.items())]
        self._run("pg_ctl", "-D", data, "-o", " ".join(words), "-l", data / "log", "-w", "start")

    def _run(self, program: str, *arguments: object) -> str:
        command = [str(programs() / program), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
        if done.returncode:
            raise SystemExit(f"{program} failed:\n{done.stdout}{done.stderr}")
        return done.stdout
