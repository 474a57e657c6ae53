"""What is odd about the name of a story file, and the name of a new one."""

from __future__ import annotations

import tarfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.storyfile.filename import LONGEST_NAME, check_name, slug_of, story_name

DAY = datetime(2021, 3, 4, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "path",
    [
        "_news/2021-03-04-owls.md",
        "_news/2021/2021-03-04-owls.md",
        "2021-03-04-owls.markdown",
        "_news/2021-03-04-a story with spaces.md",
        "_news/2021-03-04-owls .md",
        "_news/2021-03-04-a...b..md",
        "_news/2021-03-04-editor's-pick.md",
        "_news/2021-03-04-\u65e5\u672c\u8a9e.md",
        "_news/2021-03-04-" + "n" * 241 + ".md",
    ],
)
def test_finds_nothing_odd_about_an_ordinary_name(path: str) -> None:
    assert check_name(path) == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("_news/owls.md", "name.no_date"),
        ("_news/index.md", "name.no_date"),
        ("_news/2021-13-45-owls.md", "name.bad_date"),
        ("_news/2021-02-30-owls.md", "name.bad_date"),
        ("_news/21-3-4-owls.md", "name.bad_date"),
        ("_news/2021-3-4-owls.md", "name.bad_date"),
        ("_news/2021-03-04-.md", "name.no_slug"),
        ("_news/2021-03-04.md", "name.no_slug"),
        ("_news/2021-03-04- .md", "name.no_slug"),
        ("_news/2021-03-04-owls.html", "name.extension"),
        ("_news/2021-03-04-owls.MD", "name.extension"),
        ("_news/2021-03-04-owls.txt", "name.extension"),
        ("_news/2021-03-04-owls", "name.extension"),
        ("_news/2021-03-04-$(touch x).md", "name.unsafe"),
        ("_news/2021-03-04-a`id`.md", "name.unsafe"),
        ("_news/2021-03-04-a;b.md", "name.unsafe"),
        ("_news/2021-03-04-<b>.md", "name.unsafe"),
        ("_news/2021-03-04-..%2f..%2Fetc.md", "name.unsafe"),
        ("_news/2021-03-04-a\nb.md", "name.unsafe"),
        ("_news/2021-03-04-\u202egpj.md", "name.unsafe"),
        ("_news/2021-03-04-{{ x }}.md", "name.unsafe"),
        ("_news/-rf/2021-03-04-owls.md", "name.unsafe"),
    ],
)
def test_names_what_is_odd_about_a_name(path: str, code: str) -> None:
    assert [found.code for found in check_name(path)] == [code]


def test_says_what_to_do_without_printing_what_a_terminal_would_obey() -> None:
    (found,) = check_name("_news/2021-03-04-a\x1b[2Jb.md")
    assert "rename it" in found.message
    assert "\x1b" not in found.message


def test_names_a_new_file_by_day_and_title() -> None:
    assert story_name(DAY, "Owls count 40 pairs", set()) == "2021-03-04-owls-count-40-pairs.md"


def test_takes_the_day_in_utc() -> None:
    east = datetime(2021, 3, 5, 1, 0, tzinfo=timezone(timedelta(hours=2)))
    assert story_name(east, "Owls", set()) == "2021-03-04-owls.md"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("The mayor\u2019s plan: trams & boats", "the-mayors-plan-trams-boats"),
        ("\u00c9cole \u0141\u00f3d\u017a Stra\u00dfe \u00c6gir", "ecole-lodz-strasse-aegir"),
        ("v1.15 of snake_case \u2014 now", "v115-of-snake_case-now"),
        ("../../../../tmp/x", "tmpx"),
        ("%2e%2e%2f", "2e2e2f"),
        ("CON", "con"),
        ("index", "index"),
        ("  --spaced--  ", "spaced"),
    ],
)
def test_makes_a_slug_of_plain_letters(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@pytest.mark.parametrize("title", ["", ".", "\u65e5\u672c\u8a9e", "\U0001f680\U0001f680", "___"])
def test_falls_back_to_a_digest_for_a_title_without_letters(title: str) -> None:
    assert slug_of(title).startswith("story-")
    assert slug_of(title) == slug_of(title)
    assert slug_of(title) != slug_of(title + "!")


def test_cuts_a_long_title_at_a_word() -> None:
    name = story_name(DAY, "word " * 80, set())
    assert len(name) <= LONGEST_NAME
    assert name.endswith("-word.md")
    assert len(story_name(DAY, "A" * 400, set())) <= LONGEST_NAME


def test_never_gives_a_name_twice() -> None:
    taken: set[str] = set()
    for _ in range(12):
        name = story_name(DAY, "Owls", taken)
        assert name not in taken
        taken.add(name)
    assert {"2021-03-04-owls.md", "2021-03-04-owls-2.md", "2021-03-04-owls-12.md"} <= taken


@given(st.text(max_size=300))
def test_gives_every_title_a_safe_name(title: str) -> None:
    name = story_name(DAY, title, {"2021-03-04-owls.md"})
    assert name.isascii()
    assert len(name) <= LONGEST_NAME
    assert "/" not in name
    assert check_name(name) == []


@pytest.mark.corpus
def test_names_stories_as_the_aggregator_does(corpus: Path) -> None:
    same = total = 0
    with tarfile.open(corpus / "corpus" / "powerapps.tar.xz") as packed:
        for member in packed:
            if "/_news/" in member.name and member.name.endswith(".md"):
                lines = packed.extractfile(member).read().decode().split("\n")  # type: ignore[union-attr]
                title = next(line for line in lines if line.startswith('title: "'))[8:-1]
                total += 1
                same += member.name.endswith(f"-{slug_of(title)}.md")
    assert total
    assert same / total > 0.97
