"""From the paths a person names to repositories."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

from articles.repository.archives import DEFAULT_ARCHIVE_LIMITS, Archive, ArchiveLimits
from articles.repository.describe import (
    CONFIG,
    DataProblem,
    Description,
    SiteDescription,
    read_description,
    read_site,
)
from articles.repository.entries import Entry, RepositoryError, UnknownPathError
from articles.repository.folders import Folder
from articles.repository.names import (
    NEWS,
    is_archive,
    shown_path,
    site_slug,
    without_archive_ending,
)
from articles.storyfile.errors import StoryFileError

MAX_FILE_BYTES = 1_000_000


class Files(Protocol):
    """Where the entries of a repository come from."""

    unread_folders: int

    @property
    def total(self) -> int:
        """How many entries there are."""

    def entries(self) -> Iterator[Entry]:
        """Every file once."""

    def description_files(self) -> dict[str, bytes]:
        """The bytes of the files that describe the site, by path."""


class Repository:
    """Where stories come from: a content repository, a plain folder, some files, an archive.

    `whole` is true where the stories are all the repository has, so that a story that is not among
    them is missing; `part` where somebody picked files or a subfolder of more. `source` is what
    was named, for people to read.
    """

    def __init__(
        self, files: Files, *, name: str, source: str, whole: bool, part: bool = False
    ) -> None:
        self._files = files
        self.name = name
        self.whole = whole
        self.part = part
        self.source = source

    def __repr__(self) -> str:
        return f"<Repository {self.source}>"

    def entries(self) -> Iterator[Entry]:
        """Yield every file once, in an order that does not change between two calls.

        Read an entry before asking for the next: an archive is read from front to back.
        """
        return self._files.entries()

    @property
    def total(self) -> int:
        """How many files `entries` yields, skipped ones too."""
        return self._files.total

    @property
    def complete(self) -> bool:
        """Whether every folder could be listed, known after `entries` has come to its end."""
        return self.whole and not self._files.unread_folders

    @property
    def slug(self) -> str:
        """The site's slug: from `baseurl`, else from the name of the folder or archive."""
        return site_slug(self.site.baseurl.strip("/") or self.name)

    @cached_property
    def site(self) -> SiteDescription:
        """What `_config.yml` says; empty where it is absent or broken."""
        data = self.description_files.get(CONFIG)
        try:
            return read_site(data) if data is not None else SiteDescription()
        except StoryFileError:
            return SiteDescription()

    @cached_property
    def description_files(self) -> dict[str, bytes]:
        """The bytes of `_config.yml`, `_data/organizations` and `_data/topics`, by path."""
        return self._files.description_files()

    @cached_property
    def description(self) -> Description:
        """The site, its providers and its topics as the repository describes them."""
        return read_description(self.description_files)

    @property
    def problems(self) -> tuple[DataProblem, ...]:
        """The description files that could not be used."""
        return self.description.problems


def open_repositories(
    paths: Sequence[str | os.PathLike[str]],
    *,
    max_file_bytes: int = MAX_FILE_BYTES,
    archive_limits: ArchiveLimits = DEFAULT_ARCHIVE_LIMITS,
) -> list[Repository]:
    """What the paths name; files and subfolders of one repository come as one.

    Raises RepositoryError; UnknownPathError where there is nothing of that name.
    """
    whole: list[Repository] = []
    parts: dict[Path, list[str]] = {}
    for name in paths:
        # Not resolved: what the user calls a link is a link, and is not followed.
        path = Path.cwd() / name
        if not path.exists() and not path.is_symlink():
            raise UnknownPathError(f"there is no file or folder {_shown(path)}")
        if path.is_file() and is_archive(path.name):
            whole.append(_archive(path, max_file_bytes, archive_limits))
        elif (path / NEWS).is_dir():
            whole.append(_content_repository(path, max_file_bytes))
        else:
            root, part = _rooted(path)
            parts.setdefault(root, []).append(part)
    return whole + [_some_files(root, found, max_file_bytes) for root, found in parts.items()]


def open_repository(path: str | os.PathLike[str]) -> Repository:
    """What one path names. Raises RepositoryError."""
    return open_repositories([path])[0]


def _content_repository(root: Path, max_file_bytes: int) -> Repository:
    if (root / NEWS).is_symlink():
        raise RepositoryError(f"{NEWS} is a symbolic link; name the folder it points to")
    files = Folder(root, (NEWS,), max_file_bytes)
    return Repository(files, name=_name(root), whole=True, source=_shown(root))


def _archive(path: Path, max_file_bytes: int, limits: ArchiveLimits) -> Repository:
    files = Archive(path, max_file_bytes, limits)
    name = files.top.rstrip("/") or without_archive_ending(path.name)
    return Repository(files, name=name, whole=files.has_news, source=_shown(path))


def _some_files(root: Path, parts: list[str], max_file_bytes: int) -> Repository:
    distinct = tuple(dict.fromkeys(parts))
    files = Folder(root, ("",) if "" in distinct else distinct, max_file_bytes)
    source = root / distinct[0] if len(distinct) == 1 else root
    part = "" not in distinct
    return Repository(files, name=_name(root), source=_shown(source), whole=False, part=part)


def _rooted(path: Path) -> tuple[Path, str]:
    """The repository a file or subfolder belongs to, and its path in there.

    Without a `_news` above it a folder stands for itself, a file for its folder.
    """
    absolute = Path(os.path.normpath(path))
    for above in (absolute, *absolute.parents):
        if above.name == NEWS:
            return above.parent, str(absolute.relative_to(above.parent))
    if absolute.is_dir():
        return absolute, ""
    return absolute.parent, absolute.name


def _name(root: Path) -> str:
    return _shown(Path(os.path.normpath(root)).name)


def _shown(path: str | Path) -> str:
    return shown_path(os.fsencode(path))
