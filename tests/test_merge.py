"""Three versions of a story made one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.merge import Items, edit_of, edited_again, merged_items, three_way
from tests.laws import tried

FIELDS = ("title", "heat", "topics")
TOPICS = Items(key=str.casefold, same=lambda one, other: True)
PICTURES = Items(key=lambda image: image["url"])

words = st.sampled_from("abcd")
lists = st.lists(words, unique=True, max_size=4)
versions = st.fixed_dictionaries({"title": words, "heat": st.integers(0, 3), "topics": lists})
owned = st.sets(st.sampled_from(FIELDS))


def merge(base: Any, file: Any, desk: Any, edited: Any = (), **known: Any) -> Any:
    return three_way(base, file, desk, edited=edited, lists={"topics": TOPICS}, **known)


def follow(base: Any, files: Any, desk: Any, edited: Any) -> Any:
    """The merge after reading one file after the other."""
    remembered: Any = {}
    for file in files:
        merged = merge(base, file, desk, edited, remembered=remembered)
        base, desk, remembered = file, merged.values, merged.bases
    return merged


@pytest.mark.parametrize(
    ("base", "file", "desk", "merged", "collides"),
    [
        ("a", "a", "a", "a", False),
        ("a", "a", "b", "b", False),
        ("a", "b", "b", "b", False),
        ("a", "b", "c", "c", True),
        ("b", "a", "b", "b", True),
    ],
)
def test_keeps_what_a_person_edited(
    base: str, file: str, desk: str, merged: str, collides: bool
) -> None:
    found = three_way({"title": base}, {"title": file}, {"title": desk}, edited=["title"])

    assert found.values == {"title": merged}
    assert bool(found.collisions) is collides


def test_follows_the_file_where_nobody_edited() -> None:
    found = merge({"title": "a", "heat": 1}, {"title": "b", "heat": 2}, {"title": "c", "heat": 1})

    assert found.values == {"title": "b", "heat": 2}
    assert (found.bases, found.collisions) == ({}, ())


def test_takes_a_field_that_no_file_said_before_for_a_collision() -> None:
    found = three_way({}, {"title": "file"}, {"title": "desk"}, edited=["title"])

    assert (found.values["title"], found.collisions) == ("desk", ("title",))


def test_does_not_ask_where_the_desk_always_wins() -> None:
    found = three_way(
        {"title": "a"}, {"title": "b"}, {"title": "c"}, edited=["title"], always=["title"]
    )

    assert (found.values, found.bases, found.collisions) == ({"title": "c"}, {}, ())


@given(versions, versions, versions, owned)
@tried()
def test_says_the_same_when_asked_twice(base: Any, file: Any, desk: Any, edited: Any) -> None:
    once = merge(base, file, desk, edited)
    again = merge(file, file, once.values, edited, remembered=once.bases)

    assert again == once


@given(versions, st.lists(versions, min_size=1, max_size=5), versions, owned)
@tried()
def test_does_not_care_in_how_many_steps_the_file_moved(
    base: Any, files: Any, desk: Any, edited: Any
) -> None:
    assert follow(base, files, desk, edited) == follow(base, files[-1:], desk, edited)


@given(versions, st.lists(versions, max_size=5), versions, owned)
@tried()
def test_is_as_before_when_the_file_comes_back(
    base: Any, files: Any, desk: Any, edited: Any
) -> None:
    back = follow(base, [*files, base], desk, edited)

    assert not back.collisions
    assert back.values == {n: desk[n] if n in edited else base[n] for n in FIELDS}


@given(versions, versions, owned)
@tried()
def test_agrees_with_a_file_that_says_what_the_desk_says(base: Any, desk: Any, edited: Any) -> None:
    found = merge(base, desk, desk, edited)

    assert (found.values, found.collisions) == (desk, ())


@given(lists, lists, lists)
@tried()
def test_never_loses_a_persons_item(base: Any, desk: Any, file: Any) -> None:
    merged = merged_items(edit_of(base, desk), file, TOPICS)

    assert merged is not None
    assert set(merged) == (set(file) | set(desk) - set(base)) - (set(base) - set(desk))


def test_keeps_the_persons_order_before_what_is_new_in_the_file() -> None:
    edit = edit_of(["a", "b", "c"], ["c", "x", "a"])

    assert merged_items(edit, ["n", "a", "b", "c"], TOPICS) == ["c", "x", "a", "n"]


def test_takes_the_files_spelling_of_an_item_nobody_touched() -> None:
    assert merged_items(edit_of(["Azure"], ["Azure", "b"]), ["azure"], TOPICS) == ["azure", "b"]


def test_cannot_merge_an_item_that_both_changed() -> None:
    narrow, wide, huge = ({"url": "u", "width": width} for width in (1, 2, 3))

    assert merged_items(edit_of([narrow], [wide]), [narrow], PICTURES) == [wide]
    assert merged_items(edit_of([narrow], [wide]), [wide], PICTURES) == [wide]
    assert merged_items(edit_of([narrow], [wide]), [huge], PICTURES) is None
    assert merged_items(edit_of([narrow], [wide]), [], PICTURES) == [wide]


@given(lists, lists, lists, lists, lists)
@tried()
def test_counts_both_edits_of_one_list(
    base: Any, first: Any, file: Any, second: Any, later: Any
) -> None:
    edit = edit_of(base, first)
    shown = merged_items(edit, file, TOPICS)
    again = edited_again(edit, file, second, TOPICS)
    merged = merged_items(again, later, TOPICS)

    assert merged_items(again, file, TOPICS) == second
    assert shown is not None
    assert merged is not None
    # Who takes back their own first edit of an item leaves it to the file again.
    added = (set(first) - set(base)) & set(second) | set(second) - set(shown) - set(file)
    own = set(first) - set(base) - set(file)
    removed = (set(base) - set(first)) - set(second) | set(shown) - set(second) - own
    assert added <= set(merged)
    assert not removed & set(merged)
