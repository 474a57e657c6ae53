"""Write what the desk changed back into a repository: `manage.py export_stories DIR`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from articles.destination import BusyError
from articles.exits import Exit
from articles.exporter import (
    ExportReport,
    UnknownSiteError,
    WrongFolderError,
    export_stories,
    site_for,
)


class Command(BaseCommand):
    """Writes pending stories to their files; every other file is left alone."""

    requires_system_checks = ()
    help = "Writes the stories changed on the desk back into their content repository."

    def add_arguments(self, parser: CommandParser) -> None:
        """DIR, the site, what to print."""
        parser.add_argument("folder", metavar="DIR", type=Path, help="the content repository")
        parser.add_argument("--site", metavar="SLUG", help="default: as DIR's baseurl says")
        parser.add_argument("--dry-run", action="store_true", help="show the lines, write nothing")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits 0, 1 where the run failed, 2 for usage, 3 where a file was not written."""
        folder = options["folder"]
        try:
            site = site_for(folder, options["site"])
            report = export_stories(site, folder, dry_run=options["dry_run"])
        except (UnknownSiteError, WrongFolderError) as error:
            raise CommandError(str(error), returncode=Exit.USAGE) from error
        except (BusyError, OSError, DatabaseError) as error:
            raise CommandError(f"The export failed: {error}") from error
        self._print(report, as_json=options["format"] == "json")
        if report.exit_code:
            sys.exit(report.exit_code)

    def _print(self, report: ExportReport, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report.as_json()))
            return
        for line in (*report.diffs, *map(str, report.problems), report.failure, report.summary()):
            if line:
                self.stdout.write(line)
