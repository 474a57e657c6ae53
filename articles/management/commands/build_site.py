"""Write a site's public JSON into a folder: `manage.py build_site DIR`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.destination import Destination, DestinationError
from articles.exits import Exit
from articles.exporter import UnknownSiteError, site_for
from articles.sitejson import build_site


class Command(BaseCommand):
    """Writes `api/news/...` as the site's readers fetch it."""

    requires_system_checks = ()
    help = "Writes the public JSON of a site (api/news/...) into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """DIR and the site."""
        parser.add_argument("folder", metavar="DIR", type=Path, help="made if it is not there")
        parser.add_argument("--site", metavar="SLUG", help="default: DIR's own, or the only one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits 0, 1 where writing failed, 2 for usage."""
        folder = options["folder"]
        try:
            site = site_for(folder, options["site"], or_the_only_one=True)
            folder.mkdir(parents=True, exist_ok=True)
            with Destination(folder) as destination:
                destination.lock()
                report = build_site(site, destination)
        except UnknownSiteError as error:
            raise CommandError(str(error), returncode=Exit.USAGE) from error
        except (DestinationError, OSError) as error:
            raise CommandError(f"The site could not be written: {error}") from error
        self.stdout.write(
            f"{report.stories:,} stories: {report.written:,} pages written, "
            f"{report.unchanged:,} unchanged, {report.removed:,} removed"
        )
