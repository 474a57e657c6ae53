from __future__ import annotations

import pytest
from django.test import Client

from articles.models import KeptApart, Story
from tests.factories import make_coverage, make_site, make_story

pytestmark = pytest.mark.django_db


def test_lists_groups_newest_first(as_reader: Client) -> None:
    group = make_coverage(make_story(quality=90), make_story())
    response = as_reader.get("/coverage/")
    assert [group.pk for group, _doubts in response.context["rows"]] == [group.pk]


def test_shows_a_group_with_its_members(as_reader: Client) -> None:
    lead, other = make_story(quality=90), make_story()
    group = make_coverage(lead, other)
    content = as_reader.get(f"/coverage/{group.pk}/").content.decode()
    assert lead.title in content
    assert other.title in content


def test_finds_stories_to_link_within_the_site(as_editor: Client) -> None:
    story = make_story(title="Harbour crane falls")
    same = make_story(title="Crane collapses in the harbour")
    make_story(make_site("valley"), title="A crane far away")
    response = as_editor.get(f"/stories/{story.pk}/link/", {"q": "crane"})
    assert [r["story"].pk for r in response.context["results"]] == [same.pk]
    by_address = as_editor.get(f"/stories/{story.pk}/link/", {"q": same.web_url})
    assert [r["story"].pk for r in by_address.context["results"]] == [same.pk]


def test_says_what_will_follow_before_linking(as_editor: Client) -> None:
    story, other = make_story(quality=60), make_story(quality=50)
    response = as_editor.post(f"/stories/{story.pk}/link/", {"story": other.pk, "confirm": ""})
    lines = " ".join(response.context["consequences"])
    assert "heat 60 → 80" in lines
    assert "2 files will be written" in lines
    assert Story.objects.get(pk=story.pk).coverage is None


def test_links_what_was_ticked(as_publisher: Client) -> None:
    story, other = make_story(quality=60), make_story(quality=50)
    as_publisher.post(
        f"/stories/{story.pk}/link/", {"story": other.pk, "confirm": "1", "version": 1}
    )
    saved = Story.objects.get(pk=story.pk)
    assert saved.coverage is not None
    assert (saved.heat, saved.published) == (80, True)


def test_answers_409_when_the_story_was_changed_first(as_publisher: Client) -> None:
    story, other = make_story(), make_story()
    as_publisher.post(f"/stories/{story.pk}/publish/")
    response = as_publisher.post(
        f"/stories/{story.pk}/link/", {"story": other.pk, "confirm": "1", "version": 1}
    )
    assert response.status_code == 409
    assert Story.objects.get(pk=story.pk).coverage is None


def test_never_links_across_sites(as_publisher: Client) -> None:
    story, foreign = make_story(), make_story(make_site("valley"))
    as_publisher.post(f"/stories/{story.pk}/link/", {"story": foreign.pk, "confirm": "1"})
    assert Story.objects.get(pk=foreign.pk).coverage is None


def test_is_closed_to_readers(as_reader: Client) -> None:
    story = make_story()
    assert as_reader.get(f"/stories/{story.pk}/link/").status_code == 403
    assert as_reader.post(f"/stories/{story.pk}/link/").status_code == 403


def test_keeps_apart_and_allows_together(as_editor: Client) -> None:
    a, b, client = make_story(), make_story(), as_editor
    client.post(f"/stories/{a.pk}/keep-apart/", {"other": b.pk, "reason": "Two boats"})
    assert KeptApart.objects.get().reason == "Two boats"
    answer = client.post(f"/stories/{a.pk}/link/", {"story": b.pk, "confirm": "1"}, follow=True)
    assert "allow them together first" in answer.content.decode()
    client.post(f"/stories/{b.pk}/allow-together/", {"other": a.pk})
    assert not KeptApart.objects.exists()
    assert client.post(f"/stories/{a.pk}/keep-apart/", {"other": "x"}).status_code == 404


def test_keeps_apart_what_is_unlinked_from_a_group_of_the_robot(as_publisher: Client) -> None:
    lead, one, two = make_story(quality=90), make_story(), make_story()
    make_coverage(lead, one, two)
    answer = as_publisher.post(f"/stories/{one.pk}/unlink/", follow=True)
    assert "kept apart from the lead" in answer.content.decode()
    assert KeptApart.objects.get().first == lead
    answer = as_publisher.post(f"/stories/{two.pk}/unlink/", follow=True)
    assert "is no longer linked" in answer.content.decode()
    assert KeptApart.objects.count() == 1


def test_unlinks_plainly_where_that_is_asked_for(as_publisher: Client) -> None:
    lead, other = make_story(quality=90), make_story()
    make_coverage(lead, other)
    as_publisher.post(f"/stories/{other.pk}/unlink/", {"plain": "1"})
    assert not KeptApart.objects.exists()
