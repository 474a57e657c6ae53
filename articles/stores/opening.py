"""Which kind of store a location names."""

from __future__ import annotations

from pathlib import Path

from articles.repository.names import NEWS
from articles.stores.base import Store, StoreError
from articles.stores.plain import PlainFolder
from articles.stores.remote import Remote
from articles.stores.working_tree import WorkingTree
from articles.storyfile.digest import digest_of

CLONES = "repositories"


def open_store(
    location: str, branch: str, *, data: Path, limit: int, credentials: str = ""
) -> Store:
    """The store at a location, not yet opened. Raises StoreError.

    `data` is the folder where clones and what is remembered of files are kept.
    """
    # Another location or branch is another clone.
    clone = data / CLONES / f"{digest_of(f'{location}#{branch}'.encode())[:16]}.git"
    if not location:
        raise StoreError("The site does not say where its files are: a chief sets that.")
    if location.startswith(("https://", "ssh://")):
        return Remote(location, branch, limit, clone, credentials)
    folder = Path(location)
    if not folder.is_dir():
        raise StoreError(f"There is no folder {location} on this machine.")
    if (folder / ".git").exists():
        return WorkingTree(location, branch, limit, clone.with_suffix(".digests"))
    if (folder / "objects").is_dir() and (folder / "HEAD").is_file():
        return Remote(location, branch, limit, clone, credentials)
    if not (folder / NEWS).is_dir():
        raise StoreError(f"{location} is neither a git repository nor a folder with {NEWS} in it.")
    return PlainFolder(folder, limit)
