"""Suggestions: the stories of one event, with reasons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from articles import desk
from articles.models import Story
from articles.suggestions import CANDIDATES, sought, suggest, suggest_for_text
from articles.textmatch import Rarity, read
from tests.factories import NOON, make_site, make_story

pytestmark = pytest.mark.django_db

YACHT = "Driverless ferry pilot paused after nudge with moored yacht"
AGAIN = "Ferry without captain nudges yacht, pilot project paused"


def story(title: str, domain: str = "herald.example", **fields: Any) -> Story:
    """A story of that headline, without an excerpt."""
    return make_story(title=title, domain=domain, **{"excerpt": "", **fields})


@pytest.fixture(autouse=True)
def archive(db: None) -> None:
    for topic in ("Council votes on homes", "Bank loses passwords", "Comet over the harbour"):
        for n in range(4):
            story(f"{topic} in part {n}", f"paper-{n}.example")


def titles(found: Story) -> list[str]:
    """The headlines suggested, best first."""
    return [each.best.row["title"] for each in suggest(found)]


def test_another_report_of_the_event_comes_first_with_its_reasons() -> None:
    one, other = story(YACHT), story(AGAIN, "tribune.example")
    found = suggest(one)[0]
    assert found.best.row["id"] == other.pk
    assert {"yacht", "paused", "ferry"} <= set(found.best.words)
    assert found.best.likelihood == "very likely"
    assert found.best.days is not None
    assert found.best.days < 1


def test_stories_of_other_weeks_and_sites_are_not_suggested() -> None:
    one = story(YACHT)
    story(AGAIN, published_at=NOON - timedelta(days=30))
    make_story(make_site("other"), title=YACHT)
    assert titles(one) == []


def test_a_larger_site_crowds_nobody_out() -> None:
    one, other = story(YACHT), story("A yacht and a ferry", "tribune.example")
    crowd = make_site("other")
    for number in range(CANDIDATES + 1):
        make_story(crowd, title=YACHT, excerpt="", path=f"{number}.md")
    assert [each.best.row["id"] for each in suggest(one)] == [other.pk]


def test_words_that_too_many_stories_share_are_not_looked_for() -> None:
    reading = read("Ferry council yacht pilot", "")
    rare = Rarity(1_000_000, {"ferri": 30, "council": 100_000, "yacht": 40, "pilot": 50_000})
    rarest = [each.words[0] for each in sought(reading, rare, searched=30_000)]
    assert rarest == ["ferry", "yacht", "pilot"]
    assert len(sought(reading, rare, searched=10_000)) == 4
    assert [each.words[0] for each in sought(reading, rare, searched=None)] == ["ferry", "yacht"]


def test_one_word_is_looked_for_however_common() -> None:
    rare = Rarity(1_000_000, {"council": 900_000})
    assert len(sought(read("The council", ""), rare, searched=None)) == 1


def test_a_story_without_a_date_is_compared_with_every_date() -> None:
    one = story(YACHT, published_at=None)
    story(AGAIN, "tribune.example", published_at=NOON - timedelta(days=900))
    story("Yacht nudged: driverless ferry paused", "b.example", published_at=None)
    assert len(titles(one)) == 2


def test_wire_copy_comes_before_what_is_only_alike() -> None:
    one = story(YACHT)
    story(AGAIN, "tribune.example")
    story(YACHT, "wire.example", published_at=NOON - timedelta(days=5))
    found = suggest(one)
    assert [each.best.is_wire_copy for each in found] == [True, False]


def test_the_same_piece_again_is_an_update() -> None:
    one = story(YACHT)
    story(YACHT.upper(), published_at=NOON - timedelta(days=5))
    assert [each.best.is_update for each in suggest(one)] == [True]


def test_a_group_is_one_line_and_the_own_group_none(editor: User) -> None:
    one, two, three = (story(YACHT, f"{n}.example") for n in "abc")
    desk.link(two, [three], by=editor)
    (found,) = suggest(one)
    assert (found.size, len(found.more)) == (2, 1)
    desk.link(one, [two], by=editor)
    assert titles(Story.objects.get(pk=one.pk)) == []


def test_what_a_person_keeps_apart_is_not_suggested_again(editor: User) -> None:
    one, two, three = (story(YACHT, f"{n}.example") for n in "abc")
    desk.link(two, [three], by=editor)
    desk.keep_apart(one, two, by=editor)
    assert titles(one) == []


def test_a_publisher_that_repeats_itself_is_never_very_likely() -> None:
    one = story(YACHT)
    story(AGAIN)
    assert suggest(one)[0].best.likelihood != "very likely"


def test_a_typed_headline_finds_its_group(editor: User) -> None:
    two, three = story(YACHT, "a.example"), story(AGAIN, "b.example")
    desk.link(two, [three], by=editor)
    (found,) = suggest_for_text(two.site_id, "ferry nudges a yacht")
    assert found.size == 2


@pytest.mark.parametrize("title", ["", "!?", 'the "and" OR * NEAR(', "'; --", "ferry\x00yacht"])
def test_any_headline_can_be_asked_for(title: str) -> None:
    suggest_for_text(make_site().pk, title)


def test_it_asks_as_often_among_many_stories_as_among_few(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    one = story(YACHT)
    for number in range(2):
        with django_assert_num_queries(8):
            assert len(suggest(one)) == number
        story(AGAIN, "tribune.example")
