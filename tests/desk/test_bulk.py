from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import desk
from articles.models import Change, Story, StoryProblem
from tests.desk.dumps import dump, fresh
from tests.factories import make_coverage, make_story, make_story_without_file

pytestmark = pytest.mark.django_db


def test_publishes_all_that_may_be_and_says_why_not_the_others(
    publisher: User, editor: User
) -> None:
    good, changed, live = make_story(), make_story(), make_story(quality=90)
    blocked = make_story(publish_gate="blocked")
    StoryProblem.objects.create(story=blocked, code="url.unsafe", message="Replace it.")
    lead, superseded = make_story(quality=80), make_story()
    make_coverage(lead, superseded)
    without = make_story_without_file()
    desk.publish(live, by=publisher)
    versions = dict(Story.objects.values_list("pk", "version"))
    desk.decline(changed, by=editor)
    stories = [good, changed, live, blocked, superseded, without]
    result = desk.publish_many(stories, by=publisher, versions=versions)
    assert (result.done, result.unchanged) == (1, 1)
    reasons = {pk: (title, reason) for pk, title, reason in result.refused}
    assert reasons.keys() == {changed.pk, blocked.pk, superseded.pk, without.pk}
    assert reasons[changed.pk] == (changed.title, "It was changed meanwhile.")
    assert reasons[blocked.pk] == (blocked.title, "Replace it.")
    assert fresh(good).published
    assert not fresh(changed).published
    assert Change.objects.get(batch=result.batch).story == good


def test_is_taken_back_by_one_undo(publisher: User) -> None:
    stories = [make_story() for _ in range(5)]
    before = dump()
    result = desk.publish_many(Story.objects.all(), by=publisher)
    after = dump()
    assert result.done == 5
    undone = desk.undo(result.batch, by=publisher)
    assert len(undone) == 5
    assert dump() == before
    desk.redo_last(by=publisher)
    assert dump() == after
    desk.undo(Change.objects.filter(story=stories[0]).last() or Change(), by=publisher)
    assert dump() == before


def test_unpublishes_and_declines_many(publisher: User, editor: User) -> None:
    live = [make_story(quality=90) for _ in range(3)]
    assert desk.unpublish_many(live, by=publisher).done == 3
    assert desk.unpublish_many(live, by=publisher).unchanged == 3
    assert desk.decline_many(live, by=editor, reason="old").done == 3
    now = fresh(live[0])
    assert (now.published, now.decision, now.decision_reason) == (False, "declined", "old")


def test_works_in_pieces(publisher: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.desk.bulk.PIECE", 2)
    stories = [make_story() for _ in range(5)]
    result = desk.publish_many(stories, by=publisher)
    assert result.done == 5
    assert Change.objects.filter(batch=result.batch).count() == 5
    assert len(desk.undo(result.batch, by=publisher)) == 5


def test_names_stories_that_are_gone(publisher: User) -> None:
    story = make_story()
    Story.objects.filter(pk=story.pk).delete()
    result = desk.publish_many([story], by=publisher)
    assert result.refused == [(story.pk, "", "There is no such story any more.")]


def test_refuses_who_may_not(editor: User, reader: User) -> None:
    stories = [make_story()]
    with pytest.raises(PermissionDenied):
        desk.publish_many(stories, by=editor)
    with pytest.raises(PermissionDenied):
        desk.unpublish_many(stories, by=editor)
    with pytest.raises(PermissionDenied):
        desk.decline_many(stories, by=reader)


def test_costs_the_same_for_any_number_of_stories(publisher: User) -> None:
    publisher.get_all_permissions()
    counts = []
    for number in (3, 30):
        stories = [make_story() for _ in range(number)]
        with CaptureQueriesContext(connection) as publishing:
            result = desk.publish_many(stories, by=publisher)
        with CaptureQueriesContext(connection) as undoing:
            desk.undo(result.batch, by=publisher)
        counts.append((len(publishing), len(undoing)))
    assert counts[0] == counts[1]
    assert max(counts[0]) < 16
