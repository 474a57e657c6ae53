from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from articles import desk
from articles.models import Change, Verb
from tests.desk.dumps import fresh
from tests.factories import make_story

pytestmark = pytest.mark.django_db


def test_lets_a_story_wait_for_a_publisher(editor: User) -> None:
    story = make_story()
    change = desk.propose(story, by=editor, reason="please look")
    assert change is not None
    assert (change.verb, change.before, change.after) == (
        Verb.PROPOSE,
        {"proposal": ""},
        {"proposal": "publish"},
    )
    now = fresh(story)
    assert (now.proposal, now.decision, now.published) == ("publish", "", False)


def test_does_nothing_twice_or_to_a_live_story(editor: User) -> None:
    story = make_story()
    desk.propose(story, by=editor)
    assert desk.propose(story, by=editor) is None
    assert desk.propose(make_story(quality=90), by=editor) is None
    assert Change.objects.count() == 1


def test_is_not_the_readers_right(reader: User) -> None:
    with pytest.raises(PermissionDenied):
        desk.propose(make_story(), by=reader)
