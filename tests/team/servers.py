"""The processes of a team's host, started by the very lines of `deploy/systemd`."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from newsdesk.env import BASE_DIR
from tests.team.front import FRONT, WEB, Front, wait_until_ready

UNITS = BASE_DIR / "deploy" / "systemd"
HOST = "desk"
"""What `%H`, the name of the host, is in a unit."""


class Servers:
    """Everything a host runs, gone when the block ends."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, **environment}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.front = Front(folder)

    def __enter__(self) -> Servers:
        self.folder.mkdir()
        try:
            for port in WEB:
                self.start("web", port)
            for number in (1, 2):
                self.start("worker", number)
            self._begin("front", self.front.command())
            wait_until_ready(self.front, FRONT)
        except BaseException:
            self.__exit__()
            for name, text in self.logs().items():
                sys.stderr.write(f"--- {name}\n{text[-2_000:]}\n")
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()

    def start(self, unit: str, instance: object = "") -> None:
        """Start a unit by its own line, as systemd would."""
        template = "@" if instance else ""
        text = (UNITS / f"newsdesk-{unit}{template}.service").read_text()
        lines = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
        program, *arguments = shlex.split(lines["ExecStart"])
        program = program.replace("/srv/newsdesk/.venv/bin", str(Path(sys.executable).parent))
        words = [word.replace("%i", str(instance)).replace("%H", HOST) for word in arguments]
        command = ["nice", "-n", lines.get("Nice", "0"), program, *words]
        self._begin(name_of(unit, instance), command)

    def kill(self, unit: str, instance: object) -> None:
        """kill -9, with everything the process started."""
        process = self.running.pop(name_of(unit, instance))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def manage(self, *arguments: object) -> str:
        """A command of `manage.py`, to its end; what it printed."""
        command = [sys.executable, "manage.py", *map(str, arguments)]
        done = subprocess.run(
            command, cwd=BASE_DIR, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(command[1:])} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def logs(self) -> dict[str, str]:
        """What each unit has logged on stderr, by its name."""
        return {path.stem: path.read_text() for path in self.folder.glob("*.log")}

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Everything but nginx is down meanwhile; then web servers and workers are up again."""
        names = [name for name in self.running if name != "front"]
        for name in names:
            self.running[name].terminate()
        for name in names:
            self.running.pop(name).wait(timeout=60)
        yield
        for name in names:
            unit, _, instance = name.partition("@")
            if instance:
                self.start(unit, instance)
        for port in WEB:
            wait_until_ready(self.front, port)

    def _begin(self, name: str, command: list[str]) -> None:
        out, log = ((self.folder / f"{name}.{end}").open("ab") for end in ("out", "log"))
        with out, log:
            self.running[name] = subprocess.Popen(
                command, cwd=BASE_DIR, env=self.environment, stdout=out, stderr=log,
                start_new_session=True,
            )  # fmt: skip


def name_of(unit: str, instance: object = "") -> str:
    """As systemd names a unit, without what all of ours begin with."""
    return f"{unit}@{instance}" if instance else unit
