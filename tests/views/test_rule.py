from __future__ import annotations

import pytest
from django.test import Client

from articles.models import Story
from articles.rules import HeatRule
from articles.simulation import simulate
from tests.factories import make_coverage, make_site, make_story, make_story_without_file

pytestmark = pytest.mark.django_db


def test_tells_which_stories_would_drop_and_rise() -> None:
    grouped, single = make_story(quality=55), make_story(quality=72)
    make_coverage(grouped, make_story(quality=50))
    low = make_story(quality=68)
    make_story(quality=72, published=False)
    make_story(quality=72, decision="published")
    make_story(quality=72, removed=True)
    make_story_without_file(quality=72)
    site = make_site()

    found = simulate(site, HeatRule(10, 50, 75))
    assert [(s.pk, s.heat_now, s.heat_then) for s in found.drops] == [
        (single.pk, 72, 72),
        (grouped.pk, 75, 65),
    ]
    assert (found.dropping, found.rising, found.rises) == (2, 0, [])
    found = simulate(site, HeatRule(20, 50, 65))
    assert ([s.pk for s in found.rises], found.dropping) == ([low.pk], 0)


def test_says_nothing_of_the_rule_that_stands() -> None:
    make_coverage(make_story(quality=55), make_story(quality=50))
    site = make_site()
    found = simulate(site, site.rule)
    assert (found.dropping, found.rising) == (0, 0)


def test_shows_it_to_the_chief(as_chief: Client) -> None:
    story = make_story(quality=72)
    page = as_chief.get("/rule/?threshold=75")
    assert story.title in page.content.decode()
    assert page.context["wanted"] == HeatRule(20, 50, 75)
    assert as_chief.get("/rule/?site=nowhere").status_code == 404
    assert Story.objects.get(pk=story.pk).published


def test_has_a_word_for_a_desk_without_sites(as_chief: Client) -> None:
    assert "No site yet" in as_chief.get("/rule/").content.decode()
