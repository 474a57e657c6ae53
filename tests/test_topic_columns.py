"""The columns that topics' rows repeat: in step with the story, whoever writes it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from articles.models import Story, StoryTopic
from articles.rules import Queue
from tests.factories import NOON, make_story

pytestmark = pytest.mark.django_db
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def repeated() -> set[tuple[datetime, int, bool]]:
    return set(StoryTopic.objects.values_list("listed_at", "queue", "published"))


def test_follow_a_save() -> None:
    story = make_story(topics=["Ferries", "Trains"])
    story.published_at = NOON
    story.queue = Queue.DECLINED
    story.published = True
    story.save(update_fields=["published_at", "queue", "published"])
    assert repeated() == {(NOON, Queue.DECLINED, True)}


def test_follow_an_update_of_many() -> None:
    for _ in range(3):
        make_story(topics=["Ferries"])
    Story.objects.update(queue=Queue.REMOVED)
    assert {queue for _, queue, _ in repeated()} == {Queue.REMOVED}


def test_follow_a_bulk_update() -> None:
    stories = [make_story(topics=["Ferries"]) for _ in range(3)]
    for story in stories:
        story.published_at = None
    Story.objects.bulk_update(stories, ["published_at"])
    assert {moment for moment, _, _ in repeated()} == {EPOCH}


def test_follow_an_update_by_expression() -> None:
    make_story(topics=["Ferries"], queue=Queue.INBOX)
    Story.objects.update(queue=F("queue") + 1)
    assert {queue for _, queue, _ in repeated()} == {Queue.PUBLISHED}


def test_leave_other_stories_alone() -> None:
    story, other = make_story(topics=["Ferries"]), make_story(topics=["Ferries"])
    Story.objects.filter(pk=story.pk).update(published=True)
    assert not StoryTopic.objects.get(story=other).published


def test_hold_a_topic_once_at_a_story() -> None:
    story = make_story(topics=["Ferries"])
    row = StoryTopic.objects.get(story=story)
    row.pk, row.position = None, 1
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
