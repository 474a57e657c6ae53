"""Which site a folder belongs to."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from articles.destination import Destination, UnsafePathError
from articles.models import Site
from articles.repository import site_slug
from articles.repository.describe import CONFIG, read_site
from articles.storyfile.errors import StoryFileError

MAX_CONFIG_BYTES = 1_000_000


class UnknownSiteError(Exception):
    """Nobody can tell which site is meant; the text says what to do."""


def site_for(folder: Path, slug: str | None, *, or_the_only_one: bool = False) -> Site:
    """Return the site of that slug, else the one the folder's own `baseurl` names.

    `or_the_only_one`: else the desk's only site. Raises UnknownSiteError.
    """
    wanted = slug or _slug_of(folder)
    if not wanted and or_the_only_one and Site.objects.count() == 1:
        return Site.objects.get()
    if not wanted and not folder.is_dir():
        raise UnknownSiteError(f"There is no folder {folder}.")
    if not wanted:
        raise UnknownSiteError(
            f"{folder} does not say which site it is (no baseurl in {CONFIG}): name it by --site. "
            + _known_sites()
        )
    site = Site.objects.filter(slug=wanted).first()
    if site is None:
        raise UnknownSiteError(f"There is no site {wanted}. " + _known_sites())
    return site


def _slug_of(folder: Path) -> str:
    with suppress(OSError, UnsafePathError, StoryFileError), Destination(folder) as opened:
        data = opened.read(CONFIG.encode(), MAX_CONFIG_BYTES)
        baseurl = read_site(data).baseurl.strip("/") if data is not None else ""
        return site_slug(baseurl) if baseurl else ""
    return ""


def _known_sites() -> str:
    slugs = list(Site.objects.values_list("slug", flat=True))
    return f"Known sites: {', '.join(slugs)}." if slugs else "No site was imported yet."
