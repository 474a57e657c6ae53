"""Every page in light and dark, from 1440 to 320 pixels: axe finds nothing, nothing overflows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import accounts
from tests.browser import pages

WIDTHS = (1440, 768, 390, 320)
TALLEST = 20_000
EVERYTHING: dict[str, Any] = {
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
}
"""All of axe's rules, and the one for targets of 24 px that it leaves off unless asked."""

COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
"""What another colour scheme can break: the page is the same in all else."""

ARRANGED = {**EVERYTHING, "rules": {**EVERYTHING["rules"], "color-contrast": {"enabled": False}}}
BOTH = [("light", EVERYTHING), ("dark", COLOURS)]
SCHEMES = {1440: BOTH, 768: [("light", ARRANGED)], 390: BOTH, 320: [("light", ARRANGED)]}
"""A page looks one way in wide and one in narrow windows: its colours are measured once in each."""

AT_ONCE = "*, ::before, ::after { transition: none !important; }"
"""A colour on its way to another scheme is neither."""

NOT_OURS = {"exclude": [[".select2"]]}
"""The chooser of Django's admin."""


@pytest.fixture
def invited(newsroom: dict[str, User], tmp_path: Path) -> User:
    """A desk with something on every page; somebody has not followed their invitation yet."""
    pages.fill(newsroom, tmp_path / "newsroom")
    return accounts.invite("newcomer", "editor", by=newsroom["chief"])


def violations(page: Page, options: dict[str, Any]) -> Iterator[str]:
    """What axe, which the page holds already, finds in it."""
    run = f"axe.run({json.dumps(NOT_OURS)}, {json.dumps(options)})"
    for violation in page.evaluate(f"{run}.then((all) => all.violations)"):
        nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
        yield f"{violation['id']}: {nodes}"


def opened(page: Page, address: str) -> None:
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    page.goto(address)
    expect(page.locator("[hx-trigger=load]")).to_have_count(0)


def complaints(page: Page, address: str) -> list[str]:
    """What axe says of a page at every width, in light and in dark.

    The window is as high as the page: what scrolls beneath a bar at its edge is no small target.
    """
    found = []
    page.emulate_media(color_scheme="light")
    opened(page, address)
    page.add_style_tag(content=AT_ONCE)
    page.evaluate(AXE_SCRIPT)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        height = int(page.evaluate("document.documentElement.scrollHeight")) + 100
        page.set_viewport_size({"width": width, "height": min(height, TALLEST)})
        for scheme, options in SCHEMES[width]:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found += [f"{address} {width} {scheme}: {each}" for each in violations(page, options)]
    return found


def test_has_no_violation(open_desk: Callable[..., Page], invited: User) -> None:
    page = open_desk("chief", bypass_csp=True)  # axe measures with styles of its own
    found = [each for address in pages.addresses(invited) for each in complaints(page, address)]
    assert found == []


def test_has_none_before_the_login(
    invited: User, live_server: LiveServer, browser: Browser
) -> None:
    context = browser.new_context(base_url=live_server.url, bypass_csp=True)
    page = context.new_page()
    shown = pages.plain_addresses(invited)
    assert [each for address in shown for each in complaints(page, address)] == []
    context.close()


def test_fits_every_width(open_desk: Callable[..., Page], invited: User) -> None:
    page, wide = open_desk("chief"), []
    for address in pages.addresses(invited):
        opened(page, address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            wide += [f"{address} at {width}: {too_wide} px too wide"] if too_wide > 0 else []
    assert wide == []


def test_looks_at_every_page(invited: User) -> None:
    shown = [*pages.addresses(invited), *pages.plain_addresses(invited)]
    assert pages.not_looked_at(shown) == set()


def test_dialogs_have_no_violation(open_desk: Callable[..., Page]) -> None:
    page = open_desk("publisher", bypass_csp=True)
    page.goto("/stories/?queue=inbox", wait_until="networkidle")
    page.evaluate(AXE_SCRIPT)
    page.keyboard.press("j")
    found = []
    for keys in ("?", "Control+k", "b", "t", "m"):
        page.keyboard.press(keys)
        expect(page.locator("dialog[open]")).to_be_visible()
        page.wait_for_load_state("networkidle")
        for scheme, options in (("light", EVERYTHING), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found += [f"{keys} {scheme}: {each}" for each in violations(page, options)]
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
    assert found == []


STOPS = 45
SEEN = """() => {
  const element = document.activeElement;
  if (element === document.body) return "";
  const names = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "textDecoration"];
  const look = () => names.map((name) => getComputedStyle(element)[name]).join("|");
  const box = element.getBoundingClientRect();
  const down = box.bottom > 0 && box.top < innerHeight;
  const inside = down && box.right > 0 && box.left < innerWidth;
  const seen = look();
  element.blur();
  const plain = look();
  element.focus({ preventScroll: true, focusVisible: true });
  return inside && seen !== plain ? "" : element.outerHTML.slice(0, 160);
}"""
"""What has the focus, if it looks as it does without, or stands outside the window."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_shows_where_the_focus_is(open_desk: Callable[..., Page], scheme: str) -> None:
    page = open_desk("chief", color_scheme=scheme)
    hidden = []
    for address in ("/", "/stories/?queue=inbox", "/coverage/", "/activity/", "/preferences/"):
        page.goto(address)
        for _ in range(STOPS):
            page.keyboard.press("Tab")
            hidden += [f"{address}: {each}" for each in focus_not_seen(page)]
    assert hidden == []


def focus_not_seen(page: Page) -> list[str]:
    found: str = page.evaluate(SEEN)
    return [found] if found else []
