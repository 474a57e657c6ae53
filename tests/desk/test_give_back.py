from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from articles import desk
from articles.models import Change, Story
from tests.factories import make_story, make_topic

pytestmark = pytest.mark.django_db


def test_lets_a_field_say_again_what_the_file_says(editor: User) -> None:
    story = make_story(title="As the file says")
    desk.edit(story, {"title": "Edited"}, by=editor)
    desk.give_back(story, ["title"], by=editor)
    saved = Story.objects.get(pk=story.pk)
    assert (saved.title, saved.edited_fields, saved.pending) == ("As the file says", [], False)


def test_gives_back_topics_pictures_and_the_address(editor: User) -> None:
    picture = "https://images.example/a.jpg"
    story = make_story(topics=["Ferries"], images=[picture])
    address, key = story.web_url, story.url_key
    make_topic(name="Whales")
    changes = {
        "topics": ["Whales"],
        "images": [{"url": "https://images.example/b.jpg"}],
        "web_url": "https://other.example/",
    }
    desk.edit(story, changes, by=editor)
    desk.give_back(story, list(changes), by=editor)
    saved = Story.objects.get(pk=story.pk)
    assert [topic.name for topic in saved.topics.all()] == ["Ferries"]
    assert [(image.url, image.width) for image in saved.images.all()] == [(picture, 640)]
    assert (saved.web_url, saved.url_key, saved.pending) == (address, key, False)


def test_leaves_what_the_desk_does_not_own(editor: User) -> None:
    story = make_story()
    assert desk.give_back(story, ["title", "topics"], by=editor) is None
    assert not Change.objects.exists()


def test_is_undone_exactly(editor: User) -> None:
    story = make_story()
    desk.edit(story, {"title": "Edited"}, by=editor)
    change = desk.give_back(story, ["title"], by=editor)
    assert change is not None
    desk.undo(change, by=editor)
    saved = Story.objects.get(pk=story.pk)
    assert (saved.title, saved.edited_fields, saved.pending) == ("Edited", ["title"], True)


def test_refuses_a_topic_that_is_gone(editor: User) -> None:
    story = make_story(topics=["Ferries"])
    make_topic(name="Whales")
    desk.edit(story, {"topics": ["Whales"]}, by=editor)
    make_topic(name="Ferries").delete()
    with pytest.raises(desk.Invalid):
        desk.give_back(story, ["topics"], by=editor)


def test_refuses_a_later_version(editor: User) -> None:
    story = make_story()
    desk.edit(story, {"title": "Edited"}, by=editor)
    with pytest.raises(desk.Stale):
        desk.give_back(story, ["title"], by=editor, version=1)


def test_is_for_editors(reader: User) -> None:
    with pytest.raises(PermissionDenied):
        desk.give_back(make_story(), ["title"], by=reader)
