"""Story files as a program sees them that knows nothing but YAML."""

from __future__ import annotations

from pathlib import Path


def story_files(repository: Path) -> list[Path]:
    """The files of a content repository, or of a plain folder of stories."""
    folder = repository / "_news"
    return sorted((folder if folder.is_dir() else repository).glob("*.md"))


def front_matter(data: bytes) -> str:
    """The YAML between the two lines of dashes."""
    text = data.decode("utf-8-sig")
    return text[4 : text.rindex("\n---") + 1]
