"""Gathering: groups of one event from the scores of pairs."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from articles.eventgroups import gather
from tests.laws import tried

stories = st.integers(0, 9)
pairs = st.tuples(stories, stories).filter(lambda pair: pair[0] < pair[1])
scored = st.dictionaries(pairs, st.integers(1, 100).map(lambda n: n / 100), max_size=30)
some = tried(50)


def average(
    scores: dict[tuple[int, int], float], one: frozenset[int], other: frozenset[int]
) -> float:
    """The mean score between two groups."""
    found = [scores.get((min(a, b), max(a, b)), 0.0) for a in one for b in other]
    return sum(found) / len(found)


@given(scored, st.floats(0.05, 1))
@some
def test_a_story_stands_in_one_group_at_most(scores: dict, least: float) -> None:
    groups = gather(scores, least)
    assert all(not one & other for one, other in combinations(groups, 2))
    assert all(len(group) > 1 for group in groups)


@given(scored, st.floats(0.05, 1))
@some
def test_no_two_groups_are_left_that_belong_together(scores: dict, least: float) -> None:
    for one, other in combinations(gather(scores, least), 2):
        assert average(scores, one, other) < least


@given(scored, st.sets(pairs, max_size=5))
@some
def test_pairs_kept_apart_stay_apart(scores: dict, apart: set[tuple[int, int]]) -> None:
    groups = gather(scores, 0.1, apart=apart)
    assert not any(set(pair) <= group for pair in apart for group in groups)


@given(scored)
@some
def test_groups_that_stand_are_neither_cut_nor_merged(scores: dict) -> None:
    standing = [{0, 1, 2}, {3, 4}]
    groups = gather(scores, 0.1, groups=standing)
    homes = [next(group for group in groups if each <= group) for each in standing]
    assert homes[0] != homes[1]


def test_one_alike_pair_does_not_chain_two_groups() -> None:
    scores = {(0, 1): 0.9, (2, 3): 0.9, (1, 2): 0.5}
    assert set(gather(scores, 0.2)) == {frozenset({0, 1}), frozenset({2, 3})}
    assert gather(scores, 0.1) == [frozenset({0, 1, 2, 3})]


def test_large_groups_of_one_time_join_more_easily() -> None:
    halves = range(10), range(10, 20)
    scores = {pair: 0.5 for half in halves for pair in combinations(half, 2)}
    scores |= {(one, other): 0.19 for one in halves[0] for other in halves[1]}
    assert len(gather(scores, 0.2)) == 2
    assert len(gather(scores, 0.2, dated=range(20))) == 1


def test_stories_without_a_date_have_to_be_more_alike_among_many() -> None:
    scores = {(0, 1): 0.25}
    assert len(gather(scores, 0.2, undated=500)) == 1
    assert len(gather(scores, 0.2, undated=5_000)) == 1  # by far the most alike
    rivals = scores | {(0, 2): 0.24, (1, 2): 0.22}
    assert len(gather(rivals, 0.2, undated=500)) == 1
    assert gather(rivals, 0.2, undated=5_000) == []
    assert len(gather(rivals, 0.2, undated=5_000, dated=[0, 1, 2])) == 1


def test_a_lonely_story_joins_what_it_is_by_far_most_alike_to() -> None:
    assert gather({(0, 1): 0.15, (0, 2): 0.09}, 0.2) == [frozenset({0, 1})]
    assert gather({(0, 1): 0.15, (0, 2): 0.14, (1, 2): 0.13}, 0.2) == []
