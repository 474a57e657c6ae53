"""A folder, a working tree and a remote: read, written whole, and never over somebody's work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from articles.stores import Author, MovedError, Planned, Store, StoreError, open_store
from tests.gitting import Git, needs_git

pytestmark = needs_git

ONE = b'---\ntitle: "One"\npublished: false\n---\n'
TWO = b'---\ntitle: "Two"\npublished: false\n---\n'
LIVE = ONE.replace(b"false", b"true")
AUTHOR = Author("The desk", "desk@news.example", datetime(2026, 3, 1, 12, tzinfo=UTC))
PATH = b"_news/2026-01-01-one.md"
PLAN = (Planned(PATH, ONE, LIVE), Planned(b"_news/2026-01-03-new.md", None, TWO))

Opener = Callable[[Path | str], Store]


@pytest.fixture
def robot(tmp_path: Path) -> Git:
    made = Git.new(tmp_path / "robot")
    made.write("_config.yml", b'baseurl: "/harbour"\n')
    made.write("_news/2026-01-01-one.md", ONE)
    made.write("_news/2026-01-02-two.md", TWO)
    made.write("_news/deeper/2026-01-02-two.md", TWO)
    made.write("_news/.hidden", b"x")
    (made.folder / "_news" / "link.md").symlink_to("2026-01-01-one.md")
    made.commit()
    return made


@pytest.fixture
def opened(tmp_path: Path) -> Opener:
    def store(location: Path | str, branch: str = "") -> Store:
        return open_store(str(location), branch, data=tmp_path / "data", limit=1_000_000)

    return store


def publish(store: Store, plan: tuple[Planned, ...] = PLAN) -> str:
    commit = store.commit(plan, "Publish one story", AUTHOR)
    store.publish(commit, plan, lambda step: None)
    return commit.id


def listed(store: Store) -> list[tuple[str, str]]:
    entries = list(store.repository().entries())
    for entry in entries:
        if entry.skip is None:
            entry.read()
    return sorted((entry.path, entry.skip.code if entry.skip else "") for entry in entries)


@pytest.mark.parametrize("kind", ["folder", "tree", "remote"])
def test_shows_the_same_files_whatever_it_is(
    robot: Git, opened: Opener, tmp_path: Path, kind: str
) -> None:
    place = robot.bare(tmp_path / "copy.git").folder if kind == "remote" else robot.folder
    if kind == "folder":
        (robot.folder / ".git").rename(tmp_path / "git")
    with opened(place) as store:
        store.refresh()
        assert store.has_history == (kind != "folder")
        assert store.repository().slug == "harbour"
        assert listed(store) == [
            ("_news/.hidden", "name.hidden"),
            ("_news/2026-01-01-one.md", ""),
            ("_news/2026-01-02-two.md", ""),
            ("_news/deeper/2026-01-02-two.md", ""),
            ("_news/link.md", "name.symlink"),
        ]
        assert store.read(PATH, 1000) == ONE
        assert store.read(b"_news/none.md", 1000) is None


def test_knows_files_again_without_reading_them(robot: Git, opened: Opener) -> None:
    with opened(robot.folder) as store:
        assert {entry.digest for entry in store.repository().entries()} == {""}
        listed(store)
        store.imported()
    with opened(robot.folder) as store:
        known = {e.path: e.digest for e in store.repository().entries() if e.skip is None}
    assert len(known) == 3
    assert all(known.values())


def test_commits_in_a_working_tree(robot: Git, opened: Opener) -> None:
    before = robot.head()
    robot.write("_news/2026-01-02-two.md", b"somebody works on this\n")
    with opened(robot.folder) as store:
        made = publish(store)
    assert robot.head() == made
    assert robot.run("rev-parse", "HEAD^").strip() == before
    assert robot.run("show", "--format=%an %ae %s", "--name-only", "HEAD").split("\n") == [
        "The desk desk@news.example Publish one story",
        "",
        "_news/2026-01-01-one.md",
        "_news/2026-01-03-new.md",
        "",
    ]
    assert (robot.folder / PATH.decode()).read_bytes() == LIVE
    assert robot.run("status", "--porcelain") == " M _news/2026-01-02-two.md\n"


def test_pushes_to_a_remote(robot: Git, opened: Opener, tmp_path: Path) -> None:
    copy = robot.bare(tmp_path / "copy.git")
    with opened(copy.folder) as store:
        store.refresh()
        made = publish(store)
        assert store.read(PATH, 1000) == LIVE
    assert copy.head() == made
    robot.pull()
    assert (robot.folder / PATH.decode()).read_bytes() == LIVE
    assert robot.is_clean()


@pytest.mark.parametrize("kind", ["tree", "remote"])
def test_gives_way_to_whoever_was_faster(
    robot: Git, opened: Opener, tmp_path: Path, kind: str
) -> None:
    place = robot.bare(tmp_path / "copy.git").folder if kind == "remote" else robot.folder
    with opened(place) as store:
        store.refresh()
        commit = store.commit(PLAN, "Publish one story", AUTHOR)
        theirs = robot.commit("Faster")
        if kind == "remote":
            robot.push()
        with pytest.raises(MovedError):
            store.publish(commit, PLAN, lambda step: None)
        store.refresh()
        again = publish(store)
    robot.run("pull", "--quiet", str(place), "main")
    assert robot.head() == again
    assert robot.run("rev-parse", "HEAD^").strip() == theirs
    assert robot.is_clean()


def test_publishes_a_commit_once(robot: Git, opened: Opener) -> None:
    with opened(robot.folder) as store:
        commit = store.commit(PLAN, "Publish one story", AUTHOR)
        for _ in range(2):
            store.publish(commit, PLAN, lambda step: None)
        robot.commit("Later")
        store.publish(commit, PLAN, lambda step: None)
    assert robot.run("rev-list", "--count", "HEAD").strip() == "3"
    assert robot.is_clean()


def test_takes_files_away(robot: Git, opened: Opener) -> None:
    with opened(robot.folder) as store:
        publish(store)
        publish(store, tuple(Planned(file.path, file.new, file.old) for file in PLAN))
    assert robot.run("diff", "HEAD^^", "HEAD") == ""
    assert robot.is_clean()


def test_leaves_alone_what_somebody_works_on(robot: Git, opened: Opener) -> None:
    robot.write(PATH.decode(), b"a new beginning\n")
    with opened(robot.folder) as store:
        assert "not committed" in store.objection(PLAN[0])
        assert store.objection(PLAN[1]) == ""
        assert "sync first" in store.objection(Planned(PATH, TWO, LIVE))


def test_refuses_a_plan_for_other_bytes(robot: Git, opened: Opener) -> None:
    with opened(robot.folder) as store, pytest.raises(MovedError):
        store.commit((Planned(PATH, TWO, LIVE),), "Wrong", AUTHOR)


@pytest.mark.parametrize(
    ("location", "words"),
    [("", "a chief sets that"), ("/none", "no folder /none"), ("{}", "neither")],
)
def test_says_what_is_wrong_with_a_location(
    opened: Opener, tmp_path: Path, location: str, words: str
) -> None:
    with pytest.raises(StoreError, match=words), opened(location.format(tmp_path)):
        pass


def test_says_what_is_wrong_with_a_branch(robot: Git, tmp_path: Path) -> None:
    copy = robot.bare(tmp_path / "copy.git")
    found = open_store(str(copy.folder), "none", data=tmp_path / "data", limit=1_000_000)
    with found as store, pytest.raises(StoreError, match="no branch none"):
        store.refresh()
    found = open_store(str(robot.folder), "none", data=tmp_path / "data", limit=1_000_000)
    with pytest.raises(StoreError, match="has main checked out"), found:
        pass


def test_writes_a_folder_all_or_nothing(robot: Git, opened: Opener, tmp_path: Path) -> None:
    (robot.folder / ".git").rename(tmp_path / "git")
    with opened(robot.folder) as store:
        robot.write("_news/2026-01-03-new.md", b"somebody else's\n")
        with pytest.raises(MovedError):
            publish(store)
        assert store.read(PATH, 1000) == ONE
        (robot.folder / "_news/2026-01-03-new.md").unlink()
        assert publish(store) == ""
        assert store.read(PATH, 1000) == LIVE
