"""Invite a person from the command line, or give one who lost their password a new link."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import accounts
from articles.roles import EDITOR, ROLES


class Command(BaseCommand):
    """`manage.py invite_user NAME [--role ROLE] [--address URL]` prints a one-time link."""

    help = "Print a one-time link with which a new or existing person sets a password."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, as what, and where the desk is reached."""
        parser.add_argument("name", help="the name to log in with")
        parser.add_argument(
            "--role", choices=list(ROLES), default=EDITOR, help="of a new person (default: editor)"
        )
        parser.add_argument(
            "--address",
            default="http://localhost:8000",
            help="scheme and host of the desk (default: http://localhost:8000)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the account where there is none, and print the link."""
        user = User.objects.filter(username=options["name"]).first()
        try:
            user = user or accounts.invite(options["name"], options["role"], by=None)
            path = accounts.renew_invitation(user, by=None)
        except (accounts.AccountRefused, ValidationError) as refusal:
            raise CommandError("; ".join(getattr(refusal, "messages", [str(refusal)]))) from refusal
        self.stdout.write(options["address"].rstrip("/") + path)
