"""What else a team's installation promises; each check gives what is wrong with it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from newsdesk.env import BASE_DIR
from tests.team.cluster import REPLICA_PORT, Cluster
from tests.team.front import NAME, PLAIN, WEB, Front
from tests.team.servers import UNITS, Servers

EVENT = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (DEBUG|INFO|WARNING|ERROR|CRITICAL) \S+ .+"
)
STATIC = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"')
ROWS, TRIES = 500, 5
"""So many rows at the least the replica reads for twenty public pages; how often they are asked."""
YEARS = 315_360_000
"""Seconds that a file with a digest in its name may be kept."""
TOKEN = "a-token-for-metrics"
"""Whoever sends it may read the metrics."""

CONTENT = (
    "select count(*), md5(string_agg(concat_ws(' ', id, version, decision, published, queue,"
    " title), ' ' order by id)) from articles_story"
)
"""Every story with what was decided about it, as one number and one digest."""


def check_front(front: Front) -> list[str]:
    """TLS, static files, health and metrics, as a browser, a balancer and Prometheus see them."""
    plain, _ = front.get("/stories/", PLAIN)
    login, page = front.get("/account/login/")
    cookies = login.headers.get_all("Set-Cookie") or [""]
    troubles = {
        "plain HTTP is not sent on to TLS": plain.headers["Location"] != f"https://{NAME}/stories/",
        "no Strict-Transport-Security": "max-age" not in login.headers["Strict-Transport-Security"],
        "a cookie travels without TLS": not all("Secure" in each for each in cookies),
        "the login page names no static file": not STATIC.findall(page),
        "metrics are for everybody": front.get("/metrics")[0].status != 404,
    }
    for port in WEB:
        troubles |= _of_server(front, port)
    return [*(what for what, wrong in troubles.items() if wrong), *_of_static(front, page)]


def _of_server(front: Front, port: int) -> dict[str, bool]:
    known, found = front.get("/metrics", port, {"Authorization": f"Bearer {TOKEN}"})
    return {
        f"{port} is not healthy": front.get("/healthz", port)[0].status != 200,
        f"{port} is not ready": front.get("/readyz", port)[0].status != 200,
        f"{port} tells strangers its metrics": front.get("/metrics", port)[0].status != 404,
        f"{port} has no metrics": known.status != 200
        or "newsdesk_request_seconds_bucket" not in found,
    }


def _of_static(front: Front, page: str) -> list[str]:
    troubles = []
    for path in STATIC.findall(page):
        answer, _ = front.get(path, headers={"Accept-Encoding": "gzip"})
        kept = answer.headers["Cache-Control"] or ""
        if answer.status != 200 or f"max-age={YEARS}" not in kept or "immutable" not in kept:
            troubles.append(f"{path}: {answer.status}, to be kept: {kept or 'no'}")
        if answer.headers["Content-Encoding"] != "gzip":
            troubles.append(f"{path} is not compressed")
    return troubles


def check_replica(cluster: Cluster, front: Front) -> list[str]:
    """The public pages come from the replica, and from the primary once that is gone."""
    ask = "select tup_returned from pg_stat_database where datname = 'newsdesk'"
    page = "/site/harbour/api/news/index.json"
    before, read = int(cluster.ask(ask, REPLICA_PORT)), 0
    statuses = []
    for _ in range(TRIES):
        statuses += [front.get(page)[0].status for _ in range(20)]
        time.sleep(1.5)  # statistics are told once a second, later on a busy machine
        read = int(cluster.ask(ask, REPLICA_PORT)) - before
        if read > ROWS:
            break
    cluster.stop_replica()
    statuses += [front.get(page)[0].status for _ in range(4)]
    troubles = [] if set(statuses) == {200} else [f"public pages answered {set(statuses)}"]
    return troubles if read > ROWS else [*troubles, f"the replica read only {read} rows"]


def check_backup(cluster: Cluster, folder: Path, environment: Mapping[str, str]) -> list[str]:
    """A backup, restored elsewhere, holds the same rows."""
    other = {**os.environ, "DATABASE_URL": cluster.create("restored")}
    made = _script("backup", str(folder / "backups"), environment={**os.environ, **environment})
    _script("restore", made.strip(), environment=other)
    rows = "select count(*), coalesce(max(id), 0) from articles_{}"
    questions = [CONTENT, *map(rows.format, ("change", "coverage", "syncrun", "textblock"))]
    kept = [cluster.ask(each) == cluster.ask(each, name="restored") for each in questions]
    return [] if all(kept) else ["the restored database differs"]


def check_upgrade(cluster: Cluster, servers: Servers) -> list[str]:
    """The tables of the first release with today's stories become those of today again."""
    before = cluster.ask(CONTENT)
    with servers.stopped():
        servers.manage("migrate", "articles", "0007", "-v0")
        servers.manage("migrate", "-v0")
    after = cluster.ask(CONTENT)
    troubles = [] if before == after else [f"stories before {before}, after {after}"]
    status = servers.front.get("/account/login/")[0].status
    return troubles if status == 200 else [*troubles, f"the desk answers {status} afterwards"]


def check_logs(servers: Servers) -> list[str]:
    """Every line of every unit is an event, or indented beneath one."""
    return [
        f"{name} logged: {line}"
        for name, text in servers.logs().items()
        for line in text.splitlines()
        if not (EVENT.fullmatch(line) or line.startswith("    "))
    ]


def check_units(folder: Path) -> list[str]:
    """systemd has nothing against the units."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        return ["systemd-analyze is not installed: nobody has looked at the units"]
    target = folder / "units"
    target.mkdir()
    for path in UNITS.iterdir():
        text = path.read_text().replace("/srv/newsdesk", str(BASE_DIR))
        (target / path.name).write_text(text)
    files = sorted(map(str, target.iterdir()))
    command = [analyze, "verify", "--man=no", "--recursive-errors=no", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [
        f"systemd: {line}"
        for line in done.stderr.splitlines()
        if str(target) in line or done.returncode
    ]


def _script(name: str, *arguments: str, environment: Mapping[str, str]) -> str:
    """One of deploy/'s scripts."""
    command = [str(BASE_DIR / "deploy" / name), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"deploy/{name} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
