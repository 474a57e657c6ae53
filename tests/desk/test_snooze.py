from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import claims, desk
from articles.models import Change, Story, Verb
from articles.rules import Queue
from tests.desk.dumps import dump, fresh
from tests.factories import make_coverage, make_story

pytestmark = pytest.mark.django_db


def in_hours(number: float) -> datetime:
    return timezone.now() + timedelta(hours=number)


def make_due(*stories: Story) -> None:
    Story.objects.filter(pk__in=[s.pk for s in stories]).update(snoozed_until=in_hours(-1))


def test_puts_a_story_to_sleep_and_tells_until_when(editor: User) -> None:
    story = make_story()
    until = in_hours(3).astimezone(ZoneInfo("America/New_York"))
    change = desk.snooze(story, by=editor, until=until, reason="wait for the court")
    now = fresh(story)
    assert (now.queue, now.snoozed_by, now.pending) == (Queue.SNOOZED, editor, False)
    assert now.snoozed_until == until.replace(second=0, microsecond=0)
    assert change is not None
    assert (change.verb, change.reason) == (Verb.SNOOZE, "wait for the court")


def test_takes_a_snooze_back_exactly(publisher: User) -> None:
    story = make_story()
    desk.decline(story, by=publisher, reason="old news")
    before = dump()
    berlin = in_hours(20).astimezone(ZoneInfo("Europe/Berlin"))
    desk.snooze(story, by=publisher, until=berlin)
    desk.undo_last(by=publisher)
    assert dump() == before
    desk.redo_last(by=publisher)
    assert fresh(story).queue == Queue.SNOOZED
    desk.undo_last(by=publisher)
    assert dump() == before


def test_says_nothing_twice(editor: User) -> None:
    story, until = make_story(), in_hours(5)
    assert desk.snooze(story, by=editor, until=until)
    assert desk.snooze(story, by=editor, until=until) is None
    assert desk.snooze(story, by=editor, until=until + timedelta(days=1))
    assert desk.wake(story, by=editor)
    assert desk.wake(story, by=editor) is None


def test_brings_back_what_is_due_into_the_inbox_and_marks_it(editor: User) -> None:
    due, later, declined = make_story(), make_story(), make_story()
    desk.decline(declined, by=editor)
    for story in (due, later, declined):
        desk.snooze(story, by=editor, until=in_hours(5))
    make_due(due, declined)
    assert desk.wake_due() == 2
    assert desk.wake_due() == 0
    assert fresh(due).queue == fresh(declined).queue == Queue.INBOX
    assert fresh(due).woke_at is not None
    assert fresh(later).queue == Queue.SNOOZED
    change = Change.objects.of_story(due.pk)[0]
    assert (change.verb, change.actor, change.actor_name) == (Verb.WAKE, None, "clock")


def test_nobody_takes_the_work_of_the_clock_back(publisher: User) -> None:
    story = make_story()
    desk.snooze(story, by=publisher, until=in_hours(5))
    make_due(story)
    desk.wake_due()
    with pytest.raises(desk.NotUndoable):
        desk.undo(Change.objects.of_story(story.pk)[0], by=publisher)


def test_a_decision_ends_the_sleep(publisher: User) -> None:
    verbs = (desk.publish, desk.decline)
    for verb in verbs:
        story = make_story()
        desk.snooze(story, by=publisher, until=in_hours(5))
        verb(story, by=publisher)
        assert fresh(story).snoozed_until is None
        assert fresh(story).queue != Queue.SNOOZED
    woken = make_story()
    desk.snooze(woken, by=publisher, until=in_hours(5))
    desk.wake(woken, by=publisher)
    desk.decline(woken, by=publisher)
    assert (fresh(woken).queue, fresh(woken).woke_at) == (Queue.DECLINED, None)


def test_a_story_published_already_wakes_when_it_is_published_again(publisher: User) -> None:
    story = make_story()
    desk.publish(story, by=publisher)
    desk.snooze(story, by=publisher, until=in_hours(5))
    assert desk.publish(story, by=publisher)
    assert fresh(story).queue == Queue.PUBLISHED


def test_members_sleep_on_their_own(editor: User) -> None:
    lead, member = make_story(quality=60), make_story(quality=40)
    make_coverage(lead, member)
    desk.snooze(fresh(member), by=editor, until=in_hours(5))
    assert fresh(member).queue == Queue.SNOOZED
    desk.wake(fresh(member), by=editor)
    assert (fresh(lead).queue, fresh(member).queue) == (Queue.INBOX, Queue.SUPERSEDED)


def test_refuses_moments_nobody_means(editor: User) -> None:
    story = make_story()
    for until in (in_hours(-1), in_hours(24 * 400)):
        with pytest.raises(desk.Invalid):
            desk.snooze(story, by=editor, until=until)


def test_refuses_readers(reader: User, editor: User) -> None:
    story = make_story()
    with pytest.raises(PermissionDenied):
        desk.snooze(story, by=reader, until=in_hours(5))
    desk.snooze(story, by=editor, until=in_hours(5))
    with pytest.raises(PermissionDenied):
        desk.wake(story, by=reader)


def test_refuses_what_somebody_else_changed(editor: User, publisher: User) -> None:
    story = make_story()
    desk.publish(fresh(story), by=publisher)
    with pytest.raises(desk.Stale):
        desk.snooze(story, by=editor, until=in_hours(5), version=story.version)


def test_sleeps_many_as_one_and_is_taken_back_as_one(editor: User) -> None:
    stories = [make_story() for _ in range(4)]
    before = dump()
    result = desk.snooze_many(stories, by=editor, until=in_hours(5), reason="tomorrow's page")
    assert result.done == 4
    assert Story.objects.in_queue(Queue.SNOOZED).count() == 4
    desk.undo_last(by=editor)
    assert dump() == before


def test_wakes_many_in_a_constant_number_of_queries(editor: User) -> None:
    counts = []
    for number in (3, 30):
        stories = [make_story() for _ in range(number)]
        desk.snooze_many(stories, by=editor, until=in_hours(5))
        make_due(*stories)
        with CaptureQueriesContext(connection) as queries:
            assert desk.wake_due() == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_one_look_suffices_where_nothing_is_due() -> None:
    make_story()
    with CaptureQueriesContext(connection) as queries:
        desk.wake_due()
    assert len(queries) == 1


def test_lets_go_of_what_the_person_claimed(editor: User) -> None:
    story = make_story()
    claims.claim(story, by=editor)
    desk.snooze(story, by=editor, until=in_hours(5))
    assert fresh(story).claimed_by is None
