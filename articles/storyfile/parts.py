"""Reading the parts of a story that are lists or mappings: provider, topics, images.

Odd shapes stay readable and are flagged; nothing is split or joined by guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from articles.storyfile.issues import clipped
from articles.storyfile.reading import (
    Fields,
    Reading,
    check_text,
    doubt_form,
    read_flag,
    read_text,
)
from articles.storyfile.scalars import is_blank, is_null, is_typed, whole_number
from articles.storyfile.shapes import ImageRecord, ProviderRecord
from articles.weburl import is_private_host, url_problem

_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]\.?")
_ADDRESS = re.compile(r"(?:[a-z]+:)?//|/[^/]|(?:data|javascript):", re.IGNORECASE)
_RELATIVE = re.compile(r"(?![a-zA-Z][a-zA-Z0-9+.-]*:)[^\x00-\x1f\\]+")


@dataclass(frozen=True, slots=True)
class Spelling:
    """Which field a key stands for, for each kind of mapping in a file.

    `control` are the keys by which a file tells the publisher where or how to show it.
    """

    story: Mapping[str, str]
    related: Mapping[str, str]
    provider: Mapping[str, str]
    image: Mapping[str, str]
    control: frozenset[str]


def read_images(
    reading: Reading, fields: Fields, names: Mapping[str, str], *, label: str = "Image"
) -> tuple[ImageRecord, ...] | None:
    """Return the images, `None` without such a key; entries that are no image are left out."""
    entry = fields.get("images")
    if entry is None or is_null(entry[1]):
        return None
    key, value = entry
    if isinstance(value, SequenceNode):
        items = value.value
    else:
        cure = "Write them as a list, each with url, width and height."
        reading.doubt("images.type", key, place="The images are no list", cure=cure)
        items = [value] if isinstance(value, MappingNode) else []
    found = (
        _image(reading, item, names, f"{label} {number}")
        for number, item in enumerate(items, start=1)
    )
    return tuple(image for image in found if image is not None)


def _image(
    reading: Reading, node: Node, names: Mapping[str, str], place: str
) -> ImageRecord | None:
    if not isinstance(node, MappingNode):
        return _bare_image(reading, node, place)
    fields = reading.fields(node, names)
    url = _image_url(reading, fields, node, place)
    width, height = _size(reading, fields, node, place)
    title = read_text(reading, fields, "title", "image title") if "title" in fields else None
    cached = read_flag(reading, fields, "is_cached") if "is_cached" in fields else None
    credit = read_text(reading, fields, "attribution") if "attribution" in fields else None
    return ImageRecord(url, width, height, title, cached, credit)


def _bare_image(reading: Reading, node: Node, place: str) -> ImageRecord | None:
    """An entry that is no mapping; an address alone still shows its image."""
    if is_null(node):
        reading.doubt("image.no_url", node, place=place)
        return None
    cure = "Write it with url, width and height, each on its line."
    reading.doubt("images.type", node, place=f"{place} is no image entry", cure=cure)
    text = str(node.value) if isinstance(node, ScalarNode) else ""
    if not _ADDRESS.match(text):
        return None
    _check_image_url(reading, text, node, place)
    return ImageRecord(text)


def _image_url(reading: Reading, fields: Fields, node: Node, place: str) -> str:
    entry = fields.get("url")
    value = entry[1] if entry else None
    url = str(value.value) if isinstance(value, ScalarNode) and not is_null(value) else ""
    if not url.strip():
        reading.doubt("image.no_url", entry[0] if entry else node, place=place)
        return url
    if entry is not None and isinstance(value, ScalarNode) and is_typed(value):
        reading.doubt("url.invalid", entry[0], field=place, text=clipped(url))
    elif entry is not None:
        _check_image_url(reading, url, entry[0], place)
    return url


def _check_image_url(reading: Reading, url: str, node: Node, place: str) -> None:
    problem = _image_problem(url)
    if problem is not None:
        text = clipped(url)
        reading.doubt(problem, node, place=place, field=place, text=text, size=len(url))


def _image_problem(url: str) -> str | None:
    # An address without scheme is on the site itself, or (//host) on another one.
    absolute = "https:" + url.strip() if url.startswith("//") else url.strip()
    problem = url_problem(absolute)
    if problem == "url.invalid" and not url.startswith("//") and _RELATIVE.fullmatch(url):
        return None
    return "image.private_host" if problem == "url.private_host" else problem


def _size(
    reading: Reading, fields: Fields, node: Node, place: str
) -> tuple[int | None, int | None]:
    odd: list[ScalarNode | None] = []
    width, height = (_pixels(reading, fields, name, place, odd) for name in ("width", "height"))
    if odd:
        named = [key for key in odd if key is not None]
        what = " and ".join(str(key.value) for key in named) or "both"
        reading.doubt("image.size", named[0] if named else node, place=place, field=what)
    return width, height


def _pixels(
    reading: Reading, fields: Fields, name: str, place: str, odd: list[ScalarNode | None]
) -> int | None:
    entry = fields.get(name)
    if entry is None:
        odd.append(None)
        return None
    key, value = entry
    number = whole_number(value)
    if number.oddity == "form":
        doubt_form(reading, key, value, number.value)
    elif number.oddity or number.value is None or number.value <= 0:
        odd.append(key)
    if number.oddity == "type" and not is_null(value):
        cure = "Write whole numbers without quotes."
        where = f"{place}: its {key.value} is no whole number"
        reading.doubt("images.type", key, place=where, cure=cure)
    return number.value


def read_provider(
    reading: Reading, fields: Fields, spelling: Spelling, *, required: bool = True
) -> ProviderRecord | None:
    """Return who published it; a bare name counts as a provider and is flagged."""
    entry = fields.get("provider")
    if entry is None or is_null(entry[1]):
        if required:
            reading.doubt("provider.missing", entry[0] if entry else None)
        return None
    key, value = entry
    if isinstance(value, ScalarNode) and is_blank(value.value):
        reading.doubt("provider.missing", key)
        return None
    if isinstance(value, ScalarNode):
        reading.doubt("provider.type", key, cure="write name: and domain: on lines below it.")
        return ProviderRecord(str(value.value), "")
    if not isinstance(value, MappingNode):
        reading.doubt("provider.type", key, cure="it is a list; keep one.")
        return None
    inner = reading.fields(value, spelling.provider)
    name = _provider_name(reading, inner, key)
    domain = _domain(reading, inner)
    return ProviderRecord(name, domain, read_images(reading, inner, spelling.image, label="Logo"))


def _provider_name(reading: Reading, fields: Fields, key: ScalarNode) -> str:
    entry = fields.get("name")
    if entry is None or is_null(entry[1]):
        reading.doubt("provider.no_name", key)
        return ""
    value = entry[1]
    if not isinstance(value, ScalarNode):
        reading.doubt("provider.type", entry[0], cure="write its name as one text.")
        return ""
    name = str(value.value)
    if is_blank(name):
        reading.doubt("provider.no_name", entry[0])
    elif is_typed(value):
        reading.doubt("provider.type", entry[0], cure="put the name in quotes.")
    check_text(reading, name, entry[0], "provider's name", one_line=True)
    return name


def _domain(reading: Reading, fields: Fields) -> str:
    entry = fields.get("domain")
    if entry is None or is_null(entry[1]):
        return ""
    value = entry[1]
    domain = str(value.value) if isinstance(value, ScalarNode) else ""
    good = len(domain) <= 253 and _DOMAIN.fullmatch(domain) and not is_private_host(domain)
    if not good:
        reading.doubt("provider.domain", entry[0], text=clipped(domain))
    elif url_problem(f"https://{domain}") == "url.confusable":
        reading.doubt("url.confusable", entry[0], field=entry[0].value, text=clipped(domain))
    return domain


def read_topics(reading: Reading, fields: Fields, name: str = "topics") -> tuple[str, ...]:
    """Return the names in their order, each once (letter case and Unicode form do not count)."""
    entry = fields.get(name)
    if entry is None or is_null(entry[1]):
        return ()
    key, value = entry
    if isinstance(value, MappingNode):
        reading.doubt("topics.type", key, cure="they are a mapping; write `- name` lines.")
        return ()
    if isinstance(value, ScalarNode):
        reading.doubt("topics.type", key, cure="they are one text; write `- name` lines.")
        return _distinct(reading, [value])
    return _distinct(reading, _names(reading, value.value))


def _names(reading: Reading, items: Sequence[Node]) -> list[ScalarNode]:
    names: list[ScalarNode] = []
    for item in items:
        if isinstance(item, SequenceNode):
            reading.doubt("topics.type", item, cure="a list stands inside the list.")
            names += _names(reading, item.value)
        elif isinstance(item, MappingNode):
            reading.doubt("topics.type", item, cure="put a name that holds a colon in quotes.")
        elif isinstance(item, ScalarNode) and not is_blank(item.value) and not is_null(item):
            names.append(item)
        else:
            reading.doubt("topics.empty", item)
    return names


def _distinct(reading: Reading, nodes: Sequence[ScalarNode]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for node in nodes:
        text = str(node.value)
        name = text.strip()
        if is_typed(node):
            reading.doubt("topics.type", node, cure=f"put {clipped(name)} in quotes.")
        if name != text:
            reading.doubt("topics.space", node, text=clipped(text))
        check_text(reading, name, node, "topic", one_line=True)
        same = name.lower() if name.isascii() else unicodedata.normalize("NFC", name).lower()
        if same in found:
            reading.doubt("topics.duplicate", node, text=clipped(name))
        elif name:
            found[same] = name
    return tuple(found.values())
