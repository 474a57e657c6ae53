"""A git repository as a robot keeps it, made by git itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

needs_git = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")

QUIET = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "robot",
    "GIT_AUTHOR_EMAIL": "robot@news.example",
    "GIT_COMMITTER_NAME": "robot",
    "GIT_COMMITTER_EMAIL": "robot@news.example",
}


@dataclass(frozen=True)
class Git:
    """A repository with a working tree; `bare` makes a copy without one."""

    folder: Path

    @classmethod
    def new(cls, folder: Path) -> Git:
        """An empty repository on the branch main."""
        folder.mkdir(parents=True)
        made = cls(folder)
        made.run("init", "--quiet", "--initial-branch=main")
        return made

    def run(self, *words: str) -> str:
        """One git command; what it printed."""
        done = subprocess.run(
            ["git", *words],
            cwd=self.folder,
            env={**os.environ, **QUIET},
            check=True,
            capture_output=True,
        )
        return done.stdout.decode(errors="surrogateescape")

    def write(self, path: str, data: bytes) -> None:
        """Put a file into the working tree."""
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)

    def commit(self, message: str = "Update news", **files: bytes) -> str:
        """Commit everything in the working tree; the id of the commit."""
        for path, data in files.items():
            self.write(path, data)
        self.run("add", "--all")
        self.run("commit", "--quiet", "--allow-empty", "--message", message)
        return self.head()

    def head(self) -> str:
        """The id of the newest commit."""
        return self.run("rev-parse", "HEAD").strip()

    def bare(self, folder: Path) -> Git:
        """A copy without a working tree, as a server keeps it."""
        self.run("clone", "--quiet", "--bare", str(self.folder), str(folder))
        self.run("remote", "add", "origin", str(folder))
        return Git(folder)

    def push(self) -> None:
        """Send the branch to the copy."""
        self.run("push", "--quiet", "origin", "main")

    def pull(self) -> None:
        """Take what others sent to the copy."""
        self.run("pull", "--quiet", "--no-edit", "origin", "main")

    def show(self, path: str, commit: str = "HEAD") -> bytes:
        """What a file holds in a commit."""
        return self.run("show", f"{commit}:{path}").encode(errors="surrogateescape")

    def is_clean(self) -> bool:
        """Whether nothing in the working tree waits to be committed, and git finds no fault."""
        self.run("fsck", "--strict")
        return self.run("status", "--porcelain") == ""
