"""What a story's file is to hold: the lines a person changed, and no other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from articles.exporter import NotWritable, pending_bytes, render_one
from articles.models import Change, Story, StoryImage, StoryTopic, Verb
from tests.exporter.conftest import change, stored
from tests.factories import make_story, make_topic, write_file

pytestmark = pytest.mark.django_db


def changed_lines(old: bytes, new: bytes) -> list[tuple[bytes, bytes]]:
    before, after = old.split(b"\n"), new.split(b"\n")
    assert len(before) == len(after)
    return [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]


def test_changes_nothing_that_nobody_changed() -> None:
    story = make_story(topics=["Ferries"], images=["https://img.example/a.jpg"])
    assert pending_bytes(story) == stored(story)


def test_ignores_what_a_row_says_but_nobody_edited() -> None:
    story = make_story()
    Story.objects.filter(pk=story.pk).update(title="Not the file's", heat=7)
    story.refresh_from_db()
    assert pending_bytes(story) == stored(story)


@pytest.mark.parametrize(
    ("field", "value", "line"),
    [
        ("published", True, b"published: true"),
        ("title", 'She said: "no"', b'title: "She said: \\"no\\""'),
        ("excerpt", "Two\nlines", b'excerpt: "Two\\nlines"'),
        ("heat", -1, b"heat: -1"),
        ("quality", 3, b"quality: 3"),
        ("kind", "video", b"type: video"),
        ("web_url", "https://herald.example/new", b'webUrl: "https://herald.example/new"'),
        (
            "published_at",
            datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
            b"publishedDateTime: 2026-03-04T05:06:07Z",
        ),
    ],
)
def test_changes_one_line(field: str, value: Any, line: bytes) -> None:
    story = make_story()
    story = change(story, **{field: value})
    found = changed_lines(stored(story), pending_bytes(story) or b"")
    assert [new for _, new in found] == [line]


def test_changes_nothing_where_the_file_says_so_already() -> None:
    story = change(make_story(published=True), published=True)
    assert not render_one(story).is_changed


def test_rewrites_an_odd_date_that_a_publication_owns() -> None:
    story = make_story()
    date = stored(story).split(b"publishedDateTime: ")[1].split(b"\n")[0]
    write_file(story, stored(story).replace(date, date[:10]))
    midnight = datetime.fromisoformat(date[:10].decode()).replace(tzinfo=UTC)
    story = change(story, published=True, published_at=midnight)
    new = pending_bytes(story) or b""
    assert b"publishedDateTime: " + date[:10] + b"T00:00:00Z\n" in new
    assert b"published: true\n" in new


def test_writes_the_topics_and_images_a_person_set() -> None:
    story = make_story(topics=["Ferries"], images=["https://img.example/a.jpg"])
    other = make_topic(story.site, "Ports")
    StoryTopic.objects.filter(story=story).update(topic=other)
    StoryImage.objects.filter(story=story).update(width=100)
    story = change(story, topics=True, images=True)
    found = changed_lines(stored(story), pending_bytes(story) or b"")
    assert [new for _, new in found] == [b"  - Ports", b"    width: 100"]


def test_takes_the_topics_key_out_where_none_is_left() -> None:
    story = make_story(topics=["Ferries"])
    StoryTopic.objects.filter(story=story).delete()
    story = change(story, topics=True)
    assert b"topics" not in (pending_bytes(story) or b"")


def test_keeps_what_the_desk_does_not_know() -> None:
    story = make_story()
    data = stored(story).replace(b"type: article\n", b"type: article\nmood: {a: 1}  # odd\n")
    write_file(story, data)
    story = change(story, published=True)
    assert changed_lines(data, pending_bytes(story) or b"") == [
        (b"published: false", b"published: true")
    ]


def test_refuses_a_file_it_cannot_edit_safely() -> None:
    story = make_story()
    write_file(story, stored(story).replace(b"title: ", b"title: &t ") + b"")
    data = stored(story).replace(b"type: article\n", b"type: article\ncopy: *t\n")
    write_file(story, data)
    story = change(story, title="Another")
    with pytest.raises(NotWritable) as refusal:
        pending_bytes(story)
    assert refusal.value.code == "edit_refused"


def test_says_what_changed_for_the_log() -> None:
    story = change(make_story(title="Old"), title="New", published=True)
    rendering = render_one(story)
    assert rendering.before == {"title": "Old", "published": False}
    assert rendering.after == {"title": "New", "published": True}


def blocked_story() -> Story:
    """A story that would break the public feed if it were live."""
    story = make_story(heat=60)
    write_file(story, stored(story).replace(b"heat: 60\n", b"heat: very\n"))
    return change(story, published=True)


def test_refuses_to_make_live_what_would_break_the_feed() -> None:
    with pytest.raises(NotWritable) as refusal:
        pending_bytes(blocked_story())
    assert refusal.value.code == "publish_blocked"


def test_writes_a_blocked_story_that_a_chief_let_pass() -> None:
    story = blocked_story()
    Change.objects.create(
        site=story.site, story=story, verb=Verb.PUBLISH, after={"overrode": ["heat is text"]}
    )
    assert b"published: true" in (pending_bytes(story) or b"")


def test_writes_other_changes_of_a_blocked_story_that_is_live() -> None:
    story = make_story(heat=60)
    data = stored(story).replace(b"heat: 60\n", b"heat: very\n")
    write_file(story, data.replace(b"published: false", b"published: true"))
    story = change(story, title="Better", published=True)
    assert b"Better" in (pending_bytes(story) or b"")


def test_has_nothing_for_a_story_without_a_path() -> None:
    assert pending_bytes(make_story(path=None)) is None
