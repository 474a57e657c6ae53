"""Say where a site's files are: `manage.py connect LOCATION [--site SLUG] [--branch BRANCH]`."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.exits import Exit
from articles.sync import SyncError, connect


class Command(BaseCommand):
    """Connects a site with its repository; the admin does the same under Sites."""

    requires_system_checks = ()
    help = "Connects a site with a folder or a git repository. Writes nothing there."

    def add_arguments(self, parser: CommandParser) -> None:
        """LOCATION, the site, the branch."""
        parser.add_argument("location", metavar="LOCATION", help="a folder, https://… or ssh://…")
        parser.add_argument("--site", default="", metavar="SLUG", help="default: as baseurl says")
        parser.add_argument("--branch", default="", help="default: the repository's own")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look whether it can be reached, then remember it."""
        try:
            site = connect(options["location"], branch=options["branch"], slug=options["site"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=Exit.USAGE) from error
        except SyncError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Connected. Next: manage.py sync {site.slug}")
