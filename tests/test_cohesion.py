"""How groups are judged and cut, on invented headlines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from articles.cohesion import Held, Likeness, cut, in_time, judge, signals
from articles.rules import HeatRule
from articles.textmatch import Piece, Rarity, counted

START = datetime(2026, 3, 2, tzinfo=UTC)
FERRY = ("Ferry Alba sinks off Skerry", "Alba ferry sunk near Skerry", "Skerry: Alba ferry lost")
BRIDGE = ("Mayor opens Norden bridge", "Norden bridge opened by mayor", "Norden bridge opens today")
LETTERS = "bcdfghjklmnp"
REST = tuple(f"{word} of the day" for word in ("Weather", "Recipe", "Crossword", "Horoscope"))


def held(pk: int, title: str, day: float, quality: int = 60, *, lead: bool = False) -> Held:
    piece = Piece(title, "", START + timedelta(days=day), f"p{pk}.example")
    return Held(pk, piece, quality, lead)


def likeness() -> Likeness:
    texts = [(title, "") for title in (*FERRY, *BRIDGE, *REST * 5)]
    return Likeness(Rarity(len(texts), counted(texts)))


def two_events() -> list[Held]:
    first = [held(pk, title, pk / 10, lead=pk == 0) for pk, title in enumerate(FERRY)]
    second = [held(pk, title, 50 + pk / 10, 75) for pk, title in enumerate(BRIDGE, start=10)]
    return [*second, *first]


def test_cuts_a_group_of_two_events_between_them() -> None:
    parts = cut(in_time(two_events()), likeness())
    assert [part.ids for part in parts] == [[0, 1, 2], [10, 11, 12]]
    assert [part.lead.id for part in parts] == [0, 10]


def test_says_what_is_doubtful_and_which_good_story_is_hidden() -> None:
    found = judge(two_events(), HeatRule(), likeness())
    assert found.signals == ("span", "gap")
    assert [story.id for story in found.rescued] == [10]
    assert found.suspicion == 100 + 20 + 2


def test_finds_nothing_doubtful_in_one_event() -> None:
    stories = [held(pk, title, pk / 10, lead=pk == 0) for pk, title in enumerate(FERRY)]
    found = judge(stories, HeatRule(), likeness())
    assert (found.signals, found.suspicion, len(found.parts)) == ((), 0, 1)


def test_does_not_suspect_a_group_for_one_doubt_alone() -> None:
    pause = [held(0, FERRY[0], 0, lead=True), held(1, FERRY[1], 12, 90)]
    found = judge(pause, HeatRule(), likeness())
    assert (found.signals, len(found.parts), found.suspicion) == (("gap",), 2, 0)


def test_names_few_shared_words_and_many_providers() -> None:
    strangers = [
        held(pk, f"{letter * 4} {letter * 5}", pk / 10) for pk, letter in enumerate(LETTERS)
    ]
    assert signals(strangers, likeness()) == ("words", "providers")


def test_takes_unknown_dates_last_and_no_date_for_a_gap() -> None:
    undated = Held(7, Piece(FERRY[0]), 60)
    ordered = in_time([undated, held(1, FERRY[1], 3)])
    assert [story.id for story in ordered] == [1, 7]
    assert signals(ordered, likeness()) == ()


def test_tells_which_rare_words_two_stories_share() -> None:
    one, other, *_ = (held(pk, title, 0) for pk, title in enumerate(FERRY))
    assert set(likeness().words(one, other)) >= {"alba", "skerry", "ferry"}
