"""`python -m tests.replay [REPOSITORY]`: the long replay; see `docs/replay.md`."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path


def main() -> int:
    """Play, print the figures, and fail where a decision was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.replay", description=__doc__)
    parser.add_argument("repository", nargs="?", type=Path, help="a clone of a content repository")
    parser.add_argument("--commits", type=int, default=400, help="of the invented robot")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=1, help="commits an import")
    parser.add_argument("--check", type=int, default=10, help="imports a comparison")
    parser.add_argument("--git", action="store_true", help="sync with a git server, push releases")
    parser.add_argument("--database", help="address of an empty database; SQLite otherwise")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="replay-") as folder:
        os.environ["DATABASE_URL"] = chosen.database or f"sqlite:///{folder}/replay.sqlite3"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")
        os.environ["NEWSDESK_DATA"] = f"{folder}/data"
        return _play(chosen, Path(folder) / "content")


def _play(chosen: argparse.Namespace, folder: Path) -> int:
    import django

    django.setup()
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command
    from django.db import connection

    from articles.roles import install_roles
    from tests.replay import history
    from tests.replay.grounds import Changes, Folder, Server
    from tests.replay.play import Pace, play, steps
    from tests.replay.robot import Robot

    if connection.introspection.table_names():
        sys.exit("The database is not empty; editors who decide at random need one of their own.")
    call_command("migrate", verbosity=0)
    install_roles()
    user = User.objects.create_user("replay")
    user.groups.set(Group.objects.filter(name="chief"))
    commits: Iterable[Changes] = (
        history.commits(chosen.repository)
        if chosen.repository
        else steps(Robot(chosen.seed).commits(chosen.commits))
    )
    pace = Pace(batch=chosen.batch, editors=max(12, chosen.batch), release=96, check=chosen.check)
    started = time.monotonic()
    ground = Server(folder) if chosen.git else Folder(folder)
    outcome = play(commits, ground, user, chosen.seed, pace)
    ledger = outcome.ledger
    sys.stdout.write(
        f"{outcome.commits:,} commits, {outcome.imports:,} imports, {ledger.decisions:,} changes "
        f"by editors, {outcome.written:,} files released, {outcome.conflicts:,} conflicts, "
        f"{ledger.checks:,} values compared in {time.monotonic() - started:.0f} s\n"
        + ", ".join(f"{count:,} {name}" for name, count in outcome.counts.items())
        + f"\n{len(ledger.lost):,} decisions lost or fields not followed\n"
        + "\n".join(ledger.lost[:20])
        + "\n"
    )
    return 1 if ledger.lost else 0


if __name__ == "__main__":
    sys.exit(main())
