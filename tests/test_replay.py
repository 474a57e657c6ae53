"""A robot that rewrites the repository while editors decide: nothing is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from articles.models import Release, Story
from tests.gitting import Git, needs_git
from tests.replay.grounds import Folder, Server
from tests.replay.history import commits
from tests.replay.play import Pace, final_state, play, steps
from tests.replay.robot import Robot

pytestmark = [pytest.mark.django_db, needs_git]

COMMITS = 48


def test_loses_no_decision_and_follows_the_robot_in_the_rest(tmp_path: Path, chief: User) -> None:
    commits = steps(Robot(1).commits(COMMITS))
    outcome = play(commits, Folder(tmp_path), chief, 1, Pace(check=2))

    assert outcome.ledger.lost == []
    assert outcome.ledger.decisions > 20
    assert outcome.counts["conflict"] > 0
    assert outcome.written > 0


def test_does_not_care_how_the_commits_were_batched(tmp_path: Path, chief: User) -> None:
    states = []
    for batch in (1, 12):
        with transaction.atomic():
            commits = steps(Robot(2, careful=True).commits(COMMITS))
            pace = Pace(batch=batch, editors=12, acts=6, check=12)
            play(commits, Folder(tmp_path / str(batch)), chief, 2, pace)
            states.append(final_state())
            transaction.set_rollback(True)

    assert states[0] == states[1]
    assert any(story["conflict"] for story in states[0].values())


def test_plays_in_a_repository_to_which_releases_are_pushed(tmp_path: Path, chief: User) -> None:
    commits = steps(Robot(5).commits(COMMITS))
    pace = Pace(batch=3, editors=6, release=12, check=2)
    outcome = play(commits, Server(tmp_path / "content"), chief, 5, pace)

    assert outcome.ledger.lost == []
    assert outcome.written > 0
    assert Release.objects.filter(takes_back__isnull=False).exists()


def test_notices_what_is_lost(tmp_path: Path, chief: User) -> None:
    ground = Folder(tmp_path)
    outcome = play(steps(Robot(1).commits(12)), ground, chief, 1, Pace())
    decided = Story.objects.get(pk=next(pk for pk, said in outcome.ledger.values.items() if said))
    other = {"title": "Lost", "excerpt": "Lost", "published": not decided.published}
    Story.objects.filter(pk=decided.pk).update(**other)
    Story.objects.update(coverage=None)
    places = [place for place in (tmp_path / "_news").iterdir() if place.is_file()]
    tree = {f"_news/{place.name}": place.read_bytes() for place in places}
    outcome.ledger.check(tree, "now")

    assert any("Lost" in words for words in outcome.ledger.lost)
    assert any("the files" in words for words in outcome.ledger.lost)


def test_reads_what_real_histories_hold(tmp_path: Path) -> None:
    git = Git.new(tmp_path / "odd")
    git.commit("First", **{"README.md": b"hello\n"})
    odd = git.folder / "_news" / os.fsdecode(b"caf\xe9.md")
    odd.parent.mkdir()
    odd.write_bytes(b"---\r\ntitle: a\r\n---\r\n")
    (git.folder / "_news" / "link.md").symlink_to("../README.md")
    git.commit("Second")
    git.run("update-index", "--add", "--cacheinfo", f"160000,{git.head()},_news/other")
    (git.folder / "_news" / "other").mkdir()
    odd.chmod(0o755)
    git.run("commit", "--quiet", "--all", "--message", "Third")
    git.run("checkout", "--quiet", "-b", "side", "HEAD^")
    git.commit("Side", **{"_news/side.md": b"---\ntitle: b\n---\n"})
    git.run("checkout", "--quiet", "main")
    git.run("commit", "--quiet", "--allow-empty", "--message", "Nothing")
    git.run("merge", "--quiet", "--no-edit", "side")
    git.run("rm", "--quiet", "--cached", "_news/other")
    git.run("mv", "_news/side.md", "_news/moved.md")
    git.run("commit", "--quiet", "--message", "Moved")
    found = list(commits(git.folder))
    folder = Folder(tmp_path / "laid")
    for changes in found:
        folder.write(changes)

    assert [sorted(changes) for changes in found] == [
        ["README.md"], ["_news/caf\\xe9.md", "_news/link.md"], ["_news/caf\\xe9.md", "_news/other"],
        [], ["_news/side.md"], ["_news/moved.md", "_news/other", "_news/side.md"],
    ]  # fmt: skip
    laid = tmp_path / "laid" / "_news"
    assert sorted(os.fsencode(place.name) for place in laid.iterdir()) == [
        b"caf\xe9.md", b"link.md", b"moved.md",
    ]  # fmt: skip
    assert (laid / odd.name).read_bytes() == odd.read_bytes()
    assert ((laid / odd.name).stat().st_mode & 0o777, (laid / "link.md").is_symlink()) == (
        0o755,
        True,
    )
