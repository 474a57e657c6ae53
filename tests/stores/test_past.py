"""A branch on another day: which commit, read how often, and remembered how long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dulwich.objects import Commit, ObjectID
from dulwich.repo import Repo

from articles.stores.life import commit_of
from articles.stores.line import Line, Point, TooLongError
from articles.stores.past import Past, _Memory
from tests.gitting import Git, needs_git

pytestmark = needs_git

DAYS = (5, 20, 10, 12, 30, 25)
"""When the commits say they were made, the oldest first: two clocks went wrong."""


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    made = Git.new(tmp_path / "odd")
    for day in DAYS:
        commit(made, day, monkeypatch)
    return made


@pytest.fixture
def repo(git: Git) -> Iterator[Repo]:
    with Repo(str(git.folder)) as opened:
        yield opened


def commit(git: Git, day: int, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"2026-03-{day:02}T12:00:00Z")
    text = f"---\ntitle: Day {day}\npublishedDateTime: 2026-03-{day:02}T00:00:00Z\n---\n"
    git.write(f"_news/{day}.md", text.encode())
    return git.commit()


def line(repo: Repo, patience: float = 60.0) -> Line:
    return Line(repo, repo.refs[b"refs/heads/main"], time.monotonic() + patience)  # type: ignore[index]


@pytest.mark.parametrize("day", range(1, 32))
def test_names_the_commit_that_git_names(git: Git, repo: Repo, day: int) -> None:
    # Git counts a commit of that very second in, the desk does not: nobody commits at midnight.
    when = f"2026-03-{day:02}T00:00:00Z"
    named = git.run("rev-list", "-1", "--first-parent", f"--before={when}", "main").strip()
    point = line(repo).at(datetime(2026, 3, day, tzinfo=UTC))
    assert (point.commit if point else "") == named


def test_goes_along_the_first_parents(
    git: Git, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = git.head()
    git.run("checkout", "--quiet", "-b", "side")
    side = commit(git, 26, monkeypatch)
    git.run("checkout", "--quiet", "main")
    git.run("merge", "--quiet", "--no-ff", "--no-edit", "side")
    point = line(repo).named(git.head())
    assert point is not None
    assert (point.parent, point.child) == (before, "")
    assert line(repo).named(side) is None


def test_takes_over_what_it_knew_before_a_commit_came(
    git: Git, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    line(repo).first()
    commit(git, 31, monkeypatch)
    asked: list[ObjectID] = []

    def noted(repo: Repo, name: ObjectID) -> Commit:
        asked.append(name)
        return commit_of(repo, name)

    monkeypatch.setattr("articles.stores.line.commit_of", noted)
    first = line(repo).first()
    assert [name.decode() for name in asked] == [git.head(), first.commit]
    assert [p.commit for p in walked(repo)] == git.run("rev-list", "main").split()


def walked(repo: Repo) -> Iterator[Point]:
    point = line(repo).at(datetime(2027, 1, 1, tzinfo=UTC))
    while point is not None:
        yield point
        point = line(repo).named(point.parent) if point.parent else None


def test_ends_where_a_clone_ends(git: Git, tmp_path: Path) -> None:
    git.run("clone", "--quiet", "--depth=2", f"file://{git.folder}", str(tmp_path / "shallow"))
    with Repo(str(tmp_path / "shallow")) as shallow:
        first = line(shallow).first()
        assert (first.parent, first.child) == ("", git.head())


def test_stops_when_it_takes_too_long(git: Git, repo: Repo) -> None:
    with pytest.raises(TooLongError):
        line(repo, patience=-1).at(datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(TooLongError):
        line(repo, patience=-1).named("0" * 40)


def test_asks_every_file_once(git: Git, repo: Repo) -> None:
    head = repo.refs[b"refs/heads/main"]  # type: ignore[index]
    found = Past(repo, head, 10_000, 60).live(head.decode())
    assert sorted(int(file.path[6:-3]) for file in found) == sorted(DAYS)
    again = Past(repo, head, 10_000, -1).live(head.decode())
    assert again == found


def test_reads_no_file_over_the_limit(git: Git, repo: Repo) -> None:
    git.write("_news/long.md", b"---\ntitle: Long\n---\n" + b"x" * 600)
    head = ObjectID(git.commit().encode())
    assert all(
        file.path != "_news/long.md" for file in Past(repo, head, 500, 60).live(head.decode())
    )


def test_forgets_what_nobody_asked_for_longest() -> None:
    memory, (one, two, three) = _Memory(2), (digit * 40 for digit in (b"1", b"2", b"3"))
    memory.put(one, "hidden")
    memory.put(two, "undated")
    assert memory.get(one) == "hidden"
    memory.put(three, "hidden")
    assert (memory.get(one), memory.get(two), memory.get(three)) == ("hidden", None, "hidden")
