"""Where a replay takes place: a plain folder, or a git repository that the desk syncs with."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.contrib.auth.models import User

from articles.exporter import export_stories
from articles.importer import ALL, ImportReport, Options, import_repository
from articles.models import Site
from articles.repository import open_repository, path_bytes
from articles.sync import begin, sync
from tests.gitting import Git
from tests.releasing import release_pending, take_back

SLUG = "replay"
REGULAR, LINK, SUBMODULE = "100644", "120000", "160000"


@dataclass(frozen=True, slots=True)
class File:
    """What a commit puts at a path: a file by its bytes, or a link or submodule by its target."""

    data: bytes
    mode: str = REGULAR

    @property
    def is_file(self) -> bool:
        """Whether a story can be read from it."""
        return self.mode not in {LINK, SUBMODULE}


Changes = Mapping[str, File | None]
"""What one commit changes, by path (as the desk shows paths); None where a file goes."""

Tree = dict[str, bytes]
"""Path -> content of every file of the repository."""


class Ground(Protocol):
    """A content repository that robot and desk share."""

    def write(self, changes: Changes) -> None:
        """The robot's commit."""

    def bring_in(self) -> ImportReport:
        """The desk reads what is new."""

    def release(self, tree: Tree, by: User) -> Tree:
        """The desk writes what waits; the files that hold something else since, of `tree`."""


class Folder:
    """A plain folder: imported, and exported into."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, changes: Changes) -> None:
        """Lay the files down; what goes makes room for what comes."""
        for path, file in changes.items():
            if file is None:
                _clear(self._place(path), self._root)
        for path, file in changes.items():
            if file is not None:
                _lay(self._place(path), file)

    def _place(self, path: str) -> Path:
        return self._root / os.fsdecode(path_bytes(path))

    def bring_in(self) -> ImportReport:
        """Import the folder."""
        return import_repository(open_repository(self._root), Options(SLUG, may_lose=ALL))

    def release(self, tree: Tree, by: User) -> Tree:
        """Export into the folder."""
        export_stories(Site.objects.get(slug=SLUG), self._root, by=by)
        places = {path: self._place(path) for path in tree}
        now = {path: place.read_bytes() for path, place in places.items() if place.is_file()}
        return {path: data for path, data in now.items() if data != tree[path]}


def _clear(place: Path, root: Path) -> None:
    if place.is_symlink() or not place.is_dir():
        place.unlink(missing_ok=True)
    else:
        shutil.rmtree(place)
    folder = place.parent
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _lay(place: Path, file: File) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_symlink():
        place.unlink()
    if file.mode == SUBMODULE:
        place.mkdir(exist_ok=True)
    elif file.mode == LINK:
        place.symlink_to(os.fsdecode(file.data))
    else:
        place.write_bytes(file.data)
        place.chmod(int(file.mode[-3:], 8))


class Server:
    """A bare git repository on a server; the desk fetches, and pushes its releases.

    Every third release is taken back, and goes out again with the next.
    """

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True)
        self._git = Git(root)
        self._git.run("init", "--quiet", "--bare", "--initial-branch=main")
        self._site: Site | None = None
        self._releases = 0

    def write(self, changes: Changes) -> None:
        """One commit on top of whatever is there."""
        lines = [b"commit refs/heads/main", b"committer robot <robot@news.example> now"]
        lines += [b"data 11", b"Update news"]
        if self._git.run("branch", "--list", "main"):
            lines.append(b"from refs/heads/main^0")
        lines += [b"D " + _quoted(path) for path, file in changes.items() if file is None]
        for path, file in changes.items():
            if file is not None:
                lines += _put(path, file)
        subprocess.run(
            ["git", "fast-import", "--quiet", "--date-format=now"],
            cwd=self._git.folder,
            input=b"\n".join([*lines, b""]),
            check=True,
        )

    @property
    def site(self) -> Site:
        """The site of the repository, connected."""
        if self._site is None:
            place = str(self._git.folder)
            self._site = Site.objects.create(slug=SLUG, location=place, branch="main")
        return self._site

    def bring_in(self) -> ImportReport:
        """Sync."""
        report = sync(begin(self.site), may_lose=ALL).report
        if report is None:
            raise LookupError("The sync read nothing.")
        return report

    def release(self, tree: Tree, by: User) -> Tree:
        """Release what waits."""
        before = self._head()
        made = release_pending(self.site, by=by).release
        self._releases += made is not None
        if made is not None and self._releases % 3 == 0:
            take_back(made, by=by)
            if self._git.run("diff", before, "main"):
                raise AssertionError(f"The release “{made.subject}” was not taken back whole.")
        names = self._git.run("diff", "--name-only", "--no-renames", "-z", before, "main")
        return {path: self._git.show(path, "main") for path in names.split("\0") if path}

    def _head(self) -> str:
        return self._git.run("rev-parse", "main").strip()


def _put(path: str, file: File) -> list[bytes]:
    mode, place = file.mode.encode(), _quoted(path)
    if file.mode == SUBMODULE:
        return [b"M %s %s %s" % (mode, file.data, place)]
    return [b"M %s inline %s" % (mode, place), b"data %d" % len(file.data), file.data]


def _quoted(path: str) -> bytes:
    """A name as git's streams spell any."""
    return b'"%s"' % b"".join(b"\\%03o" % byte for byte in path_bytes(path))
