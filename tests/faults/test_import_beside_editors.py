"""An import runs while editors click: no click is lost, nobody gets a page of mistakes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from articles.models import Change, Story
from tests.importer.newsroom import Checkout
from tests.processes import Processes

pytestmark = pytest.mark.django_db(transaction=True)

STORIES, WORKERS = 240, 4
EDITIONS = ("Second edition", "The third edition", "A fourth edition")
TOLD = {200, 302, 409, 503}
"""Done, done, somebody was first, another save is running."""


def write_all(checkout: Checkout, edition: str, **fields: Any) -> None:
    for number in range(STORIES):
        mates = [f"n{n:03}" for n in range(STORIES) if n // 3 == number // 3 and n != number]
        checkout.write(f"n{number:03}", mates, quality=number % 90, title=edition, **fields)


def test_loses_no_click(
    checkout: Checkout, processes: Processes, make_user: Callable[[str], User], tmp_path: Path
) -> None:
    make_user("publisher")
    write_all(checkout, "First edition")
    checkout.run()
    stop = tmp_path / "stop"

    with processes.shared():
        editors = processes.start("-m", "tests.faults.clicks", WORKERS, stop)
        assert editors.stdout is not None
        assert editors.stdout.readline() == "ready\n"
        for edition in EDITIONS:
            write_all(checkout, edition, heat=len(edition))
            imported = processes.wait(
                processes.start("-m", "tests.importer.child", "import", checkout.root)
            )
            assert imported.returncode == 0, imported.stderr
        stop.touch()
        worked = processes.wait(editors)

    assert worked.returncode == 0, worked.stderr
    clicks = json.loads(worked.stdout)
    assert {click["status"] for click in clicks} <= TOLD, [c for c in clicks if c["status"] >= 500]
    assert len([c for c in clicks if c["status"] == 302]) > WORKERS
    assert_every_answer_is_true(clicks)
    untouched = Story.objects.exclude(pk__in={click["story"] for click in clicks})
    assert set(untouched.values_list("title", flat=True)) <= {EDITIONS[-1]}


def assert_every_answer_is_true(clicks: list[dict[str, Any]]) -> None:
    """What the desk said was done is in the log, and the last of it in the story."""
    titles: dict[int, str] = {}
    live: dict[int, bool] = {}
    for click in clicks:
        if click["status"] == 302 and click["kind"] == "edit":
            titles[click["story"]] = click["value"]
            logged = Change.objects.filter(story=click["story"], after__title=click["value"])
            assert logged.count() == 1, click
        elif click["status"] == 302 and click["kind"] == "decide":
            live[click["story"]] = click["value"]
    for pk, title in titles.items():
        assert Story.objects.get(pk=pk).title == title
    decided = Story.objects.filter(pk__in=live).exclude(decision="")
    for story in decided:
        assert story.published is (story.decision == Story.Decision.PUBLISHED)
