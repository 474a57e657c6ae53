"""Much of a site is gone from its repository: the sync stops, asks, and goes on when told to."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from articles import desk
from articles.models import Story, SyncRun
from tests.gitting import needs_git
from tests.importer.newsroom import story
from tests.newswire import AN, Newswire

pytestmark = [pytest.mark.django_db(transaction=True), needs_git]

ClientOf = Callable[[User], Client]
MANY = 12


@pytest.fixture
def wire(tmp_path: Path, publisher: User) -> Newswire:
    """A site on a server that lost twelve of its eighteen files since the last sync."""
    made = Newswire.new(tmp_path, remote=True)
    for number in range(MANY):
        made.robot.write(f"_news/2026-03-03-n{number}.md", story(f"n{number}"))
    made.says("Update news")
    call_command("sync", stdout=io.StringIO())
    desk.publish(Story.objects.get(path=AN), by=publisher)
    lose(made, MANY)
    return made


def lose(wire: Newswire, number: int) -> None:
    for each in range(number):
        (wire.robot.folder / f"_news/2026-03-03-n{each}.md").unlink(missing_ok=True)
    wire.says("Update news")


def missing() -> int:
    return Story.objects.exclude(missing_since=None).count()


def test_is_asked_about_on_the_page_of_the_run(
    wire: Newswire, publisher: User, client_of: ClientOf
) -> None:
    client = client_of(publisher)
    page = client.post("/sync/start/", {"site": "harbour"}, follow=True)
    assert "12 of 18 files are not there any more" in page.content.decode()
    assert "They are really gone" in page.content.decode()
    assert (SyncRun.objects.filter(kind="sync").latest("pk").asks_about, missing()) == (MANY, 0)
    again = client.post("/sync/start/", {"site": "harbour", "gone": "0"}, follow=True)
    assert "They are really gone" in again.content.decode()

    done = client.post("/sync/start/", {"site": "harbour", "gone": str(MANY)}, follow=True)
    assert "They are really gone" not in done.content.decode()
    assert (SyncRun.objects.filter(kind="sync").latest("pk").status, missing()) == ("done", MANY)
    assert Story.objects.get(path=AN).published


def test_is_asked_about_again_where_more_is_gone_than_was_said(
    wire: Newswire, publisher: User, client_of: ClientOf
) -> None:
    page = client_of(publisher).post("/sync/start/", {"site": "harbour", "gone": "11"}, follow=True)
    assert "They are really gone" in page.content.decode()
    assert missing() == 0


def test_is_no_question_to_a_reader(wire: Newswire, reader: User, client_of: ClientOf) -> None:
    with pytest.raises(SystemExit):
        call_command("sync", stdout=io.StringIO(), stderr=io.StringIO())
    run = SyncRun.objects.filter(kind="sync").latest("pk")
    client = client_of(reader)
    assert "They are really gone" not in client.get(run.get_absolute_url()).content.decode()
    assert client.post("/sync/start/", {"site": "harbour", "gone": "12"}).status_code == 403


def test_is_answered_by_a_command(wire: Newswire) -> None:
    with pytest.raises(SystemExit):
        call_command("sync", stdout=io.StringIO(), stderr=io.StringIO())
    out = io.StringIO()
    call_command("sync", "harbour", "--allow-missing", "--format", "json", stdout=out)
    assert (json.loads(out.getvalue())["missing"], missing()) == (MANY, MANY)
