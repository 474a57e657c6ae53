"""A team's installation, exercised: `python -m tests.team` (docs/team.md tells it in words).

Builds everything in a temporary folder on this machine: a PostgreSQL server with a streaming
replica, two web servers behind nginx with TLS, two workers, all by the lines of their units.
Editors decide while a worker imports what the robot wrote; in the middle that worker and a web
server are killed with -9, and the sync service completes the import. At the end every acknowledged
decision must be in the database, and the rest of docs/team.md is tried: replica, backup, upgrade,
static files, health, metrics, logs. Bounded in time and number, on loopback alone.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from newsdesk.env import BASE_DIR
from tests.benchmarks.clone import clone
from tests.team import checks
from tests.team.cluster import REPLICA_PORT, Cluster
from tests.team.servers import Servers

DEMO = BASE_DIR / "articles" / "demo"
PASSWORD = "a long password for the load"
STARTER = "starter"
"""The person who presses the button of the sync."""
NEEDED = {"nginx": "nginx-light", "openssl": "openssl", "setpriv": "util-linux"}
"""Programs and the packages that have them; PostgreSQL's are looked for by `cluster`."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run it all; exits 1 where something was lost, failed or took too long."""
    parser = argparse.ArgumentParser(prog="python -m tests.team", description=__doc__)
    parser.add_argument("--editors", type=int, default=20, help="people at once (default 20)")
    parser.add_argument("--stories", type=int, default=50_000, help="files of the import (50,000)")
    parser.add_argument("--seconds", type=int, default=90, help="the load lasts at least so long")
    options = parser.parse_args(arguments)
    for program, package in NEEDED.items():
        if shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin") is None:
            raise SystemExit(f"{program} is not installed. Install the package {package}.")
    os.environ["PATH"] += ":/usr/sbin"
    with tempfile.TemporaryDirectory(prefix="newsdesk-team-") as name:
        Path(name).chmod(0o755)
        troubles = exercise(Path(name), options)
    for trouble in troubles:
        say(f"FAILED: {trouble}")
    say("Not everything held." if troubles else "Everything held.")
    sys.exit(1 if troubles else 0)


def exercise(folder: Path, options: argparse.Namespace) -> list[str]:
    """Every stage in turn; gives what went wrong."""
    with step("a repository to begin with, and one of the robot's"):
        clone(DEMO, folder / "harbour", 4_000)
        clone(DEMO, folder / "robot", options.stories, seed=2)
    with Cluster(folder / "postgresql") as cluster:
        environment = environment_of(cluster, folder)
        os.environ.update(environment, DJANGO_SETTINGS_MODULE="newsdesk.settings")
        prepare(cluster, folder, options.editors)
        from tests.team.load import Load

        with Servers(folder / "servers", environment) as servers:
            load = Load(cluster, servers, options.editors, PASSWORD, STARTER)
            with step(f"{options.editors} editors while {options.stories:,} files are imported"):
                load.run(options.seconds, say)
            troubles = load.judge(options.stories, say)
            for words, check in {
                "TLS, static files, health, metrics": partial(checks.check_front, servers.front),
                "public pages from the replica, then without it": partial(
                    checks.check_replica, cluster, servers.front
                ),
                "backup and restore": partial(checks.check_backup, cluster, folder, environment),
                "back to the tables of the first release, and forward again": partial(
                    checks.check_upgrade, cluster, servers
                ),
                "units and logs": lambda: checks.check_units(folder) + checks.check_logs(servers),
            }.items():
                with step(words):
                    troubles += check()
    return troubles


def environment_of(cluster: Cluster, folder: Path) -> dict[str, str]:
    """What deploy/newsdesk.env holds on a host: a value for each of its settings."""
    values = {
        "NEWSDESK_SECRET_KEY": secrets.token_urlsafe(64),
        "DATABASE_URL": cluster.url(),
        "DATABASE_REPLICA_URL": cluster.url(REPLICA_PORT),
        "NEWSDESK_ALLOWED_HOSTS": "localhost",
        "NEWSDESK_BEHIND_TLS_PROXY": "true",
        "NEWSDESK_WORKERS": "true",
        "NEWSDESK_DATA": str(folder / "data"),
        "NEWSDESK_METRICS_TOKEN": checks.TOKEN,
    }
    text = (BASE_DIR / "deploy" / "newsdesk.env").read_text()
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE))
    if named != set(values):
        raise SystemExit(f"deploy/newsdesk.env and this exercise differ: {named ^ set(values)}")
    return values


def prepare(cluster: Cluster, folder: Path, editors: int) -> None:
    """Tables, static files, stories, people, and where the robot writes."""
    import django

    django.setup()
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command

    from articles.roles import install_roles

    with step("migrate, collect static files, import the first site"):
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("import_stories", str(folder / "harbour"), site="harbour", verbosity=0)
        call_command("connect", str(folder / "robot"), site="robot")
    install_roles()
    publishers = Group.objects.get(name="publisher")
    for name in (STARTER, *(f"editor{number}" for number in range(editors))):
        User.objects.create_user(name, password=PASSWORD).groups.add(publishers)
    say(f"    {cluster.ask('select count(*) from articles_story')} stories, {editors} publishers")


@contextmanager
def step(words: str) -> Iterator[None]:
    """Say what is done, and how long it took."""
    start = time.monotonic()
    say(f"==> {words}")
    yield
    say(f"    {time.monotonic() - start:.0f} s")


def say(text: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
