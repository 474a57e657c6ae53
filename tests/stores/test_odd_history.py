"""Histories that no robot writes: somebody with access to the repository does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dulwich.objects import S_IFGITLINK, Blob, Commit, ObjectID, Tree
from dulwich.repo import Repo

from articles.stores.life import steps
from articles.stores.tree import CommitFiles, blob_bytes

FILE, FOLDER = 0o100644, 0o040000
ELSEWHERE = ObjectID(b"a" * 40)


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    with Repo.init_bare(str(tmp_path / "odd.git"), mkdir=True) as made:
        yield made


def tree(repo: Repo, name: bytes, mode: int, what: ObjectID) -> ObjectID:
    made = Tree()
    made.add(name, mode, what)
    repo.object_store.add_object(made)
    return made.id


def commit(repo: Repo, top: ObjectID, *parents: ObjectID, at: int = 0) -> ObjectID:
    made = Commit()
    made.tree, made.parents = top, list(parents)
    made.author = made.committer = b"Eve <e@example.org>"
    made.author_time = made.commit_time = at
    made.author_timezone = made.commit_timezone = 0
    made.message = b"Odd\n"
    repo.object_store.add_object(made)
    return made.id


def story(repo: Repo) -> ObjectID:
    blob = Blob.from_string(b"---\ntitle: A\n---\n")
    repo.object_store.add_object(blob)
    folder = tree(repo, b"a.md", FILE, blob.id)
    return tree(repo, b"_news", FOLDER, folder)


def test_dates_a_commit_out_of_time_at_its_beginning(repo: Repo) -> None:
    made = commit(repo, story(repo), at=10**15)
    found, further = steps(repo, made, b"_news/a.md", most=5, patience=5)
    assert ([step.at.year for step in found], further) == ([1970], "")


def test_passes_by_a_repository_in_place_of_the_folder(repo: Repo) -> None:
    odd = commit(repo, tree(repo, b"_news", S_IFGITLINK, ELSEWHERE))
    made = commit(repo, story(repo), odd)
    found, _ = steps(repo, made, b"_news/a.md", most=5, patience=5)
    assert [(step.old, step.new is None) for step in found] == [(None, False)]
    assert blob_bytes(repo, ELSEWHERE) == b""


@pytest.mark.parametrize("name", [b"..", b".git", b"a/../../b.md", b"."])
def test_reads_no_name_that_leads_elsewhere(repo: Repo, name: bytes) -> None:
    blob = Blob.from_string(b"---\ntitle: A\n---\n")
    repo.object_store.add_object(blob)
    top = tree(repo, b"_news", FOLDER, tree(repo, name, FILE, blob.id))
    files = CommitFiles(repo, top, 1000, {})
    assert [entry.skip is None for entry in files.entries()] in ([False], [])
