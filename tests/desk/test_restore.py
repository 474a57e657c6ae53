from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from articles import desk
from tests.desk.dumps import fresh
from tests.factories import make_story

pytestmark = pytest.mark.django_db


def test_brings_a_removed_story_back_off_the_site(publisher: User) -> None:
    story = make_story(quality=90)
    desk.remove(story, by=publisher)
    desk.restore(story, by=publisher)
    now = fresh(story)
    assert (now.removed, now.published, now.pending) == (False, False, True)


def test_leaves_nothing_to_write_where_only_the_mark_came_and_went(publisher: User) -> None:
    story = make_story()
    desk.remove(story, by=publisher)
    assert fresh(story).pending
    desk.restore(story, by=publisher)
    assert not fresh(story).pending


def test_does_nothing_to_a_story_that_is_not_removed(publisher: User) -> None:
    assert desk.restore(make_story(), by=publisher) is None


def test_is_the_publishers_right(editor: User) -> None:
    with pytest.raises(PermissionDenied):
        desk.restore(make_story(removed=True), by=editor)
