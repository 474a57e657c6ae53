"""An editor's first minutes: by keyboard, by mouse, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from articles.models import Story


def test_publishes_and_undoes_by_keyboard_alone(open_desk: Callable[..., Page]) -> None:
    page = open_desk()
    page.goto("/stories/?queue=below")
    page.keyboard.press("j")
    current = page.locator("tr.row.current")
    expect(current).to_have_count(1)
    pk = int(current.get_attribute("data-id") or 0)
    page.keyboard.press("p")
    expect(page.locator("#messages")).to_contain_text("Published")
    assert Story.objects.get(pk=pk).published
    page.keyboard.press("z")
    expect(page.locator("#messages")).to_contain_text("Undone")
    assert not Story.objects.get(pk=pk).published


def test_publishes_by_mouse_alone(open_desk: Callable[..., Page]) -> None:
    page = open_desk()
    page.goto("/stories/?queue=below")
    row = page.locator("tr.row", has=page.locator("button.switch[aria-checked=false]")).first
    pk = int(row.get_attribute("data-id") or 0)
    row.locator("button.switch").click()
    expect(page.locator(f"#story-{pk} button.switch")).to_have_attribute("aria-checked", "true")
    assert Story.objects.get(pk=pk).published


def test_works_without_javascript(open_desk: Callable[..., Page]) -> None:
    page = open_desk(java_script_enabled=False)
    page.goto("/stories/?queue=below")
    row = page.locator("tr.row", has=page.locator("button.switch[aria-checked=false]")).first
    pk = int(row.get_attribute("data-id") or 0)
    row.locator("button.switch").click()
    expect(page.locator("#messages")).to_contain_text("Published")
    assert Story.objects.get(pk=pk).published
    page.locator("#messages").get_by_role("button", name="Undo").click()
    assert not Story.objects.get(pk=pk).published


def test_selects_several_and_declines_them_as_one(open_desk: Callable[..., Page]) -> None:
    page = open_desk("editor")
    page.goto("/stories/?queue=inbox")
    boxes = page.locator('input[name="story"][form="bulk"]')
    for number in range(3):
        boxes.nth(number).check()
    expect(page.locator("#bulk-count")).to_have_text("3 selected")
    page.locator("#bulk").get_by_role("button", name="Decline").click()
    expect(page.locator("#messages")).to_contain_text("3 stories declined")
    assert Story.objects.filter(decision="declined").count() == 3


def test_links_two_stories(open_desk: Callable[..., Page]) -> None:
    page = open_desk()
    single = Story.objects.filter(coverage=None, path_key__isnull=False).order_by("-listed_at")
    story, other = single[0], single[1]
    page.goto(f"/stories/{story.pk}/link/")
    page.get_by_role("searchbox").last.fill(other.url)
    page.locator(f'input[name="story"][value="{other.pk}"]').check()
    page.get_by_role("button", name="Show what will follow").click()
    expect(page.locator("#results")).to_contain_text("files will be written")
    page.get_by_role("button", name="Link the ticked stories").click()
    expect(page.locator("#messages")).to_contain_text("Linked 1 story")
    story.refresh_from_db()
    assert story.coverage_id is not None


def test_edits_a_headline(open_desk: Callable[..., Page]) -> None:
    page = open_desk("editor")
    story = Story.objects.filter(path_key__isnull=False, locked=False).newest_first()[0]
    page.goto(f"/stories/{story.pk}/edit/")
    page.get_by_label("Headline").fill("A headline with “quotes” and <b>marks</b>")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("A headline with “quotes” and <b>marks</b>")
    expect(page.locator("#file")).to_contain_text("A headline with")


def test_two_editors_of_one_story_both_see_both_versions(open_desk: Callable[..., Page]) -> None:
    first, second = open_desk("editor"), open_desk("publisher")
    story = Story.objects.filter(path_key__isnull=False, locked=False).newest_first()[0]
    for page in (first, second):
        page.goto(f"/stories/{story.pk}/edit/")
    first.get_by_label("Headline").fill("The first version")
    first.get_by_role("button", name="Save").click()
    expect(first.locator("h1")).to_have_text("The first version")
    second.get_by_label("Headline").fill("The second version")
    second.get_by_role("button", name="Save").click()
    expect(second.locator("h1")).to_have_text("Somebody saved first")
    expect(second.locator("main")).to_contain_text("The first version")
    second.get_by_role("button", name="Save what I chose").click()
    expect(second.locator("h1")).to_have_text("The second version")
