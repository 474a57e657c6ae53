"""Suggested coverage refused on the story page: a “no” that imports respect."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from articles.models import KeptApart, Story
from tests.importer.newsroom import Checkout, found

TITLE = "Driverless ferry pilot paused after nudge with moored yacht"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """One event told by two papers, and nine other stories."""
    made = Checkout(tmp_path / "harbour")
    made.write("herald", title=TITLE)
    made.write("post", title=TITLE, provider="The Post", domain="post.example")
    for number in range(9):
        made.write(f"n{number}", title=f"Council votes on homes in part {number}", excerpt="")
    return made


@pytest.fixture
def newsroom(
    transactional_db: None, checkout: Checkout, make_user: Callable[..., User]
) -> dict[str, User]:
    """The two papers instead of the demo newsroom."""
    checkout.run()
    return {"editor": make_user("editor")}


def test_stays_refused_whatever_is_imported(
    open_desk: Callable[..., Page], checkout: Checkout
) -> None:
    page = open_desk("editor")
    panel = page.locator("#suggestions")
    page.goto(found("herald").get_absolute_url())
    expect(panel).to_contain_text("very likely")
    panel.get_by_role("button", name=f"Keep apart: {TITLE}").click()
    expect(page.locator("#messages")).to_contain_text("is not suggested here again")
    expect(panel.get_by_role("button", name=f"Keep apart: {TITLE}")).to_have_count(0)

    checkout.run()
    expects_refused(page, "herald", "post")

    checkout.write("herald", ["post"], title=TITLE)
    checkout.write("post", ["herald"], title=TITLE, provider="The Post", domain="post.example")
    checkout.run()
    expects_refused(page, "herald", "post")

    page.goto("/")
    page.keyboard.press("z")
    expect(page.locator("#messages")).to_contain_text("Undone")
    assert not KeptApart.objects.exists()


def expects_refused(page: Page, *names: str) -> None:
    """No page of the stories offers the other one, and no group holds both."""
    for name in names:
        page.goto(found(name).get_absolute_url())
        expect(page.locator("#suggestions")).to_be_visible()
        expect(page.get_by_role("button", name=f"Link: {TITLE}")).to_have_count(0)
    groups = [Story.objects.get(pk=found(name).pk).coverage_id for name in names]
    assert None in groups or len(set(groups)) == len(names)
    assert KeptApart.objects.count() == 1
