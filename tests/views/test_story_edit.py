from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles import desk
from articles.models import Story, StoryImage
from tests.factories import make_story, make_story_without_file, make_topic

pytestmark = pytest.mark.django_db


def form_of(client: Client, story: Story) -> dict[str, Any]:
    """The fields of the edit form as a browser would post them unchanged."""
    context = client.get(f"/stories/{story.pk}/edit/").context
    form, images = context["form"], context["images"]
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        data[bound.html_name] = json.dumps(bound.initial) if bound.name == "base" else value
    for bound in images.management_form:
        data[bound.html_name] = bound.value()
    for row in images:
        for bound in row:
            data[bound.html_name] = "" if bound.value() is None else bound.value()
    return data


def test_saves_only_what_was_changed(as_editor: Client) -> None:
    story = make_story(topics=["Ferries"], images=["https://images.example/a.jpg"])
    data = {**form_of(as_editor, story), "title": "A better headline"}
    response = as_editor.post(f"/stories/{story.pk}/edit/", data)
    assert response.status_code == 302
    saved = Story.objects.get(pk=story.pk)
    assert (saved.title, saved.edited_fields, saved.pending) == (
        "A better headline",
        ["title"],
        True,
    )


def test_saves_nothing_when_nothing_was_changed(as_editor: Client) -> None:
    story = make_story(
        topics=["Ferries"], images=["https://images.example/a.jpg"], title="  padded "
    )
    response = as_editor.post(f"/stories/{story.pk}/edit/", form_of(as_editor, story), follow=True)
    assert b"Nothing was different" in response.content
    assert Story.objects.get(pk=story.pk).version == 1


def test_edits_topics_and_pictures(as_editor: Client) -> None:
    story = make_story(topics=["Ferries"], images=["https://images.example/a.jpg"])
    make_topic(name="Whales")
    data = form_of(as_editor, story)
    data["topics"] = "Whales\nFerries"
    data["images-0-url"] = "https://images.example/b.jpg"
    as_editor.post(f"/stories/{story.pk}/edit/", data)
    saved = Story.objects.get(pk=story.pk)
    assert [str(t) for t in saved.story_topics.order_by("position")] == ["Whales", "Ferries"]
    assert StoryImage.objects.get(story=saved).url == "https://images.example/b.jpg"


def test_refuses_unknown_topics_and_keeps_what_was_typed(as_editor: Client) -> None:
    story = make_story()
    data = {**form_of(as_editor, story), "title": "Typed with care", "topics": "Dragons"}
    response = as_editor.post(f"/stories/{story.pk}/edit/", data)
    assert response.status_code == 422
    assert "Typed with care" in response.content.decode()
    assert "Dragons" in response.content.decode()
    assert Story.objects.get(pk=story.pk).version == 1


def test_refuses_a_nul_character(as_editor: Client) -> None:
    story = make_story()
    data = {**form_of(as_editor, story), "title": "a\x00b"}
    assert as_editor.post(f"/stories/{story.pk}/edit/", data).status_code == 422


def test_shows_both_versions_and_lets_the_second_choose(as_editor: Client, publisher: User) -> None:
    story = make_story(title="As it was")
    data = {**form_of(as_editor, story), "title": "Mine", "excerpt": "My excerpt"}
    desk.edit(story, {"title": "Theirs"}, by=publisher)
    address = f"/stories/{story.pk}/edit/"
    response = as_editor.post(address, data)
    content = response.content.decode()
    assert response.status_code == 409
    assert "Theirs" in content
    assert "Mine" in content
    choice = {
        "version": story.version,
        "take-title": "theirs",
        "mine-title": "Mine",
        "take-excerpt": "mine",
        "mine-excerpt": "My excerpt",
    }
    assert as_editor.post(address, choice).status_code == 302
    saved = Story.objects.get(pk=story.pk)
    assert (saved.title, saved.excerpt) == ("Theirs", "My excerpt")


def test_does_not_edit_a_story_without_file(as_editor: Client) -> None:
    story = make_story_without_file()
    assert as_editor.get(f"/stories/{story.pk}/edit/").status_code == 404


def test_does_not_edit_a_locked_story(as_editor: Client) -> None:
    story = make_story(locked=True)
    assert as_editor.get(f"/stories/{story.pk}/edit/").status_code == 404


def test_is_closed_to_readers(as_reader: Client) -> None:
    assert as_reader.get(f"/stories/{make_story().pk}/edit/").status_code == 403


def test_ignores_fields_that_are_not_on_the_form(as_editor: Client) -> None:
    story = make_story()
    data = {
        **form_of(as_editor, story),
        "title": "New",
        "published": "on",
        "quality": "140",
        "site": 9,
    }
    as_editor.post(f"/stories/{story.pk}/edit/", data)
    saved = Story.objects.get(pk=story.pk)
    assert (saved.title, saved.published, saved.quality) == ("New", False, 60)
