"""What a person may write into a story: each field's value made clean, or refused in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from articles.desk.errors import Invalid
from articles.filing import IMAGE_FIELDS
from articles.models import Story, Topic, topic_key
from articles.storyfile.record import ImageRecord
from articles.weburl import url_problem

LONGEST_TITLE = 1_000
LONGEST_EXCERPT = 20_000
LARGEST_SIDE = 100_000
"""Pixels."""
YEARS = range(1970, 2101)
"""Dates the desk accepts."""

# Control characters, lone surrogates, noncharacters and Unicode's own line ends.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_RELATIVE = re.compile(r"/(?!/)[^\x00-\x20\\]*")


class Refused(Exception):  # noqa: N818 - a sentence on its way into `Invalid`
    """One value that no story can have."""


def cleaned(story: Story, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The plain columns among the changes as they are to be stored; those that stay are left out.

    Raises Invalid with a sentence for each field that is refused, ValueError for unknown fields.
    """
    good: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field, value in changes.items():
        if field not in CLEANERS:
            raise ValueError(f"{field} is not edited on the desk.")
        if value == getattr(story, field):
            continue
        try:
            good[field] = CLEANERS[field](value)
        except Refused as refusal:
            problems[field] = str(refusal)
    addresses = {
        field: good.get(field, getattr(story, field)) for field in ("web_url", "original_url")
    }
    if addresses.keys() & good.keys() and not any(addresses.values()):
        problems["web_url"] = _("A story needs the address of its article.")
    if problems:
        raise Invalid(problems)
    return good


def _text(value: Any, longest: int, *, lines: bool = False) -> str:
    if not isinstance(value, str):
        raise Refused(_("This must be a text."))
    text = value.replace("\r\n", "\n")
    if odd := _FORBIDDEN.search(text.replace("\n", "") if lines else text):
        code = f"U+{ord(odd.group()):04X}"
        raise Refused(
            _("The text holds the control character %(code)s: delete it.") % {"code": code}
        )
    if len(text) > longest:
        raise Refused(_("At most %(longest)d characters, please.") % {"longest": longest})
    return text


def _title(value: Any) -> str:
    text = _text(value, LONGEST_TITLE)
    if not text.strip():
        raise Refused(_("A story needs a headline."))
    return text


def _excerpt(value: Any) -> str:
    return _text(value, LONGEST_EXCERPT, lines=True)


def _kind(value: Any) -> str:
    if value not in Story.Kind.values:
        raise Refused(_("A story is an article or a video."))
    return str(value)


def _instant(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Refused(_("This must be a date and time with a time zone."))
    if value.year not in YEARS:
        raise Refused(_("A story of the year %(year)d?") % {"year": value.year})
    return value.astimezone(UTC).replace(microsecond=0)


def _address(value: Any) -> str:
    text = _text(value, 10_000).strip()
    if text and url_problem(text):
        raise Refused(
            _("“%(url)s” is no safe web address: write it in full, with https://.")
            % {"url": text[:80]}
        )
    return text


CLEANERS: Mapping[str, Callable[[Any], Any]] = {
    "title": _title,
    "excerpt": _excerpt,
    "kind": _kind,
    "published_at": _instant,
    "web_url": _address,
    "original_url": _address,
    "amp_url": _address,
    "cdn_amp_url": _address,
}
"""The columns a person may edit; topics and images stand beside them."""


def cleaned_topics(site_id: int, names: Iterable[str], written: Sequence[str]) -> list[str]:
    """Topics of the site, each once; those the story has keep the spelling of its file.

    Raises Invalid for a name the site does not know.
    """
    wanted: dict[str, str] = {}
    for name in names:
        wanted.setdefault(topic_key(name), name)
    rows = Topic.objects.filter(site_id=site_id, key__in=wanted).values_list("key", "name")
    known = {**dict(rows), **{topic_key(name): name for name in written}}
    unknown = [name for key, name in wanted.items() if key not in known]
    if unknown:
        raise Invalid(
            {"topics": _("The site has no topic “%(name)s”.") % {"name": unknown[0][:80]}}
        )
    return [known[key] for key in wanted]


def cleaned_images(
    images: Iterable[ImageRecord | Mapping[str, Any]], written: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Images as the log keeps them. What is not said of one the story has, stays.

    Raises Invalid for an address or a size that no image can have.
    """
    held = {image["url"]: image for image in written}
    try:
        return [_image(image, held) for image in images]
    except Refused as refusal:
        raise Invalid({"images": str(refusal)}) from refusal


def _image(
    image: ImageRecord | Mapping[str, Any], held: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    said = asdict(image) if isinstance(image, ImageRecord) else dict(image)
    if unknown := said.keys() - {*IMAGE_FIELDS}:
        raise ValueError(f"{sorted(unknown)[0]} is nothing an image has.")
    old = held.get(said.get("url", ""), {})
    values = {name: value for name, value in {**old, **said}.items() if value is not None}
    if values != old:
        _check_image(values)
    return values


def _check_image(values: Mapping[str, Any]) -> None:
    url = _text(values.get("url", ""), 10_000)
    if not url or (url_problem(url) and not _RELATIVE.fullmatch(url)):
        raise Refused(_("“%(url)s” is no safe address of an image.") % {"url": url[:80]})
    for name in ("width", "height"):
        side = values.get(name)
        whole = isinstance(side, int) and not isinstance(side, bool)
        if side is not None and not (whole and 0 < side <= LARGEST_SIDE):
            raise Refused(_("An image is between 1 and 100,000 pixels wide and high."))
    for name in ("title", "attribution"):
        _text(values.get(name, ""), LONGEST_TITLE)
