"""Settings from the environment, checked when they are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()  # type: ignore[no-untyped-call]
env.read_env(BASE_DIR / ".env")


DATABASES = ("sqlite", "postgres", "postgresql")
"""What an address of a database may begin with."""


def text(name: str, *, default: str = "") -> str:
    """A setting as it stands, or as the file that `<name>_FILE` names says, without a line end."""
    try:
        return env.str(name, default="").strip() or default
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}_FILE names {error.filename}, which cannot be read: {error.strerror}. "
            "Name a file that the desk may read."
        ) from error


def flag(name: str, *, default: bool) -> bool:
    """A yes/no setting; anything but true/false words is an error that names the setting."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Set it to true or false.")


def whole_number(name: str, *, default: int, least: int = 0, most: int | None = None) -> int:
    """A setting that is a whole number of at least `least`, and of `most` at the most."""
    value = text(name)
    if not value:
        return default
    if not value.isdecimal() or int(value) < least or (most is not None and int(value) > most):
        span = f"from {least} up" if most is None else f"from {least} to {most}"
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to a whole number {span}.")
    return int(value)


def one_of(name: str, among: tuple[str, ...], *, default: str) -> str:
    """A setting that is one of some words, whose capitals do not matter."""
    value = text(name, default=default).upper()
    if value not in among:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to one of {', '.join(among)}.")
    return value


def words(name: str, *, default: tuple[str, ...] = ()) -> list[str]:
    """A setting that is a list separated by commas."""
    value = text(name)
    return [word.strip() for word in value.split(",") if word.strip()] if value else list(default)


def database(name: str, *, default: str = "") -> dict[str, Any]:
    """A database as its address says; empty without one. The error does not repeat a password."""
    address = text(name, default=default)
    if not address:
        return {}
    if address.partition("://")[0] not in DATABASES:
        raise ImproperlyConfigured(
            f"{name} is no address of a database. Set it to sqlite:////whole/path, or to "
            "postgres://user:password@host:5432/name (%40 for an @ in the password)."
        )
    try:
        found: dict[str, Any] = env.db_url_config(address)  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} is no address of a database: signs such as @ / : # in its password are "
            "written %40 %2F %3A %23."
        ) from error
    return found
