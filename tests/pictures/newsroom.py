"""A desk of its own for pictures: a temporary database, the demo newsroom, a server, a browser."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

DEMO = Path(__file__).resolve().parents[2] / "articles" / "demo"
PASSWORD = "a password for pictures only"
CAST = {"ada": "chief", "bo": "publisher", "cleo": "editor", "dan": "reader"}
NAMES = {"ada": "Ada Brandt", "bo": "Bo Lindqvist", "cleo": "Cleo Marsh", "dan": "Dan Ito"}


@contextmanager
def newsroom(source: Path = DEMO) -> Iterator[str]:
    """The address of a running desk with the stories of a folder; gone when the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/desk.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        files = Path(folder) / "site"
        shutil.copytree(source, files)
        _fill(files)
        from django.contrib.staticfiles.handlers import StaticFilesHandler
        from django.test.testcases import LiveServerThread

        server = LiveServerThread("127.0.0.1", StaticFilesHandler)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        try:
            yield f"http://127.0.0.1:{server.port}"
        finally:
            server.terminate()


def _fill(source: Path) -> None:
    import django

    django.setup()

    from django.contrib.auth.models import Group, User
    from django.core.management import call_command

    from articles.models import Preferences, Site

    call_command("migrate", verbosity=0)
    call_command("import_stories", str(source), verbosity=0)
    Site.objects.update(location=str(source))
    call_command("install_roles", verbosity=0)
    for name, role in CAST.items():
        first, _, last = NAMES[name].partition(" ")
        user = User.objects.create_user(
            name, password=PASSWORD, first_name=first, last_name=last, is_staff=role == "chief"
        )
        user.groups.set(Group.objects.filter(name=role))
        Preferences.objects.create(user=user, load_images=False, tour_done=True)


@contextmanager
def pages(home: str) -> Iterator[Any]:
    """A function that opens a page of the desk as one of the cast."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import CHROMIUM, QUIET

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)

        def open_page(name: str = "bo", **options: Any) -> Page:
            wanted = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
            page = browser.new_context(base_url=home, **{**wanted, **options}).new_page()
            page.goto("/account/login/")
            page.get_by_label("User").fill(name)
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
            page.wait_for_url(f"{home}/")
            return page

        yield open_page
        browser.close()
