from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from articles import desk
from articles.models import Change
from articles.rules import Queue
from tests.desk.dumps import fresh
from tests.factories import make_story, make_story_without_file

pytestmark = pytest.mark.django_db


def test_declines_a_waiting_story(editor: User) -> None:
    story = make_story()
    desk.decline(story, by=editor, reason="off topic")
    now = fresh(story)
    assert (now.decision, now.decision_reason, now.decided_by) == ("declined", "off topic", editor)
    assert (now.queue, now.pending, now.edited_fields) == (Queue.DECLINED, False, [])


def test_takes_a_live_story_off_the_site_for_a_publisher(publisher: User) -> None:
    story = make_story(quality=90)
    desk.decline(story, by=publisher)
    now = fresh(story)
    assert (now.published, now.decision, now.pending) == (False, "declined", True)
    assert now.queue == Queue.DECLINED


def test_proposes_to_unpublish_where_an_editor_declines_a_live_story(editor: User) -> None:
    story = make_story(quality=90)
    desk.decline(story, by=editor)
    now = fresh(story)
    assert (now.published, now.decision, now.proposal) == (True, "declined", "unpublish")
    assert not now.pending


def test_lets_a_publisher_follow_or_refuse_the_proposal(editor: User, publisher: User) -> None:
    followed, refused = make_story(quality=90), make_story(quality=90)
    for story in (followed, refused):
        desk.decline(story, by=editor)
    desk.decline(followed, by=publisher)
    desk.publish(refused, by=publisher)
    assert (fresh(followed).published, fresh(followed).proposal) == (False, "")
    assert (fresh(refused).published, fresh(refused).proposal) == (True, "")
    assert fresh(refused).decision == "published"


def test_does_nothing_the_second_time(editor: User) -> None:
    waiting, live = make_story(), make_story(quality=90)
    for story in (waiting, live):
        assert desk.decline(story, by=editor) is not None
        assert desk.decline(story, by=editor) is None
    assert Change.objects.count() == 2


def test_declines_a_story_without_a_file(editor: User) -> None:
    story = make_story_without_file()
    desk.decline(story, by=editor)
    assert (fresh(story).decision, fresh(story).pending) == ("declined", False)


def test_settles_a_proposal_to_publish(editor: User) -> None:
    story = make_story()
    desk.propose(story, by=editor)
    desk.decline(story, by=editor)
    assert fresh(story).proposal == ""


def test_is_not_the_readers_right(reader: User) -> None:
    with pytest.raises(PermissionDenied):
        desk.decline(make_story(), by=reader)
