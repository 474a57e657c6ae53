"""Checks of the installation that run at every start."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004  # Django's own
from django.db import connection


@register
def check_database(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Only the databases whose behaviour was measured are supported."""
    if connection.vendor in {"sqlite", "postgresql"}:
        return []
    return [
        Error(
            f"The database {connection.vendor} is not supported.",
            hint="Set DATABASE_URL to sqlite:///path or postgres://user@host/name.",
            id="articles.E001",
        )
    ]


HERE = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Names under which only this machine is reached."""


@register
def check_plain_http(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Plain HTTP is for one machine: elsewhere passwords and sessions travel in the open."""
    elsewhere = sorted(set(settings.ALLOWED_HOSTS) - HERE)
    if settings.NEWSDESK_TESTING or not settings.INSECURE_HTTP or not elsewhere:
        return []
    return [
        Warning(
            f"The desk is reached as {', '.join(elsewhere)} over plain HTTP.",
            hint="Put a proxy with TLS in front and set NEWSDESK_INSECURE_HTTP=false and "
            "NEWSDESK_BEHIND_TLS_PROXY=true.",
            id="articles.W001",
        )
    ]


@register
def check_hosts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A wildcard lets anybody choose the name that stands in invitation links."""
    if settings.NEWSDESK_TESTING or "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        Error(
            "NEWSDESK_ALLOWED_HOSTS allows every name.",
            hint="List the names of this desk, separated by commas.",
            id="articles.E002",
        )
    ]
