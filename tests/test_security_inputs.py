"""What no form of ours sends: numbers no database holds, odd characters, moments out of time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Change, Site, Story
from tests.factories import make_story

ClientOf = Callable[[User], Client]
NUL, TOO_BIG, ENDLESS = "a\0b", "9" * 30, "9" * 5_000


@pytest.fixture
def story(db: None, tmp_path: Path) -> Story:
    """A story of a site whose files are in a folder."""
    (tmp_path / "_news").mkdir()
    story = make_story()
    Site.objects.update(location=str(tmp_path))
    return story


@pytest.mark.parametrize("number", [TOO_BIG, ENDLESS, f"1:{TOO_BIG}", f"{TOO_BIG}:1", "1:x:2"])
def test_knows_no_number_that_no_database_holds(
    story: Story, publisher: User, client_of: ClientOf, number: str
) -> None:
    client = client_of(publisher)
    ticked = {"verb": "decline", "story": number}
    assert client.post("/stories/bulk/", ticked).status_code == 400
    released = client.post("/releases/new/", {"site": story.site.slug, "knot": number})
    assert released["Location"].endswith(f"?site={story.site.slug}")
    assert client.post("/pulse/", {"rows": number, "here": number}).json()["rows"] == {}
    settled = {"conflict": number, "answer": "take", "seen": number}
    assert client.post("/conflicts/settle/", settled).status_code == 302
    assert not Change.objects.exists()


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_counts_nothing_since_a_moment_out_of_time(
    story: Story, reader: User, client_of: ClientOf, since: str
) -> None:
    assert client_of(reader).post("/pulse/", {"since": since}).json()["arrivals"] == 0


@pytest.mark.parametrize("page", ["coverage", "repair", "conflicts", "releases/new"])
def test_finds_no_site_by_a_character_that_no_database_holds(
    story: Story, reader: User, client_of: ClientOf, page: str
) -> None:
    answer = client_of(reader).get(f"/{page}/", {"site": NUL})
    assert answer.status_code == (404 if page == "releases/new" else 200)


def test_keeps_a_reason_without_what_no_database_holds(
    story: Story, editor: User, client_of: ClientOf
) -> None:
    client_of(editor).post(f"/stories/{story.pk}/decline/", {"reason": NUL})
    story.refresh_from_db()
    assert story.decision_reason == "ab"
