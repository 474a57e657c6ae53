"""A release and its rollback, a sync watched live, and two who release at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from articles import desk
from articles.models import Release, Site, Story, SyncRun
from articles.sync import begin, sync
from tests.browser.conftest import DEMO
from tests.gitting import Git, needs_git

pytestmark = needs_git


@pytest.fixture
def git(newsroom: dict[str, User], tmp_path: Path) -> Git:
    """The demo newsroom's repository, connected, with two decisions that wait."""
    made = Git.new(tmp_path / "newsroom")
    for path in DEMO.rglob("*"):
        if path.is_file() and "assets" not in path.parts:
            made.write(str(path.relative_to(DEMO)), path.read_bytes())
    made.commit()
    site = Site.objects.get()
    site.location = str(made.folder)
    site.save(update_fields=["location"])
    sync(begin(site))
    for story in _waiting_to_be_published()[:2]:
        desk.publish(story, by=newsroom["publisher"])
    return made


def _waiting_to_be_published() -> list[Story]:
    found = Story.objects.with_file().not_live().filter(coverage=None, publish_gate="allowed")
    return list(found.order_by("-listed_at", "-id"))


def test_releases_and_takes_it_back(open_desk: Callable[..., Page], git: Git) -> None:
    before = git.head()
    page = open_desk()
    page.goto("/releases/new/")
    expect(page.get_by_role("heading", name="Waiting 2 files")).to_be_visible()
    page.locator(".knot-file summary").first.click()
    expect(page.locator(".knot-file .diff .add").first).to_have_text("published: true")
    page.get_by_role("button", name="Write everything").click()
    page.get_by_role("link", name="Publish 2 stories").click()
    assert git.run("rev-parse", "HEAD^").strip() == before
    page.get_by_role("button", name="Take this release back").click()
    expect(page.locator("main")).to_contain_text("Take back “Publish 2 stories”")
    assert git.run("diff", before, "HEAD") == ""
    assert git.is_clean()


def test_watches_a_sync(open_desk: Callable[..., Page], git: Git) -> None:
    page = open_desk("reader")
    run = begin(Site.objects.get())
    page.goto(run.get_absolute_url())
    expect(page.locator("#progress")).to_contain_text("Waiting for a worker")
    SyncRun.objects.filter(pk=run.pk).update(status="running", phase="read", done=20, total=63)
    expect(page.locator("#progress")).to_contain_text("20 of 63 files")
    SyncRun.objects.filter(pk=run.pk).update(status="done", phase="", done=63)
    expect(page.locator(".run-status")).to_contain_text("done")
    expect(page.locator("#progress")).to_have_count(0)


def test_tells_the_second_of_two(open_desk: Callable[..., Page], git: Git) -> None:
    ada, bo = open_desk("publisher"), open_desk("chief")
    for page in (ada, bo):
        page.goto("/releases/new/")
    ada.locator(".knot input").first.check()
    ada.get_by_role("button", name="Write what is ticked").click()
    expect(ada.locator("main")).to_contain_text("Released:")
    bo.get_by_role("button", name="Write everything").click()
    expect(bo.locator("#messages")).to_contain_text("publisher released meanwhile")
    expect(bo.get_by_role("heading", name="Waiting 1 file")).to_be_visible()
    assert Release.objects.count() == 1
    bo.get_by_role("button", name="Write everything").click()
    expect(bo.locator("main")).to_contain_text("Released:")
    assert not Story.objects.needing_export().exists()
