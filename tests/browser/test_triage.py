"""A morning at the desk, 300 stories in 113 groups: by keyboard, by mouse, by plain forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from articles.models import Change, Coverage, Story
from articles.rules import Queue
from tests.browser.newsroom import make_morning

SETTLED = """async () => {
  const row = () => document.querySelector("[aria-busy]");
  const busy = () => desk.act.busy() || desk.more.isLoading() || row();
  const wait = () => new Promise((resolve) => setTimeout(resolve, 10));
  for (let turn = 0; busy() && turn < 1000; turn += 1) await wait();
}"""
LASTING = {"version", "updated_at"}
"""What an undo does not turn back: it is itself a change."""


@pytest.fixture
def newsroom(transactional_db: None, make_user: Callable[..., User]) -> dict[str, User]:
    """The morning instead of the demo newsroom."""
    make_morning()
    return {role: make_user(role) for role in ("editor", "publisher")}


Columns = dict[int, dict[str, Any]]


def columns() -> Columns:
    rows = Story.objects.order_by("pk").values()
    return {row["id"]: {k: v for k, v in row.items() if k not in LASTING} for row in rows}


def waiting() -> int:
    return Story.objects.in_queue(Queue.INBOX).count()


class Keyboard:
    """Presses keys and counts them; waits for the desk only where a person would look."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed: Counter[str] = Counter()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed[key] += 1

    @property
    def total(self) -> int:
        return sum(self.pressed.values())

    def settle(self) -> None:
        """Until everything that was decided is answered."""
        self.page.evaluate(SETTLED)

    def at(self) -> int:
        return int(self.page.locator("tr.current").get_attribute("data-id") or 0)


def test_decides_the_morning_with_the_keyboard_alone(open_desk: Callable[..., Page]) -> None:
    page = open_desk()
    keys = Keyboard(page)
    keys.press("g", "i")
    page.wait_for_url("**/stories/?queue=inbox")
    assert (waiting(), Story.objects.count()) == (113, 300)

    change_of_lead(keys)
    unlinks_a_member(keys)
    links_two(keys)
    presses, before = decide_everything(keys)

    assert waiting() == 0
    assert page.locator("tr.row.decided").count() == page.locator("tr.row").count()
    assert len(presses) >= 111
    assert sum(each == 1 for each in presses) >= 0.9 * len(presses)
    assert max(presses) == 2
    undo_the_last_twenty(keys, before)


def change_of_lead(keys: Keyboard) -> None:
    """On the lead: `m`, the digit of another member, Enter."""
    group = Coverage.objects.order_by("-member_count")[0]
    before = keys.total
    keys.press("m")
    keys.page.locator('#regroup-dialog [data-digit="2"]').wait_for()
    keys.press("2")
    expect(keys.page.locator("#regroup-dialog")).to_contain_text("no longer leads")
    keys.press("Enter")
    keys.settle()
    assert keys.total - before == 3
    assert Coverage.objects.get(pk=group.pk).lead_id != group.lead_id
    assert keys.at() == Coverage.objects.get(pk=group.pk).lead_id


def unlinks_a_member(keys: Keyboard) -> None:
    """Unfolded, on the member: `Shift+l`, Enter."""
    keys.press("c")
    keys.page.locator("tr.member").first.wait_for()
    keys.press("j")
    member = keys.at()
    before = keys.total
    keys.press("Shift+L")
    expect(keys.page.locator("#regroup-dialog")).to_contain_text("files will be written")
    keys.press("Enter")
    keys.settle()
    assert keys.total - before == 2
    assert Story.objects.get(pk=member).coverage_id is None
    expect(keys.page.locator(f"#story-{member}")).to_be_visible()
    keys.press("c")
    expect(keys.page.locator("tr.member")).to_have_count(0)


def links_two(keys: Keyboard) -> None:
    """`Shift+j` takes this row and the next, `l`, Enter."""
    before = keys.total
    keys.press("Shift+J", "l")
    expect(keys.page.locator("#regroup-dialog")).to_contain_text("files will be written")
    keys.press("Enter")
    keys.settle()
    assert keys.total - before == 3
    assert Change.objects.filter(verb="link").exists()


def decide_everything(keys: Keyboard) -> tuple[list[int], list[Columns]]:
    """From the top to an empty inbox: how many keys each decision took, and what stood in the
    rows of all stories before each of the last twenty.

    One key a group; every tenth gets a second one, which says until when or why.
    """
    page, presses, states = keys.page, list[int](), list[Columns]()
    while keys.at() != first_row(page):
        keys.press("k")
    while waiting_on(page):
        if len(presses) > 85:
            keys.settle()
            states.append(columns())
        before, number = keys.total, len(presses)
        if number % 20 == 9:
            keys.press("b")
            page.locator("#snooze-dialog[open]").wait_for()
            keys.press("1")
        elif number % 20 == 19:
            keys.press("x", "3")
        else:
            keys.press(("p", "x", "p")[number % 3])
        presses.append(keys.total - before)
        assert len(presses) <= 113, "more decisions than groups"
        if len(presses) % 12 == 0:
            keys.settle()
    keys.settle()
    assert Story.objects.filter(decision_reason="seen before").exists()
    assert Story.objects.in_queue(Queue.SNOOZED).exists()
    return presses, states[-20:]


def first_row(page: Page) -> int:
    return int(page.locator("#rows tr.row").first.get_attribute("data-id") or 0)


def waiting_on(page: Page) -> bool:
    return page.locator("#rows tr.row:not(.decided):not([aria-busy])").count() > 0


def undo_the_last_twenty(keys: Keyboard, before: list[Columns]) -> None:
    """Each `z` brings back exactly what stood there before; each `Shift+z` what was decided."""
    done = [*before[1:], columns()]
    for state in reversed(before):
        keys.press("z")
        keys.settle()
        assert columns() == state
    assert waiting() == 20
    for state in done:
        keys.press("Shift+Z")
        keys.settle()
        assert columns() == state
    assert waiting() == 0


def test_decides_the_morning_by_mouse_alone(open_desk: Callable[..., Page]) -> None:
    page = open_desk()
    page.goto("/stories/?queue=inbox")
    keys = Keyboard(page)
    rows = page.locator("#rows tr.row")
    rows.first.locator('[data-command="fold"]').click()
    page.locator('tr.member [data-command="lead"]').first.click()
    page.locator("#regroup-dialog").get_by_role("button", name="Make it the lead").click()
    keys.settle()
    assert Change.objects.filter(verb="lead").exists()
    page.locator('tr.member [data-command="unlink"]').first.click()
    page.locator("#regroup-dialog").get_by_role("button", name="Take it out").click()
    keys.settle()
    assert Change.objects.filter(verb="unlink").exists()
    rows.nth(4).hover()
    rows.nth(4).locator('[data-command="decline"]').click()
    page.locator("#reasons").get_by_role("button", name="off topic").click()
    keys.settle()
    assert Story.objects.get(decision="declined").decision_reason == "off topic"
    page.locator("#messages").get_by_role("button", name="Undo").last.click()
    keys.settle()
    assert not Story.objects.filter(decision="declined").exists()
    links_and_publishes_by_mouse(page, keys)
    rest = decides_pages_by_mouse(page)
    assert rest == 0
    assert waiting() == 0


def links_and_publishes_by_mouse(page: Page, keys: Keyboard) -> None:
    rows = page.locator("#rows tr.row:not(.decided)")
    first, second = (int(rows.nth(n).get_attribute("data-id") or 0) for n in (6, 7))
    for pk in (first, second):
        page.locator(f"#story-{pk} .c-pick label").click()
    page.locator("#bulk").get_by_role("button", name="Link").click()
    page.get_by_role("button", name="Link the selected stories").click()
    expect(page.locator("#messages")).to_contain_text("Linked")
    lead = Story.objects.get(pk=first).coverage
    assert lead is not None
    assert lead == Story.objects.get(pk=second).coverage
    page.goto("/stories/?queue=inbox")
    row = page.locator(
        "#rows tr.row:not(.decided)", has=page.locator("button.switch[aria-checked=false]")
    ).first
    pk = int(row.get_attribute("data-id") or 0)
    row.locator("button.switch").click()
    keys.settle()
    assert Story.objects.get(pk=pk).decision == "published"


def decides_pages_by_mouse(page: Page) -> int:
    """Tick the page, decline it, take the next one."""
    for _ in range(5):
        page.goto("/stories/?queue=inbox")
        if not page.locator("#pick-page").count():
            break
        page.locator("label", has=page.locator("#pick-page")).click()
        page.locator("#bulk").get_by_role("button", name="Decline").click()
        expect(page.locator("#messages")).to_contain_text("declined")
        assert page.locator("#rows tr.row:not(.decided)").count() == 0
    return page.locator("#rows tr.row").count()


def test_plays_every_decision_with_plain_forms(open_desk: Callable[..., Page]) -> None:
    page = open_desk(java_script_enabled=False)
    page.goto("/stories/?queue=inbox")
    first = page.locator("#rows tr.row", has=page.locator('[data-command="publish"]')).first
    pk = int(first.get_attribute("data-id") or 0)
    first.locator('[data-command="publish"]').click()
    assert Story.objects.get(pk=pk).decision == "published"
    page.locator("#messages").get_by_role("button", name="Undo").click()
    assert Story.objects.get(pk=pk).decision == ""
    page.goto("/stories/?queue=inbox")
    page.locator('#rows [data-command="decline"]').first.click()
    assert Story.objects.filter(decision="declined").count() == 1
    page.goto("/stories/?queue=inbox")
    page.locator('#rows [data-command="fold"]').first.click()
    member = page.locator("tr.member").first
    member.locator('[data-command="lead"]').click()
    assert Change.objects.filter(verb="lead").exists()
    page.goto("/stories/?queue=inbox")
    page.locator('#rows [data-command="fold"]').first.click()
    page.locator("tr.member").first.locator('[data-command="unlink"]').click()
    assert Change.objects.filter(verb="unlink").exists()
    page.goto("/stories/?queue=inbox")
    boxes = page.locator('input[name="story"][form="bulk"]')
    for number in range(3):
        boxes.nth(number).check()
    page.locator("#bulk").get_by_role("button", name="Decline").click()
    assert Story.objects.filter(decision="declined").count() == 4
    plain_forms_empty_the_inbox(page)
    assert waiting() == 0


def plain_forms_empty_the_inbox(page: Page) -> None:
    """“All … matching” is a link, then a button decides exactly those; undone and done again."""
    left = waiting()
    page.goto("/stories/?queue=inbox")
    page.get_by_role("link", name=f"All {left} matching").click()
    expect(page.locator("#bulk")).to_contain_text(f"{left} stories that match")
    page.locator("#bulk").get_by_role("button", name="Decline").click()
    expect(page.locator("#messages")).to_contain_text(f"{left} stories declined")
    assert waiting() == 0
    page.locator("#messages").get_by_role("button", name="Undo").click()
    assert waiting() == left
    page.goto("/stories/?queue=inbox")
    page.get_by_role("link", name=f"All {left} matching").click()
    page.locator("#bulk").get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("published")
