"""The benchmark of suggestions: its figures, and the way through the real code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.gold import measure, names_of
from tests.benchmarks.scoring import bcubed, pair_precision, recall_and_mrr
from tests.laws import tried

LABELS = {"a": "1", "b": "1", "c": "2", "d": "2", "e": "3", "x": None}
PERFECT = {"a": [("b", 0.9)], "b": [("a", 0.9)], "c": [("d", 0.5)], "d": [("c", 0.5)]}


def test_perfect_rankings_have_perfect_figures() -> None:
    assert recall_and_mrr(LABELS, PERFECT, 5) == (1.0, 1.0)
    assert pair_precision(LABELS, PERFECT) == 1.0
    assert bcubed(LABELS, {"a": "g", "b": "g", "c": "h", "d": "h"}) == 1.0


def test_errors_cost_what_the_definitions_say() -> None:
    ranked = {"a": [("x", 0.9), ("c", 0.8), ("b", 0.7)]}
    recall, mrr = recall_and_mrr(LABELS, ranked, 5)
    assert recall == pytest.approx(1 / 4)
    assert mrr == pytest.approx(1 / 3 / 4)
    assert pair_precision(LABELS, ranked) == pytest.approx(1 / 2 / 2)
    assert bcubed(LABELS, dict.fromkeys("abcde", "g")) == pytest.approx(2 * 0.36 / 1.36)


def test_of_several_stories_with_one_id_the_last_has_the_label() -> None:
    assert names_of([{"id": "a"}, {"id": "b"}, {"id": "a"}]) == ["a (line 1)", "b", "a"]
    strange = {**PERFECT, "a (line 1)": [("b", 1.0), ("c", 1.0)]}
    assert pair_precision(LABELS, strange) == 1.0
    assert recall_and_mrr(LABELS, strange, 5) == (1.0, 1.0)
    assert bcubed(LABELS, {"a": "g", "b": "g", "c": "h", "d": "h", "a (line 1)": "h"}) == 1.0


@given(st.dictionaries(st.sampled_from("abcde"), st.sampled_from("gh")))
@tried(25)
def test_groups_score_between_nothing_and_all(groups: dict[str, str]) -> None:
    assert 0 < bcubed(LABELS, groups) <= 1


@pytest.mark.django_db
def test_labelled_stories_go_through_the_real_code(tmp_path: Path) -> None:
    lines = [
        ("a", "Ferry pilot paused after yacht nudge", "2026-03-02", "one.example", "1"),
        ("b", "Yacht nudged: ferry pilot paused", "2026-03-02", "www.two.example", "1"),
        *((f"x{n}", f"Council votes on home {n}", None, None, None) for n in range(6)),
    ]
    names = ("id", "title", "date", "provider", "cluster")
    gold = tmp_path / "gold.jsonl"
    rows = [{**dict(zip(names, line, strict=True)), "excerpt": None} for line in lines]
    gold.write_text("\n".join(map(json.dumps, rows)))
    suggested, grouped = tmp_path / "suggested.jsonl", tmp_path / "grouped.jsonl"
    assert measure(gold, suggested, grouped)["ms"] > 0
    found = [json.loads(line) for line in suggested.read_text().splitlines()]
    assert next(line["related"][0][0] for line in found if line["id"] == "a") == "b"
    groups = {
        line["id"]: line["cluster"] for line in map(json.loads, grouped.read_text().splitlines())
    }
    assert groups["a"] == groups["b"]
