"""What a story's file has to say, asked by the desk and by the exporter."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from articles import desk
from articles.exporter import render_one
from articles.filing import Parts, differences, leaving_and_joining, new_record
from articles.models import Story
from articles.storyfile.record import StoryRecord
from articles.weburl import url_key
from tests.factories import make_coverage, make_story

pytestmark = pytest.mark.django_db

NOTHING = Parts({}, {})
OWN, SECOND, OTHER = (f"https://www.herald.example/{name}" for name in ("own", "second", "other"))


def record_of(story: Story) -> StoryRecord:
    return new_record(story, NOTHING)


def test_names_only_fields_that_were_asked_for() -> None:
    story = make_story(title="Old", heat=3)
    record = record_of(story)
    story.title, story.heat = "New", 5
    assert differences(story, record, {"title", "quality"}, NOTHING) == {"title": "New"}


def test_finds_nothing_where_file_and_desk_agree() -> None:
    story = make_story()
    assert not differences(story, record_of(story), {"title", "topics", "images"}, NOTHING)


def test_lets_entries_of_the_story_itself_and_without_address_stay() -> None:
    record = record_of(make_story(web_url=OWN, original_url=SECOND))
    listed = {url_key(OWN), url_key(SECOND), url_key(OTHER), ""}
    assert leaving_and_joining(record, listed, ()) == ({url_key(OTHER)}, set())


def test_asks_nothing_of_a_file_that_lists_a_member_by_the_storys_second_address() -> None:
    record = record_of(make_story(web_url=OWN, original_url=SECOND))
    assert leaving_and_joining(record, {url_key(SECOND)}, {url_key(SECOND)}) == (set(), set())


def test_promises_no_file_that_an_export_would_leave_alone(publisher: User) -> None:
    story = make_story(web_url=OWN, original_url=SECOND, quality=90)
    twin, third = make_story(web_url=SECOND, quality=50), make_story(quality=40)
    make_coverage(story, twin)
    desk.link(third, [Story.objects.get(pk=story.pk)], by=publisher)
    for member in Story.objects.with_file():
        assert member.pending is render_one(member).is_changed, member.title
