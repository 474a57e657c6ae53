"""A sync, and an export, of a site in a folder, a working tree or a repository elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import yaml

from articles import desk
from articles.exporter import export_stories
from articles.models import Site, Story
from articles.storyfile.digest import digest_of
from articles.sync import begin, sync
from tests.benchmarks.front import front_matter
from tests.benchmarks.paging import publisher
from tests.benchmarks.timing import Seconds, clock

CHANGED = 50
"""Files that the robot changes between two syncs, and decisions that are exported."""

ROBOT = {"GIT_AUTHOR_NAME": "robot", "GIT_AUTHOR_EMAIL": "r@news.example",
         "GIT_COMMITTER_NAME": "robot", "GIT_COMMITTER_EMAIL": "r@news.example"}  # fmt: skip

Figures = dict[str, list[Seconds]]


def measure(content: Path, folder: Path, kind: str, rounds: int) -> Figures:
    """Seconds of every round. `content` is copied into `folder`, which keeps nothing of it."""
    place = folder / f"{kind}-{os.getpid()}"
    shutil.copytree(content, place)
    try:
        return _measure(place, kind, rounds)
    finally:
        shutil.rmtree(place)
        shutil.rmtree(_bare(place), ignore_errors=True)


def _measure(place: Path, kind: str, rounds: int) -> Figures:
    site = Site.objects.create(slug=kind, location=str(_repository(kind, place)))
    found: Figures = {"sync_first": [_seconds(lambda: sync(begin(site)))]}

    def note(name: str, seconds: Seconds) -> None:
        found.setdefault(name, []).append(seconds)

    for number in range(rounds):
        note("sync_read", _least(lambda: _read_and_hash(place), 3))
        note("sync_nothing", _seconds(lambda: sync(begin(site))))
        _change(place, number)
        if kind != "folder":
            _commit(place, push=kind == "remote")
        note("sync_changed", _seconds(lambda: sync(begin(site))))
        if kind == "folder":
            paths = _decide(site, place, number)
            note("export_plain", _seconds(lambda paths=paths: _dump(paths)))
            note("export", _seconds(lambda: _export(site, place)))
    return found


def _seconds(work: Callable[[], object]) -> Seconds:
    with clock() as time:
        work()
    return {"wall": time.wall, "cpu": time.cpu}


def _least(work: Callable[[], object], times: int) -> Seconds:
    found = [_seconds(work) for _ in range(times)]
    return {key: min(each[key] for each in found) for key in ("wall", "cpu")}


def _read_and_hash(place: Path) -> None:
    for path in sorted((place / "_news").iterdir()):
        digest_of(path.read_bytes())


def _decide(site: Site, place: Path, number: int) -> list[Path]:
    """Publish stories in one round, and take stories off in the next; where their files are."""
    able = Story.objects.filter(site=site, published__in=[number % 2 == 1])
    able = able.filter(is_lead__in=[True]).exclude(publish_gate=Story.Gate.BLOCKED)
    stories = list(able.exclude(path=None).newest_first()[:CHANGED])
    verb = desk.unpublish_many if number % 2 else desk.publish_many
    if not verb(stories, by=publisher()).done:
        raise LookupError(f"Nothing was decided on {len(stories)} stories.")
    return [place / "_news" / Path(story.path or "").name for story in stories]


def _dump(paths: list[Path]) -> None:
    """What YAML alone does to the same files; they are left as they were."""
    for path in paths:
        front = yaml.load(front_matter(path.read_bytes()), Loader=yaml.CSafeLoader)
        front["published"] = True
        text = yaml.dump(front, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
        path.with_suffix(".new").write_text(f"---\n{text}---\n", encoding="utf-8")
    for path in paths:
        path.with_suffix(".new").unlink()


def _export(site: Site, place: Path) -> None:
    report = export_stories(site, place)
    if report.problems or report.failure:
        raise LookupError(f"The export failed: {report.summary()}")


def _change(place: Path, number: int) -> None:
    paths = sorted((place / "_news").iterdir())
    step = max(1, len(paths) // CHANGED)
    for path in paths[number % step :: step][:CHANGED]:
        lines = path.read_bytes().split(b"\n")
        at = next(i for i, line in enumerate(lines) if line.startswith(b"excerpt:"))
        lines[at] = b'excerpt: "Rewritten by the robot, round %d."' % number
        path.write_bytes(b"\n".join(lines))


def _bare(place: Path) -> Path:
    return place.with_suffix(".git")


def _repository(kind: str, place: Path) -> Path:
    if kind == "folder":
        return place
    _git(place, "init", "--quiet", "--initial-branch=main")
    _commit(place, push=False)
    if kind == "tree":
        return place
    _git(place, "clone", "--quiet", "--bare", str(place), str(_bare(place)))
    _git(place, "remote", "add", "origin", str(_bare(place)))
    return _bare(place)


def _commit(place: Path, *, push: bool) -> None:
    _git(place, "add", "--all")
    _git(place, "commit", "--quiet", "--message", "Update news")
    if push:
        _git(place, "push", "--quiet", "origin", "main")


def _git(place: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=place, check=True, env={**os.environ, **ROBOT})
