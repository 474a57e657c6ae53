"""Odd and hostile stories in a real browser, with pictures loaded: nothing runs, nothing leaks."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from playwright.sync_api import Browser, Page, Route
from pytest_django.live_server_helper import LiveServer

from articles.models import Coverage, Preferences, Story
from articles.weburl import is_private_host
from tests.browser.conftest import Watch
from tests.conftest import PASSWORD
from tests.hostile.judging import unpack
from tests.hostile.test_files import write_all

pytestmark = pytest.mark.long
EVERY = 1 if os.environ.get("NEWSDESK_EVERY_PAGE") else 30
"""One page of so many is opened; all of them with NEWSDESK_EVERY_PAGE."""

WIDTHS = (1440, 390)
DOT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
PLAYER = "www.youtube-nocookie.com"


class Outside:
    """The rest of the world: it answers with a dot, and remembers who was asked for what."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.asked: set[str] = set()
        self.complaints: list[str] = []

    def __call__(self, route: Route) -> None:
        request = route.request
        if request.url.startswith(self.home):
            route.continue_()
            return
        address = urlsplit(request.url)
        self.asked.add(address.hostname or "")
        is_picture = request.resource_type == "image" and address.scheme == "https"
        is_player = request.resource_type == "document" and address.hostname == PLAYER
        if is_private_host(address.hostname or "") or not (is_picture or is_player):
            self.complaints.append(f"{request.resource_type} {request.url}")
        if "referer" in request.headers:
            self.complaints.append(f"told {request.url} where the desk is")
        route.fulfill(body=DOT if is_picture else b"", content_type="image/gif")


class Quiet(Watch):
    """Complains of dialogs, broken policy and script errors; requests are `Outside`'s."""

    def _request(self, *_: object) -> None:
        pass


@pytest.fixture
def hostile(transactional_db: None, tmp_path: Path, make_user: Callable[..., User]) -> User:
    """The odd files of our own, and the hostile set where it is at hand; a chief with pictures."""
    folders = [write_all(tmp_path / "odd")]
    corpus = os.environ.get("NEWSDESK_CORPUS", "")
    if corpus:
        folders.append(unpack(Path(corpus), tmp_path))
    for folder in folders:
        with pytest.raises(SystemExit):  # some files are refused
            call_command("import_stories", str(folder), verbosity=0)
    chief = make_user("chief")
    Preferences.objects.create(user=chief, load_images=True)
    return chief


@pytest.fixture
def desk(
    hostile: User, live_server: LiveServer, browser: Browser
) -> Iterator[tuple[Page, Outside]]:
    outside = Outside(live_server.url)
    context = browser.new_context(base_url=live_server.url)
    context.route("**/*", outside)
    page = context.new_page()
    page.set_default_timeout(30_000)
    watch = Quiet(page, live_server.url)
    page.goto("/account/login/")
    page.get_by_label("User").fill(hostile.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(live_server.url + "/")
    yield page, outside
    context.close()
    assert watch.complaints == []
    assert outside.complaints == []


def too_wide(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def look(page: Page, address: str) -> list[str]:
    """Open a page, scroll to its end, so that lazy pictures load, and make it narrow."""
    found = []
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    response = page.goto(address)
    if response is None or response.status != 200:
        found.append(f"{address}: {response and response.status}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        if width == WIDTHS[0]:
            page.wait_for_load_state("networkidle")
        if too_wide(page) > 0:
            found.append(f"{address} at {width}: {too_wide(page)} px too wide")
        if page.evaluate("document.querySelectorAll('script:not([src])').length"):
            found.append(f"{address}: a script in the page")
    return found


def addresses() -> Iterator[str]:
    """The lists from their first to their last page, then stories and groups, one of so many."""
    yield from ("/", "/coverage/", "/activity/", "/sync/", "/stories/?has_issues=yes")
    stories = Story.objects.order_by("-listed_at", "-pk")
    for pk in stories.exclude(path=None).values_list("pk", flat=True)[::EVERY]:
        yield f"/stories/{pk}/"
        yield f"/stories/?story={pk}"
    for pk in Coverage.objects.values_list("pk", flat=True)[::EVERY]:
        yield f"/coverage/{pk}/"


WORST = ("title-", "name-", "related-many", "markup-", "bomb-", "unicode-", "featured-")


def worst() -> list[Story]:
    """The stories whose files are the oddest to look at, one of so many."""
    stories = Story.objects.exclude(path=None).order_by("pk")
    found = [story for story in stories if any(word in str(story.path) for word in WORST)]
    return found[:: max(1, EVERY // 4)]


def test_runs_nothing_and_leaks_nothing(desk: tuple[Page, Outside]) -> None:
    page, outside = desk
    found = [problem for address in addresses() for problem in look(page, address)]
    address: str | None = "/stories/"
    while address:
        found += look(page, address)
        link = page.locator("a[rel=next]").first
        address = link.get_attribute("href") if link.count() else None
        address = f"/stories/{address}" if address and address.startswith("?") else address
    for number, story in enumerate(worst()):
        page.emulate_media(color_scheme="light" if number % 2 else "dark")
        found += look(page, story.get_absolute_url())

    assert found == []
    assert outside.asked  # the pictures of decent hosts were loaded
