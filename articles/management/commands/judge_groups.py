"""Look at every coverage group that changed: `manage.py judge_groups [--all]`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from articles import judging
from articles.models import Coverage


class Command(BaseCommand):
    """Brings the queue of suspicious groups up to date."""

    help = "Judges the coverage groups that changed since they were judged last."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which groups."""
        parser.add_argument("--all", action="store_true", help="judge every group anew")

    def handle(self, *args: Any, **chosen: Any) -> None:
        """One line with the counts."""
        if chosen["all"]:
            Coverage.objects.update(judged_version=0)
        judged = judging.judge_stale()
        suspicious = Coverage.objects.suspicious().count()
        self.stdout.write(f"{judged:,} groups judged, {suspicious:,} suspicious")
