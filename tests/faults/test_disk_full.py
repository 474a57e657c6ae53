"""A disk that fills up during an export: whole files, no scraps, and the next run ends it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from articles.exporter import pending_bytes
from articles.models import Story
from tests.exporter.conftest import Repository, change, stored
from tests.factories import make_site, make_story
from tests.processes import Processes

pytestmark = pytest.mark.django_db(transaction=True)

STORIES, ROOM, BALLAST = 12, "256k", 4096


def mounted(folder: Path) -> bool:
    """Whether a small disk of its own could be put there; that takes the rights to mount."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "none", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mounted(folder):
        pytest.skip("only an administrator can put a small disk there")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def repository(small_disk: Path) -> Repository:
    site = make_site()
    (small_disk / "_news").mkdir()
    (small_disk / "_config.yml").write_text('title: The harbour\nbaseurl: "/harbour"\n')
    return Repository(small_disk, site)


@pytest.fixture
def waiting(repository: Repository) -> list[Story]:
    """Stories that are to be written, each growing by several blocks of the disk."""
    stories = [make_story(repository.site, title=f"Story {n}") for n in range(STORIES)]
    repository.check_out()
    return [change(story, excerpt="more " * 3_000) for story in stories]


def fill(disk: Path) -> Path:
    """Take nearly all the room there is."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(b"x" * BALLAST)
            except OSError:
                break
        file.truncate(max(0, file.tell() - 12 * BALLAST))
    return ballast


def test_writes_whole_files_or_none_and_finishes_when_there_is_room(
    repository: Repository, waiting: list[Story], processes: Processes
) -> None:
    old = {story.pk: stored(story) for story in waiting}
    new = {story.pk: pending_bytes(story) for story in waiting}
    ballast = fill(repository.folder)

    full = processes.manage("export_stories", repository.folder, "--format", "json")

    assert full.returncode == 1, full.stdout + full.stderr
    report = json.loads(full.stdout)
    assert "disk is full" in report["failure"]
    assert 0 < report["written"] < STORIES
    assert report["written"] + report["pending"] == STORIES
    assert repository.left_over() == []
    for story in Story.objects.filter(pk__in=old):
        assert repository.read(story) == (old if story.pending else new)[story.pk]

    ballast.unlink()
    again = processes.manage("export_stories", repository.folder, "--format", "json")

    assert again.returncode == 0, again.stdout + again.stderr
    assert json.loads(again.stdout)["written"] == report["pending"]
    assert [repository.read(story) for story in waiting] == [new[s.pk] for s in waiting]
    assert not Story.objects.filter(pending=True).exists()
