"""What lies in deploy/ can be read by the programs it is for; `tests.team` runs all of it."""

from __future__ import annotations

import logging.config
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from newsdesk.env import BASE_DIR
from newsdesk.logs import OneLineFormatter
from tests.team.checks import EVENT, UNITS
from tests.team.front import FRONT, Front

DEPLOY = BASE_DIR / "deploy"


def settings_of_gunicorn() -> dict[str, object]:
    return runpy.run_path(str(DEPLOY / "gunicorn.py"))


def test_gunicorn_takes_its_settings() -> None:
    command = [sys.executable, "-m", "gunicorn", "--check-config", "--config"]
    subprocess.run(
        [*command, str(DEPLOY / "gunicorn.py"), "newsdesk.wsgi"],
        cwd=BASE_DIR,
        env={"PATH": "", "NEWSDESK_SECRET_KEY": "x" * 60, "DATABASE_URL": "sqlite://:memory:"},
        check=True,
    )


def test_gunicorn_logs_as_the_desk_does() -> None:
    found = settings_of_gunicorn()["logconfig_dict"]
    assert isinstance(found, dict)
    made = logging.config.DictConfigurator(found).configure_formatter(found["formatters"]["line"])
    assert isinstance(made, OneLineFormatter)
    record = logging.LogRecord("gunicorn.error", logging.INFO, "", 1, "a\nb", (), None)
    assert EVENT.fullmatch(made.format(record))
    assert set(found["loggers"]) == {"gunicorn.error", "gunicorn.access"}


def test_nginx_is_exercised_as_it_is_deployed(tmp_path: Path) -> None:
    text = Front(tmp_path).configuration()
    assert f"listen 127.0.0.1:{FRONT} ssl" in text
    assert "proxy_next_upstream error timeout http_502 non_idempotent" in text
    assert "example.org" not in text


@pytest.mark.parametrize("path", sorted(UNITS.glob("*.service")), ids=lambda path: path.name)
def test_every_unit_runs_what_is_there_as_nobody_special(path: Path) -> None:
    lines = path.read_text().splitlines()
    start = next(line for line in lines if line.startswith("ExecStart="))
    program = start.removeprefix("ExecStart=").split()[0]
    name = program.removeprefix("/srv/newsdesk/")
    assert (BASE_DIR / name).exists() or (Path(sys.executable).parent / Path(name).name).exists()
    assert {"User=newsdesk", "NoNewPrivileges=true", "ProtectSystem=strict"} <= set(lines)
    assert "EnvironmentFile=/etc/newsdesk/newsdesk.env" in lines
