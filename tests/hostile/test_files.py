"""Each invented file by itself: what is read, what is doubted, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from articles.checker import FileCheck, check_repository
from articles.repository import open_repository
from articles.storyfile.edits import apply_edit
from articles.storyfile.errors import EditRefused
from articles.storyfile.reader import StoryReader
from articles.storyfile.record import ImageRecord, StoryRecord
from tests.hostile.cases import ACCEPTED, CASES, REFUSED, Case


def write_all(folder: Path) -> Path:
    """The invented files as a repository."""
    (folder / "_news").mkdir(parents=True)
    (folder / "_config.yml").write_text("title: Odd files\nbaseurl: /odd\n")
    for case in CASES:
        (folder / case.path).write_bytes(case.data)
    return folder


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FileCheck]:
    repository = open_repository(write_all(tmp_path_factory.mktemp("odd") / "odd"))
    return {check.path: check for check in check_repository(repository)}


def test_gives_every_case_a_file_of_its_own() -> None:
    assert len({case.path for case in CASES}) == len({case.id for case in CASES}) == len(CASES)
    assert len(CASES) > 100


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case.id)
def test_accepts_a_file_with_exactly_the_doubts_it_deserves(
    checks: dict[str, FileCheck], case: Case
) -> None:
    check = checks[case.path]
    found = {finding.code for finding in check.findings}

    assert (check.outcome, found) == (
        "accept-sanitised" if case.issues else "accept",
        set(case.issues),
    )
    assert {name: check.fields[name] for name in case.fields} == case.fields
    assert check.publish == (case.publish or check.publish)
    assert check.locked == (check.locked if case.locked is None else case.locked)
    assert check.href == (check.href if case.href == "unchecked" else case.href)
    assert check.export_identical
    assert all(finding.message for finding in check.findings)


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.id)
def test_refuses_a_file_with_reason_and_place(checks: dict[str, FileCheck], case: Case) -> None:
    check = checks[case.path]

    assert check.outcome == "reject", check.findings
    (finding,) = check.findings
    assert finding.code == case.error
    assert case.line is None or finding.line == case.line
    assert finding.message.isprintable()


CHANGES: tuple[dict[str, Any], ...] = (
    {"published": True},
    {"published": False},
    {"title": "Zebra: crossing #1\t\u2028"},
    {"excerpt": ""},
    {"heat": -1, "quality": 5},
    {"kind": "video", "removed": True},
    {"published_at": datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)},
    {"web_url": "https://other.example/a b", "amp_url": ""},
    {"topics": ["- x", "y: z", "#"]},
    {"images": [ImageRecord("https://img.example/n.png", 3, 4, 'A "title"')]},
)


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case.id)
def test_edits_exactly_what_was_meant_or_refuses(case: Case) -> None:
    before = StoryReader().read(case.data)
    for changes in CHANGES:
        try:
            data = apply_edit(case.data, changes)
        except EditRefused:
            continue
        after = StoryReader().read(data)
        for name in StoryRecord.__slots__:
            if name in changes:
                wanted = changes[name]
                wanted = tuple(wanted) if isinstance(wanted, list) else wanted
                assert getattr(after, name) == wanted, changes
            elif name not in {"issues", "notes", "publish", "locked", "vocabulary"}:
                assert getattr(after, name) == getattr(before, name), changes


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case.id)
def test_can_write_a_decision_about_every_story_without_doubts_or_locks_it(case: Case) -> None:
    story = StoryReader().read(case.data)
    if story.locked or story.issues:
        return
    for changes in ({"published": not story.published}, {"removed": True}, {"heat": -5}):
        assert apply_edit(case.data, changes) != case.data


def test_takes_no_second_for_any_of_them(checks: dict[str, FileCheck]) -> None:
    assert [check.path for check in checks.values() if check.seconds > 1] == []
