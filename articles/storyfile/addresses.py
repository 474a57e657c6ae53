"""Reading the addresses of a story or of a related entry, in either spelling."""

from __future__ import annotations

from dataclasses import dataclass

from yaml.nodes import Node, ScalarNode

from articles.storyfile.issues import clipped
from articles.storyfile.reading import Fields, Reading
from articles.storyfile.scalars import is_null
from articles.weburl import url_problem


def older(name: str) -> str:
    """Return the name under which a field comes that is spelled the older way."""
    return "older_" + name


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of a story or a related entry, each as it stands in the file."""

    web: str
    second: str
    original: str
    amp: str
    cdn_amp: str


def read_addresses(reading: Reading, fields: Fields) -> Addresses:
    """Return the addresses, the newer spelling before the older; doubts are raised."""
    return Addresses(
        *_either(reading, fields, "web_url"),
        read_address(reading, fields, "original_url"),
        _either(reading, fields, "amp_url")[0],
        _either(reading, fields, "cdn_amp_url")[0],
    )


def _either(reading: Reading, fields: Fields, name: str) -> tuple[str, str]:
    first = read_address(reading, fields, name)
    if older(name) not in fields:
        return first, ""
    second = read_address(reading, fields, older(name))
    if first and second and first != second:
        keys = fields[name][0], fields[older(name)][0]
        reading.doubt("url.conflict", keys[1], field=keys[0].value, text=keys[1].value)
    return (first, second) if first else (second, "")


def read_address(reading: Reading, fields: Fields, name: str) -> str:
    """Return an address character for character, and raise what is wrong with it."""
    entry = fields.get(name)
    if entry is None:
        return ""
    key, value = entry
    if not isinstance(value, ScalarNode):
        reading.doubt("url.invalid", key, field=key.value, text="a list")
        return ""
    url = "" if is_null(value) else str(value.value)
    if url:
        check_address(reading, url, key, key.value)
    return url


def check_address(reading: Reading, url: str, node: Node, label: str) -> None:
    """Raise the `url.*` issue of an address that may not be linked, note a space in it."""
    problem = url_problem(url)
    if problem is not None:
        reading.doubt(problem, node, field=label, text=clipped(url), size=len(url))
    elif " " in url:
        reading.note("url.spaces", node, field=label)
