"""Which pages the manual shows."""

from __future__ import annotations

from typing import NamedTuple


class Shot(NamedTuple):
    """A page as one of the cast sees it, after some clicks. Addresses name stories of `work`."""

    name: str
    address: str
    who: str = "bo"
    clicks: tuple[str, ...] = ()
    focus: str = ""


SHOTS = (
    Shot("home", "/"),
    Shot("inbox", "/stories/?queue=inbox"),
    Shot("search", "/stories/?q=harbour&after=2026-11-10"),
    Shot("story", "/stories/{edited}/"),
    Shot("edit", "/stories/{edited}/", clicks=('[aria-label^="Edit: Topics"]',)),
    Shot("group", "/coverage/{group}/"),
    Shot("heat", "/stories/?queue=published&story={edited}"),
    Shot("repair", "/repair/"),
    Shot("activity", "/activity/"),
    Shot("release", "/releases/new/"),
    Shot("people", "/account/people/", who="ada"),
)
