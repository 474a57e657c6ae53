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


def test_removes_a_live_story_and_takes_it_off_the_site(publisher: User) -> None:
    story = make_story(quality=90)
    desk.remove(story, by=publisher, reason="asked by the provider")
    now = fresh(story)
    assert (now.removed, now.published, now.decision) == (True, False, "unpublished")
    assert (now.edited_fields, now.pending) == (["published", "removed"], True)
    assert now.queue == Queue.REMOVED


def test_removes_a_waiting_story_without_deciding_on_publishing(publisher: User) -> None:
    story = make_story()
    desk.remove(story, by=publisher)
    assert (fresh(story).removed, fresh(story).decision) == (True, "")


def test_does_nothing_the_second_time(publisher: User) -> None:
    story = make_story()
    desk.remove(story, by=publisher)
    before = dump()
    assert desk.remove(story, by=publisher) is None
    assert dump() == before
    assert Change.objects.count() == 1


def test_is_the_publishers_right(editor: User) -> None:
    with pytest.raises(PermissionDenied):
        desk.remove(make_story(), by=editor)
