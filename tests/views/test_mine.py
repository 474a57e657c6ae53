from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles import claims, desk, shelf
from articles.models import Preferences, Story
from articles.rules import Queue
from tests.factories import make_story
from tests.views.conftest import HTMX

pytestmark = pytest.mark.django_db


def fresh(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


def listed(client: Client, query: str) -> list[int]:
    return [row["id"] for row in client.get(f"/stories/?{query}").context["page"].rows]


def test_snoozes_until_a_moment_in_the_persons_own_zone(as_editor: Client, editor: User) -> None:
    Preferences.objects.create(user=editor, time_zone="Pacific/Auckland")
    story = make_story()
    day = (timezone.now() + timedelta(days=5)).date()
    as_editor.post(f"/stories/{story.pk}/snooze/", {"version": 1, "date": day.isoformat()})
    until = fresh(story).snoozed_until
    assert until is not None
    assert (until - timedelta(hours=24)).isoformat() < f"{day}T00:00:00"
    assert fresh(story).queue == Queue.SNOOZED


def test_asks_until_when_where_nobody_said(as_editor: Client) -> None:
    story = make_story()
    for until in ("", "soon"):
        response = as_editor.post(f"/stories/{story.pk}/snooze/", {"version": 1, "until": until})
        assert response.status_code == 422
        assert "Tomorrow morning" in response.content.decode()
    assert fresh(story).queue == Queue.INBOX


def test_refuses_a_moment_that_has_passed(as_editor: Client) -> None:
    story = make_story()
    response = as_editor.post(
        f"/stories/{story.pk}/snooze/", {"date": "2020-01-01", "next": "/"}, follow=True
    )
    assert "That moment has passed" in response.content.decode()


def test_wakes_and_marks_what_came_back(as_editor: Client, editor: User) -> None:
    story = make_story()
    desk.snooze(story, by=editor, until=timezone.now() + timedelta(hours=3))
    assert listed(as_editor, "queue=snoozed") == listed(as_editor, "snoozed=yes") == [story.pk]
    assert "asleep until" in as_editor.get("/stories/?queue=snoozed").content.decode()
    response = as_editor.post(f"/stories/{story.pk}/wake/", {"version": 2}, headers=HTMX)
    assert "snoozed back" in response.content.decode()
    assert listed(as_editor, "snoozed=back") == listed(as_editor, "queue=inbox") == [story.pk]


def test_lists_bring_back_what_is_due(as_reader: Client, editor: User) -> None:
    story = make_story()
    desk.snooze(story, by=editor, until=timezone.now() + timedelta(hours=3))
    Story.objects.update(snoozed_until=timezone.now())
    assert listed(as_reader, "queue=inbox") == [story.pk]


def test_tells_a_second_person_who_was_first(as_editor: Client, publisher: User) -> None:
    story = make_story()
    claims.claim(story, by=publisher)
    response = as_editor.post(f"/stories/{story.pk}/claim/", {"next": "/stories/"}, follow=True)
    page = response.content.decode()
    assert "publisher works on" in page
    assert fresh(story).claimed_by == publisher
    assert as_editor.post(f"/stories/{story.pk}/release/").status_code == 403


def test_claims_and_lets_go(as_editor: Client, editor: User) -> None:
    story = make_story()
    response = as_editor.post(f"/stories/{story.pk}/claim/", headers=HTMX)
    assert "editor works on it" in response.content.decode()
    assert listed(as_editor, "claimed=mine") == listed(as_editor, "claimed=yes") == [story.pk]
    assert listed(as_editor, "claimed=no") == []
    assert "Let go" in as_editor.get(f"/stories/{story.pk}/").content.decode()
    as_editor.post(f"/stories/{story.pk}/release/")
    assert fresh(story).claimed_by is None


def test_keeps_a_shelf_across_filters(as_reader: Client, reader: User, editor: User) -> None:
    first, second, other = make_story(), make_story(quality=90, recent=False), make_story()
    shelf.put(other, by=editor)
    for story in (first, second):
        as_reader.post(f"/stories/{story.pk}/shelf/", {"to": "on"})
    assert listed(as_reader, "shelf=mine") == [first.pk, second.pk]
    shelf_queue = next(
        queue
        for queue in as_reader.get("/stories/?shelf=mine").context["queues"]
        if queue.name == "shelf"
    )
    assert (str(shelf_queue.count), shelf_queue.current) == ("2", True)
    as_reader.post(f"/stories/{first.pk}/shelf/", {"to": "off"})
    assert listed(as_reader, "shelf=mine") == [second.pk]
    as_reader.post("/shelf/clear/")
    assert listed(as_reader, "shelf=mine") == []


@pytest.mark.parametrize("path", ["", "preview/"])
def test_does_on_the_shelf_what_the_button_said_though_it_is_sent_twice(
    as_reader: Client, path: str
) -> None:
    story = make_story()
    button = rf'name="to" value="(\w+)" formaction="/stories/{story.pk}/shelf/"'
    for to, lies in [("on", [story.pk]), ("off", [])]:
        content = as_reader.get(f"/stories/{story.pk}/{path}").content.decode()
        assert set(re.findall(button, content)) == {to}
        for _ in range(2):
            as_reader.post(f"/stories/{story.pk}/shelf/", {"to": to})
            assert listed(as_reader, "shelf=mine") == lies


def test_snoozes_the_selected_with_a_reason_as_one(as_editor: Client) -> None:
    stories = [make_story() for _ in range(3)]
    as_editor.post(
        "/stories/bulk/",
        {
            "verb": "snooze",
            "until": "tomorrow",
            "reason": "after the vote",
            "story": [f"{s.pk}:1" for s in stories],
        },
    )
    assert Story.objects.in_queue(Queue.SNOOZED).count() == 3
    as_editor.post("/undo/")
    assert Story.objects.in_queue(Queue.SNOOZED).count() == 0
    page = as_editor.post(
        "/stories/bulk/", {"verb": "snooze", "story": f"{stories[0].pk}:3"}, follow=True
    )
    assert "Choose until when" in page.content.decode()


def test_tells_in_the_history_until_when_a_story_slept(as_editor: Client, editor: User) -> None:
    Preferences.objects.create(user=editor, time_zone="Asia/Tokyo")
    story = make_story()
    day = (timezone.now() + timedelta(days=3)).date()
    as_editor.post(f"/stories/{story.pk}/snooze/", {"date": f"{day}T09:30"})
    assert f"{day.day} {day:%B} {day.year}, 09:30" in as_editor.get("/activity/").content.decode()
