"""Real content: the site that is built equals the real site's own output, object for object."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

pytestmark = [pytest.mark.django_db, pytest.mark.corpus]

OBJECTS = 476


def pages(news: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every page below a `page` folder and every first page, by its path."""
    for folder in (news, *sorted(path.parent for path in news.glob("*/page"))):
        for path in (folder / "index.json", *sorted(folder.glob("page/*/index.json"))):
            yield str(path.relative_to(news)), json.loads(path.read_text())


def comparable(story: dict[str, Any]) -> dict[str, Any]:
    """Instants as instants: the real output writes them in more than one way."""
    instants = ("publishedDateTime", "updatedDateTime")
    found = {key: datetime.fromisoformat(story[key]) for key in instants if story[key]}
    return {**story, **found}


def ordered(page: dict[str, Any]) -> list[dict[str, Any]]:
    """The stories of a page; the order of those of the same instant is free."""
    stories = [comparable(story) for story in page["value"]]
    instants = [story["publishedDateTime"] for story in stories]
    assert instants == sorted(instants, reverse=True)
    return sorted(stories, key=lambda story: (story["publishedDateTime"], story["path"]))


def test_builds_what_the_real_site_serves(corpus: Path, tmp_path: Path) -> None:
    archive = corpus / "corpus" / "powerapps.tar.xz"
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    call_command("import_stories", str(archive), verbosity=0)
    call_command("build_site", str(tmp_path / "out"), site="powerapps", verbosity=0)
    real = dict(pages(tmp_path / "powerapps/api/news"))
    built = dict(pages(tmp_path / "out/api/news"))
    assert real.keys() <= built.keys()
    count = 0
    for path, page in real.items():
        ours = built[path]
        assert (list(ours), ours["page"], ours["nextPage"]) == (
            ["page", "value", "nextPage"],
            page["page"],
            page["nextPage"],
        )
        assert [list(story) for story in ours["value"]] == [list(s) for s in page["value"]]
        assert ordered(ours) == ordered(page), path
        count += len(page["value"]) if "page/" in path else 0
    assert count == OBJECTS
    assert {path for path in built if path.startswith("page/")} == {
        path for path in real if path.startswith("page/")
    }
