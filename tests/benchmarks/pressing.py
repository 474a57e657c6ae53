"""The browser's part of `keypress`: collected only when it is named."""

from __future__ import annotations

import statistics
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page

from articles.models import Story
from articles.rules import Queue
from tests.benchmarks.keypress import MEASURE, PRESSES, STORIES
from tests.browser.conftest import browser_type_launch_args, open_desk  # noqa: F401
from tests.crowd import make_crowd


@pytest.fixture
def newsroom(transactional_db: None, make_user: Callable[..., User]) -> dict[str, User]:
    make_crowd(STORIES, queue=Queue.INBOX, recent=True, quality=60, heat=60)
    return {"publisher": make_user("publisher")}


def test_paints_the_next_row_at_once(open_desk: Callable[..., Page]) -> None:  # noqa: F811
    page = open_desk()
    page.goto("/stories/?queue=inbox")
    for name, key in (("move", "j"), ("decline and advance", "x")):
        times = [float(page.evaluate(MEASURE, key)) for _ in range(PRESSES)]
        rows = page.locator("#rows tr.row").count()
        p95 = statistics.quantiles(times, n=20)[-1]
        print(  # noqa: T201
            f"{name}: median {statistics.median(times):.0f} ms, p95 {p95:.0f} ms,"
            f" {Story.objects.count():,} stories, {rows} rows on the page"
        )
