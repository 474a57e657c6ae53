"""The judge of the hostile set, run as it is meant to be: on what the product made of the files."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any


def unpack(corpus: Path, folder: Path) -> Path:
    """The hostile repository, unpacked; the scenarios lie in it too."""
    with tarfile.open(corpus / "hostile" / "files.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder / "hostile"


def manifest(corpus: Path) -> dict[str, Any]:
    """What is expected of each file."""
    return dict(json.loads((corpus / "hostile" / "manifest.json").read_text()))


def judge(corpus: Path, results: dict[str, Any], folder: Path) -> str:
    """What the judge has to complain about; empty if every check was made and passed."""
    for case in manifest(corpus)["files"]:
        # The judge asks for words in the excerpt as for a field of that name.
        fields, wanted = results[case["file"]].get("fields", {}), case["expect"].get("fields", {})
        words = wanted.get("excerpt_contains", "")
        fields["excerpt_contains"] = words if words in fields.get("excerpt", "") else ""
    path = folder / "results.json"
    path.write_text(json.dumps(results))
    command = [sys.executable, str(corpus / "hostile" / "check.py"), str(path)]
    judged = subprocess.run(command, capture_output=True, text=True, check=False)
    complete = "skipped for want of data: 0 {}" in judged.stdout
    return "" if judged.returncode == 0 and complete else judged.stdout + judged.stderr


def fingerprint(folder: Path) -> dict[str, tuple[bytes, int, int, int]]:
    """Content, mode, size and change time of every file below a folder."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), s.st_mode, s.st_size, s.st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
        for s in [path.stat()]
    }
