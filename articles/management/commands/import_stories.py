"""Bring the desk up to the files: `manage.py import_stories PATH... [--site SLUG]`."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from articles import desk, grouping, judging
from articles.importer import ALL, ImportFailed, Options, import_paths
from articles.importer.progress import progress_on


class Command(BaseCommand):
    """Imports content repositories, folders, files and archives."""

    requires_system_checks = ()
    help = "Imports stories. Exits 0 if all is well, 1 if it failed, 3 if files were refused."

    def add_arguments(self, parser: CommandParser) -> None:
        """PATH and options."""
        parser.add_argument("paths", nargs="+", metavar="PATH", help="folder, file or archive")
        parser.add_argument("--site", default="", metavar="SLUG", help="import into this site")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, count only")
        parser.add_argument("--allow-missing", action="store_true", help="many files are gone: yes")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--jobs", type=int, default=0, metavar="N", help="processes that read")

    def handle(self, *args: Any, **chosen: Any) -> None:
        """One import per repository, reported as one."""
        may_lose = ALL if chosen["allow_missing"] else 0
        options = Options(chosen["site"], chosen["dry_run"], may_lose, chosen["jobs"])
        start = timezone.now()
        try:
            with progress_on(sys.stderr) as progress:
                report = import_paths(chosen["paths"], options, progress)
        except ImportFailed as error:
            raise CommandError(str(error), returncode=error.exit_code) from error
        if not options.dry_run:
            judging.judge_stale()
            grouping.arrive_everywhere(start)
            desk.wake_due()
        as_json = chosen["format"] == "json"
        self.stdout.write(json.dumps(report.as_json()) if as_json else report.as_text())
        if report.exit_code:
            sys.exit(report.exit_code)
