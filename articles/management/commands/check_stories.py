"""Check story files without writing anything: `manage.py check_stories PATH --format json`."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.checker import as_text, check_repository
from articles.exits import Exit
from articles.repository import RepositoryError, UnknownPathError, open_repositories


class Command(BaseCommand):
    """Reads every story and says what an import would make of it."""

    requires_system_checks = ()
    help = "Reads stories without writing anything and names every doubt by file and line."

    def add_arguments(self, parser: CommandParser) -> None:
        """PATH and the format."""
        parser.add_argument("paths", nargs="+", metavar="PATH", help="folder, file or archive")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits 0 where every file is accepted, 3 where some are refused, 1 or 2 otherwise."""
        try:
            repositories = open_repositories(options["paths"])
            checks = [check for each in repositories for check in check_repository(each)]
        except RepositoryError as error:
            code = Exit.USAGE if isinstance(error, UnknownPathError) else Exit.FAILED
            raise CommandError(str(error), returncode=code) from error
        found = {check.path: check.as_json() for check in checks}
        self.stdout.write(json.dumps(found) if options["format"] == "json" else as_text(checks))
        if any(check.outcome == "reject" for check in checks):
            sys.exit(Exit.REFUSED)
