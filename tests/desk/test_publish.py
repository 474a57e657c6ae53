from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from articles import desk
from articles.models import Change, Story, StoryProblem, Verb
from articles.rules import Queue
from tests.desk.dumps import dump, fresh
from tests.factories import (
    file_text,
    make_coverage,
    make_story,
    make_story_without_file,
    write_file,
)

pytestmark = pytest.mark.django_db


def test_publishes_a_waiting_story(publisher: User) -> None:
    story = make_story(heat=52, quality=52, recent=True)
    change = desk.publish(story, by=publisher, reason="a scoop")
    assert change is not None
    now = fresh(story)
    assert (now.published, now.heat, now.decision) == (True, 52, "published")
    assert (now.decided_by, now.decision_reason) == (publisher, "a scoop")
    assert (now.edited_fields, now.pending, now.queue) == (["published"], True, Queue.PUBLISHED)
    assert (now.version, story.version, story.published) == (2, 2, True)


def test_logs_who_when_before_and_after(publisher: User) -> None:
    story = make_story()
    change = desk.publish(story, by=publisher, reason="ok")
    assert change is not None
    saved = Change.objects.get()
    assert saved == change
    assert (saved.actor, saved.verb, saved.story, saved.site) == (
        publisher,
        Verb.PUBLISH,
        story,
        story.site,
    )
    assert saved.before["published"] is False
    assert saved.after["published"] is True
    assert saved.after["decision"] == "published"
    assert "title" not in saved.before
    assert saved.reason == "ok"


def test_does_nothing_the_second_time(publisher: User) -> None:
    story = make_story()
    desk.publish(story, by=publisher)
    before = dump()
    assert desk.publish(story, by=publisher) is None
    assert desk.publish(story, by=publisher, version=1) is None
    assert dump() == before
    assert Change.objects.count() == 1


def test_confirms_a_live_story_that_nobody_decided_on(publisher: User) -> None:
    story = make_story(quality=90)
    assert story.queue == Queue.INBOX
    assert desk.publish(story, by=publisher) is not None
    now = fresh(story)
    assert (now.decision, now.pending, now.edited_fields) == ("published", False, [])
    assert now.queue == Queue.PUBLISHED


@pytest.mark.parametrize("role", ["reader", "editor", "nobody"])
def test_is_the_publishers_right(role: str, make_user: object) -> None:
    story = make_story()
    before = dump()
    with pytest.raises(PermissionDenied):
        desk.publish(story, by=make_user(role))  # type: ignore[operator]
    assert dump() == before


def test_refuses_an_inactive_publisher(publisher: User) -> None:
    publisher.is_active = False
    publisher.save()
    with pytest.raises(PermissionDenied):
        desk.publish(make_story(), by=User.objects.get(pk=publisher.pk))


def test_refuses_a_story_that_was_changed_meanwhile(publisher: User, editor: User) -> None:
    story = make_story()
    desk.decline(Story.objects.get(pk=story.pk), by=editor)
    with pytest.raises(desk.Stale) as caught:
        desk.publish(story, by=publisher, version=1)
    assert caught.value.story.decision == "declined"
    assert fresh(story).decision == "declined"


def test_refuses_a_story_without_a_file(publisher: User) -> None:
    with pytest.raises(desk.Blocked, match="file"):
        desk.publish(make_story_without_file(), by=publisher)


def test_refuses_a_removed_locked_or_vanished_story(publisher: User) -> None:
    for fields in (
        {"removed": True},
        {"locked": True},
        {"missing_since": datetime(2026, 3, 1, tzinfo=UTC)},
    ):
        with pytest.raises(desk.Blocked):
            desk.publish(make_story(**fields), by=publisher)
    assert not Change.objects.exists()


def blocked_story() -> Story:
    story = make_story(publish_gate="blocked", issue_count=1)
    data = file_text(story).replace(story.web_url.encode(), b"javascript:alert(1)")
    write_file(story, data)
    StoryProblem.objects.create(story=story, code="url.unsafe", line=6, message="Replace it.")
    return story


def test_refuses_a_blocked_story_with_the_reasons(publisher: User) -> None:
    story = blocked_story()
    with pytest.raises(desk.Blocked) as caught:
        desk.publish(story, by=publisher)
    assert caught.value.reasons == ("Replace it.",)
    assert not fresh(story).published


def test_lets_a_chief_override_a_block_and_says_so_in_the_log(publisher: User, chief: User) -> None:
    story = blocked_story()
    with pytest.raises(PermissionDenied):
        desk.publish(story, by=publisher, override=True)
    change = desk.publish(story, by=chief, override=True)
    assert change is not None
    assert change.after["overrode"] == ["Replace it."]
    assert fresh(story).published


def test_asks_what_to_do_with_a_superseded_story(publisher: User) -> None:
    lead, other = make_story(quality=80), make_story()
    make_coverage(lead, other)
    with pytest.raises(desk.NeedsChoice):
        desk.publish(other, by=publisher)
    assert desk.publish(other, by=publisher, both=True) is not None
    now = fresh(other)
    assert (now.published, now.heat, now.queue) == (True, -1, Queue.PUBLISHED)
    assert fresh(lead).published


def test_rewrites_a_date_that_publishing_would_break_and_says_so(publisher: User) -> None:
    story = make_story(publish_gate="normalise", issue_count=1)
    data = file_text(story)
    line = next(row for row in data.splitlines() if row.startswith(b"publishedDateTime"))
    date = line.partition(b": ")[2]
    write_file(story, data.replace(line, b'publishedDateTime: "' + date + b'"'))
    StoryProblem.objects.create(story=story, code="date.quoted", line=5, message="In quotes.")
    change = desk.publish(story, by=publisher)
    assert change is not None
    assert change.after["normalised"] == ["published_at"]
    now = fresh(story)
    assert now.edited_fields == ["published", "published_at"]
    assert (now.publish_gate, now.issue_count) == ("allowed", 0)
    assert not now.problems.exists()


def test_settles_a_proposal(publisher: User, editor: User) -> None:
    story = make_story()
    desk.propose(story, by=editor)
    assert fresh(story).proposal == "publish"
    desk.publish(story, by=publisher)
    assert fresh(story).proposal == ""


def test_tells_of_a_story_that_is_not_there(publisher: User) -> None:
    story = make_story()
    Story.objects.filter(pk=story.pk).delete()
    with pytest.raises(Story.DoesNotExist):
        desk.publish(story, by=publisher)


def test_costs_few_queries(publisher: User, django_assert_max_num_queries: object) -> None:
    story = make_story()
    publisher.get_all_permissions()
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        desk.publish(story, by=publisher)
