"""Arrival: new stories wait as suggestions, or are linked where the answers allow it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from articles import desk
from articles.answers import precision
from articles.grouping import Arrival, arrive
from articles.models import Change, Site, Story, Suggestion
from articles.rules import Queue
from tests.factories import NOON, make_site, make_story

pytestmark = pytest.mark.django_db
YACHT = "Driverless ferry pilot paused after nudge with moored yacht"


@pytest.fixture
def site(db: None) -> Site:
    for n in range(9):
        make_story(title=f"Council votes on homes in part {n}", excerpt="", queue=Queue.BELOW)
    return make_site()


def story(domain: str, hours: int = 0, **fields: object) -> Story:
    """A new story about the yacht."""
    values = {
        "title": YACHT,
        "excerpt": "",
        "queue": Queue.INBOX,
        "published_at": NOON + timedelta(hours=hours),
        "created_at": timezone.now(),
        **fields,
    }
    return make_story(domain=domain, **values)


def came(site: Site) -> Arrival:
    """What became of the stories of the last hour."""
    return arrive(site, timezone.now() - timedelta(hours=1))


def trust(site: Site, answers: int = 60) -> None:
    """Answers that show what the suggestions of the site are worth, and the switch turned on."""
    one, other = story("x.example", title="A"), story("y.example", title="B")
    Suggestion.objects.bulk_create(
        Suggestion(site=site, story=each, other=other, score=0.9, answer="accepted")
        for each in [
            story(f"{n}.example", title=f"Other {n}", created_at=NOON) for n in range(answers)
        ]
    )
    Story.objects.filter(pk__in=[one.pk, other.pk]).update(created_at=NOON)
    site.auto_link = True
    site.save()


def test_a_new_story_waits_to_join_the_one_that_was_there(site: Site) -> None:
    first, second = story("a.example"), story("b.example", hours=2)
    assert came(site) == Arrival(suggested=1)
    (made,) = Suggestion.objects.all()
    assert (made.story_id, made.other_id, made.answer) == (second.pk, first.pk, "waiting")
    assert came(site) == Arrival()


def test_it_joins_a_group_and_never_merges_two(site: Site, editor: User) -> None:
    one, two, three, four = (story(f"{name}.example", created_at=NOON) for name in "abcd")
    desk.link(one, [two], by=editor)
    desk.link(three, [four], by=editor)
    new = story("e.example", hours=3)
    assert came(site) == Arrival(suggested=1)
    assert Suggestion.objects.get().story_id == new.pk


def test_what_is_kept_apart_is_not_suggested(site: Site, editor: User) -> None:
    first, second = story("a.example"), story("b.example")
    desk.keep_apart(first, second, by=editor)
    assert came(site) == Arrival()


def test_the_switch_alone_links_nothing(site: Site) -> None:
    site.auto_link = True
    site.save()
    story("a.example"), story("b.example")
    assert came(site) == Arrival(suggested=1)


def test_links_by_rule_where_the_answers_allow_it(site: Site, publisher: User) -> None:
    trust(site)
    assert precision(site).suffices
    first, second = story("a.example"), story("b.example", hours=2)
    assert came(site) == Arrival(linked=1)
    change = Change.objects.get(verb="link", story=second)
    assert change.actor_name == "rule"
    assert Story.objects.get(pk=first.pk).coverage_id is not None
    desk.undo(change, by=publisher)
    assert Story.objects.get(pk=second.pk).coverage_id is None


def test_the_rule_leaves_one_publisher_and_unknown_dates_to_people(site: Site) -> None:
    trust(site)
    story("a.example")
    story("a.example", title="Ferry pilot paused: yacht nudged, driverless moored")
    story("c.example", published_at=None)
    found = came(site)
    assert found.linked == 0
    assert found.suggested >= 1
