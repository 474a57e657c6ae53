"""The pages of releases: what waits, writing it, taking it back, being told by the second."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import desk
from articles.models import Release, Story
from tests.gitting import needs_git
from tests.newswire import AN, Newswire
from tests.releasing import release_pending

pytestmark = [pytest.mark.django_db(transaction=True), needs_git]

ClientOf = Callable[[User], Client]
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def wire(tmp_path: Path, publisher: User) -> Newswire:
    made = Newswire.new(tmp_path, remote=False)
    desk.publish(Story.objects.get(path=AN), by=publisher)
    desk.unlink(Story.objects.get(path=made.group[2]), by=publisher)
    return made


def alpha() -> Story:
    return Story.objects.get(path=AN)


def test_shows_what_waits(wire: Newswire, reader: User, client_of: ClientOf) -> None:
    page = client_of(reader).get("/releases/new/").content.decode()
    assert "4 files" in page
    assert "3 files together" in page
    assert "Publish 1 story, repair 1 group" in page
    assert "Write everything" not in page
    assert 'class="front-new"' in page


def test_shows_the_lines_of_a_file(wire: Newswire, reader: User, client_of: ClientOf) -> None:
    client = client_of(reader)
    page = client.get(f"/stories/{alpha().pk}/diff/")
    assert "Lines that change" in page.content.decode()
    part = client.get(f"/stories/{alpha().pk}/diff/", headers=FRAGMENT).content.decode()
    assert '<li class="add"><bdi>published: true</bdi></li>' in part
    assert "<html" not in part
    assert "c2VjcmV0" not in part


def test_writes_everything(wire: Newswire, publisher: User, client_of: ClientOf) -> None:
    client = client_of(publisher)
    answer = client.post("/releases/new/", {"seen": 0, "everything": "yes"}, follow=True)
    release = Release.objects.get()
    assert release.subject in answer.content.decode()
    assert (release.by, wire.head()) == (publisher, release.commit)
    assert not Story.objects.needing_export().exists()
    assert release.subject in client.get("/releases/").content.decode()
    page = client.get(f"/releases/{release.pk}/").content.decode()
    assert "Take this release back" in page
    file = release.files.get(story=alpha())
    part = client.get(f"/releases/files/{file.pk}/", headers=FRAGMENT).content.decode()
    assert '<li class="del"><bdi>published: false</bdi></li>' in part


def test_writes_what_is_ticked(wire: Newswire, publisher: User, client_of: ClientOf) -> None:
    client_of(publisher).post("/releases/new/", {"seen": 0, "knot": [alpha().pk]})
    assert [file.path for file in Release.objects.get().files.all()] == [AN]
    assert Story.objects.needing_export().count() == 3


def test_writes_nothing_where_nothing_is_ticked(
    wire: Newswire, publisher: User, client_of: ClientOf
) -> None:
    answer = client_of(publisher).post("/releases/new/", {"seen": 0}, follow=True)
    assert "Tick what to write" in answer.content.decode()
    assert not Release.objects.exists()


def test_tells_whoever_saw_an_older_state(
    wire: Newswire, publisher: User, chief: User, client_of: ClientOf
) -> None:
    release_pending(wire.site, by=chief, knots=[alpha().pk])
    answer = client_of(publisher).post("/releases/new/", {"seen": 0, "everything": "yes"})
    assert answer.status_code == 409
    assert "chief released meanwhile" in answer.content.decode()
    assert Release.objects.count() == 1


def test_takes_a_release_back(wire: Newswire, publisher: User, client_of: ClientOf) -> None:
    before = wire.text(AN)
    release = release_pending(wire.site, by=publisher).release
    assert release is not None
    client = client_of(publisher)
    answer = client.post(f"/releases/{release.pk}/back/", follow=True)
    assert "Take back" in answer.content.decode()
    assert wire.text(AN) == before
    assert "Taken back" in client.get(f"/releases/{release.pk}/").content.decode()
    again = client.post(f"/releases/{release.pk}/back/", follow=True)
    assert "cannot be taken back any more" in again.content.decode()
    assert Release.objects.count() == 2


def test_syncs_by_a_button(wire: Newswire, publisher: User, client_of: ClientOf) -> None:
    client = client_of(publisher)
    assert "Sync <bdi>Harbour Every Day</bdi> now" in client.get("/sync/").content.decode()
    answer = client.post("/sync/start/", {"site": "harbour"}, follow=True)
    assert "done" in answer.content.decode()
    run = answer.context["run"]
    live = client.get(f"/sync/{run.pk}/live/", headers=FRAGMENT)
    assert live.headers["HX-Refresh"] == "true"
    assert client.get(f"/sync/{run.pk}/live/").url == run.get_absolute_url()  # type: ignore[attr-defined]
    other = client.post("/sync/start/", {"site": "other"}, follow=True)
    assert "not connected" in other.content.decode()


def test_asks_as_often_whatever_waits(wire: Newswire, publisher: User, client_of: ClientOf) -> None:
    client = client_of(publisher)
    client.get("/releases/new/")
    with CaptureQueriesContext(connection) as few:
        client.get("/releases/new/")
    desk.unpublish(Story.objects.get(path=wire.live), by=publisher)
    desk.edit(Story.objects.get(path=wire.single), {"title": "Mine"}, by=publisher)
    with CaptureQueriesContext(connection) as more:
        client.get("/releases/new/")
    assert len(more) <= len(few) + 1
