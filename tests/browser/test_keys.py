"""Single keys: where they work, where they must not, and where the focus is afterwards."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import Page, Request, expect

from articles.models import Change, Preferences, ShelfItem, Story


def inbox(open_desk: Callable[..., Page], role: str = "publisher") -> Page:
    page = open_desk(role)
    page.goto("/stories/?queue=inbox")
    return page


def focused(page: Page) -> str:
    """The id of the row that holds the focus, or what holds it."""
    return str(
        page.evaluate(
            "() => (document.activeElement.closest('#rows > tr') || document.activeElement).id"
        )
    )


def test_never_acts_in_fields_or_with_the_browsers_modifiers(
    open_desk: Callable[..., Page],
) -> None:
    page = inbox(open_desk)
    page.keyboard.press("j")
    page.keyboard.press("/")
    page.keyboard.type("xpzb")
    expect(page.locator("#search")).to_have_value("xpzb")
    page.keyboard.press("Escape")
    for keys in ("Control+x", "Alt+p", "Meta+z"):
        page.keyboard.press(keys)
    page.keyboard.press("?")
    expect(page.locator("#keys-dialog")).to_be_visible()
    page.keyboard.press("x")
    page.keyboard.press("Escape")
    expect(page.locator("#keys-dialog")).not_to_be_visible()
    assert not Change.objects.exclude(verb="imported").exists()


def test_can_be_switched_off(open_desk: Callable[..., Page], newsroom: dict[str, User]) -> None:
    Preferences.objects.create(user=newsroom["publisher"], keys_on=False, tour_done=True)
    page = inbox(open_desk)
    page.locator("#rows tr.row .headline").first.click()
    page.keyboard.press("x")
    page.keyboard.press("?")
    expect(page.locator("#keys-dialog")).not_to_be_visible()
    assert not Story.objects.filter(decision="declined").exists()


def test_follows_the_persons_own_keys(
    open_desk: Callable[..., Page], newsroom: dict[str, User]
) -> None:
    Preferences.objects.create(user=newsroom["publisher"], keys={"decline": "y"}, tour_done=True)
    page = inbox(open_desk)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("y")
    expect(page.locator("#messages")).to_contain_text("Declined")
    assert Story.objects.filter(decision="declined").count() == 1
    page.keyboard.press("?")
    expect(page.locator('[data-command-name="decline"] kbd')).to_have_text("y")


def test_numbers_every_press_that_takes_back(open_desk: Callable[..., Page]) -> None:
    page = inbox(open_desk)
    presses: list[str] = []
    page.on("request", lambda request: presses.extend(presses_of(request)))
    page.keyboard.press("j")
    for _ in range(3):
        page.keyboard.press("x")
    expect(page.locator("tr.row.decided")).to_have_count(3)
    page.keyboard.press("z")
    page.keyboard.press("z")
    expect(page.locator("tr.row.decided")).to_have_count(1)
    page.goto(Story.objects.get(decision="declined").get_absolute_url())
    written = page.locator("#act [name=press]").input_value()
    page.keyboard.press("z")
    expect(page.locator("#messages")).to_contain_text("Undone")
    assert not Story.objects.filter(decision="declined").exists()
    assert len(set(presses)) == 3
    assert uuid.UUID(written).hex not in presses


def presses_of(request: Request) -> list[str]:
    """The number that a form sent along to take something back."""
    is_undo = request.url.endswith("/undo/")
    return re.findall(r"\b[0-9a-f]{32}\b", request.post_data or "") if is_undo else []


def test_puts_a_story_on_the_shelf_and_takes_it_off_with_one_key(
    open_desk: Callable[..., Page],
) -> None:
    page = inbox(open_desk, "reader")
    page.keyboard.press("j")
    for where in ("on", "off", "on"):
        page.keyboard.press("v")
        expect(page.locator("#messages .message").last).to_contain_text(f"is {where} your shelf")
        other = "off" if where == "on" else "on"
        button = page.locator(f'#pane .pane-head [data-command="shelf"][value="{other}"]')
        expect(button).to_be_visible()
    assert ShelfItem.objects.count() == 1


def test_keeps_the_focus_when_a_row_is_replaced(open_desk: Callable[..., Page]) -> None:
    page = inbox(open_desk)
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#messages")).to_contain_text("Declined")
    here = page.locator("tr.current").get_attribute("id")
    assert focused(page) == here
    page.keyboard.press("z")
    expect(page.locator("#messages")).to_contain_text("Undone")
    page.wait_for_timeout(100)
    assert focused(page) == page.locator("tr.current").get_attribute("id")
    switch = page.locator("tr.row button.switch").first
    row = switch.locator("xpath=ancestor::tr").get_attribute("id")
    switch.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#messages .message.success").last).to_contain_text("ublished")
    assert focused(page) == row


def test_repeats_the_last_decision(open_desk: Callable[..., Page]) -> None:
    page = inbox(open_desk)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press(".")
    page.keyboard.press(".")
    expect(page.locator("tr.row.decided")).to_have_count(3)
    assert Story.objects.filter(decision="declined").count() == 3


def test_goes_to_places_after_what_was_decided_is_sent(open_desk: Callable[..., Page]) -> None:
    page = inbox(open_desk)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/activity/")
    assert Story.objects.filter(decision="declined").count() == 1


def test_brings_the_row_back_with_words_when_the_desk_cannot_be_reached(
    open_desk: Callable[..., Page],
) -> None:
    page = inbox(open_desk)
    page.route("**/decline/", lambda route: route.fulfill(status=429))
    page.keyboard.press("j")
    row = page.locator("tr.current").get_attribute("id")
    page.keyboard.press("x")
    message = page.locator("#messages .message.error")
    expect(message).to_contain_text("Nothing was changed")
    message.get_by_role("button", name="Show the story").click()
    assert focused(page) == row
    assert not Story.objects.filter(decision="declined").exists()


def test_takes_the_first_steps_away_for_good(open_desk: Callable[..., Page]) -> None:
    page = inbox(open_desk)
    tour = page.locator("#tour")
    page.keyboard.press("j")
    expect(tour.locator(".used")).to_have_count(1)
    tour.get_by_role("button", name="Got it").click()
    expect(tour).to_have_count(0)
    page.reload()
    expect(tour).to_have_count(0)
    assert Preferences.objects.get(user__username="publisher").tour_done


def test_answers_a_pasted_address_in_the_command_bar(open_desk: Callable[..., Page]) -> None:
    page = inbox(open_desk)
    story = Story.objects.filter(coverage__isnull=False).exclude(web_url="")[0]
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="A command, a place")
    expect(box).to_be_focused()
    box.fill(story.web_url)
    expect(page.locator("#command-options").get_by_role("option").first).to_contain_text(
        "Already covered: group of"
    )
    expect(page.locator("#command-options [aria-selected=true]")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{story.get_absolute_url()}")


def test_runs_a_command_from_the_command_bar(open_desk: Callable[..., Page]) -> None:
    page = inbox(open_desk)
    page.keyboard.press("j")
    page.keyboard.press("Control+k")
    page.keyboard.type("decline and")
    expect(page.locator("#command-options").get_by_role("option").first).to_contain_text("x")
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Declined")


def test_snoozes_with_the_key_and_a_digit(open_desk: Callable[..., Page]) -> None:
    page = inbox(open_desk)
    page.keyboard.press("j")
    pk = int(page.locator("tr.current").get_attribute("data-id") or 0)
    page.keyboard.press("b")
    expect(page.locator("#snooze-dialog")).to_be_visible()
    page.keyboard.press("2")
    expect(page.locator("#messages")).to_contain_text("sleeps until")
    assert Story.objects.get(pk=pk).snoozed_until is not None
    expect(page.locator(f"#story-{pk}.decided")).to_have_count(1)
    assert page.locator("tr.current").get_attribute("data-id") != str(pk)


def test_sets_topics_without_leaving_the_list(open_desk: Callable[..., Page]) -> None:
    page = inbox(open_desk, "editor")
    page.keyboard.press("j")
    row = page.locator("tr.current").get_attribute("id")
    story = Story.objects.get(pk=int(page.locator("tr.current").get_attribute("data-id") or 0))
    before = {topic.name for topic in story.topics.all()}
    form = page.locator("#field-dialog")

    page.keyboard.press("t")
    expect(page.get_by_label("Find a topic")).to_be_focused()
    page.keyboard.press("Escape")
    expect(form).not_to_be_visible()
    assert focused(page) == row

    page.keyboard.press("t")
    expect(page.get_by_label("Find a topic")).to_be_focused()
    other = form.locator(".choice:not(:has(:checked))").first
    name = other.inner_text()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Saved")
    assert focused(page) == row
    expect(page.locator("#pane .tags")).to_contain_text(name)
    assert {topic.name for topic in story.topics.all()} == {*before, name}
    page.keyboard.press("z")
    expect(page.locator("#messages")).to_contain_text("Undone")
    assert {topic.name for topic in story.topics.all()} == before


def test_offers_one_undo_for_the_last_decision(open_desk: Callable[..., Page]) -> None:
    page = inbox(open_desk)
    page.keyboard.press("j")
    page.keyboard.press("x")
    undo = page.locator("#messages").get_by_role("button", name="Undo")
    expect(undo).to_have_count(1)
    page.keyboard.press("x")
    expect(page.locator("#messages .message.success")).to_have_count(2)
    expect(undo).to_have_count(1)
    page.keyboard.press("z")
    expect(page.locator("#messages")).to_contain_text("Undone")
    expect(undo).to_have_count(0)


def test_finds_every_place_in_the_command_bar(open_desk: Callable[..., Page]) -> None:
    page = inbox(open_desk, "reader")
    page.keyboard.press("Control+k")
    page.keyboard.type("conflicts")
    expect(page.locator("#command-options").get_by_role("option").first).to_contain_text("Go to")
    page.keyboard.press("Enter")
    page.wait_for_url("**/conflicts/")
