from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import claims, desk, presence
from articles.models import Preferences, Presence, Story
from tests.factories import make_coverage, make_story

pytestmark = pytest.mark.django_db

BESIDES = ("django_session", "auth_user", "auth_permission", "articles_preferences")
"""Who asks and what they may: read for every request."""


def beat(client: Client, **values: Any) -> Any:
    response = client.post("/pulse/", values)
    assert response.status_code == 200
    return response.json()


def rows(*stories: Story) -> str:
    return ",".join(f"{story.pk}:{story.version}" for story in stories)


def test_says_who_else_has_the_story_open(as_reader: Client, reader: User, editor: User) -> None:
    story, other = make_story(), make_story()
    presence.record(story.pk, by=editor)
    answer = beat(as_reader, here=story.pk, rows=rows(story, other))
    assert answer["here"] == ["editor"]
    assert answer["who"] == {str(story.pk): "editor"}
    assert Presence.objects.filter(user=reader, story=story).exists()
    beat(as_reader, here=story.pk)
    assert Presence.objects.filter(user=reader).count() == 1


def test_forgets_who_was_not_heard_of_for_half_a_minute(as_reader: Client, editor: User) -> None:
    story = make_story()
    presence.record(story.pk, by=editor)
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=31))
    assert beat(as_reader, here=story.pk)["here"] == []


def test_sees_people_anywhere_in_the_group(as_reader: Client, editor: User) -> None:
    lead, member = make_story(quality=70), make_story()
    make_coverage(lead, member)
    presence.record(member.pk, by=editor)
    assert beat(as_reader, here=lead.pk, rows=rows(lead))["who"] == {str(lead.pk): "editor"}


def test_names_who_claimed_a_row(as_reader: Client, editor: User) -> None:
    story = make_story()
    claims.claim(story, by=editor)
    assert beat(as_reader, rows=rows(story))["who"] == {str(story.pk): "editor"}


def test_draws_changed_rows_anew_and_no_others(as_editor: Client, publisher: User) -> None:
    story, same = make_story(), make_story()
    seen = rows(story, same)
    desk.publish(story, by=publisher)
    answer = beat(as_editor, rows=seen)
    assert list(answer["rows"]) == [str(story.pk)]
    assert f'id="story-{story.pk}"' in answer["rows"][str(story.pk)]


def test_counts_what_came_into_the_list(as_reader: Client) -> None:
    make_story()
    since = timezone.now().isoformat()
    make_story()
    make_story(quality=10, recent=False)
    assert beat(as_reader, query="queue=inbox", since=since)["arrivals"] == 1
    assert beat(as_reader, query="", since=since)["arrivals"] == 2
    assert beat(as_reader, query="queue=nonsense", since=since)["arrivals"] == 0
    assert beat(as_reader, query="", since="yesterday")["arrivals"] == 0


def test_renews_the_claim_of_who_works_and_wakes_what_is_due(
    as_editor: Client, editor: User
) -> None:
    story, asleep = make_story(), make_story()
    desk.snooze(asleep, by=editor, until=timezone.now() + timedelta(hours=1))
    claims.claim(story, by=editor)
    past = timezone.now() + timedelta(minutes=10)
    Story.objects.filter(pk=story.pk).update(claimed_until=past)
    Story.objects.filter(pk=asleep.pk).update(snoozed_until=timezone.now())
    beat(as_editor, here=story.pk, rows=rows(story))
    now = Story.objects.get(pk=story.pk)
    assert now.claimed_until is not None
    assert now.claimed_until > past + timedelta(hours=1)
    assert Story.objects.get(pk=asleep.pk).snoozed_until is None


def test_leaves_out_what_makes_no_sense(as_reader: Client) -> None:
    answer = beat(as_reader, here="x", rows="1:2:3,,a:b,999999:1," + "9" * 30 + ":1", query="q=%00")
    assert answer == {"here": [], "rows": {}, "who": {}, "arrivals": 0}
    assert beat(as_reader, here="424242")["here"] == []


@pytest.mark.parametrize("is_changed", [True, False])
def test_asks_six_questions_however_many_rows(
    as_editor: Client, editor: User, publisher: User, *, is_changed: bool
) -> None:
    Preferences.objects.create(user=editor, load_images=True)
    counts = []
    for number in (2, 40):
        stories = [make_story(topics=["Ferries"]) for _ in range(number)]
        seen = rows(*stories)
        if is_changed:
            desk.publish_many(stories, by=publisher)
        with CaptureQueriesContext(connection) as queries:
            beat(as_editor, here=stories[0].pk, rows=seen, query="queue=inbox",
                 since=timezone.now().isoformat())  # fmt: skip
        asked = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
        own = [sql for sql in asked if not any(f'FROM "{name}"' in sql for name in BESIDES)]
        counts.append(len(own))
    assert counts[0] == counts[1] <= 6, own
