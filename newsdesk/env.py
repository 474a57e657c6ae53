"""Settings from the environment, checked when they are read."""

from __future__ import annotations

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()  # type: ignore[no-untyped-call]
env.read_env(BASE_DIR / ".env")


def flag(name: str, *, default: bool) -> bool:
    """A yes/no setting; anything but true/false words is an error that names the setting."""
    value = env.str(name, default="").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Set it to true or false.")


def whole_number(name: str, *, default: int, least: int = 0) -> int:
    """A setting that is a whole number of at least `least`."""
    value = env.str(name, default="").strip()
    if not value:
        return default
    if not value.isdigit() or int(value) < least:
        raise ImproperlyConfigured(
            f"{name} is {value!r}. Set it to a whole number from {least} up."
        )
    return int(value)


def words(name: str, *, default: tuple[str, ...] = ()) -> list[str]:
    """A setting that is a list separated by commas."""
    return [word.strip() for word in env.list(name, default=list(default)) if word.strip()]
