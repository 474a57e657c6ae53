"""Third-party text on a page."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.templatetags._visible import (
    LONGEST_CODE,
    visible,
    visible_code,
    visible_lines,
    visible_plain,
)


def test_isolates_ordinary_text() -> None:
    assert visible("Ferry & bridge") == "<bdi>Ferry &amp; bridge</bdi>"


def test_escapes_markup_between_marks() -> None:
    html = visible("<script>\u202ealert(1)</script>")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\u202e", "RLO"),
        ("\u2066", "LRI"),
        ("\u200b", "ZWSP"),
        ("\ufeff", "BOM"),
        ("\x1b", "␛"),
        ("\x7f", "␡"),
        ("\u0085", "NEL"),
        ("\ue000", "U+E000"),
        ("\U000e0041", "U+E0041"),
        ("\n", "⏎"),
        ("\t", "TAB"),
    ],
)
def test_shows_what_nobody_sees(char: str, name: str) -> None:
    html = visible(f"a{char}b")
    assert char not in html
    assert f">{name}</span>" in html


def test_names_the_character_in_the_title() -> None:
    assert 'title="U+202E right-to-left override"' in visible("\u202e")


def test_marks_leftovers_of_word_processors_faintly() -> None:
    assert "mark-faint" in visible("soft\u00adhyphen")
    assert "mark-faint" not in visible("\u202eloud")


def test_shows_code_as_text_with_its_spaces() -> None:
    html = visible_code("<svg onload=x>\r\n\u202eb\n")
    assert html == (
        '<bdi>&lt;svg</bdi><span class="space"> </span><bdi>onload=x&gt;\n'
        '<span class="mark" title="U+202E right-to-left override">RLO</span>b</bdi>'
    )


def test_cuts_long_code() -> None:
    html = visible_code("x" * (LONGEST_CODE + 1234))
    assert html.count("x") == LONGEST_CODE
    assert "1,234 more characters" in html


def test_counts_a_long_run_instead_of_showing_it() -> None:
    html = visible("\u200b" * 500)
    assert html.count("ZWSP") == 8
    assert "492 more" in html


@pytest.mark.parametrize(
    "text", ["👨\u200d👩\u200d👧", "❤\ufe0f", "1\ufe0f\u20e3", "می\u200cخواهم", "क्\u200dष"]
)
def test_leaves_joiners_where_they_work(text: str) -> None:
    assert visible(text) == f"<bdi>{text}</bdi>"


def test_keeps_the_line_ends_of_an_excerpt() -> None:
    assert visible_lines("one\r\ntwo\n") == "<bdi>one\ntwo</bdi>"


def test_writes_names_into_attributes() -> None:
    assert visible_plain("a\u202eb") == "a[RLO]b"
    assert visible_plain("plain") == "plain"


def test_shows_numbers_and_nothing() -> None:
    assert visible(None) == "<bdi>None</bdi>"
    assert visible(7) == "<bdi>7</bdi>"


@given(st.text())
def test_lets_no_control_or_direction_character_through(text: str) -> None:
    html = visible(text)
    assert not [c for c in html if unicodedata.category(c) in {"Cc", "Cs", "Co", "Zl", "Zp"}]
    assert not set(html) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


@given(st.text(alphabet="<>&\"'ab\u202e\x00"))
def test_never_makes_markup_of_text(text: str) -> None:
    inner = visible(text).removeprefix("<bdi>").removesuffix("</bdi>")
    without_marks = inner.replace('<span class="mark" title="', "").replace("</span>", "")
    assert without_marks.count("<") == 0
