"""Two browsers with one story open: the second to act is told, and nothing is lost."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles import desk
from articles.models import Change, Story
from tests.factories import make_coverage, make_story

pytestmark = pytest.mark.django_db

ACTIONS = {
    "publish": {},
    "unpublish": {},
    "decline": {"reason": "Not about our harbour, and typed with care"},
    "remove": {},
    "lead": {},
    "unlink": {},
    "link": {"confirm": "1"},
}


@pytest.fixture
def story(db: None) -> Story:
    """A member of a group, which every action can change."""
    lead, member = make_story(quality=70), make_story(quality=60)
    make_coverage(lead, member)
    return Story.objects.get(pk=member.pk)


def row(story: Story) -> dict[str, object]:
    return dict(Story.objects.filter(pk=story.pk).values().get())


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
@pytest.mark.parametrize("action", ACTIONS)
def test_tells_the_second_of_two_and_does_nothing(
    story: Story, publisher: User, editor: User, client: Client, action: str, htmx: bool
) -> None:
    client.force_login(publisher)
    other = make_story()
    if action == "unpublish":
        desk.publish(story, by=publisher, both=True)
    seen = story.version
    desk.edit(story, {"excerpt": "Seen by the first"}, by=editor)
    before, changes = row(story), Change.objects.count()
    headers = {"HX-Request": "true"} if htmx else {}

    answer = client.post(
        f"/stories/{story.pk}/{action}/",
        {"version": seen, "story": [other.pk], **ACTIONS[action]},
        headers=headers,
    )

    assert answer.status_code == 409
    assert row(story) == before
    assert Change.objects.count() == changes
    assert Story.objects.get(pk=other.pk).coverage_id is None


def test_does_what_the_second_still_wants_after_a_look(
    story: Story, publisher: User, editor: User, client: Client
) -> None:
    client.force_login(publisher)
    seen = story.version
    desk.edit(story, {"excerpt": "Seen by the first"}, by=editor)
    address = f"/stories/{story.pk}/decline/"
    assert client.post(address, {"version": seen}).status_code == 409
    now = Story.objects.get(pk=story.pk)
    assert client.post(address, {"version": now.version}).status_code == 302

    after = Story.objects.get(pk=story.pk)
    assert (after.decision, after.excerpt) == ("declined", "Seen by the first")


def test_does_a_repeated_click_once(story: Story, publisher: User, client: Client) -> None:
    client.force_login(publisher)
    single = make_story()
    for _ in range(3):
        answer = client.post(f"/stories/{single.pk}/publish/", {"version": single.version})
        assert answer.status_code in {302, 409}
    assert Change.objects.filter(story=single).count() == 1
    assert Story.objects.get(pk=single.pk).published
