"""Repairing groups in the browser, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from articles import judging
from articles.models import Coverage, KeptApart, Story
from tests.factories import NOON, make_coverage, make_story

EVENTS = (
    "Ferry Alba sinks off Skerry",
    "Norden bridge opened by the mayor",
    "Storm Hilda floods Marsh lane",
    "Choir Cantabile wins Oslo contest",
    "Bakery Krume burns at Quayside",
    "Striker Lindt leaves United",
    "Telescope Argus finds comet Vesta",
    "Museum Pier shows Viking swords",
)


def tangled_group() -> Coverage:
    """Fifty-six stories of eight events in one group of the robot."""
    stories = [
        make_story(
            title=f"{title}: report {number}",
            excerpt="",
            quality=80 - number,
            published_at=NOON + timedelta(days=20 * event, hours=number),
        )
        for event, title in enumerate(EVENTS)
        for number in range(7)
    ]
    group = make_coverage(*stories)
    judging.judge_stale()
    return group


def test_repairs_a_group_of_56_with_few_keys(open_desk: Callable[..., Page]) -> None:
    page = open_desk()
    group = tangled_group()
    pressed = 0

    def press(*keys: str) -> None:
        nonlocal pressed
        for key in keys:
            page.keyboard.press(key)
            pressed += 1

    page.goto(f"/coverage/{group.pk}/")
    press("s")
    expect(page.get_by_role("heading", level=1)).to_have_text("Split 49 stories off")
    expect(page.locator("form.panel")).to_contain_text("7 good stories rescued")
    press("Enter")
    expect(page.locator("#messages")).to_contain_text("Split 49 stories off.")
    press("j", "j", "m")
    expect(page.get_by_role("heading", level=1)).to_contain_text("report 1” the lead")
    press("Enter")
    expect(page.locator("#messages")).to_contain_text("leads its group now")
    press("j", "j", "j", "Shift+l")
    expect(page.get_by_role("heading", level=1)).to_have_text("Split 1 story off")
    press("Enter")
    expect(page.locator("#messages")).to_contain_text("Split 1 story off.")
    press("z")
    expect(page.locator("#messages")).to_contain_text("Undone")
    assert pressed < 25
    sizes = Coverage.objects.filter(edited=True).values_list("member_count", flat=True)
    assert list(sizes) == [7] * 8
    assert Story.objects.get(title="Ferry Alba sinks off Skerry: report 1").is_lead
    assert KeptApart.objects.count() == 7


def test_merges_two_groups_and_takes_it_back(open_desk: Callable[..., Page]) -> None:
    page = open_desk()
    groups = [make_coverage(make_story(quality=80), make_story()) for _ in range(2)]
    page.goto("/coverage/")
    for group in groups:
        page.locator(f'input[name="group"][value="{group.pk}"]').check()
    page.get_by_role("button", name="Make one group of the ticked").click()
    page.get_by_role("button", name="Make one group of 2").click()
    expect(page.locator("#messages")).to_contain_text("Made one group of 2.")
    assert Story.objects.filter(coverage__in=groups).values("coverage").distinct().count() == 1
    page.locator("#messages").get_by_role("button", name="Undo").click()
    expect(page.locator("#messages")).to_contain_text("Undone")
    assert [group.members.count() for group in groups] == [2, 2]
