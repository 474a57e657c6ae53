"""Files are written whole or not at all, never through a link, never outside the folder."""

from __future__ import annotations

import errno
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from articles.destination import BusyError, ChangedError, Destination, UnsafePathError

OLD, NEW = b"the old text\n", b"the new and longer text\n"


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "root" / "_news" / "a-story.md"
    path.parent.mkdir(parents=True)
    path.write_bytes(OLD)
    return path


@pytest.fixture
def folder(story: Path) -> Iterator[Destination]:
    with Destination(story.parent.parent) as opened:
        yield opened


def left_over(folder: Destination) -> list[Path]:
    return list(folder.root.rglob(".nd-*"))


def test_replaces_a_file_that_is_as_expected(folder: Destination, story: Path) -> None:
    folder.replace(b"_news/a-story.md", NEW, expected=OLD)
    assert story.read_bytes() == NEW
    assert left_over(folder) == []


def test_keeps_a_file_that_is_not_as_expected(folder: Destination, story: Path) -> None:
    with pytest.raises(ChangedError):
        folder.replace(b"_news/a-story.md", NEW, expected=OLD + b"more")
    assert story.read_bytes() == OLD
    assert left_over(folder) == []


def test_keeps_a_file_that_only_begins_as_expected(folder: Destination, story: Path) -> None:
    with pytest.raises(ChangedError):
        folder.replace(b"_news/a-story.md", NEW, expected=OLD[:-3])
    assert story.read_bytes() == OLD


def test_notices_a_change_made_while_it_writes(story: Path) -> None:
    def meanwhile(step: str) -> None:
        if step == "temporary":
            story.write_bytes(b"somebody else\n")

    with Destination(story.parent.parent, on_step=meanwhile) as folder:
        with pytest.raises(ChangedError):
            folder.replace(b"_news/a-story.md", NEW, expected=OLD)
        assert story.read_bytes() == b"somebody else\n"
        assert left_over(folder) == []


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o664, 0o600, 0o444])
def test_keeps_the_mode(folder: Destination, story: Path, mode: int) -> None:
    story.chmod(mode)
    folder.replace(b"_news/a-story.md", NEW, expected=OLD)
    assert stat.S_IMODE(story.stat().st_mode) == mode


def test_gives_a_new_file_the_usual_mode(folder: Destination, story: Path) -> None:
    folder.create(b"_news/new.md", NEW)
    usual = story.with_name("usual")
    usual.write_bytes(b"")
    assert (story.parent / "new.md").stat().st_mode == usual.stat().st_mode


def test_does_not_change_the_other_name_of_a_hard_link(folder: Destination, story: Path) -> None:
    other = story.with_name("other.md")
    os.link(story, other)
    folder.replace(b"_news/a-story.md", NEW, expected=OLD)
    assert (story.read_bytes(), other.read_bytes()) == (NEW, OLD)


def test_writes_a_file_whose_name_is_as_long_as_names_can_be(tmp_path: Path) -> None:
    name = "n" * 252 + ".md"
    (tmp_path / name).write_bytes(OLD)
    with Destination(tmp_path) as folder:
        folder.replace(name.encode(), NEW, expected=OLD)
    assert (tmp_path / name).read_bytes() == NEW


def test_writes_a_file_whose_name_is_no_text(tmp_path: Path) -> None:
    name = b"caf\xe9.md"
    (tmp_path / os.fsdecode(name)).write_bytes(OLD)
    with Destination(tmp_path) as folder:
        folder.replace(name, NEW, expected=OLD)
        assert folder.read(name, 100) == NEW


@pytest.mark.parametrize(
    "path",
    [b"../outside.md", b"_news/../../outside.md", b"/etc/passwd", b"", b"_news//a.md", b"_news/..",
     b"./_news/a-story.md", b"_news/a\0.md"],
)  # fmt: skip
def test_refuses_a_path_that_leaves_the_folder(
    folder: Destination, story: Path, path: bytes
) -> None:
    (folder.root.parent / "outside.md").write_bytes(OLD)
    for call in (
        lambda: folder.replace(path, NEW, expected=OLD),
        lambda: folder.create(path, NEW),
        lambda: folder.write(path, NEW),
    ):
        with pytest.raises(UnsafePathError):
            call()
    assert (folder.root.parent / "outside.md").read_bytes() == OLD


def test_does_not_write_through_a_link(folder: Destination, story: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_bytes(OLD)
    story.unlink()
    story.symlink_to(outside)
    for call in (
        lambda: folder.replace(b"_news/a-story.md", NEW, expected=OLD),
        lambda: folder.write(b"_news/a-story.md", NEW),
        lambda: folder.read(b"_news/a-story.md", 100),
    ):
        with pytest.raises(UnsafePathError):
            call()
    assert outside.read_bytes() == OLD
    assert story.is_symlink()


def test_does_not_create_over_a_link_to_nothing(folder: Destination, tmp_path: Path) -> None:
    (folder.root / "_news" / "dangling.md").symlink_to(tmp_path / "nowhere.md")
    with pytest.raises(FileExistsError):
        folder.create(b"_news/dangling.md", NEW)
    assert not (tmp_path / "nowhere.md").exists()


def test_does_not_enter_a_linked_folder(folder: Destination, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.md").write_bytes(OLD)
    (folder.root / "linked").symlink_to(elsewhere)
    with pytest.raises(UnsafePathError):
        folder.replace(b"linked/a.md", NEW, expected=OLD)
    with pytest.raises(UnsafePathError):
        folder.create(b"linked/new.md", NEW)
    assert [path.name for path in elsewhere.iterdir()] == ["a.md"]


def test_does_not_wait_for_a_pipe(folder: Destination, story: Path) -> None:
    story.unlink()
    os.mkfifo(story)
    with pytest.raises(UnsafePathError):
        folder.replace(b"_news/a-story.md", NEW, expected=OLD)


def test_says_that_a_file_is_not_there(folder: Destination) -> None:
    assert folder.read(b"_news/none.md", 10) is None
    assert folder.read(b"none/none.md", 10) is None
    with pytest.raises(FileNotFoundError):
        folder.replace(b"_news/none.md", NEW, expected=OLD)


def test_never_creates_over_a_file(folder: Destination, story: Path) -> None:
    with pytest.raises(FileExistsError):
        folder.create(b"_news/a-story.md", NEW)
    assert story.read_bytes() == OLD
    assert left_over(folder) == []


def test_never_creates_over_a_file_without_hard_links(
    folder: Destination, story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(FileExistsError):
        folder.create(b"_news/a-story.md", NEW)
    folder.create(b"_news/new.md", NEW)
    assert story.read_bytes() == OLD
    assert (story.parent / "new.md").read_bytes() == NEW
    assert left_over(folder) == []


def test_writes_only_what_differs(folder: Destination) -> None:
    assert folder.write(b"api/news/index.json", NEW) is True
    before = (folder.root / "api/news/index.json").stat().st_ino
    assert folder.write(b"api/news/index.json", NEW) is False
    assert (folder.root / "api/news/index.json").stat().st_ino == before
    assert folder.write(b"api/news/index.json", OLD) is True


def test_removes_a_file_and_the_folder_it_leaves_empty(folder: Destination) -> None:
    folder.write(b"page/3/index.json", NEW)
    folder.write(b"page/4/index.json", NEW)
    folder.write(b"page/4/other.txt", NEW)
    folder.remove(b"page/3/index.json")
    folder.remove(b"page/4/index.json")
    assert folder.names(b"page") == [b"4"]
    assert folder.names(b"page/4") == [b"other.txt"]
    assert folder.names(b"none") == []


def test_clears_what_a_killed_run_left(folder: Destination, story: Path) -> None:
    seen: list[Path] = []
    with Destination(folder.root, on_step=lambda _: seen.extend(left_over(folder))) as first:
        first.replace(b"_news/a-story.md", NEW, expected=OLD)
    seen[0].write_bytes(b"half of")
    folder.replace(b"_news/a-story.md", OLD, expected=NEW)
    assert left_over(folder) == []
    assert story.read_bytes() == OLD


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size` bytes: writing more fails with EFBIG."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_leaves_everything_as_it_was_when_no_more_can_be_written(
    folder: Destination, story: Path
) -> None:
    with small_files(4096), pytest.raises(OSError) as failure:
        folder.replace(b"_news/a-story.md", b"x" * 10_000, expected=OLD)
    assert failure.value.errno == errno.EFBIG
    assert story.read_bytes() == OLD
    assert left_over(folder) == []


def test_leaves_nothing_of_a_new_file_when_no_more_can_be_written(folder: Destination) -> None:
    with small_files(4096), pytest.raises(OSError):
        folder.create(b"_news/new.md", b"x" * 10_000)
    assert folder.names(b"_news") == [b"a-story.md"]


def test_forces_the_file_to_the_disk_before_the_rename_and_the_folder_after(
    folder: Destination, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def record(name: str) -> None:
        original = getattr(os, name)

        def call(*args: object, **kwargs: object) -> object:
            kind = ""
            if name == "fsync":
                kind = " folder" if stat.S_ISDIR(os.fstat(args[0]).st_mode) else " file"  # type: ignore[arg-type]
            calls.append(name + kind)
            return original(*args, **kwargs)

        monkeypatch.setattr(os, name, call)

    for name in ("write", "fsync", "replace"):
        record(name)
    folder.replace(b"_news/a-story.md", NEW, expected=OLD)
    assert calls == ["write", "fsync file", "replace", "fsync folder"]


def test_writes_on_after_a_short_write(
    folder: Destination, story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:5]))
    folder.replace(b"_news/a-story.md", NEW, expected=OLD)
    assert story.read_bytes() == NEW


def test_lets_one_run_in_at_a_time(folder: Destination) -> None:
    folder.lock()
    with Destination(folder.root) as second, pytest.raises(BusyError):
        second.lock()


def test_reaches_its_root_through_a_link(tmp_path: Path, story: Path) -> None:
    (tmp_path / "short").symlink_to(story.parent.parent)
    with Destination(tmp_path / "short") as folder:
        folder.replace(b"_news/a-story.md", NEW, expected=OLD)
    assert story.read_bytes() == NEW
