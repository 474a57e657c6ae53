from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from articles import desk, ownership
from articles.models import Change, Story, Verb
from articles.ownership import Owner
from tests.factories import make_coverage, make_story

pytestmark = pytest.mark.django_db


def owner(story: Story, field: str) -> Owner:
    story = Story.objects.get(pk=story.pk)
    changes = list(Change.objects.of_story(story.pk))
    return ownership.owners(story, changes, [field])[field]


def test_says_robot_since_the_story_was_first_seen() -> None:
    story = make_story()
    assert owner(story, "title") == Owner("robot", "", story.created_at)


def test_says_robot_since_the_import_that_changed_the_field() -> None:
    story = make_story()
    change = Change.objects.create(
        actor_name="import",
        verb=Verb.IMPORTED,
        site=story.site,
        story=story,
        before={"title": "a"},
        after={"title": "b"},
    )
    assert owner(story, "title") == Owner("robot", "import", change.at)
    assert owner(story, "excerpt").at == story.created_at


def test_says_who_edited_it_last(editor: User, publisher: User) -> None:
    story = make_story()
    desk.edit(story, {"title": "One more", "excerpt": "One more"}, by=editor)
    change = desk.edit(story, {"title": "And another"}, by=publisher)
    assert change is not None
    assert owner(story, "title") == Owner("editor", "publisher", change.at, "edited")
    assert owner(story, "excerpt").name == "editor"


def test_forgets_what_was_taken_back_and_knows_what_was_done_again(
    editor: User, publisher: User
) -> None:
    story = make_story()
    desk.edit(story, {"title": "By the editor"}, by=editor)
    desk.edit(story, {"title": "By the publisher"}, by=publisher)
    desk.undo_last(by=publisher)
    assert owner(story, "title").name == "editor"
    desk.redo_last(by=publisher)
    assert owner(story, "title").name == "publisher"


def test_says_rule_where_heat_followed_from_a_change_of_coverage(editor: User) -> None:
    lead, other, third = make_story(quality=60), make_story(quality=50), make_story(quality=55)
    make_coverage(lead, other)
    lead, third = Story.objects.get(pk=lead.pk), Story.objects.get(pk=third.pk)
    desk.link(lead, [third], by=editor)
    found = owner(lead, "heat")
    assert (found.kind, found.name, found.did) == ("rule", "editor", "linked")
    assert owner(lead, "title").kind == "robot"


def test_gives_the_robot_a_field_that_was_given_back(editor: User) -> None:
    story = make_story()
    desk.edit(story, {"title": "Edited"}, by=editor)
    desk.give_back(story, ["title"], by=editor)
    assert owner(story, "title").kind == "robot"
