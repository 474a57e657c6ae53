"""Stories in an archive that somebody else packed."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from articles.repository import (
    EntryError,
    EntrySkippedError,
    Repository,
    RepositoryError,
    open_repositories,
    open_repository,
)
from articles.repository.archives import ArchiveLimits
from tests.repository.conftest import CONFIG, STORY, TOPIC

FILES = {
    "_news/b.md": STORY,
    "_config.yml": CONFIG,
    "_data/topics/01-tools.yaml": TOPIC,
    "_news/a.md": STORY + b"body",
    "README.md": b"no story",
}


def tar_of(files: dict[str, bytes], extra: tuple[tarfile.TarInfo, ...] = ()) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        for info in extra:
            tar.addfile(info)
    return packed.getvalue()


def zip_of(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


PACKERS: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "site.tar": tar_of,
    "site.tar.gz": lambda files: gzip.compress(tar_of(files)),
    "site.tgz": lambda files: gzip.compress(tar_of(files)),
    "site.tar.xz": lambda files: lzma.compress(tar_of(files)),
    "site.zip": zip_of,
}


@pytest.fixture(params=PACKERS)
def pack(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[dict[str, bytes]], Path]:
    def write(files: dict[str, bytes]) -> Path:
        name: str = request.param
        path = tmp_path / name
        path.write_bytes(PACKERS[name](files))
        return path

    return write


Pack = Callable[[dict[str, bytes]], Path]


def contents(repository: Repository) -> dict[str, bytes]:
    return {entry.path: entry.read() for entry in repository.entries()}


def test_reads_the_stories_of_an_archive(pack: Pack) -> None:
    repository = open_repository(pack(FILES))

    assert contents(repository) == {"_news/a.md": STORY + b"body", "_news/b.md": STORY}
    assert repository.whole
    assert repository.slug == "invented"
    assert [topic.name for topic in repository.description.topics] == ["Tools"]


def test_takes_a_single_top_folder_off(pack: Pack) -> None:
    repository = open_repository(pack({f"invented-main/{path}": d for path, d in FILES.items()}))

    assert sorted(contents(repository)) == ["_news/a.md", "_news/b.md"]
    assert repository.site.title == "Invented Every Day"
    assert repository.name == "invented-main"


def test_reads_an_archive_of_plain_stories(pack: Pack) -> None:
    repository = open_repository(pack({"one.txt": STORY, "two.md": STORY}))

    assert sorted(contents(repository)) == ["one.txt", "two.md"]
    assert not repository.whole
    assert repository.slug == "site"


def test_names_what_it_leaves_out(pack: Pack) -> None:
    repository = open_repository(
        pack({"_news/.hidden.md": STORY, "_news/a.md.bak": STORY, "_news/photo.jpg": b"\xff\xd8"})
    )
    codes = []
    for entry in repository.entries():
        with pytest.raises(EntrySkippedError) as raised:
            entry.read()
        codes.append(raised.value.skip.code)

    assert sorted(codes) == ["name.extension", "name.extension", "name.hidden"]


@pytest.mark.parametrize(
    "name", ["../outside.md", "/etc/passwd", "_news/../../outside.md", "C:/outside.md"]
)
def test_refuses_an_archive_that_names_files_outside_itself(pack: Pack, name: str) -> None:
    with pytest.raises(RepositoryError, match="outside"):
        open_repository(pack({"_news/a.md": STORY, name: STORY}))


def test_refuses_two_files_of_one_name(pack: Pack) -> None:
    with pytest.raises(RepositoryError, match="two files"):
        open_repository(pack({"_news/a.md": STORY, "./_news/a.md": STORY}))


def test_refuses_too_many_files(pack: Pack) -> None:
    with pytest.raises(RepositoryError, match="more than 3 files"):
        open_repositories([pack(FILES)], archive_limits=ArchiveLimits(members=3))


def test_refuses_too_many_bytes(pack: Pack) -> None:
    path = pack({f"_news/{n}.md": b"---\n" + b"0" * 900_000 for n in range(5)})

    with pytest.raises(RepositoryError, match="more than 1,000,000 bytes"):
        open_repositories([path], archive_limits=ArchiveLimits(total_bytes=1_000_000))


def test_refuses_one_file_over_the_limit_and_reads_the_others(pack: Pack) -> None:
    (repository,) = open_repositories(
        [pack({"_news/a.md": STORY, "_news/b.md": STORY + b"0" * 10_000})], max_file_bytes=5_000
    )
    found = {}
    for entry in repository.entries():
        try:
            found[entry.path] = entry.read()
        except EntryError as error:
            found[entry.path] = error.code.encode()

    assert found == {"_news/a.md": STORY, "_news/b.md": b"file_too_large"}


def test_refuses_what_is_no_archive(tmp_path: Path) -> None:
    for name in PACKERS:
        (tmp_path / name).write_bytes(b"this is not an archive at all" * 100)
        with pytest.raises(RepositoryError, match="cannot be read as an archive"):
            open_repository(tmp_path / name)


@pytest.mark.parametrize("name", ["site.tar", "site.tar.gz", "site.tar.xz", "site.zip"])
def test_refuses_an_archive_that_was_cut_off(tmp_path: Path, name: str) -> None:
    whole = PACKERS[name]({f"_news/{n}.md": STORY for n in range(50)})
    for length in (len(whole) // 3, len(whole) // 2, len(whole) - 12_000):
        if length <= 0:
            continue
        (tmp_path / name).write_bytes(whole[:length])
        with pytest.raises(RepositoryError):
            open_repository(tmp_path / name)


def test_follows_no_link_in_a_tar(tmp_path: Path) -> None:
    symbolic = tarfile.TarInfo("_news/link.md")
    symbolic.type, symbolic.linkname = tarfile.SYMTYPE, "/etc/passwd"
    hard = tarfile.TarInfo("_news/hard.md")
    hard.type, hard.linkname = tarfile.LNKTYPE, "_news/a.md"
    device = tarfile.TarInfo("_news/device.md")
    device.type = tarfile.CHRTYPE
    path = tmp_path / "site.tar"
    path.write_bytes(tar_of({"_news/a.md": STORY}, (symbolic, hard, device)))
    skips = {entry.path: entry.skip for entry in open_repository(path).entries() if entry.skip}

    assert {path: skip.code for path, skip in skips.items()} == {
        "_news/link.md": "name.symlink",
        "_news/hard.md": "name.symlink",
        "_news/device.md": "not_a_file",
    }


def test_follows_no_link_in_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "site.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_news/a.md", STORY)
        link = zipfile.ZipInfo("_news/link.md")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    assert [e.path for e in open_repository(path).entries() if e.skip] == ["_news/link.md"]


def test_is_not_filled_up_by_a_header_that_unpacks_to_gigabytes(tmp_path: Path) -> None:
    header = tarfile.TarInfo("PaxHeader")
    header.type, header.size = tarfile.XHDTYPE, 2**33 - 1
    path = tmp_path / "site.tar.gz"
    path.write_bytes(gzip.compress(header.tobuf(tarfile.USTAR_FORMAT) + b"0" * 1_000_000))

    with pytest.raises(RepositoryError):
        open_repository(path)


def test_names_an_encrypted_file_of_a_zip(tmp_path: Path) -> None:
    packed = bytearray(zip_of({"_news/a.md": STORY}))
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "site.zip").write_bytes(packed)

    with pytest.raises(EntryError, match="encrypted"):
        contents(open_repository(tmp_path / "site.zip"))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_refuses_damaged_files_of_a_zip_and_reads_the_others(tmp_path: Path, method: int) -> None:
    path = tmp_path / "site.zip"
    good, bad = "_news/2026-02-20-a.md", "_news/2026-02-20-b.md"
    for place in range(1, len(STORY)):
        with zipfile.ZipFile(path, "w", method) as archive:
            archive.writestr(bad, STORY)
            archive.writestr(good, STORY)
        with path.open("r+b") as file:
            file.seek(30 + len(bad) + place)
            file.write(b"\x55\xaa\x00")
        found: dict[str, bytes | str] = {}
        try:
            for entry in open_repository(path).entries():
                try:
                    found[entry.path] = entry.read()
                except EntryError as error:
                    found[entry.path] = error.code
        except RepositoryError:
            break
        assert found[bad] in (STORY, "read_error")
        assert found.get(good, STORY) in (STORY, "read_error")
