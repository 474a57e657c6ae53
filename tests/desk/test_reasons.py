from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from articles import desk
from articles.models import Change, Story
from tests.factories import make_story

pytestmark = pytest.mark.django_db


def test_gives_a_decline_its_reason(editor: User) -> None:
    story = make_story()
    desk.decline(story, by=editor)
    desk.give_reason(story, by=editor, reason="off topic", version=story.version)
    story.refresh_from_db()
    assert (story.decision, story.decision_reason) == ("declined", "off topic")


def test_takes_decline_and_reason_back_as_one(editor: User) -> None:
    story = make_story()
    before = Story.objects.filter(pk=story.pk).values().get()
    desk.decline(story, by=editor)
    desk.give_reason(story, by=editor, reason="off topic")
    desk.undo_last(by=editor)
    after = Story.objects.filter(pk=story.pk).values().get()
    ignored = {"version", "updated_at"}
    assert {k: v for k, v in after.items() if k not in ignored} == {
        k: v for k, v in before.items() if k not in ignored
    }
    desk.redo_last(by=editor)
    assert Story.objects.get(pk=story.pk).decision_reason == "off topic"


def test_gives_a_reason_to_a_decline_that_was_done_again(editor: User) -> None:
    story = make_story()
    desk.decline(story, by=editor)
    desk.undo_last(by=editor, press=uuid.uuid4())
    desk.redo_last(by=editor, press=uuid.uuid4())
    desk.give_reason(story, by=editor, reason="off topic")
    assert Story.objects.get(pk=story.pk).decision_reason == "off topic"


def test_leaves_a_decline_of_several_stories_alone(editor: User) -> None:
    stories = [make_story(), make_story()]
    desk.decline_many(stories, by=editor, reason="not news")
    assert desk.give_reason(stories[0], by=editor, reason="off topic") is None
    assert set(Story.objects.values_list("decision_reason", flat=True)) == {"not news"}


def test_declines_a_story_that_nobody_declined(editor: User) -> None:
    story = make_story()
    desk.give_reason(story, by=editor, reason="not news")
    assert Story.objects.get(pk=story.pk).decision_reason == "not news"


def test_changes_nothing_for_the_same_reason(editor: User) -> None:
    story = make_story()
    desk.give_reason(story, by=editor, reason="not news")
    count = Change.objects.count()
    assert desk.give_reason(story, by=editor, reason="not news") is None
    assert Change.objects.count() == count


def test_leaves_somebody_elses_decline_alone(
    editor: User, make_user: Callable[[str, str], User]
) -> None:
    story = make_story()
    desk.decline(story, by=make_user("editor", "petra"))
    story.refresh_from_db()
    assert desk.give_reason(story, by=editor, reason="not news") is None
    assert Story.objects.get(pk=story.pk).decision_reason == ""


def test_refuses_a_version_that_is_gone(editor: User) -> None:
    story = make_story()
    desk.decline(story, by=editor)
    with pytest.raises(desk.Stale):
        desk.give_reason(story, by=editor, reason="not news", version=story.version - 1)
