"""Robot and editor disagree on a headline: settled each way, by keys, by mouse, by plain forms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from articles import desk
from articles.models import Conflict, StandingAnswer
from tests.importer.newsroom import Checkout, found

NAMES = ("anchor", "beacon", "current", "dune")
"""In the order of the page: the newest conflict stands first."""


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """The content repository that the robot writes to."""
    return Checkout(tmp_path / "harbour")


@pytest.fixture
def newsroom(
    transactional_db: None, make_user: Callable[..., User], checkout: Checkout
) -> dict[str, User]:
    """The cast, and four headlines that desk and robot changed since they were read."""
    people = {role: make_user(role) for role in ("reader", "editor", "publisher")}
    for name in NAMES:
        checkout.write(name, title=f"The {name} as it was")
    checkout.run()
    for name in reversed(NAMES):
        desk.edit(found(name), {"title": f"The {name} on the desk"}, by=people["editor"])
        robot_writes(checkout, name, "in the file")
    assert Conflict.objects.open().count() == len(NAMES)
    return people


def robot_writes(checkout: Checkout, name: str, words: str) -> None:
    checkout.write(name, title=f"The {name} {words}")
    checkout.run()


def headlines() -> list[str]:
    return [found(name).title.removeprefix(f"The {name} ") for name in NAMES]


def disputed() -> set[str]:
    """Which headlines are still in conflict."""
    return {
        row.story.title.split()[1]
        for row in Conflict.objects.open().select_related("story")
        if row.story
    }


def conflicts(open_desk: Callable[..., Page], **options: object) -> Page:
    page = open_desk("publisher", **options)
    page.goto("/conflicts/")
    expect(page.locator(".group-row")).to_have_count(len(NAMES))
    return page


def said(page: Page, left: int) -> None:
    """The page came back with an answer in words and as many conflicts as are left."""
    expect(page.locator("#open")).to_have_text(f"{left} to settle")
    expect(page.locator("#messages")).to_contain_text("1 conflict settled.")


def at(page: Page) -> str:
    return page.locator(".group-row.current .headline").inner_text().split()[1]


def answers_hold(checkout: Checkout) -> None:
    """What each answer means for the story, and for what the robot writes next."""
    assert headlines() == ["in the file", "on the desk", "on the desk", "on the desk"]
    assert disputed() == {"dune"}
    assert [found(name).pending for name in NAMES[:3]] == [False, True, True]
    kept = StandingAnswer.objects.get()
    assert (kept.story, kept.field) == (found("current"), "title")

    for name in NAMES[:3]:
        robot_writes(checkout, name, "written anew")
    assert headlines() == ["written anew", "on the desk", "on the desk", "on the desk"]
    assert disputed() == {"beacon", "dune"}


def test_is_settled_each_way_by_keyboard(
    open_desk: Callable[..., Page], checkout: Checkout
) -> None:
    page = conflicts(open_desk)
    assert at(page) == "anchor"
    page.keyboard.press("f")
    said(page, 3)
    assert at(page) == "beacon"
    page.keyboard.press("d")
    said(page, 2)
    assert at(page) == "current"
    page.keyboard.press("Shift+D")
    said(page, 1)
    assert at(page) == "dune"
    answers_hold(checkout)


def test_is_settled_each_way_by_mouse(open_desk: Callable[..., Page], checkout: Checkout) -> None:
    page = conflicts(open_desk)
    answers = {"anchor": "Take", "beacon": "Keep", "current": "Keep always"}
    for left, (name, answer) in zip((3, 2, 1), answers.items(), strict=True):
        row = page.locator(".group-row", has=page.get_by_text(f"The {name} as it was"))
        row.get_by_text(answer, exact=True).click()
        said(page, left)
    answers_hold(checkout)


def test_is_settled_each_way_by_plain_forms(
    open_desk: Callable[..., Page], checkout: Checkout
) -> None:
    page = conflicts(open_desk, java_script_enabled=False)
    for left, answer in zip((3, 2, 1), ("Take", "Keep", "Keep always"), strict=True):
        page.locator(".group-row").first.get_by_text(answer, exact=True).click()
        said(page, left)
    answers_hold(checkout)


@pytest.mark.parametrize("answer", ["f", "d", "Shift+D"])
def test_is_open_again_after_an_undo(open_desk: Callable[..., Page], answer: str) -> None:
    page = conflicts(open_desk)
    page.keyboard.press("j")
    assert at(page) == "beacon"
    page.keyboard.press(answer)
    said(page, 3)
    page.keyboard.press("z")
    expect(page.locator("#open")).to_have_text("4 to settle")
    expect(page.locator("#messages")).to_contain_text("Undone")
    assert headlines() == ["on the desk"] * 4
    assert disputed() == set(NAMES)
    assert not StandingAnswer.objects.exists()


def test_settles_the_ticked_and_then_the_rest(open_desk: Callable[..., Page]) -> None:
    page = conflicts(open_desk)
    for key in (" ", "j", "j", " "):
        page.keyboard.press(key)
    page.get_by_role("group", name="The ticked:").get_by_text("Take").click()
    expect(page.locator("#messages")).to_contain_text("2 conflicts settled.")
    assert disputed() == {"beacon", "dune"}
    page.get_by_role("group", name="All 2:").get_by_text("Keep").click()
    expect(page.locator("#messages")).to_contain_text("2 conflicts settled.")
    assert headlines() == ["in the file", "on the desk", "in the file", "on the desk"]
    expect(page.get_by_role("heading", name="Nothing to settle")).to_be_visible()
    page.locator("#messages").get_by_role("button", name="Undo").click()
    expect(page.locator("#open")).to_have_text("2 to settle")


def test_asks_again_where_a_value_was_always_kept(
    open_desk: Callable[..., Page], checkout: Checkout
) -> None:
    page = conflicts(open_desk)
    page.keyboard.press("Shift+D")
    said(page, 3)
    page.get_by_role("button", name="Ask again: The anchor on the desk").click()
    expect(page.locator("#messages")).to_contain_text("you are asked again")
    robot_writes(checkout, "anchor", "written anew")
    assert "anchor" in disputed()


def test_shows_a_reader_what_differs_and_no_button(open_desk: Callable[..., Page]) -> None:
    page = open_desk("reader")
    page.goto("/conflicts/")
    expect(page.locator(".group-row").first).to_contain_text("The anchor in the file")
    expect(page.locator("main button")).to_have_count(0)
    page.keyboard.press("f")
    page.keyboard.press("d")
    assert disputed() == set(NAMES)
