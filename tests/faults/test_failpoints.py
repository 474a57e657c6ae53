"""The places where a test may kill the process: inert elsewhere, and each of them tried."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.test import override_settings

from articles.failpoints import around_commit, reached

ROOT = Path(__file__).resolve().parents[2]


@override_settings(NEWSDESK_TESTING=False)
def test_kills_nobody_outside_of_tests(monkeypatch: Any) -> None:
    for name in ("export_renamed", "decision_before_commit"):
        monkeypatch.setenv("NEWSDESK_FAILPOINT", name)
        reached(name)
        around_commit("decision")


def test_is_tried_wherever_there_is_one() -> None:
    named = set()
    for source in (ROOT / "articles").rglob("*.py"):
        text = source.read_text(encoding="utf-8")
        named |= set(re.findall(r'reached\("(\w+)"\)', text))
        named |= {f"{name}_{{when}}_commit" for name in re.findall(r'around_commit\("(\w+)', text)}
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    assert len(named) > 10
    assert sorted(name for name in named if name not in tests) == []
