from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import desk
from articles.models import Change, Story, Verb
from tests.factories import make_coverage, make_site, make_story

pytestmark = pytest.mark.django_db


def test_shows_who_did_what(as_reader: Client, publisher: User) -> None:
    story = make_story(title="The old pier burns")
    desk.publish(story, by=publisher)
    content = as_reader.get("/activity/").content.decode()
    assert "The old pier burns" in content
    assert "publisher" in content


def test_filters_by_person_and_verb(as_reader: Client, publisher: User, editor: User) -> None:
    desk.publish(make_story(), by=publisher)
    desk.decline(make_story(), by=editor)
    response = as_reader.get("/activity/", {"actor": editor.pk, "verb": "decline"})
    assert [e.change.actor for e in response.context["entries"]] == [editor]


def test_pages_through_everything(as_reader: Client, publisher: User) -> None:
    story = make_story()
    for _ in range(30):
        desk.publish(story, by=publisher)
        desk.unpublish(story, by=publisher)
    first = as_reader.get("/activity/")
    assert len(first.context["entries"]) == 50
    rest = as_reader.get(f"/activity/{first.context['page']['next_url']}")
    assert len(rest.context["entries"]) == Change.objects.count() - 50


def test_takes_one_change_back(as_publisher: Client, publisher: User) -> None:
    story = make_story()
    change = desk.publish(story, by=publisher)
    assert change is not None
    as_publisher.post(f"/changes/{change.pk}/undo/")
    assert not Story.objects.get(pk=story.pk).published


def test_refuses_to_undo_over_somebody_elses_work(
    as_publisher: Client, publisher: User, make_user: Callable[..., User]
) -> None:
    story = make_story()
    change = desk.publish(story, by=publisher)
    assert change is not None
    desk.unpublish(story, by=make_user("publisher", "petra"))
    response = as_publisher.post(f"/changes/{change.pk}/undo/", follow=True)
    assert "petra" in response.content.decode()


def test_lets_readers_undo_nothing(as_reader: Client, publisher: User) -> None:
    change = desk.publish(make_story(), by=publisher)
    assert change is not None
    assert as_reader.post(f"/changes/{change.pk}/undo/").status_code == 403
    assert as_reader.post("/undo/").status_code == 403


def test_answers_htmx_with_the_rows_it_took_back(as_publisher: Client, publisher: User) -> None:
    first, other = make_story(title="The old pier"), make_story(title="The new pier")
    desk.link(first, [other], by=publisher)
    response = as_publisher.post("/undo/", headers={"HX-Request": "true"})
    touched = {int(pk) for pk in response["X-Desk-Touched"].split(",")}
    assert touched == {first.pk, other.pk}
    assert f'id="story-{first.pk}"' in response.content.decode()
    assert "Undone" in response.content.decode()


def test_answers_htmx_with_words_where_nothing_is_left(as_publisher: Client) -> None:
    response = as_publisher.post("/undo/", headers={"HX-Request": "true"})
    assert "nothing to take back" in response.content.decode()
    assert response["X-Desk-Touched"] == ""


def press_on(client: Client) -> str:
    """The number of a press as a page carries it for those without scripts."""
    found = re.search(r'name="press" value="([^"]+)"', client.get("/activity/").content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize("fragment", [True, False])
def test_undoes_once_when_a_request_comes_again(
    as_publisher: Client, publisher: User, fragment: bool
) -> None:
    stories = [make_story(), make_story()]
    for story in stories:
        desk.publish(story, by=publisher)
    headers = {"HX-Request": "true"} if fragment else {}
    press = press_on(as_publisher)
    answers = [as_publisher.post("/undo/", {"press": press}, headers=headers) for _ in range(2)]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].headers.get("X-Desk-Touched") == answers[1].headers.get("X-Desk-Touched")
    assert list(Story.objects.filter(published=True)) == stories[:1]
    as_publisher.post("/undo/", {"press": press_on(as_publisher)}, headers=headers)
    assert not Story.objects.filter(published=True).exists()
    press = press_on(as_publisher)
    for _ in range(2):
        as_publisher.post("/redo/", {"press": press}, headers=headers)
    assert list(Story.objects.filter(published=True)) == stories[:1]


def test_says_the_same_when_the_undo_of_one_change_comes_again(
    as_publisher: Client, publisher: User
) -> None:
    change = desk.publish(make_story(title="The old pier"), by=publisher)
    assert change is not None
    data = {"press": press_on(as_publisher)}
    for _ in range(2):
        content = as_publisher.post(f"/changes/{change.pk}/undo/", data, follow=True).content
        assert "Undone: published “The old pier”." in content.decode()
    assert Change.objects.count() == 2


@pytest.mark.parametrize("press", ["", "x", "0" * 31, "\0", "é" * 32])
def test_takes_what_is_no_press_for_a_new_one(
    as_publisher: Client, publisher: User, press: str
) -> None:
    for story in (make_story(), make_story()):
        desk.publish(story, by=publisher)
        as_publisher.post("/undo/", {"press": press})
    assert not Story.objects.filter(published=True).exists()


def events(client: Client, **query: object) -> list[Change]:
    response = client.get("/activity/", query)
    assert response.status_code == 200
    return [entry.change for entry in response.context["entries"]]


def robot_change(story: Story, **fields: object) -> Change:
    values = {"before": {"title": "a"}, "after": {"title": "b"}, **fields}
    return Change.objects.create(
        actor_name="import", verb=Verb.IMPORTED, site=story.site, story=story, **values
    )


def test_filters_by_robot_rule_site_and_story(as_reader: Client, editor: User) -> None:
    here, there = make_story(quality=60), make_story(make_site("west"))
    lead = make_story(quality=70)
    imported = robot_change(there)
    declined = desk.decline(here, by=editor)
    desk.link(lead, [make_story(quality=50)], by=editor)
    assert events(as_reader, actor="robot") == [imported]
    ruled = events(as_reader, actor="rule")
    assert ruled
    assert all("heat" in change.before for change in ruled)
    assert events(as_reader, site="west") == [imported]
    assert events(as_reader, story=here.pk) == [declined]


def test_filters_by_days_in_the_persons_zone(as_reader: Client) -> None:
    from datetime import UTC, datetime

    story = make_story()
    late = robot_change(story, at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    early = robot_change(story, at=datetime(2026, 3, 2, 0, 30, tzinfo=UTC))
    assert events(as_reader, after="2026-03-02") == [early]
    assert events(as_reader, before="2026-03-01") == [late]
    as_reader.post("/preferences/", {"time_zone": "America/New_York", "theme": "system"})
    assert events(as_reader, after="2026-03-02") == []
    assert events(as_reader, before="2026-03-01") == [early, late]


@pytest.mark.parametrize(
    "query",
    [
        {"actor": "999999"},
        {"verb": "exploded"},
        {"story": "-1"},
        {"after": "yesterday"},
        {"before": "0001-01-01"},
        {"after": "9999-12-31"},
        {"batch": "x"},
    ],
)
def test_says_what_is_wrong_with_a_filter(as_reader: Client, query: dict[str, str]) -> None:
    response = as_reader.get("/activity/", query)
    assert response.status_code == 422
    assert response.context["entries"] == []
    assert b'role="alert"' in response.content


def test_folds_a_batch_into_one_entry_that_can_be_opened(
    as_reader: Client, publisher: User
) -> None:
    stories = [make_story() for _ in range(60)]
    desk.publish_many(Story.objects.filter(pk__in=[s.pk for s in stories]), by=publisher)
    desk.decline(make_story(), by=publisher)
    response = as_reader.get("/activity/")
    assert [entry.count for entry in response.context["entries"]] == [1, 60]
    batch = response.context["entries"][1].batch_url
    opened = as_reader.get(batch)
    assert len(opened.context["entries"]) == 50
    rest = as_reader.get(f"/activity/{opened.context['page']['next_url']}")
    assert len(rest.context["entries"]) == 10


def test_folds_batches_whose_changes_are_not_neighbours(as_reader: Client) -> None:
    one, two, story = uuid.uuid4(), uuid.uuid4(), make_story()
    for batch in (one, two, one, two, one):
        robot_change(story, batch=batch)
    response = as_reader.get("/activity/")
    assert [(e.change.batch, e.count) for e in response.context["entries"]] == [(one, 3), (two, 2)]


def test_reverts_what_is_ticked_and_says_what_it_leaves(
    as_publisher: Client, publisher: User, make_user: Callable[..., User]
) -> None:
    stories = [make_story() for _ in range(3)]
    changes = [desk.publish(story, by=publisher) for story in stories]
    desk.unpublish(stories[2], by=make_user("publisher", "petra"))
    ticked = [change.pk for change in changes if change]
    response = as_publisher.post("/activity/revert/", {"change": ticked}, follow=True)
    content = response.content.decode()
    assert "2 changes taken back" in content
    assert "petra changed" in content
    assert not Story.objects.filter(published=True).exists()


def test_reverts_a_batch_as_a_whole(as_publisher: Client, publisher: User) -> None:
    pks = [make_story().pk for _ in range(3)]
    desk.publish_many(Story.objects.filter(pk__in=pks), by=publisher)
    head = Change.objects.latest("pk")
    as_publisher.post("/activity/revert/", {"change": [head.pk]})
    assert not Story.objects.filter(published=True).exists()


def test_reverts_nothing_of_others_for_editors(as_editor: Client, publisher: User) -> None:
    change = desk.decline(make_story(), by=publisher)
    assert change is not None
    assert as_editor.get("/activity/").context["entries"][0].undo_url == ""
    response = as_editor.post("/activity/revert/", {"change": [change.pk]}, follow=True)
    assert "Only publishers" in response.content.decode()
    assert Story.objects.get().decision == "declined"


def test_offers_publishers_what_editors_did(as_publisher: Client, editor: User) -> None:
    desk.decline(make_story(), by=editor)
    assert as_publisher.get("/activity/").context["entries"][0].undo_url


def test_reverts_nothing_when_nothing_is_ticked(as_editor: Client) -> None:
    response = as_editor.post("/activity/revert/", {"change": ["x", ""]}, follow=True)
    assert "Tick 1 to 200 entries" in response.content.decode()


def test_marks_what_was_taken_back(as_publisher: Client, publisher: User) -> None:
    story = make_story()
    desk.publish(story, by=publisher)
    desk.undo_last(by=publisher)
    entries = as_publisher.get("/activity/").context["entries"]
    assert [entry.change.is_undone for entry in entries] == [False, True]
    assert entries[1].undo_url == ""


def test_needs_as_many_queries_for_ten_entries_as_for_fifty(
    as_reader: Client, publisher: User
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            as_reader.get("/activity/")
        return len(queries)

    lead = make_story(quality=80)
    make_coverage(lead, make_story())
    for _ in range(5):
        desk.decline(make_story(), by=publisher)
    desk.publish_many(Story.objects.filter(is_lead=True), by=publisher)
    asked()
    few = asked()
    for _ in range(60):
        desk.decline(make_story(), by=publisher)
    desk.unpublish_many(Story.objects.filter(published=True), by=publisher)
    assert asked() == few


def test_loads_no_heavy_column_of_stories(as_reader: Client, publisher: User) -> None:
    desk.decline(make_story(excerpt="A long text"), by=publisher)
    with CaptureQueriesContext(connection) as queries:
        as_reader.get("/activity/")
    lists = [q["sql"] for q in queries if 'FROM "articles_change"' in q["sql"]]
    assert lists
    assert not [sql for sql in lists if '"excerpt"' in sql or '"body"' in sql]


def test_says_of_a_filter_that_it_was_not_understood(as_reader: Client) -> None:
    page = as_reader.get("/activity/?after=yesterday").content.decode()
    assert "These filters were not understood." in page
    assert "saved" not in page.partition("<main")[2].partition("</main>")[0]
