"""Bring sites and their repositories together: `manage.py sync [SITE] [--watch]`."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.exits import Exit
from articles.importer import ALL
from articles.models import Site
from articles.sync import Outcome, SyncError, begin, sync


class Command(BaseCommand):
    """Fetches, imports and merges; releases where a site does so by itself."""

    requires_system_checks = ()
    help = "Syncs connected sites with their repositories. Exits 0, 1 (failed), 2 or 3 (refused)."

    def add_arguments(self, parser: CommandParser) -> None:
        """SITE, once or for ever."""
        parser.add_argument("site", nargs="?", default="", metavar="SITE", help="default: all")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--once", action="store_true", help="once, then end (the default)")
        how.add_argument("--watch", action="store_true", help="again and again")
        parser.add_argument(
            "--every", type=int, default=120, metavar="SECONDS", help="with --watch (default: 120)"
        )
        parser.add_argument("--allow-missing", action="store_true", help="many files are gone: yes")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each run; a failed run does not end the watch."""
        if options["every"] < 1:
            raise CommandError("--every takes seconds, from 1 on.", returncode=Exit.USAGE)
        as_json = options["format"] == "json"
        may_lose = ALL if options["allow_missing"] else 0
        while True:
            sites = _sites(options["site"])
            code = max([self._sync(site, as_json=as_json, may_lose=may_lose) for site in sites])
            if not options["watch"]:
                break
            may_lose = 0  # was said of what is gone now
            time.sleep(options["every"])
        if code:
            sys.exit(code)

    def _sync(self, site: Site, *, as_json: bool, may_lose: int) -> int:
        try:
            outcome = sync(begin(site), may_lose=may_lose)
        except SyncError as error:
            said = {"site": site.slug, "failure": str(error)}
            self.stderr.write(json.dumps(said) if as_json else f"{site.slug}: {error}")
            return Exit.FAILED
        self.stdout.write(json.dumps(_values(site, outcome)) if as_json else _line(site, outcome))
        return Exit.REFUSED if outcome.report and outcome.report.counts.refused else Exit.GOOD


def _sites(slug: str) -> list[Site]:
    sites = list(Site.objects.connected().filter(**({"slug": slug} if slug else {})))
    if not sites:
        which = f"The site {slug} is not" if slug else "No site is"
        raise CommandError(
            f"{which} connected with a repository: run manage.py connect, or let a chief set it "
            "in the admin, under Sites.",
            returncode=Exit.USAGE,
        )
    return sites


def _line(site: Site, outcome: Outcome) -> str:
    problems = [str(problem) for problem in outcome.report.problems] if outcome.report else []
    summary = outcome.report.summary() if outcome.report else ""
    left_out = [f"{path}: {why} (left_out)" for path, why in (outcome.left_out or {}).items()]
    released = [f"released: {outcome.release.subject}"] if outcome.release else []
    return "\n".join([*problems, *left_out, *released, f"{site.slug}: {summary}"])


def _values(site: Site, outcome: Outcome) -> dict[str, Any]:
    release = outcome.release
    return {
        "site": site.slug,
        **(outcome.report.as_json() if outcome.report else {}),
        "released": release.counts["files"] if release else 0,
        "commit": release.commit if release else "",
        "left_out": outcome.left_out or {},
    }
