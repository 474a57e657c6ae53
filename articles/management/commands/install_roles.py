"""Create the groups reader, editor, publisher and chief with exactly their permissions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from articles.roles import ROLES, install_roles


class Command(BaseCommand):
    """`manage.py install_roles`. Safe to repeat; run it after every update."""

    help = "Create the groups reader, editor, publisher and chief with exactly their permissions."

    def handle(self, *args: Any, **options: Any) -> None:
        """Install and say so."""
        install_roles()
        if options["verbosity"]:
            self.stdout.write(f"Roles: {', '.join(ROLES)}.")
