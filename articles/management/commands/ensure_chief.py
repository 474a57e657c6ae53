"""Create the first chief, so that somebody can log in and invite the others."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from articles import accounts
from articles.roles import install_roles
from newsdesk.env import text


class Command(BaseCommand):
    """`manage.py ensure_chief [NAME]`. Does nothing when there is a chief already."""

    help = (
        "Create the first chief unless there is one. The password is taken from the environment "
        "variable NEWSDESK_CHIEF_PASSWORD; without one it is made up and printed once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The name to log in with."""
        parser.add_argument("name", nargs="?", default="chief", help="default: chief")
        parser.add_argument("--password", default="", help="better left to the environment")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create, and print only a password that stands nowhere else."""
        install_roles()
        given = options["password"] or text("NEWSDESK_CHIEF_PASSWORD")
        password = given or secrets.token_urlsafe(12)
        created = accounts.ensure_chief(options["name"], password)
        if created and not given:
            self.stdout.write(f"Log in as {options['name']} with the password {password}")
        elif options["verbosity"]:
            word = "created" if created else "unchanged, there is a chief already"
            self.stdout.write(f"Chief {options['name']}: {word}.")
