"""Icons and the providers' letters."""

from __future__ import annotations

import functools
import zlib

from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

from articles.templatetags._markup import fill

HUES = 12
"""As many classes `.h0` … `.h11` stand in components.css."""


@functools.lru_cache(maxsize=512)
def icon(name: str, size: int = 16, extra_class: str = "", label: str = "") -> str:
    """A lucide icon as inline SVG: decoration, unless `label` says what it means.

    Raises `lucide.IconDoesNotExist` for an unknown name.
    """
    attributes: dict[str, object] = {"class": f"icon {extra_class}".strip()}
    if label:
        attributes |= {"role": "img", "aria-label": label}
    else:
        attributes["aria-hidden"] = "true"
    return lucide(name, size=size, **attributes)


@functools.lru_cache(maxsize=4096)
def monogram(name: str, extra_class: str = "") -> SafeString:
    """The first letter of a provider's name on a colour that stays the same for that name."""
    letter = next((char for char in name if char.isalnum()), "?").upper()
    hue = zlib.crc32(name.casefold().encode("utf-8", "replace")) % HUES
    names = f"mono h{hue} {extra_class}".strip()
    return fill('<span class="{}" aria-hidden="true">{}</span>', names, letter[:1])
