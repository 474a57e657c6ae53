"""Walking a folder that somebody else filled."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from articles.repository import (
    Entry,
    EntryError,
    EntrySkippedError,
    EntryVanishedError,
    open_repositories,
    open_repository,
)
from tests.repository.conftest import STORY, write


def entries(root: Path) -> dict[str, Entry]:
    return {entry.path: entry for entry in open_repository(root).entries()}


def skip_code(root: Path, path: str) -> str:
    skip = entries(root)[path].skip
    assert skip is not None
    return skip.code


def test_reads_exactly_the_bytes(site: Path) -> None:
    assert entries(site)["_news/2020-02-20-one.md"].read() == STORY


def test_does_not_follow_a_link_out_of_the_folder(site: Path) -> None:
    (site / "_news/2020-02-20-link.md").symlink_to("/etc/passwd")

    assert skip_code(site, "_news/2020-02-20-link.md") == "name.symlink"
    with pytest.raises(EntrySkippedError):
        entries(site)["_news/2020-02-20-link.md"].read()


def test_does_not_follow_a_link_to_a_folder(site: Path) -> None:
    (site / "_news/root").symlink_to("/")

    assert skip_code(site, "_news/root") == "name.symlink"
    assert len(entries(site)) == 3


def test_does_not_walk_in_a_circle(site: Path) -> None:
    (site / "_news/loop").symlink_to(site / "_news")

    assert len(entries(site)) == 3


def test_skips_a_link_that_takes_the_place_of_a_file_while_it_is_read(site: Path) -> None:
    entry = entries(site)["_news/2020-02-20-one.md"]
    (site / "_news/2020-02-20-one.md").unlink()
    (site / "_news/2020-02-20-one.md").symlink_to("/etc/passwd")

    with pytest.raises(EntrySkippedError) as raised:
        entry.read()
    assert raised.value.skip.code == "name.symlink"


def test_skips_a_folder_named_like_a_story_and_reads_what_is_in_it(site: Path) -> None:
    write(site / "_news/2020-02-20-dir.md/inside.md", STORY)

    assert skip_code(site, "_news/2020-02-20-dir.md") == "not_a_file"
    assert entries(site)["_news/2020-02-20-dir.md/inside.md"].read() == STORY


def test_does_not_open_a_pipe(site: Path) -> None:
    os.mkfifo(site / "_news/2020-02-20-fifo.md")

    assert skip_code(site, "_news/2020-02-20-fifo.md") == "not_a_file"


def test_does_not_wait_for_a_pipe_that_takes_the_place_of_a_file(site: Path) -> None:
    entry = entries(site)["_news/2020-02-20-one.md"]
    (site / "_news/2020-02-20-one.md").unlink()
    os.mkfifo(site / "_news/2020-02-20-one.md")

    with pytest.raises(EntrySkippedError) as raised:
        entry.read()
    assert raised.value.skip.code == "not_a_file"


def test_skips_a_link_to_a_device(site: Path) -> None:
    (site / "_news/zero.md").symlink_to("/dev/zero")

    assert skip_code(site, "_news/zero.md") == "name.symlink"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser reads everything")
def test_refuses_a_file_it_may_not_read(site: Path) -> None:
    (site / "_news/2020-02-20-one.md").chmod(0)

    with pytest.raises(EntryError) as raised:
        entries(site)["_news/2020-02-20-one.md"].read()
    assert raised.value.code == "read_error"


def test_refuses_a_file_that_cannot_be_opened(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = entries(site)["_news/2020-02-20-one.md"]

    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)
    with pytest.raises(EntryError, match="permission denied"):
        entry.read()


def test_is_incomplete_where_a_folder_cannot_be_listed(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("2021"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    repository = open_repository(site)
    found = {entry.path: entry for entry in repository.entries()}

    assert not repository.complete
    with pytest.raises(EntryError, match="cannot be listed"):
        found["_news/2021"].read()


def test_tells_a_file_that_vanished_from_one_that_cannot_be_read(site: Path) -> None:
    entry = entries(site)["_news/2020-02-20-one.md"]
    (site / "_news/2020-02-20-one.md").unlink()

    with pytest.raises(EntryVanishedError):
        entry.read()


def test_keeps_the_path_of_a_subfolder(site: Path) -> None:
    assert "_news/2021/2021-01-01-two.md" in entries(site)


def test_takes_two_names_of_one_file_as_two_files(site: Path) -> None:
    os.link(site / "_news/2020-02-20-one.md", site / "_news/2020-02-20-again.md")

    assert len(entries(site)) == 3


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (".keep", "name.hidden"),
        (".2020-02-20-hidden.md", "name.hidden"),
        ("_draft.md", "name.hidden"),
        ("2020-02-20-story.md.tmp", "name.extension"),
        ("2020-02-20-story.md~", "name.extension"),
        ("2020-02-20-story.md.orig", "name.extension"),
    ],
)
def test_skips_hidden_and_left_over_files(site: Path, name: str, code: str) -> None:
    write(site / "_news" / name, STORY)

    assert skip_code(site, f"_news/{name}") == code


def test_does_not_enter_a_hidden_folder(site: Path) -> None:
    write(site / "_news/.git/inside.md", STORY)

    assert skip_code(site, "_news/.git") == "name.hidden"
    assert "_news/.git/inside.md" not in entries(site)


@pytest.mark.parametrize("name", ["a.txt", "page.html", "upper.MD", "no-ending"])
def test_reads_every_file_with_front_matter(site: Path, name: str) -> None:
    write(site / "_news" / name, b"\xef\xbb\xbf" + STORY)

    assert entries(site)[f"_news/{name}"].read().endswith(STORY)


@pytest.mark.parametrize("name", ["notes.txt", "photo.jpg"])
def test_skips_a_file_of_another_ending_without_front_matter(site: Path, name: str) -> None:
    write(site / "_news" / name, b"----" + b"x" * 2_000_000)

    with pytest.raises(EntrySkippedError) as raised:
        entries(site)[f"_news/{name}"].read()
    assert raised.value.skip.code == "name.extension"


def test_leaves_markdown_without_front_matter_to_the_reader(site: Path) -> None:
    write(site / "_news/plain.md", b"plain")

    assert entries(site)["_news/plain.md"].read() == b"plain"


def test_refuses_a_file_over_the_limit(site: Path) -> None:
    (repository,) = open_repositories([site], max_file_bytes=len(STORY) - 1)

    with pytest.raises(EntryError) as raised:
        next(repository.entries()).read()
    assert raised.value.code == "file_too_large"


def test_shows_a_name_that_is_no_text(site: Path) -> None:
    write(site / "_news" / os.fsdecode(b"caf\xe9.md"), STORY)

    assert entries(site)[r"_news/caf\xe9.md"].read() == STORY
