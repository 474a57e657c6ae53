from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from articles import desk
from articles.models import Change
from articles.rules import Queue
from tests.desk.dumps import dump, fresh
from tests.factories import make_story

pytestmark = pytest.mark.django_db


def test_takes_a_live_story_off_the_site(publisher: User) -> None:
    story = make_story(quality=90)
    desk.unpublish(story, by=publisher, reason="wrong")
    now = fresh(story)
    assert (now.published, now.decision, now.heat) == (False, "unpublished", 90)
    assert (now.pending, now.queue) == (True, Queue.BELOW)


def test_does_nothing_to_a_story_that_is_not_live(publisher: User) -> None:
    story = make_story()
    before = dump()
    assert desk.unpublish(story, by=publisher) is None
    assert dump() == before
    assert not Change.objects.exists()


def test_leaves_nothing_to_write_after_a_publish(publisher: User) -> None:
    story = make_story()
    desk.publish(story, by=publisher)
    desk.unpublish(story, by=publisher)
    now = fresh(story)
    assert (now.published, now.pending, now.edited_fields) == (False, False, ["published"])
    assert now.decision == "unpublished"


def test_is_the_publishers_right(editor: User) -> None:
    with pytest.raises(PermissionDenied):
        desk.unpublish(make_story(quality=90), by=editor)


def test_refuses_a_file_it_cannot_write(publisher: User) -> None:
    story = make_story(quality=90, locked=True)
    with pytest.raises(desk.Blocked):
        desk.unpublish(story, by=publisher)
    assert fresh(story).published


def test_says_stale_before_anything_else(publisher: User) -> None:
    story = make_story(quality=90)
    desk.publish(story, by=publisher)
    with pytest.raises(desk.Stale):
        desk.unpublish(story, by=publisher, version=1)
    assert fresh(story).published
