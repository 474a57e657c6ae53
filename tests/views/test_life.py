"""The life of a file in git: who changed which field, and taking one back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles import desk, life
from articles.models import Site, Story
from articles.stores import StoreError
from articles.sync import begin, sync
from tests.gitting import needs_git
from tests.newswire import AN, Newswire
from tests.releasing import release_pending

pytestmark = [pytest.mark.django_db(transaction=True), needs_git]

ClientOf = Callable[[User], Client]


@pytest.fixture(params=["tree", "remote"])
def wire(request: pytest.FixtureRequest, tmp_path: Path, publisher: User) -> Newswire:
    """The robot adds and renames a story, others come between, and a publisher releases it."""
    made = Newswire.new(tmp_path, remote=request.param == "remote")
    made.robot.write(AN, made.text(AN).replace(b"Alpha news", b"Alpha, said again"))
    made.says("Update news")
    made.robot.write(made.single, made.text(made.single).replace(b"Beta", b"Betas"))
    made.says("Update others")
    desk.publish(Story.objects.get(path=AN), by=publisher)
    release_pending(made.site, by=publisher)
    return made


def alpha() -> Story:
    return Story.objects.get(path=AN)


def test_names_the_commits_that_changed_the_file(wire: Newswire) -> None:
    found = life.life_of(alpha())
    told = [
        (event.step.author, event.step.subject, event.what, [c.name for c in event.changes])
        for event in found.events
    ]
    assert told == [
        ("Newsdesk", "Publish “Alpha, said again”", "", ["published"]),
        ("robot", "Update news", "", ["title"]),
        ("robot", "Update news", "added", []),
    ]
    assert found.events[0].release is not None
    assert (found.since, found.has_history) == ("", True)


def test_goes_on_further_back(wire: Newswire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.stores.git.STEPS", 1)
    subjects, since = [], ""
    for _ in range(3):
        found = life.life_of(alpha(), since)
        subjects += [event.step.subject for event in found.events]
        since = found.since
    assert len(subjects) == 3
    assert since == ""


def test_shows_it_and_takes_a_field_back(wire: Newswire, editor: User, client_of: ClientOf) -> None:
    client = client_of(editor)
    page = client.get(f"/stories/{alpha().pk}/life/").content.decode()
    assert "Take “Headline” back" in page or "Take “Title” back" in page or "title" in page
    then = life.life_of(alpha()).events[1].step.parent
    answer = client.post(
        f"/stories/{alpha().pk}/life/revert/", {"commit": then, "field": "title"}, follow=True
    )
    assert "says again what it said then" in answer.content.decode()
    story = alpha()
    assert (story.title, story.pending, story.edited_fields) == (
        "Alpha news",
        True,
        ["published", "title"],
    )


@pytest.mark.parametrize(
    ("field", "commit"), [("secured", ""), ("title", "0" * 40), ("title", "../../etc")]
)
def test_refuses_what_is_no_field_or_no_commit(
    wire: Newswire, editor: User, client_of: ClientOf, field: str, commit: str
) -> None:
    version = alpha().version
    values = {"commit": commit, "field": field}
    client_of(editor).post(f"/stories/{alpha().pk}/life/revert/", values)
    assert alpha().version == version


def test_leaves_what_readers_see_to_publishers(
    wire: Newswire, editor: User, client_of: ClientOf
) -> None:
    then = life.life_of(alpha()).events[0].step.parent
    values = {"commit": then, "field": "published"}
    answer = client_of(editor).post(f"/stories/{alpha().pk}/life/revert/", values)
    assert answer.status_code == 403
    assert alpha().published


def test_says_that_a_folder_remembers_nothing(wire: Newswire, tmp_path: Path) -> None:
    (wire.robot.folder / ".git").rename(tmp_path / "git")
    Site.objects.update(location=str(wire.robot.folder))
    assert not life.life_of(alpha()).has_history
    sync(begin(Site.objects.get()))
    Site.objects.update(location="")
    with pytest.raises(StoreError):
        life.life_of(alpha())


def test_refuses_to_go_on_from_what_is_no_commit(
    wire: Newswire, reader: User, client_of: ClientOf
) -> None:
    tree = wire.robot.run("rev-parse", "HEAD^{tree}").strip()
    page = client_of(reader).get(f"/stories/{alpha().pk}/life/", {"since": tree})
    assert (page.status_code, "no commit" in page.content.decode()) == (200, True)
