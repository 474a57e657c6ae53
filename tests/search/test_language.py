"""The language of the search box: every text is understood, or told where and why not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.search import Condition, Words, parse
from articles.search.language import MAX_LENGTH, MAX_TERMS, Query

PIECES = st.sampled_from(
    ["-", '"', ":", "*", " ", "provider:", "is:live", "quality>", "70", "after:", "2026-01-31", "a"]
)
TYPED = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=30).map("".join))


@given(TYPED)
@example("\x00")
@example("-" * 300)
@example('"')
@example("quality:" + "9" * 150)
@example("http://[")
def test_reads_every_text(text: str) -> None:
    query = parse(text)
    for error in query.errors:
        assert 0 <= error.position <= len(text)
        assert error.message[:1].isupper() or error.message[:1] in "“qha"
        assert len(error.message) > 10
    assert len(query.words) + len(query.conditions) <= MAX_TERMS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ferry", [Words("ferry")]),
        ("ferry  strike", [Words("ferry"), Words("strike")]),
        ('"prime minister"', [Words("prime minister", phrase=True)]),
        ("-strike", [Words("strike", exclude=True)]),
        ('-"prime minister"', [Words("prime minister", exclude=True, phrase=True)]),
        ("harb*", [Words("harb", prefix=True)]),
        ("-harb*", [Words("harb", exclude=True, prefix=True)]),
        ("C++", [Words("C++")]),
        ("Malmö", [Words("Malmö")]),
        ("well-known", [Words("well-known")]),
        ("12:30", [Words("12:30")]),
    ],
)
def test_reads_words(text: str, words: list[Words]) -> None:
    query = parse(text)
    assert list(query.words) == words
    assert not query.conditions
    assert not query.errors


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("provider:herald.example", Condition("provider", "=", "herald.example")),
        ('provider:"The Herald"', Condition("provider", "=", "The Herald")),
        ("topic:ferries", Condition("topic", "=", "ferries")),
        ("-topic:ferries", Condition("topic", "=", "ferries", exclude=True)),
        ("is:LIVE", Condition("is", "=", "live")),
        ("Is:live", Condition("is", "=", "live")),
        ("quality>70", Condition("quality", ">", 70)),
        ("quality:70", Condition("quality", "=", 70)),
        ("heat<=-1", Condition("heat", "<=", -1)),
        ("after:2026-01-31", Condition("after", "=", date(2026, 1, 31))),
        ("before=2026-01-31", Condition("before", "=", date(2026, 1, 31))),
        ("url:herald.example/a", Condition("url", "=", "herald.example/a")),
        ("https://a.example/b?c=d", Condition("url", "=", "https://a.example/b?c=d")),
        ("  https://a.example/b ", Condition("url", "=", "https://a.example/b")),
    ],
)
def test_reads_filters(text: str, condition: Condition) -> None:
    query = parse(text)
    assert query.conditions == (condition,)
    assert not query.words
    assert not query.errors


@pytest.mark.parametrize(
    ("text", "position", "part"),
    [
        ("ferry colour:red", 6, "not a filter"),
        ("ferry is:sunk", 6, "is not known"),
        ("quality>high", 0, "whole number"),
        ("quality>9999999", 0, "whole number"),
        ("a after:soon", 2, "2026-01-31"),
        ("provider:", 0, "Write a value"),
        ("topic>ferries", 0, "with a colon"),
        ('a "prime minister', 2, "second quotation mark"),
        ("ferry fe*", 6, "at least three letters"),
        ("-*", 0, "no letters or digits"),
        ("ferry ...", 6, "no letters or digits"),
        ("ferry 🚢", 6, "no letters or digits"),
        (" ".join("a" * (MAX_TERMS + 1)), MAX_TERMS * 2, "at most 20 words"),
        ("a" * (MAX_LENGTH + 1), MAX_LENGTH, "at most 200 characters"),
    ],
)
def test_says_where_and_how_a_text_is_wrong(text: str, position: int, part: str) -> None:
    (error,) = parse(text).errors
    assert error.position == position
    assert part in error.message


def test_takes_a_long_pasted_address() -> None:
    address = "https://a.example/" + "b" * 2000
    assert parse(address).conditions == (Condition("url", "=", address),)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_asks_nothing_where_nothing_is_typed(text: str) -> None:
    assert parse(text) == Query()
