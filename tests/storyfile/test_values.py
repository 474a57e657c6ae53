"""Texts, dates, numbers and flags of a story: taken strictly, and every doubt about them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.storyfile.pages import RELATED, codes, read


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ('"2020-02-20"', "2020-02-20"),
        ("1e3", "1e3"),
        ("n", "n"),
        ("C# is fine", "C# is fine"),
        ('"  padded  "', "  padded  "),
        ("!!str 2020", "2020"),
        ("plain\n  over lines", "plain over lines"),
        ('"flag \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"', None),
        ('"zero\u200bwidth"', "zero\u200bwidth"),
        ('"' + "\u0634" * 20 + '"', "\u0634" * 20),
    ],
)
def test_takes_a_title_as_it_stands(written: str, title: str | None) -> None:
    story = read(title=written)
    assert story.title == (title or written.strip('"'))
    assert story.issues == ()


@pytest.mark.parametrize(
    ("written", "code", "title"),
    [
        (None, "title.missing", ""),
        ("", "title.missing", ""),
        ("~", "title.missing", ""),
        ('" "', "title.missing", " "),
        ('"\u200b\u2060"', "title.missing", "\u200b\u2060"),
        ("2020", "title.type", "2020"),
        ("1.10", "title.type", "1.10"),
        ("1,000", "title.type", "1,000"),
        ("1e+3", "title.type", "1e+3"),
        ("-.5", "title.type", "-.5"),
        ("0XFF", "title.type", "0XFF"),
        ("NO", "title.type", "NO"),
        ("yEs", "title.type", "yEs"),
        ("nULL", "title.missing", ""),
        ("2020-02-20", "title.type", "2020-02-20"),
        ('"' + "x" * 501 + '"', "title.long", "x" * 501),
        ('"one\\ntwo"', "text.control", "one\ntwo"),
        ('"one\\ttwo"', "text.control", "one\ttwo"),
        ('"bell \\a"', "text.control", "bell \a"),
        ('"fdp \u202eexe"', "text.bidi_control", "fdp \u202eexe"),
        ('"seen\U000e0061\U000e0062"', "text.invisible", "seen\U000e0061\U000e0062"),
        ("Rust beats C #trending", "value.trailing_comment", "Rust beats C"),
    ],
)
def test_doubts_an_odd_title(written: str | None, code: str, title: str) -> None:
    story = read(title=written)
    assert [found.code for found in story.issues] == [code]
    assert story.title == title


def test_blocks_publishing_a_title_that_is_a_list() -> None:
    assert set(codes(title="[Owls]")) == {"title.type", "title.missing"}
    assert read(title="[Owls]").publish == "blocked"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"' + "words " * 11_000 + '"', ["excerpt.long"]),
        ("Cut #here", ["value.trailing_comment"]),
        ('"bell \\a"', ["text.control"]),
        ('"\\tfirst line\\r\\nsecond\\n"', []),
        ('"' + "&" * 35_000 + '"', []),
        ("2020", ["text.type"]),
        ("oFF", ["text.type"]),
        ("nULL", []),
        ("[a, b]", ["text.type"]),
        (None, []),
    ],
)
def test_doubts_an_odd_excerpt(written: str | None, expected: list[str]) -> None:
    assert codes(excerpt=written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "2021-03-04T05:06:07Z",
        "2021-03-04T06:06:07+01:00",
        "2021-03-03T23:36:07-05:30",
        "2021-03-04 05:06:07 Z",
        "2021-03-04 05:06:07 +0000",
        '!!timestamp "2021-03-04T05:06:07Z"',
    ],
)
def test_reads_a_full_instant_in_utc(written: str) -> None:
    story = read(publishedDateTime=written)
    assert story.published_at == datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert story.issues == ()


def test_reads_fractions_of_a_second() -> None:
    story = read(publishedDateTime="2021-03-04T05:06:07.25Z")
    assert story.published_at == datetime(2021, 3, 4, 5, 6, 7, 250_000, tzinfo=UTC)
    assert story.issues == ()


@pytest.mark.parametrize(
    ("written", "expected", "hour"),
    [
        ('"2021-03-04T05:06:07Z"', ["date.quoted"], 5),
        ("2021-03-04", ["date.no_time"], 0),
        ("2021-03-04T05:06:07", ["date.no_zone"], 5),
        ("2021-03-04 05:06:07", ["date.no_zone"], 5),
        ("2021-03-04t05:06:07z", ["date.form"], 5),
        ("2021-03-04T05:06Z", ["date.form"], 5),
        ("2021-03-04 05:06:07 +1", ["date.form"], 4),
        ("2021-3-4T05:06:07Z", ["date.form"], 5),
        ("'2021-03-04'", ["date.quoted", "date.no_time"], 0),
    ],
)
def test_offers_to_rewrite_an_unusual_date(written: str, expected: list[str], hour: int) -> None:
    story = read(publishedDateTime=written)
    assert [found.code for found in story.issues] == expected
    assert story.published_at is not None
    assert (story.published_at.day, story.published_at.hour) == (4, hour)
    assert story.publish == "normalise"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "null",
        '"yesterday"',
        "4 March 2021",
        "04/03/2021",
        "04.03.2021",
        "1614834367",
        "[2021-03-04]",
        "2021-13-01",
        "2021-02-30T10:00:00Z",
        "2021-03-04T24:00:00Z",
        "2021-03-04T23:59:60Z",
        "2021-03-04T05:06:07+99:00",
        "2021-03-04T05:06:07+01:75",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "0000-00-00 00:00:00",
        "2021-W09-4T05:06:07Z",
        "12021-03-04T05:06:07Z",
        "\u0662\u0660\u0662\u0661-03-04T05:06:07Z",
    ],
)
def test_never_guesses_a_date(written: str) -> None:
    story = read(publishedDateTime=written)
    assert story.published_at is None
    assert [found.code for found in story.issues] == ["date.invalid"]
    assert story.publish == "blocked"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2022-06-01T20:00:00Z", []),
        ("2022-06-03T00:00:00Z", ["date.future"]),
        ("2099-01-01T00:00:00Z", ["date.future"]),
        ("0001-01-01T00:00:00Z", ["date.implausible"]),
        ("1970-01-01T00:00:00Z", ["date.implausible"]),
        ("9999-12-31T23:59:59Z", ["date.implausible"]),
    ],
)
def test_doubts_a_date_that_cannot_be_right(written: str, expected: list[str]) -> None:
    story = read(publishedDateTime=written)
    assert story.published_at is not None
    assert [found.code for found in story.issues] == expected


def test_misses_a_date() -> None:
    story = read(publishedDateTime=None)
    assert [found.code for found in story.issues] == ["date.missing"]
    assert story.publish == "blocked"


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ("0", 0, []),
        ("38   # checked", 38, []),
        ('!!int "38"', 38, []),
        ("+38", 38, ["int.form"]),
        ("010", 8, ["int.form"]),
        ("0x26", 38, ["int.form"]),
        ("0b11", 3, ["int.form"]),
        ("1_000", 1000, ["int.form"]),
        ("1,000", 1000, ["int.form"]),
        ("'38'", 38, ["quality.type"]),
        ("!!str 38", 38, ["quality.type"]),
        ("' 38 '", None, ["quality.type"]),
        ("high", None, ["quality.type"]),
        ("true", None, ["quality.type"]),
        ("38.0", None, ["quality.type"]),
        ("1e2", None, ["quality.type"]),
        ("12:30", None, ["quality.type"]),
        ("08", None, ["quality.type"]),
        (".nan", None, ["quality.type"]),
        ("2020-02-20", None, ["quality.type"]),
        ("", None, ["quality.type"]),
        ("~", None, ["quality.type"]),
        ("[38]", None, ["quality.type"]),
        ("9223372036854775808", None, ["quality.range"]),
        ("9" * 5000, None, ["quality.range"]),
        ("-5", -5, ["quality.range"]),
        (None, None, ["quality.missing"]),
    ],
)
def test_reads_a_quality_strictly(
    written: str | None, value: int | None, expected: list[str]
) -> None:
    story = read(quality=written)
    assert story.quality == value
    assert [found.code for found in story.issues] == expected
    assert (story.publish == "blocked") == ("quality.type" in expected)


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ("-1", -1, []),
        (None, None, []),
        ("'71, \"x\": 1'", None, ["heat.type"]),
        ("71.5", None, ["heat.type"]),
        ("null", None, ["heat.type"]),
        ("99999999999999999999", None, ["heat.type"]),
        ("1_000", 1000, ["int.form"]),
    ],
)
def test_reads_a_heat_strictly(written: str | None, value: int | None, expected: list[str]) -> None:
    story = read(heat=written)
    assert story.heat == value
    assert [found.code for found in story.issues] == expected


@pytest.mark.parametrize(
    ("heat", "related", "noted"),
    [
        ("61", RELATED, False),
        ("81", RELATED, False),
        ("71", RELATED, False),
        ("-1", RELATED, False),
        ("81", None, True),
        ("40", RELATED, True),
        ("101", RELATED + RELATED.replace("trams", "boats"), False),
        ("82", RELATED + RELATED.replace("trams", "boats"), True),
    ],
)
def test_notes_a_heat_no_rule_explains(heat: str, related: str | None, noted: bool) -> None:
    story = read(heat=heat, related=related)
    assert [note.code for note in story.notes] == (["heat.unexpected"] if noted else [])
    assert story.issues == ()


@pytest.mark.parametrize(
    ("written", "published", "expected"),
    [
        ("true", True, []),
        ("TRUE", True, []),
        ("False", False, []),
        ("yes", True, ["bool.form"]),
        ("Off", False, ["bool.form"]),
        ("fAlse", False, ["published.type"]),
        ("null", False, ["published.type"]),
        ("nULL", False, ["published.type"]),
        ("!!null off", False, ["published.type"]),
        ("!!null hidden", True, ["published.type"]),
        ("", False, ["published.type"]),
        ("~", False, ["published.type"]),
        ('"false"', True, ["published.type"]),
        ("'no'", True, ["published.type"]),
        ('""', True, ["published.type"]),
        ("0", True, ["published.type"]),
        ("0.0", True, ["published.type"]),
        ("n", True, ["published.type"]),
        ("[false]", True, ["published.type"]),
        ('!!bool "false"', False, []),
        (None, True, ["published.missing"]),
    ],
)
def test_shows_what_the_publisher_does(
    written: str | None, published: bool, expected: list[str]
) -> None:
    story = read(published=written)
    assert story.published is published
    assert [found.code for found in story.issues] == expected


@pytest.mark.parametrize(
    ("written", "removed", "expected"),
    [("true", True, []), ("no", False, ["bool.form"]), ('"true"', False, ["bool.form"])],
)
def test_reads_the_removed_mark(written: str, removed: bool, expected: list[str]) -> None:
    story = read(removed=written)
    assert story.removed is removed
    assert [found.code for found in story.issues] == expected
