"""Answers to suggestions: remembered with their score, counted as precision."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from hypothesis import example, given
from hypothesis import strategies as st

from articles import answers, desk
from articles.answers import Precision, precision
from articles.models import KeptApart, Story, Suggestion
from articles.suggestions import suggest
from tests.factories import make_story

pytestmark = pytest.mark.django_db
YACHT = "Driverless ferry pilot paused after nudge with moored yacht"


@pytest.fixture
def pair(db: None) -> tuple[Story, Story]:
    for n in range(9):
        make_story(title=f"Council votes on homes in part {n}", excerpt="")
    one, other = (make_story(title=YACHT, excerpt="", domain=f"{n}.example") for n in "ab")
    return one, other


def test_accepting_links_and_counts(pair: tuple[Story, Story], editor: User) -> None:
    one, other = pair
    change = answers.accept(one, other, by=editor, version=one.version)
    assert change is not None
    assert Story.objects.get(pk=other.pk).coverage_id == one.coverage_id is not None
    assert precision(one.site) == Precision(1, 0)
    assert Suggestion.objects.get().score == pytest.approx(1, abs=0.01)


def test_refusing_keeps_apart_and_counts(pair: tuple[Story, Story], editor: User) -> None:
    one, other = pair
    answers.refuse(one, other, by=editor)
    assert KeptApart.objects.between(one.pk, other.pk).exists()
    assert suggest(one) == []
    assert precision(one.site) == Precision(0, 1)


def test_an_answer_taken_back_does_not_count(pair: tuple[Story, Story], editor: User) -> None:
    one, other = pair
    change = answers.accept(one, other, by=editor)
    assert change is not None
    desk.undo(change, by=editor)
    assert precision(one.site) == Precision(0, 0)


def test_the_last_answer_to_a_pair_counts_once(pair: tuple[Story, Story], editor: User) -> None:
    one, other = pair
    answers.refuse(one, other, by=editor)
    desk.allow_together(one, other, by=editor)
    other.refresh_from_db()
    assert answers.accept(other, one, by=editor) is not None
    assert answers.accept(other, one, by=editor) is None
    assert precision(one.site) == Precision(1, 0)


def test_one_publisher_and_low_scores_say_nothing_of_the_rule(
    pair: tuple[Story, Story], editor: User
) -> None:
    one, _ = pair
    answers.accept(one, make_story(title=YACHT, domain="a.example"), by=editor)
    answers.accept(one, make_story(title="Yacht club opens", domain="c.example"), by=editor)
    assert precision(one.site) == Precision(0, 0)
    assert precision(one.site, 0.0) == Precision(1, 0)


@given(st.integers(0, 300), st.integers(0, 300))
@example(0, 119)
def test_the_lower_end_is_below_the_share(accepted: int, refused: int) -> None:
    found = Precision(accepted, refused)
    assert 0 <= found.low <= (found.share or 0.0)


@pytest.mark.parametrize(
    ("accepted", "refused", "suffices"),
    [(0, 0, False), (10, 0, False), (60, 0, True), (100, 2, True), (94, 6, False)],
)
def test_few_answers_or_errors_do_not_suffice(accepted: int, refused: int, suffices: bool) -> None:
    assert Precision(accepted, refused).suffices is suffices
