"""A real Chromium against the real server with the demo newsroom; skipped without one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import PASSWORD

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# A busy machine is slow, not wrong: what is expected is waited for as long as a page may take.
expect.set_options(timeout=15_000)

DEMO = Path(__file__).resolve().parents[2] / "articles" / "demo"
CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    "",
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as a browser test, and skip it without a Chromium."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip("no Chromium is installed"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, without connections of its own."""
    return {"executable_path": CHROMIUM, "args": QUIET}


class Watch:
    """What a page must never do: break the content policy, open a dialog, ask another host."""

    def __init__(self, page: Page, home: str) -> None:
        self.complaints: list[str] = []
        page.on("console", self._console)
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on("request", lambda request: self._request(request, home))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(f"{message.page and message.page.url}: {message.text}")

    def _request(self, request: Request, home: str) -> None:
        if not request.url.startswith((home, "data:", "blob:")):
            self.complaints.append(f"asked {request.url}")


@pytest.fixture
def newsroom(transactional_db: None, make_user: Callable[..., User]) -> dict[str, User]:
    """The demo newsroom and the cast."""
    call_command("import_stories", str(DEMO), verbosity=0)
    return {role: make_user(role) for role in ("reader", "editor", "publisher", "chief")}


@pytest.fixture
def open_desk(
    newsroom: dict[str, User], live_server: LiveServer, browser: Browser
) -> Iterator[Callable[..., Page]]:
    """Log a person of a role in and give their page; complains at the end if a page misbehaved."""
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def login(role: str = "publisher", **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url, **{"viewport": {"width": 1440, "height": 900}, **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        watches.append(Watch(page, live_server.url))
        page.goto("/account/login/")
        page.get_by_label("User").fill(role)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(live_server.url + "/")
        return page

    yield login
    for context in contexts:
        context.close()
    assert [c for watch in watches for c in watch.complaints] == []
