"""Two people at the same list in two browsers: they see each other, and nobody decides twice."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from articles.models import Story

SOON = 30_000
"""Milliseconds within which the other one shows: a beat of each page, on a busy machine."""


def two(open_desk: Callable[..., Page]) -> tuple[Page, Page]:
    ada, ben = open_desk("publisher"), open_desk("editor")
    for page in (ada, ben):
        page.goto("/stories/?queue=inbox")
    return ada, ben


def test_shows_who_is_at_a_story_and_who_claimed_it(open_desk: Callable[..., Page]) -> None:
    ada, ben = two(open_desk)
    ben.keyboard.press("j")
    ben.keyboard.press("j")
    pk = ben.locator("tr.current").get_attribute("data-id")
    expect(ada.locator(f"#story-{pk} .here")).to_have_text("editor", timeout=SOON)
    ada.locator(f"#story-{pk} .headline").click()
    expect(ada.locator("#here-too")).to_contain_text("editor", timeout=SOON)
    ben.keyboard.press("i")
    expect(ben.locator("#messages")).to_contain_text("You work on")
    ben.keyboard.press("j")
    expect(ada.locator(f"#story-{pk}")).to_contain_text("editor", timeout=SOON)


def test_shows_who_has_the_storys_or_the_groups_own_page_open(
    open_desk: Callable[..., Page],
) -> None:
    lead = Story.objects.filter(coverage__isnull=False, is_lead=True).newest_first()[0]
    ada, ben = open_desk("publisher"), open_desk("editor")
    ada.goto(lead.get_absolute_url())
    ben.goto(f"/coverage/{lead.coverage_id}/")
    for page, name in ((ada, "editor"), (ben, "publisher")):
        expect(page.locator("#here-too")).to_have_text(f"Also here: {name}", timeout=SOON)


def test_shows_the_others_decision_without_moving_the_rows(
    open_desk: Callable[..., Page],
) -> None:
    ada, ben = two(open_desk)
    order = ada.locator("#rows tr.row").evaluate_all("rows => rows.map(row => row.id)")
    third = ada.locator("#rows tr.row").nth(2)
    top = third.bounding_box()
    ben.locator("#rows tr.row").first.locator(".headline").click()
    ben.keyboard.press("x")
    expect(ada.locator("#rows tr.row").first).to_contain_text("declined", timeout=SOON)
    assert ada.locator("#rows tr.row").evaluate_all("rows => rows.map(row => row.id)") == order
    assert top is not None
    now = third.bounding_box()
    assert now is not None
    assert abs(now["y"] - top["y"]) < 1


def test_tells_the_second_that_somebody_was_first(open_desk: Callable[..., Page]) -> None:
    ada, ben = two(open_desk)
    row = ada.locator("#rows tr.row", has=ada.locator('[data-command="publish"]')).first
    pk = int(row.get_attribute("data-id") or 0)
    ada.locator(f"#story-{pk} .headline").click()
    Story.objects.filter(pk=pk).update(version=99)
    ada.keyboard.press("x")
    expect(ada.locator("#messages")).to_contain_text("first: look again")
    assert Story.objects.get(pk=pk).decision == ""
    expect(ada.locator(f"#story-{pk}")).to_have_attribute("data-version", "99")
    ben.close()
