"""`make desk`: from a clean checkout to a running desk with a demo newsroom.

Writes `.env` once (secret key, password of the first chief), brings the database up to date,
loads the demo stories through the real importer while there is no site yet, prints address and
login, and becomes the server. Running it again keeps everything and starts in seconds.
"""

from __future__ import annotations

import os
import secrets
import socket
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
ENV_FILE = BASE_DIR / ".env"
HOST = "127.0.0.1"
FIRST_CHIEF = "chief"
LAST_PORT = 65_535


def write_env() -> None:
    """Write `.env` with fresh secrets, readable by its owner alone. An existing one stays."""
    if ENV_FILE.exists():
        return
    lines = (
        "# Written by make desk. Every setting is explained in .env.example.",
        f"NEWSDESK_SECRET_KEY={secrets.token_urlsafe(64)}",
        f"NEWSDESK_CHIEF_PASSWORD={secrets.token_urlsafe(12)}",
        "NEWSDESK_INSECURE_HTTP=true",
        "",
    )
    descriptor = os.open(ENV_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


def free_port(first: int) -> int:
    """The first port from `first` on that nobody listens on; stops after fifty."""
    ports = range(first, min(first + 50, LAST_PORT + 1))
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise SystemExit(
        f"Ports {first} to {ports[-1]} are all taken. Set NEWSDESK_PORT to a free one."
    )


def first_port() -> int:
    """Where to begin looking for a free port."""
    from newsdesk.env import whole_number

    return whole_number("NEWSDESK_PORT", default=8000, least=1, most=LAST_PORT)


def check_env() -> None:
    """Stop with a sentence where a `.env` that was here before cannot serve plain HTTP."""
    from newsdesk import settings

    wanted = {
        "NEWSDESK_SECRET_KEY to 50 or more random characters": settings.HAS_OWN_SECRET_KEY,
        "NEWSDESK_INSECURE_HTTP=true": settings.INSECURE_HTTP,
    }
    missing = [words for words, is_there in wanted.items() if not is_there]
    if missing:
        raise SystemExit(
            f"`make desk` serves this machine over plain HTTP. Set {' and '.join(missing)} in "
            f"{ENV_FILE}, or move that file away: `make desk` then writes one that fits."
        )


def prepare() -> tuple[str, str]:
    """Database, roles, demo newsroom, static files; gives the chief's name and password."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")
    django.setup()

    from django.apps import apps
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    from newsdesk.env import text

    say("Bringing the database up to date ...")
    call_command("migrate", verbosity=0)
    call_command("install_roles", verbosity=0)
    password = text("NEWSDESK_CHIEF_PASSWORD")
    call_command("ensure_chief", FIRST_CHIEF, password=password, verbosity=0)
    if not apps.get_model("articles", "Site").objects.exists():
        say("Loading the demo newsroom ...")
        call_command("import_stories", str(BASE_DIR / "articles" / "demo"))
    call_command("collectstatic", verbosity=0, interactive=False)
    chief = get_user_model().objects.filter(username=FIRST_CHIEF).first()
    known = chief is not None and chief.check_password(password)
    return FIRST_CHIEF, password if known else "(as you changed it)"


def say(text: str) -> None:
    """A line for the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    """Prepare, print, serve."""
    write_env()
    try:
        check_env()
        first = first_port()
        name, password = prepare()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error
    port = free_port(first)
    say("")
    say(f"  Newsdesk runs at http://{HOST}:{port}/")
    say(f"  Log in as {name} with the password {password}")
    say("  Stop it with Ctrl+C. The password is kept in .env.")
    say("")
    os.execv(  # noqa: S606  # nosec B606  # becomes the server: one process to stop
        sys.executable,
        [
            sys.executable,
            "-m",
            "gunicorn",
            "newsdesk.wsgi",
            "--bind",
            f"{HOST}:{port}",
            "--worker-class",
            "gthread",
            "--threads",
            "4",
            "--log-level",
            "warning",
        ],
    )


if __name__ == "__main__":
    main()
