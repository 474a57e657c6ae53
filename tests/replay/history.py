"""The commits of a real repository, as what each of them changes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from articles.repository import shown_path
from tests.replay.grounds import SUBMODULE, File


def commits(repository: Path) -> Iterator[dict[str, File | None]]:
    """Every commit of the present branch, oldest first: path -> content, None where it is gone.

    Of a merge it is what the merge brought to the branch.
    """
    told = _git(repository, "log", "--reverse", "--first-parent", "--format=%H").decode().split()
    with subprocess.Popen(
        ["git", "-C", str(repository), "cat-file", "--batch"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as blobs:
        for parent, commit in zip([[], *([each] for each in told)], told, strict=False):
            between = [*(parent or ["--root", "--no-commit-id"]), commit]
            changed = _git(repository, "diff-tree", "-r", "-z", "--no-renames", *between)
            yield dict(_changes(changed, blobs))


def _changes(listed: bytes, blobs: subprocess.Popen[bytes]) -> Iterator[tuple[str, File | None]]:
    words = listed.split(b"\0")
    for what, path in zip(words[::2], words[1::2], strict=False):
        _, mode, _, name, status = what.decode().split()
        if status == "D":
            yield shown_path(path), None
        else:
            # The commits of a submodule are not here.
            data = name.encode() if mode == SUBMODULE else _content(blobs, name.encode())
            yield shown_path(path), File(data, mode)


def _content(blobs: subprocess.Popen[bytes], blob: bytes) -> bytes:
    if blobs.stdin is None or blobs.stdout is None:
        raise ValueError("git answers nothing.")
    blobs.stdin.write(blob + b"\n")
    blobs.stdin.flush()
    size = int(blobs.stdout.readline().split()[2])
    data = blobs.stdout.read(size + 1)
    return data[:-1]


def _git(repository: Path, *words: str) -> bytes:
    done = subprocess.run(["git", "-C", str(repository), *words], check=True, capture_output=True)
    return done.stdout
