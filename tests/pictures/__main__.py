"""Make the pictures of the manual anew: `python -m tests.pictures [FOLDER]`.

A desk with the demo newsroom is started on a free port, a morning's work is done in it by the
desk's own verbs, and Chromium takes a picture of each page the manual shows.
"""

from __future__ import annotations

import argparse
import base64
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tests.pictures.newsroom import newsroom, pages
from tests.pictures.shots import SHOTS, Shot

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parents[2] / "articles" / "static" / "articles" / "help"
SIZE = {"width": 1200, "height": 750}
WEBP_QUALITY = 82


def take(page: Page, shot: Shot, folder: Path, known: dict[str, int]) -> int:
    """Write one picture; returns its bytes."""
    page.goto(shot.address.format(**known))
    for selector in shot.clicks:
        page.locator(selector).first.click()
        page.wait_for_timeout(400)
    if shot.focus:
        page.locator(shot.focus).first.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    session = page.context.new_cdp_session(page)
    answer = session.send("Page.captureScreenshot", {"format": "webp", "quality": WEBP_QUALITY})
    data = base64.b64decode(answer["data"])
    (folder / f"{shot.name}.webp").write_bytes(data)
    return len(data)


def main() -> None:
    """Make all of them, or those named."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    names = [shot.name for shot in SHOTS]
    parser.add_argument("--only", action="append", default=[], choices=names, help="once for each")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    total = 0
    with newsroom() as home, pages(home) as open_page:
        from tests.pictures.morning import work

        known = work()
        for shot in SHOTS:
            if options.only and shot.name not in options.only:
                continue
            page = open_page(shot.who, viewport=SIZE)
            size = take(page, shot, options.folder, known)
            page.context.close()
            total += size
            print(f"{shot.name}.webp {size:,} bytes")  # noqa: T201
    print(f"{total:,} bytes in {os.path.relpath(options.folder)}")  # noqa: T201


if __name__ == "__main__":
    main()
