"""A story edited where it stands, by keys, by mouse and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from articles.models import Story

SAVE = "Control+Enter"


@pytest.fixture
def story(newsroom: object) -> Story:
    found = Story.objects.filter(coverage__isnull=False, is_lead=True, locked=False)
    return found.newest_first()[0]


def opened(open_desk: Callable[..., Page], story: Story, **options: object) -> Page:
    page = open_desk("editor", **options)
    page.goto("/stories/?queue=inbox")
    page.goto(story.get_absolute_url())
    return page


def test_edits_the_headline_by_keys_and_gives_it_back(
    open_desk: Callable[..., Page], story: Story
) -> None:
    page = opened(open_desk, story)
    heading = page.get_by_role("heading", level=1)
    page.keyboard.press("e")
    field = page.get_by_role("textbox", name="Headline")
    expect(field).to_be_focused()
    field.fill("Something else")
    page.keyboard.press("Escape")
    expect(heading).to_contain_text(story.title)
    page.keyboard.press("e")
    expect(field).to_be_focused()
    field.fill("A headline by hand")
    page.keyboard.press(SAVE)
    expect(heading).to_contain_text("A headline by hand")
    expect(page.get_by_role("link", name="Edit: Headline (e)")).to_be_focused()
    expect(page.locator("#messages")).to_contain_text("Saved")
    expect(page.locator("#field-title")).to_contain_text(f"In the file: {story.title}")
    page.keyboard.press("r")
    expect(heading).to_contain_text(story.title)
    saved = Story.objects.get(pk=story.pk)
    assert (saved.title, saved.edited_fields) == (story.title, [])


def test_chooses_topics_by_keys(open_desk: Callable[..., Page], story: Story) -> None:
    page = opened(open_desk, story)
    page.keyboard.press("t")
    chooser = page.get_by_placeholder("Find a topic")
    expect(chooser).to_be_focused()
    chooser.press_sequentially("cult")
    chooser.press("Enter")
    expect(page.get_by_role("checkbox", name="Culture")).to_be_checked()
    page.keyboard.press(SAVE)
    expect(page.locator("#field-topics .tag").last).to_have_text("Culture")
    assert story.topics.filter(name="Culture").exists()


def test_keeps_what_was_typed_when_it_is_refused(
    open_desk: Callable[..., Page], story: Story
) -> None:
    page = opened(open_desk, story)
    page.get_by_role("link", name="Edit: AMP page", exact=True).click()
    field = page.get_by_role("textbox", name="AMP page", exact=False)
    field.fill("javascript:alert(1)")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#field-amp_url")).to_contain_text("no safe web address")
    expect(field).to_have_value("javascript:alert(1)")


def test_walks_the_list_by_keys_to_its_end(open_desk: Callable[..., Page], story: Story) -> None:
    page = opened(open_desk, story)
    page.goto("/stories/?queue=published")
    page.locator("#rows a.headline").first.press("Enter")
    expect(page.get_by_text("1 of ")).to_be_visible()
    first = page.url
    page.keyboard.press("j")
    expect(page.get_by_text("2 of ")).to_be_visible()
    page.keyboard.press("k")
    expect(page.get_by_text("1 of ")).to_be_visible()
    assert page.url.partition("?")[0] == first.partition("?")[0]


def test_edits_without_scripts(open_desk: Callable[..., Page], story: Story) -> None:
    page = opened(open_desk, story, java_script_enabled=False)
    page.get_by_role("link", name="Edit: Excerpt", exact=True).click()
    page.get_by_role("textbox", name="Excerpt").fill("Written without scripts.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#field-excerpt")).to_contain_text("Written without scripts.")
    page.locator("#field-excerpt").get_by_role("button", name="Back to it").click()
    expect(page.locator("#field-excerpt")).not_to_contain_text("Written without scripts.")


def test_offers_a_player_and_asks_nobody_for_it(open_desk: Callable[..., Page]) -> None:
    video = Story.objects.filter(featured_content__contains="youtube").newest_first()[0]
    page = open_desk("reader")
    page.goto(video.get_absolute_url())
    expect(page.get_by_role("link", name="Play it here")).to_be_visible()
    expect(page.locator("iframe")).to_have_count(0)


def test_opens_a_batch_and_reverts_what_is_ticked(open_desk: Callable[..., Page]) -> None:
    from django.contrib.auth.models import User

    from articles import desk

    person = User.objects.get(username="publisher")
    found = Story.objects.filter(coverage=None, published=False, path__isnull=False)
    waiting = list(found.exclude(publish_gate="blocked").exclude(locked=True)[:4])
    desk.decline_many(Story.objects.filter(pk__in=[s.pk for s in waiting[:3]]), by=person)
    desk.decline(waiting[3], by=person)
    page = open_desk("publisher")
    page.goto("/activity/")
    page.get_by_role("link", name="Show all 3").click()
    expect(page.locator(".timeline-batch li")).to_have_count(3)
    for tick in page.locator('input[name="change"]').all():
        tick.check()
    page.get_by_role("button", name="Take back what is ticked").click()
    expect(page.locator("#messages")).to_contain_text("4 changes taken back")
    assert not Story.objects.filter(decision="declined").exists()
