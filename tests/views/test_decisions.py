from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles import desk
from articles.models import Change, Story
from tests.factories import make_coverage, make_story, make_story_without_file
from tests.views.conftest import HTMX

pytestmark = pytest.mark.django_db

PUBLISHERS = ("publish", "unpublish", "remove", "restore", "promote")
EDITORS = ("decline", "lead", "unlink")


def fresh(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


def test_publishes_and_goes_back_to_where_the_form_was(as_publisher: Client) -> None:
    story = make_story()
    response = as_publisher.post(
        f"/stories/{story.pk}/publish/", {"version": 1, "next": "/stories/?queue=inbox"}
    )
    assert (response.status_code, response["Location"]) == (302, "/stories/?queue=inbox")
    assert fresh(story).published


def test_only_a_chief_is_offered_to_override_a_block(
    client: Client, publisher: User, chief: User
) -> None:
    story = make_story(publish_gate="blocked", issue_count=1)
    button = b'name="override" value="yes"'
    client.force_login(publisher)
    assert button not in client.get(f"/stories/{story.pk}/").content
    client.force_login(chief)
    assert button in client.get(f"/stories/{story.pk}/").content
    client.post(f"/stories/{story.pk}/publish/", {"version": 1, "override": "yes"})
    assert fresh(story).published
    assert button not in client.get(f"/stories/{story.pk}/").content


def test_answers_htmx_with_the_row_and_what_happened(as_publisher: Client) -> None:
    story = make_story()
    response = as_publisher.post(f"/stories/{story.pk}/publish/", {"version": 1}, headers=HTMX)
    content = response.content.decode()
    assert response.status_code == 200
    assert content.lstrip().startswith("<tr")
    assert 'hx-swap-oob="beforeend"' in content
    assert "Published" in content


def test_never_goes_to_another_site(as_publisher: Client) -> None:
    story = make_story()
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"):
        response = as_publisher.post(f"/stories/{story.pk}/publish/", {"next": elsewhere})
        assert response["Location"] == f"/stories/{story.pk}/"


def test_shows_both_versions_when_somebody_was_first(as_publisher: Client, publisher: User) -> None:
    story = make_story()
    desk.publish(story, by=publisher)
    desk.unpublish(story, by=publisher)
    response = as_publisher.post(f"/stories/{story.pk}/publish/", {"version": 1})
    assert response.status_code == 409
    assert not fresh(story).published
    assert b"Somebody saved first" in response.content


def test_answers_409_to_htmx_with_the_row_as_it_is(as_publisher: Client, publisher: User) -> None:
    story = make_story()
    desk.edit(story, {"title": "Another headline"}, by=publisher)
    response = as_publisher.post(f"/stories/{story.pk}/publish/", {"version": 1}, headers=HTMX)
    assert response.status_code == 409
    assert "Another headline" in response.content.decode()
    assert not fresh(story).published


@pytest.mark.parametrize("verb", PUBLISHERS)
def test_refuses_publishers_verbs_to_editors(as_editor: Client, verb: str) -> None:
    story = make_story()
    assert as_editor.post(f"/stories/{story.pk}/{verb}/").status_code == 403
    assert not Change.objects.exists()


@pytest.mark.parametrize("verb", [*PUBLISHERS, *EDITORS])
def test_refuses_every_verb_to_readers(as_reader: Client, verb: str) -> None:
    story = make_story()
    assert as_reader.post(f"/stories/{story.pk}/{verb}/").status_code == 403


@pytest.mark.parametrize("verb", [*PUBLISHERS, *EDITORS])
def test_decides_by_post_only(as_publisher: Client, verb: str) -> None:
    story = make_story()
    assert as_publisher.get(f"/stories/{story.pk}/{verb}/").status_code == 405


@pytest.mark.parametrize("verb", [*PUBLISHERS, *EDITORS])
def test_answers_404_for_no_story(as_publisher: Client, verb: str) -> None:
    assert as_publisher.post(f"/stories/987654/{verb}/").status_code == 404


@pytest.mark.parametrize("verb", [*PUBLISHERS, *EDITORS])
def test_wants_the_token(publisher: User, verb: str) -> None:
    story = make_story()
    client = Client(enforce_csrf_checks=True)
    client.force_login(publisher)
    assert client.post(f"/stories/{story.pk}/{verb}/").status_code == 403


def test_asks_which_one_shall_stand_on_the_site(as_publisher: Client) -> None:
    lead, member = make_story(quality=90), make_story(quality=40)
    make_coverage(lead, member)
    response = as_publisher.post(f"/stories/{member.pk}/publish/")
    assert b"Which one shall stand" in response.content
    assert not fresh(member).published
    as_publisher.post(f"/stories/{member.pk}/publish/", {"both": "1"})
    assert fresh(member).published
    assert fresh(lead).published


def test_says_why_a_story_cannot_be_published(as_publisher: Client) -> None:
    story = make_story(publish_gate=Story.Gate.BLOCKED)
    response = as_publisher.post(f"/stories/{story.pk}/publish/", follow=True)
    assert not fresh(story).published
    assert response.context["messages"]


def test_declines_with_a_reason(as_publisher: Client) -> None:
    story = make_story()
    as_publisher.post(f"/stories/{story.pk}/decline/", {"reason": "advertising"})
    assert (fresh(story).decision, fresh(story).decision_reason) == ("declined", "advertising")


def test_makes_a_member_the_lead_and_unlinks(as_publisher: Client) -> None:
    lead, member, third = (make_story(quality=q) for q in (90, 80, 40))
    make_coverage(lead, member, third)
    as_publisher.post(f"/stories/{member.pk}/lead/")
    assert (fresh(member).is_lead, fresh(lead).is_lead) == (True, False)
    as_publisher.post(f"/stories/{third.pk}/unlink/")
    assert fresh(third).coverage is None


def test_gives_a_story_a_file(as_publisher: Client) -> None:
    story = make_story_without_file()
    as_publisher.post(f"/stories/{story.pk}/promote/")
    assert fresh(story).path


def test_removes_and_restores(as_publisher: Client) -> None:
    story = make_story(quality=90)
    as_publisher.post(f"/stories/{story.pk}/remove/")
    assert (fresh(story).removed, fresh(story).published) == (True, False)
    as_publisher.post(f"/stories/{story.pk}/restore/")
    assert not fresh(story).removed


def test_undoes_the_last_decision(as_publisher: Client) -> None:
    story = make_story()
    as_publisher.post(f"/stories/{story.pk}/publish/")
    response = as_publisher.post("/undo/", {"next": "/stories/"}, follow=True)
    assert not fresh(story).published
    assert b"Undone" in response.content
    as_publisher.post("/redo/")
    assert fresh(story).published


def test_says_that_there_is_nothing_to_undo(as_publisher: Client) -> None:
    response = as_publisher.post("/undo/", follow=True)
    assert response.status_code == 200
    assert response.context["messages"]


def test_answers_htmx_with_every_story_a_new_lead_touched(as_editor: Client) -> None:
    group = make_coverage(make_story(quality=80), make_story(quality=60))
    member = group.members.get(is_lead=False)
    response = as_editor.post(f"/stories/{member.pk}/lead/", headers=HTMX)
    assert set(response["X-Desk-Touched"].split(",")) == {
        str(pk) for pk in group.members.values_list("pk", flat=True)
    }
