"""The server is killed (kill -9) around the commit of a decision: all of it stands, or nothing."""

from __future__ import annotations

import signal
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles import desk
from articles.models import Change, Story
from tests.doors import rows_of_everything
from tests.factories import make_coverage, make_story
from tests.twins import Twin

pytestmark = pytest.mark.django_db(transaction=True)

ClientOf = Callable[[User], Client]
Click = tuple[str, dict[str, Any]]


@pytest.fixture
def single(db: None) -> Story:
    """A story by itself, beside a group of two."""
    make_coverage(make_story(quality=70), make_story(quality=60))
    return make_story(title="By itself", quality=50)


def clicks(single: Story) -> dict[str, Click]:
    """One request of every kind that writes decisions."""
    lead, member = Story.objects.exclude(pk=single.pk).order_by("-quality")
    story, version = f"/stories/{single.pk}", {"version": single.version}
    one_by_one = [f"{each.pk}:{each.version}" for each in (single, lead)]
    form = {"title": "Edited", "kind": "article", "web_url": single.web_url, "excerpt": "x"}
    no_pictures = {"images-TOTAL_FORMS": "0", "images-INITIAL_FORMS": "0"}
    return {
        "publish": (f"{story}/publish/", version),
        "decline": (f"{story}/decline/", {**version, "reason": "Not ours"}),
        "edit": (f"{story}/edit/", {**version, **form, **no_pictures}),
        "link": (f"{story}/link/", {**version, "story": member.pk, "confirm": "1"}),
        "unlink": (f"/stories/{member.pk}/unlink/", {"version": member.version}),
        "snooze": (f"{story}/snooze/", {**version, "until": "tomorrow"}),
        "bulk": ("/stories/bulk/", {"verb": "decline", "story": one_by_one}),
        "undo": ("/undo/", {"press": uuid.uuid4()}),
    }


NAMES = ("publish", "decline", "edit", "link", "unlink", "snooze", "bulk", "undo")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("when", ["before", "after"])
def test_keeps_all_of_a_decision_or_nothing(
    single: Story, publisher: User, client_of: ClientOf, tmp_path: Path, name: str, when: str
) -> None:
    client = client_of(publisher)
    if name == "undo":
        for story in (Story.objects.order_by("-quality")[0], single):
            desk.publish(story, by=publisher)
    path, data = clicks(single)[name]
    rows, logged = rows_of_everything(), Change.objects.count()

    killed = Twin(tmp_path).run(lambda: client.post(path, data), f"decision_{when}_commit")

    assert killed == -signal.SIGKILL
    assert (rows_of_everything() == rows) == (when == "before")
    assert (Change.objects.count() == logged) == (when == "before")
    # Who saw no answer clicks again, and again: it is done once.
    counts = [Change.objects.count()]
    for _ in range(2):
        assert client.post(path, data).status_code in {302, 409}
        counts.append(Change.objects.count())
    assert counts[2] == counts[1]
    assert (counts[1] > counts[0]) == (when == "before")
