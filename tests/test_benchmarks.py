"""The benchmarks run from end to end, and what they import is real content. Nothing is timed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
import yaml
from django.db import connection

from articles.importer import import_repository
from articles.models import Story, StoryProblem
from articles.repository import open_repository
from articles.rules import HeatRule
from articles.storyfile.reader import StoryReader, split
from tests.benchmarks.board import Line, quotient
from tests.benchmarks.clone import clone, group_sizes
from tests.benchmarks.front import front_matter, story_files
from tests.benchmarks.plan import STEPS, Promise, Step
from tests.benchmarks.report import Goal, goal_lines

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "articles" / "demo"
FILES = 30


@pytest.fixture(scope="module")
def cloned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("clone") / "content"
    clone(DEMO, target, FILES)
    return target


def test_clones_as_many_stories_as_were_asked_for(cloned: Path) -> None:
    paths = story_files(cloned)
    assert len(paths) == FILES
    urls = [StoryReader().read(path.read_bytes()).url for path in paths]
    assert len(set(urls)) == FILES


def test_clones_the_same_bytes_again(cloned: Path, tmp_path: Path) -> None:
    clone(DEMO, tmp_path / "again", FILES)
    again = story_files(tmp_path / "again")
    assert [p.name for p in again] == [p.name for p in story_files(cloned)]
    assert all(
        one.read_bytes() == other.read_bytes()
        for one, other in zip(again, story_files(cloned), strict=True)
    )


def test_clones_files_that_follow_the_rule_of_heat(cloned: Path) -> None:
    rule = HeatRule()
    for path in story_files(cloned):
        story = StoryReader().read(path.read_bytes())
        entries = [entry.quality or 0 for entry in story.related]
        assert entries == sorted(entries, reverse=True)
        if story.heat != -1:
            assert story.heat == rule.heat(story.quality, len(entries))
        assert story.published == rule.publishes(story.heat)


def test_clones_files_that_yaml_reads_as_the_reader_does(cloned: Path) -> None:
    for path in story_files(cloned):
        data = path.read_bytes()
        front = yaml.safe_load(front_matter(data))
        story = StoryReader().read(data)
        assert front["title"] == story.title
        assert len(front.get("related") or ()) == len(story.related) == len(split(data).blocks)


def test_gives_groups_the_sizes_of_real_ones() -> None:
    sizes = list(group_sizes(2_000, Random(1)))
    assert sum(sizes) == 2_000
    assert max(sizes) == 150
    entries = sum(size * (size - 1) for size in sizes)
    assert 25 < entries / 2_000 < 40
    assert max(group_sizes(FILES, Random(1))) == FILES // 6


@pytest.mark.django_db(transaction=True)
def test_clones_content_that_imports_without_a_doubt(cloned: Path) -> None:
    report = import_repository(open_repository(str(cloned)))
    assert report.counts.created == FILES
    assert report.counts.embedded == report.counts.refused == 0
    assert not StoryProblem.objects.exclude(code__startswith="featured.").exists()
    assert Story.objects.filter(related_count__gt=0).exists()


once = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="A file of its own on any database: once is enough."
)


def run(*arguments: str) -> str:
    """The benchmark's output, on a database file of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", *arguments],
        cwd=ROOT,
        env={"PATH": "", "DATABASE_URL": ""},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


@once
def test_measures_the_import_from_end_to_end() -> None:
    found = json.loads(run("import", "--clone", str(FILES), "--rounds", "1", "--format", "json"))
    assert found["content"]["files"] == FILES
    assert found["naive_files"] == FILES
    steps = found["steps"]
    assert steps["import"][0]["counts"]["created"] == FILES
    assert steps["again"][0]["counts"]["unchanged"] == FILES
    assert steps["one_changed"][0]["counts"]["updated"] == 1
    assert steps["naive"][0]["counts"]["stories"] == FILES
    assert steps["naive"][0]["counts"]["links"] == found["content"]["entries"]
    assert steps["export"][0] == {**steps["export"][0], "files": FILES, "identical": FILES}
    assert all(goal["measured"] is not None for goal in found["goals"])


@once
def test_measures_lists_from_end_to_end() -> None:
    found = json.loads(
        run(*("lists", "--sizes", "60,120", "--rounds", "1", "--times", "1", "--format", "json"))
    )
    small, large = (found["sizes"][size][0] for size in ("60", "120"))
    assert (small["stories"], large["stories"]) == (60, 120)
    assert all(found["row_queries"] <= 4 for found in large["lists"].values())
    assert large["lists"]["newest"]["rows"] == 50


@once
def test_measures_everything_as_one_table(tmp_path: Path) -> None:
    few = ("--sizes", "500", "--databases", "sqlite", "--clone", str(FILES), "--rounds", "1")
    brief = ("--times", "1", "--naive-sample", "9", "--keep", str(tmp_path), "--format", "json")
    found = json.loads(run("all", *few, *brief))
    assert list(found["figures"]) == ["SQLite 0", "SQLite 500"]
    measured = [line for line in found["lines"] if line["values"]["SQLite 500"] is not None]
    assert len(measured) == len(found["lines"])
    growing = sum(not ratio.over for step in STEPS for ratio in step.ratios)
    assert len(measured) == len(STEPS) + sum(len(step.ratios) for step in STEPS) - growing
    assert found["figures"]["SQLite 0"]["identical"] == [{"value": 100}]
    assert found["figures"]["SQLite 500"]["row_queries"][0]["value"] <= 4
    assert len(list(tmp_path.glob("template_500_*.sqlite3"))) == 1


def test_has_a_row_for_every_numbered_goal() -> None:
    numbers = {p.number for step in STEPS for p in promises_of(step)}
    assert numbers >= {"1", "2", "2b", "3", "3b", "4", "5", "5b", *map(str, range(6, 16))}


def test_judges_a_row_by_the_columns_its_promises_concern() -> None:
    promises = (Promise("8", 40, at_least=True, database="SQLite", least=1_000),)
    values = {("SQLite", 10): 3.0, ("SQLite", 1_000): 50.0, ("PostgreSQL", 1_000): 1.0}
    assert Line("a", promises, values).verdict() == "holds"
    values["SQLite", 2_000] = 30.0
    assert Line("a", promises, values).verdict() == "**does not hold**: SQLite 2,000"
    good = {("SQLite", 2_000): 41.0}
    assert "processor time does" in Line("a", promises, values, good).verdict()
    assert Line("a", promises, {("PostgreSQL", 1_000): 1.0}).verdict() == "not measured"
    assert Line("a", (), values).verdict() == ""


def test_takes_the_median_of_the_ratios_of_rounds() -> None:
    ones = [{"wall": wall, "cpu": 1.0} for wall in (1.0, 4.0, 9.0)]
    others = [{"wall": wall, "cpu": 2.0} for wall in (1.0, 2.0, 3.0)]
    assert quotient(ones, others, "wall") == 2
    assert quotient(ones, others[:1], "wall") == 4
    assert quotient([{"value": 3}], [{"value": 2}], "wall") == 1.5


def promises_of(step: Step) -> list[Promise]:
    """Everything promised of a step."""
    return [*step.promises, *(p for ratio in step.ratios for p in ratio.promises)]


def test_says_whether_a_goal_holds() -> None:
    held, missed, unknown = (
        Goal("a", 0.2, 0.25),
        Goal("b", 30, 40, at_least=True),
        Goal("c", None, 1),
    )
    assert [goal.holds for goal in (held, missed, unknown)] == [True, False, None]
    lines = goal_lines([held, missed, unknown])
    assert [line.split("|")[-2].strip() for line in lines[2:]] == [
        "holds",
        "does not hold",
        "not measured",
    ]
