from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from articles import desk
from articles.models import Story
from articles.storyfile.record import KEYS
from articles.views.story import MOST_LINES
from tests.factories import SECRET, make_coverage, make_story, write_file

pytestmark = pytest.mark.django_db


def test_spells_the_heat_out_as_a_sum(as_reader: Client) -> None:
    lead, other = make_story(quality=76), make_story(quality=30)
    make_coverage(lead, other)
    response = as_reader.get(f"/stories/{lead.pk}/")
    total = response.context["sum"]
    assert (total.quality, total.weight, total.related, total.heat) == (76, 20, 1, 96)
    assert total.publishes


def test_shows_the_lines_of_the_file_that_will_change(as_reader: Client, publisher: User) -> None:
    story = make_story(quality=52)
    desk.publish(story, by=publisher)
    response = as_reader.get(f"/stories/{story.pk}/")
    changed = [text for kind, text in response.context["diff"] if kind in {"add", "del"}]
    assert changed == ["published: false", "published: true"]


def test_never_shows_the_secured_value(as_reader: Client, publisher: User) -> None:
    story = make_story()
    desk.publish(story, by=publisher)
    for address in (f"/stories/{story.pk}/", f"/stories/{story.pk}/preview/", "/stories/"):
        assert SECRET[:12] not in as_reader.get(address).content.decode()


def test_shows_the_history_with_who_did_it(as_reader: Client, publisher: User) -> None:
    story = make_story()
    desk.publish(story, by=publisher, reason="worth it")
    content = as_reader.get(f"/stories/{story.pk}/").content.decode()
    assert "publisher" in content
    assert "worth it" in content


def test_leads_to_the_neighbours_in_the_list(as_reader: Client) -> None:
    stories = [make_story() for _ in range(3)]
    as_reader.get("/stories/")
    response = as_reader.get(f"/stories/{stories[1].pk}/")
    assert response.context["previous_url"] == f"/stories/{stories[0].pk}/"
    assert response.context["next_url"] == f"/stories/{stories[2].pk}/"


def test_withholds_links_that_would_be_unsafe(as_reader: Client) -> None:
    story = make_story(web_url="javascript:alert(1)")
    content = as_reader.get(f"/stories/{story.pk}/").content.decode()
    assert 'href="javascript:' not in content
    assert "javascript:alert(1)" in content


def test_loads_pictures_only_for_people_who_want_them(as_reader: Client, reader: User) -> None:
    story = make_story(images=["https://images.example/boat.jpg"])
    address = f"/stories/{story.pk}/"
    assert "<img" not in as_reader.get(address).content.decode()
    as_reader.post("/preferences/", {"time_zone": "UTC", "theme": "system", "load_images": "on"})
    assert 'src="https://images.example/boat.jpg"' in as_reader.get(address).content.decode()


def test_never_loads_pictures_from_private_hosts(as_reader: Client) -> None:
    as_reader.post("/preferences/", {"time_zone": "UTC", "theme": "system", "load_images": "on"})
    story = make_story(images=["https://192.168.0.1/a.jpg", "http://localhost/b.jpg"])
    assert "<img" not in as_reader.get(f"/stories/{story.pk}/").content.decode()


def test_answers_404_for_a_story_that_does_not_exist(as_reader: Client) -> None:
    assert as_reader.get("/stories/987654/").status_code == 404


def test_renders_dates_at_the_edge_of_time(as_reader: Client) -> None:
    from datetime import UTC, datetime

    story = make_story(published_at=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    as_reader.post("/preferences/", {"time_zone": "Asia/Tokyo", "theme": "system"})
    assert as_reader.get(f"/stories/{story.pk}/").status_code == 200
    assert as_reader.get("/stories/").status_code == 200


def test_shows_every_key_of_the_file_with_who_set_it(as_reader: Client, editor: User) -> None:
    story = make_story(topics=["Ferries"])
    desk.edit(story, {"title": "Edited by hand"}, by=editor)
    fields = as_reader.get(f"/stories/{story.pk}/").context["fields"]
    assert list(fields) == list(KEYS)
    assert fields["title"].owner.name == "editor"
    assert fields["title"].said == "Ferry number 1 returns to the harbour"
    assert fields["title"].differs
    assert fields["quality"].owner.kind == "robot"


def test_says_where_in_the_list_the_story_stands(as_reader: Client) -> None:
    stories = [make_story() for _ in range(3)]
    as_reader.get("/stories/")
    context = as_reader.get(f"/stories/{stories[0].pk}/").context
    assert (context["position"], context["previous_url"]) == ("1 of 3", "")


def test_follows_the_list_named_in_the_address(as_reader: Client) -> None:
    stories = [make_story() for _ in range(3)]
    as_reader.get("/stories/")
    address = f"/stories/{stories[1].pk}/?list=sort%3Doldest"
    context = as_reader.get(address).context
    assert context["next_url"] == f"/stories/{stories[0].pk}/?list=sort%3Doldest"
    assert context["list_url"] == "/stories/?sort=oldest"


def test_follows_the_list_one_came_from_rather_than_the_one_opened_last(as_reader: Client) -> None:
    stories = [make_story() for _ in range(3)]
    as_reader.get("/stories/")
    referer = {"Referer": "http://testserver/stories/?sort=oldest"}
    context = as_reader.get(f"/stories/{stories[1].pk}/", headers=referer).context
    assert context["list_query"] == "sort=oldest"


def test_says_so_when_the_story_left_the_list(as_reader: Client) -> None:
    story = make_story(published=True, quality=90)
    context = as_reader.get(f"/stories/{story.pk}/?list=published%3Dno").context
    assert context["position"] == "not in this list now"


def test_plays_a_video_only_when_asked(as_reader: Client) -> None:
    player = '<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe>'
    story = make_story(featured_content=player)
    address = f"/stories/{story.pk}/"
    assert "<iframe" not in as_reader.get(address).content.decode()
    content = as_reader.get(f"{address}?play=1").content.decode()
    assert 'src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"' in content
    assert 'sandbox="' in content


def test_needs_as_many_queries_for_any_group_and_history(
    as_reader: Client, publisher: User
) -> None:
    lead = make_story(topics=["Ferries"], images=["https://images.example/a.jpg"], quality=80)
    address = f"/stories/{lead.pk}/"
    make_coverage(lead, make_story(quality=20))
    as_reader.get("/stories/")
    lead = Story.objects.get(pk=lead.pk)
    desk.edit(lead, {"title": "Once more"}, by=publisher)
    desk.link(lead, [make_story(quality=30)], by=publisher)
    with CaptureQueriesContext(connection) as few:
        as_reader.get(address)
    for number in range(8):
        desk.edit(lead, {"title": f"And once more, {number}"}, by=publisher)
    lead = Story.objects.get(pk=lead.pk)
    desk.link(lead, [make_story(quality=30) for _ in range(6)], by=publisher)
    with CaptureQueriesContext(connection) as many:
        as_reader.get(address)
    assert len(many) == len(few)


def test_shows_the_whole_file_with_the_lines_that_change(
    as_reader: Client, publisher: User
) -> None:
    story = make_story(title="As the file says")
    desk.edit(story, {"title": "As the desk says"}, by=publisher)
    response = as_reader.get(f"/stories/{story.pk}/file/")
    changed = [(line.kind, line.text) for line in response.context["lines"] if line.kind]
    assert changed == [("del", 'title: "As the file says"'), ("add", 'title: "As the desk says"')]
    content = response.content.decode()
    assert "published: false" in strip_tags(content)
    assert SECRET[:12] not in content


def test_shows_the_beginning_of_an_endless_file_and_says_what_is_left_out(
    as_reader: Client,
) -> None:
    story = make_story()
    write_file(story, b"---\ntitle: A\n" + b"# the same\n" * (MOST_LINES - 1) + b"---\n")
    response = as_reader.get(f"/stories/{story.pk}/file/")
    assert len(response.context["lines"]) == MOST_LINES
    assert "2 more lines, which are not shown" in response.content.decode()


def test_shows_a_file_of_the_usual_length_whole(as_reader: Client) -> None:
    content = as_reader.get(f"/stories/{make_story().pk}/file/").content.decode()
    assert "not shown" not in content
