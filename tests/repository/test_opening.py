"""Which repository a path stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from articles.repository import (
    Repository,
    RepositoryError,
    UnknownPathError,
    open_repositories,
    open_repository,
    path_bytes,
    shown_path,
    site_slug,
)
from tests.repository.conftest import STORY, write


def paths(repository: Repository) -> list[str]:
    return [entry.path for entry in repository.entries()]


def test_opens_a_content_repository_and_reads_only_its_news(site: Path) -> None:
    repository = open_repository(site)

    assert paths(repository) == ["_news/2020-02-20-one.md", "_news/2021/2021-01-01-two.md"]
    assert repository.whole
    assert repository.complete


def test_takes_the_slug_from_baseurl(site: Path) -> None:
    assert open_repository(site).slug == "invented"


def test_takes_the_slug_from_the_folder_where_nothing_is_configured(tmp_path: Path) -> None:
    write(tmp_path / "My Stories!/a.md", STORY)

    assert open_repository(tmp_path / "My Stories!").slug == "my-stories"


@pytest.mark.parametrize(
    ("text", "slug"),
    [("/azure", "azure"), ("/a/b", "a-b"), ("Ünïcode", "unicode"), ("日本", "site"), ("", "site")],
)
def test_makes_a_slug_of_anything(text: str, slug: str) -> None:
    assert site_slug(text) == slug


def test_opens_a_plain_folder_as_it_is(tmp_path: Path) -> None:
    write(tmp_path / "seeds/000.txt", STORY)
    repository = open_repository(tmp_path / "seeds")

    assert paths(repository) == ["000.txt"]
    assert not repository.whole


def test_opens_one_file_under_its_path_in_the_repository(site: Path) -> None:
    repository = open_repository(site / "_news/2021/2021-01-01-two.md")

    assert paths(repository) == ["_news/2021/2021-01-01-two.md"]
    assert repository.slug == "invented"
    assert not repository.whole


def test_opens_a_subfolder_as_a_part_of_the_repository(site: Path) -> None:
    repository = open_repository(site / "_news/2021")

    assert paths(repository) == ["_news/2021/2021-01-01-two.md"]
    assert not repository.whole


def test_opens_the_news_folder_itself_as_a_part(site: Path) -> None:
    repository = open_repository(site / "_news")

    assert len(paths(repository)) == 2
    assert not repository.whole


def test_joins_several_files_of_one_repository(site: Path) -> None:
    files = sorted(site.glob("_news/**/*.md"))
    opened = open_repositories([*files, *files])

    assert len(opened) == 1
    assert len(paths(opened[0])) == 2


def test_opens_a_relative_path(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site)

    assert open_repository(".").name == "checkout"


def test_refuses_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnknownPathError, match="nowhere"):
        open_repositories([tmp_path / "nowhere"])


def test_refuses_news_that_is_a_link(tmp_path: Path, site: Path) -> None:
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked/_news").symlink_to(site / "_news")

    with pytest.raises(RepositoryError, match="symbolic link"):
        open_repository(tmp_path / "linked")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain.md", "plain.md"),
        ("naïve.md".encode(), "naïve.md"),
        (b"latin-\xe9.md", r"latin-\xe9.md"),
        (rb"literal-\xe9.md", r"literal-\x5cxe9.md"),
        (rb"back\slash.md", r"back\slash.md"),
        (b"surrogate-\xed\xa0\x80.md", r"surrogate-\xed\xa0\x80.md"),
    ],
)
def test_shows_every_name_and_finds_the_way_back(raw: bytes, text: str) -> None:
    assert shown_path(raw) == text
    assert path_bytes(text) == raw
