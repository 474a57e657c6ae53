"""Real history: the front page of many days is what git and a plain YAML reader make of it."""

from __future__ import annotations

import io
import random
import subprocess
import tarfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from articles.front_history import Asked, page_then
from articles.models import Site
from tests.gitting import Git, needs_git

pytestmark = [pytest.mark.django_db, pytest.mark.corpus, needs_git]

DAYS = 8


@pytest.fixture(scope="module")
def history(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Git:
    bundle = next(iter(sorted(corpus.glob("corpus/*-history.bundle"))), None)
    if bundle is None:
        pytest.skip("the corpus holds no history")
    folder = tmp_path_factory.mktemp("history") / "repo"
    words = ["git", "clone", "--quiet", "--branch", "main", str(bundle), str(folder)]
    subprocess.run(words, check=True, capture_output=True)
    return Git(folder)


def some_days(git: Git) -> list[date]:
    """Days between the first commit and the newest, the same in each run."""
    seconds = [int(line) for line in git.run("log", "--format=%ct", "main").split()]
    first, last = (
        datetime.fromtimestamp(each, UTC).date() for each in (min(seconds), max(seconds))
    )
    chosen = random.Random(5)
    return [first + timedelta(days=chosen.randrange((last - first).days)) for _ in range(DAYS)]


def told(git: Git, commit: str) -> Iterator[tuple[datetime, str, str]]:
    """The live stories of a commit, as PyYAML reads them."""
    packed = git.run("archive", commit, "_news").encode(errors="surrogateescape")
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        for member in files:
            data = files.extractfile(member) if member.name.endswith(".md") else None
            if data is not None:
                said: dict[str, Any] = yaml.safe_load(data.read().decode().split("\n---")[0])
                if said.get("published") is not False:
                    yield moment(said["publishedDateTime"]), member.name, said["title"]


def moment(value: str | datetime) -> datetime:
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def test_shows_what_git_and_yaml_say(history: Git) -> None:
    site = Site.objects.create(slug="history", location=str(history.folder))
    for day in some_days(history):
        before = f"--before={day}T23:59:59Z"
        commit = history.run("rev-list", "-1", "--first-parent", before, "main").strip()
        wanted = sorted(told(history, commit), reverse=True)
        past = page_then(site, Asked(day))
        assert past is not None
        assert past.point is not None
        shown = [(r.shown.published_at, r.shown.id, r.shown.title) for r in past.rows]
        assert (past.point.commit, past.total, shown) == (commit, len(wanted), wanted[:25])
