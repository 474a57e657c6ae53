"""People see the lines that would change, never the opaque value, nothing that acts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.exporter import pending_diff, whole_file
from articles.exporter.diffs import diff_between
from articles.storyfile.shown import shown_lines
from tests.exporter.conftest import change, stored
from tests.factories import SECRET, make_story, make_story_without_file, write_file
from tests.laws import tried

pytestmark = pytest.mark.django_db

HEAD = "---\ntitle: A\n"


def shown(front: str) -> str:
    return "\n".join(shown_lines(f"{HEAD}{front}\n---\n".encode()))


def test_shows_the_line_that_would_change() -> None:
    story = change(make_story(path="_news/2026-03-02-a.md"), published=True)
    lines = pending_diff(story)
    assert lines[:2] == ["--- a/_news/2026-03-02-a.md", "+++ b/_news/2026-03-02-a.md"]
    assert [line for line in lines[2:] if line[0] in "+-"] == [
        "-published: false",
        "+published: true",
    ]


def test_shows_nothing_where_nothing_would_change() -> None:
    assert pending_diff(make_story()) == []
    assert pending_diff(make_story_without_file()) == []


def test_masks_the_opaque_value() -> None:
    data = stored(make_story())
    text = "\n".join(shown_lines(data))
    assert SECRET in data.decode()
    assert SECRET not in text
    assert "secured: •••" in text


@pytest.mark.parametrize(
    ("front", "visible"),
    [
        ('secured: "hidden"\nkind: b', "secured: •••\nkind: b"),
        ("secured: |\n  hidden\n  hidden\nkind: b", "secured: •••\n  •••\n  •••\nkind: b"),
        ('secured: "hidden\n  hidden"\nkind: b', "secured: •••\n  •••\nkind: b"),
        ("secured: [hidden, hidden]\nkind: b", "secured: •••\nkind: b"),
        ("secured:\n  secured: hidden\n  b: hidden\nkind: b", "secured:\n  •••\n  •••\nkind: b"),
        ("secured: x # once hidden\nkind: b", "secured: •••\nkind: b"),
        ("note: &n hidden\nsecured: *n", "note: •••\nsecured: *n"),
        ("related:\n  - secured: hidden\n    b: c", "related:\n  - secured: •••\n    b: c"),
        ('"secured": hidden', '"secured": •••'),
        ("secured: hidden\nsecured: hidden", "secured: •••\nsecured: •••"),
    ],
)
def test_masks_it_wherever_it_stands(front: str, visible: str) -> None:
    text = shown(front)
    assert "hidden" not in text
    assert visible in text


def test_spells_out_what_a_terminal_would_act_on() -> None:
    text = shown('excerpt: "a\u202eb\u200b"\nx: "\\e[2J"')
    assert "a\\u202eb\\u200b" in text
    assert all(line.isprintable() for line in text.split("\n"))


def test_shows_the_lines_of_a_file_with_other_line_ends() -> None:
    assert shown_lines(b"---\r\ntitle: A\r\n---\r\nBody\r\n") == ["---", "title: A", "---", "Body"]


def test_shows_a_new_file_whole() -> None:
    story = make_story_without_file()
    story = change(story, path="_news/new.md", path_key="k")
    lines = pending_diff(story)
    assert lines[0] == "--- /dev/null"
    assert all(line.startswith("+") for line in lines[3:])


def page_of(middle: str, title: str = "A", kind: str = "b") -> bytes:
    return f"---\ntitle: {title}\n{middle}kind: {kind}\n---\n".encode()


@pytest.mark.parametrize(
    "middle", ["\n" * 200_000, "".join(f"# {n % 97}\n" for n in range(90_000))]
)
def test_compares_a_file_of_endless_equal_lines_at_once(middle: str) -> None:
    start = time.process_time()
    one = diff_between("a.md", page_of(middle), page_of(middle, title="B"))
    both = diff_between("a.md", page_of(middle), page_of(middle, title="B", kind="c"))
    assert [line for line in one[2:] if line[0] in "+-"] == ["-title: A", "+title: B"]
    assert {"-title: A", "+title: B", "-kind: b", "+kind: c"} < set(both)
    assert time.process_time() - start < 15


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
@tried()
def test_says_what_a_unified_diff_says(old: list[str], new: list[str]) -> None:
    before, after = ("---\n# " + "\n# ".join(lines) + "\nk: v\n---\n" for lines in (old, new))
    found = diff_between("a.md", before.encode(), after.encode())
    assert patched(before, found) == after


def patched(text: str, diff: list[str]) -> str:
    """The text after the hunks of a unified diff, each checked against what it stands on."""
    old, new, at = text.splitlines(), [], 0
    for line in diff[2:]:
        if line.startswith("@@"):
            place, _, size = line.split()[1][1:].partition(",")
            start = int(place) - (size != "0")
            new += old[at:start]
            at = start
        elif line[0] == "+":
            new.append(line[1:])
        else:
            assert old[at] == line[1:]
            new += [old[at]] if line[0] == " " else []
            at += 1
    return "\n".join([*new, *old[at:]]) + "\n"


def test_shows_a_long_file_at_once() -> None:
    story = make_story(path="_news/2026-03-02-a.md")
    write_file(story, page_of("\n" * 200_000))
    start = time.process_time()
    assert len(whole_file(story)) == 200_004
    assert time.process_time() - start < 15
