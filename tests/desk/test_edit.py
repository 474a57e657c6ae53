from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from articles import desk
from articles.models import Change, Story, StoryProblem, Verb
from articles.storyfile.record import ImageRecord
from articles.weburl import url_key
from tests.desk.dumps import dump, fresh
from tests.factories import (
    file_text,
    make_coverage,
    make_site,
    make_story,
    make_story_without_file,
    make_topic,
    write_file,
)

pytestmark = pytest.mark.django_db


def test_changes_what_was_named_and_nothing_else(editor: User) -> None:
    story = make_story(title="Old", excerpt="Same")
    change = desk.edit(story, {"title": "New", "excerpt": "Same"}, by=editor)
    assert change is not None
    assert (change.verb, change.before["title"], change.after["title"]) == (
        Verb.EDIT,
        "Old",
        "New",
    )
    assert "excerpt" not in change.after
    now = fresh(story)
    assert (now.title, now.edited_fields, now.pending) == ("New", ["title"], True)
    assert story.title == "New"


def test_does_nothing_where_all_is_so_already(editor: User) -> None:
    story = make_story(topics=["Ferries"], images=["https://img.example/a.jpg"])
    before = dump()
    same = {
        "title": story.title,
        "topics": ["Ferries"],
        "images": [{"url": "https://img.example/a.jpg", "width": 640, "height": 360}],
    }
    assert desk.edit(story, same, by=editor, version=0) is None
    assert desk.edit(story, {}, by=editor) is None
    assert dump() == before
    assert not Change.objects.exists()


def test_leaves_nothing_to_write_after_the_way_back(editor: User) -> None:
    story = make_story(title="Old")
    desk.edit(story, {"title": "New"}, by=editor)
    desk.edit(story, {"title": "Old"}, by=editor)
    assert not fresh(story).pending


def test_writes_topics_in_order_with_the_columns_of_the_story(editor: User) -> None:
    story = make_story(topics=["Ferries"], quality=90)
    make_topic(name="Ports")
    desk.edit(story, {"topics": ["Ports", "Ferries", "ports"]}, by=editor)
    rows = list(story.story_topics.all())
    assert [row.topic.name for row in rows] == ["Ports", "Ferries"]
    assert {(row.listed_at, row.queue, row.published) for row in rows} == {
        (story.published_at, story.queue, True)
    }
    assert Change.objects.get().after["topics"] == ["Ports", "Ferries"]


def test_keeps_the_spelling_a_file_has_for_a_topic(editor: User) -> None:
    story = make_story(topics=["Ferries"])
    make_topic(name="Ports")
    story.story_topics.update(name="ferries")
    desk.edit(story, {"topics": ["Ferries", "Ports"]}, by=editor)
    assert [row.name for row in story.story_topics.all()] == ["ferries", ""]


def test_refuses_a_topic_of_another_site(editor: User) -> None:
    story = make_story()
    make_topic(make_site("airport"), "Runways")
    with pytest.raises(desk.Invalid, match="Runways"):
        desk.edit(story, {"topics": ["Runways"]}, by=editor)


def test_keeps_what_was_not_said_of_an_image(editor: User) -> None:
    story = make_story(images=["https://img.example/a.jpg"])
    story.images.update(is_cached=True)
    new = ImageRecord("https://img.example/b.jpg", 10, 20)
    wanted = [new, {"url": "https://img.example/a.jpg", "width": 641}]
    desk.edit(story, {"images": wanted}, by=editor)
    rows = [(row.url, row.width, row.height, row.is_cached) for row in story.images.all()]
    assert rows == [
        ("https://img.example/b.jpg", 10, 20, None),
        ("https://img.example/a.jpg", 641, 360, True),
    ]


def test_moves_the_identity_with_the_address(editor: User) -> None:
    story = make_story()
    desk.edit(story, {"web_url": "https://www.herald.example/moved"}, by=editor)
    assert fresh(story).url_key == url_key("https://www.herald.example/moved")


def test_lets_the_files_of_the_group_follow_an_address(publisher: User) -> None:
    a, b, c = make_story(quality=80), make_story(), make_story()
    make_coverage(a, b)
    desk.link(c, [a], by=publisher)
    for story in Story.objects.all():
        write_file(story)
    Story.objects.update(pending=False)
    before = dump()
    desk.edit(c, {"web_url": "https://www.herald.example/moved"}, by=publisher)
    assert [fresh(s).pending for s in (a, b, c)] == [True] * 3
    desk.undo_last(by=publisher)
    assert dump() == before


def test_stores_instants_in_utc_and_whole_seconds(editor: User) -> None:
    story = make_story()
    moment = datetime(2026, 2, 1, 1, 30, 0, 5, tzinfo=timezone(timedelta(hours=2)))
    desk.edit(story, {"published_at": moment}, by=editor)
    now = fresh(story)
    assert now.published_at == datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    assert now.listed_at == now.published_at


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "a\x00b"),
        ("title", "two\nlines"),
        ("title", "x" * 1_001),
        ("title", None),
        ("excerpt", "bell \x07"),
        ("excerpt", "\ud83d"),
        ("kind", "podcast"),
        ("web_url", "javascript:alert(1)"),
        ("web_url", ""),
        ("amp_url", "https://user:secret@herald.example/"),
        ("cdn_amp_url", "/relative"),
        ("original_url", "http://127.0.0.1/"),
        ("published_at", datetime(2026, 1, 1)),  # noqa: DTZ001
        ("published_at", datetime(9999, 12, 31, tzinfo=UTC)),
        ("published_at", "2026-01-01"),
        ("images", [{"url": "javascript:alert(1)"}]),
        ("images", [{"url": "//img.example/a.jpg"}]),
        ("images", [{"url": "https://img.example/a.jpg", "width": 0}]),
        ("images", [{"url": "https://img.example/a.jpg", "height": True}]),
        ("images", [{"url": ""}]),
        ("topics", ["Unheard of"]),
    ],
)
def test_refuses_what_no_story_can_hold(field: str, value: Any, editor: User) -> None:
    story = make_story()
    before = dump()
    with pytest.raises(desk.Invalid) as caught:
        desk.edit(story, {field: value}, by=editor)
    assert caught.value.problems[field]
    assert dump() == before


def test_accepts_a_line_break_in_an_excerpt_and_an_image_of_the_site(editor: User) -> None:
    story = make_story()
    desk.edit(story, {"excerpt": "One.\r\nTwo.", "images": [{"url": "/assets/a.png"}]}, by=editor)
    assert fresh(story).excerpt == "One.\nTwo."
    assert story.images.get().url == "/assets/a.png"


@pytest.mark.parametrize("field", ["published", "heat", "site_id", "version", "path", "secured"])
def test_edits_no_other_field(field: str, editor: User) -> None:
    with pytest.raises(ValueError, match=field):
        desk.edit(make_story(), {field: 1}, by=editor)


def test_lifts_a_block_whose_cause_it_cures(editor: User) -> None:
    story = make_story(web_url="javascript:alert(1)", publish_gate="blocked", issue_count=2)
    write_file(story, file_text(story))
    StoryProblem.objects.create(story=story, code="url.unsafe", line=6, message="Replace it.")
    StoryProblem.objects.create(story=story, code="story.duplicate_url", message="Twice.")
    before = dump()
    desk.edit(story, {"web_url": "https://www.herald.example/good"}, by=editor)
    now = fresh(story)
    assert (now.publish_gate, now.issue_count) == ("allowed", 1)
    assert [problem.code for problem in now.problems.all()] == ["story.duplicate_url"]
    desk.undo_last(by=editor)
    now = fresh(story)
    assert (now.publish_gate, now.issue_count, now.pending) == ("blocked", 2, False)
    assert dump(without=frozenset({"message"})).keys() == before.keys()


def test_edits_a_story_without_a_file(editor: User) -> None:
    story, other = make_story_without_file(), make_story_without_file()
    desk.edit(story, {"title": "Better"}, by=editor)
    assert (fresh(story).title, fresh(story).pending) == ("Better", False)
    with pytest.raises(desk.Invalid):
        desk.edit(story, {"web_url": other.web_url}, by=editor)


def test_refuses_a_file_it_cannot_write(editor: User) -> None:
    with pytest.raises(desk.Blocked):
        desk.edit(make_story(locked=True), {"title": "New"}, by=editor)
    odd = make_story()
    write_file(
        odd, b'---\n{title: "Braces", webUrl: "https://a.example/", published: false}\n---\n'
    )
    with pytest.raises(desk.Blocked):
        desk.edit(odd, {"title": "New"}, by=editor)
    assert not Change.objects.exists()


def test_shows_the_second_person_that_the_first_was_faster(editor: User, publisher: User) -> None:
    story = make_story()
    first, second = fresh(story), fresh(story)
    desk.edit(first, {"title": "First"}, by=editor, version=first.version)
    with pytest.raises(desk.Stale) as caught:
        desk.edit(second, {"title": "Second"}, by=publisher, version=second.version)
    assert caught.value.story.title == "First"
    assert fresh(story).title == "First"


def test_is_not_the_readers_right(reader: User) -> None:
    with pytest.raises(PermissionDenied):
        desk.edit(make_story(), {"title": "New"}, by=reader)
