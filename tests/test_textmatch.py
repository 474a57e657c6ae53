"""Likeness of stories: what the numbers promise, whatever the text."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.textmatch import (
    MAYBE,
    Piece,
    Rarity,
    cosine,
    counted,
    inflections,
    is_same_piece,
    is_wire_copy,
    nearness,
    read,
    shared,
    stem,
    terms,
    vector,
)
from tests.laws import tried

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXTS = [
    ("Driverless ferry pilot paused after nudge with yacht", "Kestrel ferry touched a yacht."),
    ("Ferry trial halted: yacht touched in Port Ellery", "The driverless boat nudged a yacht."),
    ("Council approves homes in the Lantern Quarter", "1,400 homes passed by one vote."),
    ("Bank tells customers to change passwords", "Ellery Savings said nothing more."),
]
ARCHIVE = Rarity(len(TEXTS), counted(TEXTS))

text = st.text(max_size=80) | st.sampled_from([t for pair in TEXTS for t in pair])
some = tried(50)


@given(text, text)
@some
def test_the_fast_count_finds_the_stems_of_the_reading(title: str, excerpt: str) -> None:
    assert terms(title, excerpt) == read(title, excerpt).stems


@given(text, text)
@some
def test_a_vector_has_length_one_or_is_empty(title: str, excerpt: str) -> None:
    weights = vector(read(title, excerpt), ARCHIVE).values()
    assert not weights or math.isclose(sum(weight**2 for weight in weights), 1)


@given(text, text)
@some
def test_likeness_is_symmetric_between_nothing_and_all(one: str, other: str) -> None:
    left, right = (vector(read(each, ""), ARCHIVE) for each in (one, other))
    assert cosine(left, right) == pytest.approx(cosine(right, left))
    assert 0 <= cosine(left, right) <= 1
    assert not left or cosine(left, left) == pytest.approx(1)


@given(st.from_regex(r"[a-z]{1,12}", fullmatch=True))
@some
def test_the_inflections_of_a_stem_have_that_stem(word: str) -> None:
    assert {stem(each) for each in inflections(stem(word))} <= {stem(word)}


@given(st.integers(0, 100), st.integers(0, 100))
@some
def test_a_rarer_word_tells_more(one: int, other: int) -> None:
    rare = Rarity(100, {"sallow": one, "ottilie": other})
    assert (one <= other) == (rare.of("sallow") >= rare.of("ottilie"))


@given(st.integers(0, 240), st.integers(0, 240))
@some
def test_hours_between_two_stories_only_take_away(fewer: int, more: int) -> None:
    fewer, more = sorted((fewer, more))
    near, far = (
        nearness(Piece("", at=NOON), Piece("", at=NOON - timedelta(hours=hours)))
        for hours in (fewer, more)
    )
    assert 1 >= near >= far >= 0


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("launch launches launched launching", "launch"),
        ("vote votes voted voting", "vot"),
        ("city cities", "citi"),
        ("stop stops stopped stopping", "stop"),
        ("10,000 10000", "10000"),
        ("Malmö Malmo MALMÖ's", "malmo"),
        ("zero\u200bwidth zerowidth", "zerowidth"),
    ],
)
def test_forms_of_a_word_share_a_stem(words: str, meant: str) -> None:
    assert terms(words, "") == {meant}


def test_names_are_capitals_inside_a_sentence_and_numbers() -> None:
    found = read("The Big Ferry", "Yesterday Kestrel sold 40 boats. Nobody at NASA knew.").names
    assert found == {"kestrel", "40", "nasa"}


def test_two_reports_of_one_event_are_more_alike_than_two_events() -> None:
    vectors = [vector(read(*each), ARCHIVE) for each in TEXTS]
    assert cosine(vectors[0], vectors[1]) > MAYBE > cosine(vectors[0], vectors[2])


def test_the_reasons_are_the_shared_words_the_weightiest_first() -> None:
    one, other = (vector(read(*each), ARCHIVE) for each in TEXTS[:2])
    assert shared(one, other)[0] == "yacht"


PIECES = {
    "original": Piece("Ferry returns", at=NOON, provider="1", url="https://a.example/x"),
    "same address": Piece("Else", at=None, provider="2", url="http://www.a.example/x/?utm_id=1"),
    "same again": Piece("FERRY  returns!", at=NOON + timedelta(days=6), provider="1"),
    "next month": Piece("Ferry returns", at=NOON + timedelta(days=30), provider="1"),
    "elsewhere": Piece("Ferry returns", at=NOON, provider="2", url="https://b.example/x"),
    "untitled": Piece("", at=NOON, provider="1"),
}


def test_one_address_or_one_headline_of_a_publisher_is_the_same_piece() -> None:
    same = {name for name, each in PIECES.items() if is_same_piece(PIECES["original"], each)}
    assert same == {"original", "same address", "same again"}


def test_one_headline_at_two_publishers_is_wire_copy() -> None:
    copies = {name for name, each in PIECES.items() if is_wire_copy(PIECES["original"], each)}
    assert copies == {"elsewhere"}


def test_a_new_archive_knows_common_words() -> None:
    empty = Rarity(0, {})
    assert empty.of(stem("people")) < empty.of(stem("lettuce")) <= empty.of("ottilie")


def test_one_unknown_date_is_less_sure_than_two() -> None:
    dated, undated = Piece("", at=NOON), Piece("")
    assert nearness(dated, undated) < nearness(undated, undated) == 1


def test_one_publisher_counts_half() -> None:
    one, same, other = (Piece("", at=NOON, provider=name) for name in "112")
    assert nearness(one, same) == nearness(one, other) / 2
