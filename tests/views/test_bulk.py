from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles import choosing, desk
from articles.models import Change, ShelfItem, Story
from tests.factories import make_story

pytestmark = pytest.mark.django_db

BULK = "/stories/bulk/"


def chosen(*stories: Story) -> list[str]:
    return [f"{story.pk}:{story.version}" for story in stories]


def live() -> int:
    return Story.objects.live().count()


def test_publishes_the_selected_stories(as_publisher: Client) -> None:
    stories = [make_story() for _ in range(3)]
    make_story()
    response = as_publisher.post(BULK, {"verb": "publish", "story": chosen(*stories)}, follow=True)
    assert live() == 3
    assert b"3 stories published" in response.content


def test_leaves_what_changed_meanwhile_and_says_so(as_publisher: Client, publisher: User) -> None:
    first, second = make_story(), make_story()
    selection = chosen(first, second)
    desk.edit(second, {"title": "Edited meanwhile"}, by=publisher)
    response = as_publisher.post(BULK, {"verb": "publish", "story": selection}, follow=True)
    assert live() == 1
    assert "Edited meanwhile" in response.content.decode()


def choice(client: Client, query: str = "choose=all") -> str:
    """The choice that a page of the list carries."""
    response = client.get(f"/stories/?{query}")
    assert response.context["choice"] is not None
    return str(response.context["choice"].token)


def test_takes_all_matching_exactly_as_they_were_chosen(
    as_publisher: Client, publisher: User
) -> None:
    stories = [make_story() for _ in range(60)]
    token = choice(as_publisher)
    make_story(title="Arrived later")
    desk.decline(stories[0], by=publisher)
    desk.edit(stories[1], {"title": "Edited meanwhile"}, by=publisher)
    response = as_publisher.post(BULK, {"verb": "publish", "chosen": token}, follow=True)
    assert live() == 58
    assert not Story.objects.get(title="Arrived later").published
    html = response.content.decode()
    assert "58 stories published" in html
    assert "2 were left as they are" in html
    assert "Edited meanwhile" in html
    as_publisher.post("/undo/")
    assert live() == 0


def test_knows_a_story_that_left_the_list_after_it_was_chosen(
    as_publisher: Client, publisher: User
) -> None:
    story, _other = make_story(title="Left"), make_story()
    token = choice(as_publisher, "queue=inbox&choose=all")
    desk.decline(story, by=publisher)
    html = as_publisher.post(BULK, {"verb": "publish", "chosen": token}, follow=True).content
    assert live() == 1
    assert "“Left”: It was changed meanwhile" in html.decode()


@pytest.mark.parametrize("sort", ["newest", "oldest", "best"])
def test_chooses_what_stands_above_and_below_the_cursor(as_publisher: Client, sort: str) -> None:
    stories = [make_story(quality=90 - n) for n in range(60)]
    order = stories if sort != "oldest" else stories[::-1]
    cursor = order[55]
    for what, expected in (("above", order[:55]), ("below", order[56:])):
        query = f"sort={sort}&choose={what}&from={cursor.pk}"
        found = choosing.read(choice(as_publisher, query))
        assert found == {story.pk: story.version for story in expected}


def test_chooses_nothing_where_there_is_too_much(
    as_publisher: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "BULK_LIMIT", 3)
    for _ in range(4):
        make_story()
    response = as_publisher.get("/stories/?choose=all")
    assert b"More than 3: narrow the list" in response.content
    assert b'name="chosen"' not in response.content


@pytest.mark.parametrize("query", ["choose=everything", "choose=all&quality_min=x", "choose=above"])
def test_chooses_nothing_where_nothing_is_meant(as_publisher: Client, query: str) -> None:
    make_story()
    assert b'name="chosen"' not in as_publisher.get(f"/stories/?{query}").content


def test_asks_before_it_links_the_selected(as_editor: Client) -> None:
    first, best = make_story(quality=50), make_story(quality=80)
    response = as_editor.post(BULK, {"verb": "link", "story": chosen(first, best)})
    assert response["Location"] == f"/stories/{best.pk}/follows/link/?story={first.pk}"
    assert as_editor.get(response["Location"]).status_code == 200
    html = as_editor.post(BULK, {"verb": "link", "story": chosen(first)}, follow=True).content
    assert b"at least two" in html


def test_puts_the_selected_on_the_shelf_and_snoozes_them(as_editor: Client, editor: User) -> None:
    stories = [make_story() for _ in range(2)]
    as_editor.post(BULK, {"verb": "shelf", "story": chosen(*stories)})
    html = as_editor.post(BULK, {"verb": "shelf", "story": chosen(stories[0])}, follow=True)
    assert ShelfItem.objects.filter(user=editor).count() == 2
    assert b"on your shelf already" in html.content
    sleeping = {"verb": "snooze", "story": chosen(*stories), "until": "tomorrow"}
    assert b"2 stories snoozed" in as_editor.post(BULK, sleeping, follow=True).content


def test_is_taken_back_by_one_undo(as_publisher: Client) -> None:
    stories = [make_story() for _ in range(3)]
    as_publisher.post(BULK, {"verb": "publish", "story": chosen(*stories)})
    as_publisher.post("/undo/")
    assert live() == 0


def test_refuses_editors_to_publish(as_editor: Client) -> None:
    story = make_story()
    response = as_editor.post(BULK, {"verb": "publish", "story": chosen(story)})
    assert response.status_code == 403
    assert not Change.objects.exists()


def test_lets_editors_decline(as_editor: Client) -> None:
    story = make_story()
    as_editor.post(BULK, {"verb": "decline", "story": chosen(story)})
    assert Story.objects.get(pk=story.pk).decision == "declined"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"verb": "erase"},
        {"verb": "publish", "story": "x"},
        {"verb": "publish", "story": "1"},
        {"verb": "publish", "story": "1:2:3"},
        {"verb": "publish", "chosen": "never"},
    ],
)
def test_refuses_what_no_form_of_ours_sends(as_publisher: Client, data: dict[str, str]) -> None:
    assert as_publisher.post(BULK, data).status_code == 400


def test_says_that_nothing_was_selected(as_publisher: Client) -> None:
    response = as_publisher.post(BULK, {"verb": "publish"}, follow=True)
    assert b"No story was selected" in response.content
