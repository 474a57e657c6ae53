from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles import desk
from articles.models import Change, Story
from tests.factories import make_story, make_topic
from tests.views.conftest import HTMX

pytestmark = pytest.mark.django_db


def field_of(story: Story, name: str) -> str:
    return f"/stories/{story.pk}/field/{name}/"


def posted(client: Client, story: Story, name: str, value: Any) -> dict[str, Any]:
    """The form of one field as a browser would post it with another value."""
    form = client.get(field_of(story, name)).context["form"]
    base = form["base"].initial
    return {"version": form["version"].value(), "base": json.dumps(base), name: value}


def test_saves_the_one_field_and_goes_back_to_the_story(as_editor: Client) -> None:
    story = make_story(topics=["Ferries"])
    data = posted(as_editor, story, "title", "A far better headline")
    response = as_editor.post(field_of(story, "title"), data)
    assert response["Location"] == f"/stories/{story.pk}/?edited=title"
    saved = Story.objects.get(pk=story.pk)
    assert (saved.title, saved.edited_fields) == ("A far better headline", ["title"])


def test_answers_scripts_with_the_form_alone(as_editor: Client) -> None:
    content = as_editor.get(field_of(make_story(), "excerpt"), headers=HTMX).content.decode()
    assert "<html" not in content
    assert 'name="excerpt"' in content


def test_answers_the_list_with_the_row(as_editor: Client) -> None:
    story = make_story(topics=["Ferries"])
    make_topic(name="Boats")
    address = f"{field_of(story, 'topics')}?in_list=1"
    data = posted(as_editor, story, "topics", ["Boats"])
    response = as_editor.post(address, data, headers=HTMX)
    content = response.content.decode()
    assert response["X-Desk-Touched"] == str(story.pk)
    assert f'id="story-{story.pk}"' in content
    assert "Saved" in content
    assert [topic.name for topic in story.topics.all()] == ["Boats"]


def test_tells_the_list_that_somebody_saved_first(as_editor: Client, chief: User) -> None:
    story = make_story(topics=["Ferries"])
    make_topic(name="Boats")
    data = posted(as_editor, story, "topics", ["Boats"])
    desk.edit(story, {"title": "Somebody else's"}, by=chief)
    response = as_editor.post(f"{field_of(story, 'topics')}?in_list=1", data, headers=HTMX)
    assert response.status_code == 409
    assert "look again" in response.content.decode()
    assert [topic.name for topic in story.topics.all()] == ["Ferries"]


def test_tells_the_list_what_is_wrong(as_editor: Client) -> None:
    story = make_story(topics=["Ferries"])
    data = posted(as_editor, story, "topics", ["Nowhere"])
    response = as_editor.post(f"{field_of(story, 'topics')}?in_list=1", data, headers=HTMX)
    assert response.status_code == 422
    assert "Nowhere is not one of the available choices" in response.content.decode()
    assert [topic.name for topic in story.topics.all()] == ["Ferries"]


def test_keeps_the_list_one_came_from(as_editor: Client) -> None:
    story = make_story()
    data = posted(as_editor, story, "excerpt", "Another excerpt.")
    response = as_editor.post(f"{field_of(story, 'excerpt')}?list=queue%3Dinbox", data)
    assert "list=queue%3Dinbox" in response["Location"]


def test_ticks_topics_of_the_site_and_keeps_the_order_of_the_file(as_editor: Client) -> None:
    story = make_story(topics=["Whales", "Ferries"])
    make_topic(name="Boats")
    form = as_editor.get(field_of(story, "topics")).context["form"]
    assert [name for name, _ in form.fields["topics"].choices] == ["Whales", "Ferries", "Boats"]
    data = posted(as_editor, story, "topics", ["Whales", "Ferries", "Boats"])
    as_editor.post(field_of(story, "topics"), data)
    names = [t.name for t in story.topics.order_by("story_topics__position")]
    assert names == ["Whales", "Ferries", "Boats"]


def test_refuses_a_topic_the_site_does_not_know(as_editor: Client) -> None:
    story = make_story()
    data = posted(as_editor, story, "topics", ["Dragons"])
    assert as_editor.post(field_of(story, "topics"), data).status_code == 422
    assert Story.objects.get(pk=story.pk).version == 1


def test_puts_a_refused_form_back_in_its_place(as_editor: Client) -> None:
    story = make_story()
    data = posted(as_editor, story, "web_url", "javascript:alert(1)")
    response = as_editor.post(field_of(story, "web_url"), data, headers=HTMX)
    assert response.status_code == 422
    assert response["HX-Retarget"] == "#field-web_url"
    assert "no safe web address" in response.content.decode()


def test_shows_what_somebody_else_saved_first(as_editor: Client, publisher: User) -> None:
    story = make_story(title="As it was")
    data = posted(as_editor, story, "title", "Mine and better")
    desk.edit(story, {"title": "Theirs and first"}, by=publisher)
    response = as_editor.post(field_of(story, "title"), data)
    content = response.content.decode()
    assert response.status_code == 409
    assert "Theirs and first" in content
    assert "Mine and better" in content
    again = {**data, "version": response.context["version"]}
    assert as_editor.post(field_of(story, "title"), again).status_code == 302
    assert Story.objects.get(pk=story.pk).title == "Mine and better"


def test_knows_only_fields_that_are_edited_in_place(as_editor: Client) -> None:
    story = make_story()
    for name in ("published", "quality", "secured", "nonsense"):
        assert as_editor.get(field_of(story, name)).status_code == 404
        assert as_editor.post(f"{field_of(story, name)}original/").status_code == 404


def test_is_closed_to_readers(as_reader: Client) -> None:
    story = make_story()
    assert as_reader.get(field_of(story, "title")).status_code == 403
    assert as_reader.post(f"{field_of(story, 'title')}original/").status_code == 403


def test_gives_a_field_back_to_the_file(as_editor: Client, editor: User) -> None:
    story = make_story(title="As the file says it")
    desk.edit(story, {"title": "Edited", "excerpt": "Edited too"}, by=editor)
    content = as_editor.get(f"/stories/{story.pk}/").content.decode()
    assert "As the file says it" in content
    as_editor.post(f"{field_of(story, 'title')}original/", {"version": story.version})
    saved = Story.objects.get(pk=story.pk)
    assert (saved.title, saved.edited_fields) == ("As the file says it", ["excerpt"])


def test_gives_nothing_back_over_a_later_version(as_editor: Client, editor: User) -> None:
    story = make_story()
    desk.edit(story, {"title": "Edited"}, by=editor)
    response = as_editor.post(f"{field_of(story, 'title')}original/", {"version": 1})
    assert response.status_code == 409
    assert Change.objects.count() == 1
