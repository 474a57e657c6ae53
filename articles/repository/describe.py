"""What a repository says of itself: `_config.yml`, `_data/organizations`, `_data/topics`.

Read with the same guard as a story; a broken file is a `DataProblem`, never the end of a run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from articles.storyfile.document import NULL_TAG, Document, compose
from articles.storyfile.errors import StoryFileError
from articles.storyfile.frontmatter import BOM, decode

CONFIG = "_config.yml"
ORGANIZATIONS = "_data/organizations"
TOPICS = "_data/topics"


@dataclass(frozen=True, slots=True)
class DataProblem:
    """A file of the site's description that could not be used."""

    path: str
    code: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class SiteDescription:
    """The keys of `_config.yml` the desk uses; "" where a key is absent."""

    title: str = ""
    url: str = ""
    baseurl: str = ""
    web_url: str = ""
    locale: str = ""
    repository: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Logo:
    """A provider's picture; `url` may be relative to the site."""

    url: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Organization:
    """A provider as `_data/organizations/<domain>.md` describes it."""

    name: str
    domain: str
    description: str
    images: tuple[Logo, ...]


@dataclass(frozen=True, slots=True)
class TopicDescription:
    """A topic as `_data/topics/NN-slug.yaml` describes it; `parent` is a topic's name."""

    slug: str
    name: str
    parent: str
    keywords: tuple[str, ...]
    hashtags: tuple[str, ...]


def is_description(path: str) -> bool:
    """Whether a file of this path, relative to the repository, describes the site."""
    folder = path.rpartition("/")[0]
    return path == CONFIG or folder in (ORGANIZATIONS, TOPICS)


@dataclass(frozen=True, slots=True)
class Description:
    """Everything a repository says of itself."""

    site: SiteDescription
    organizations: tuple[Organization, ...]
    topics: tuple[TopicDescription, ...]
    problems: tuple[DataProblem, ...]


def read_site(data: bytes) -> SiteDescription:
    """Read a `_config.yml`. Raises StoryFileError."""
    keys = _mapping(_yaml(data))
    return SiteDescription(
        title=_text(keys.get("title")),
        url=_text(keys.get("url")),
        baseurl=_text(keys.get("baseurl")),
        web_url=_text(keys.get("webUrl")),
        locale=_text(keys.get("locale")),
        repository=_text(keys.get("repository")),
        topic=_text(keys.get("topic")),
    )


def read_organization(data: bytes) -> Organization:
    """Read a provider's file. Raises StoryFileError."""
    keys = _mapping(Document.parse(data).root)
    name, domain = _text(keys.get("name")), _text(keys.get("domain"))
    if not (name or domain):
        raise StoryFileError("no_name", "the file has neither a name nor a domain")
    images = tuple(_logo(node) for node in _items(keys.get("images")))
    return Organization(
        name or domain,
        domain,
        _text(keys.get("description")),
        tuple(logo for logo in images if logo.url),
    )


def read_topic(data: bytes) -> TopicDescription:
    """Read a topic's file. Raises StoryFileError."""
    keys = _mapping(_yaml(data))
    name = _text(keys.get("name"))
    if not name:
        raise StoryFileError("no_name", "the topic has no name")
    return TopicDescription(
        slug=_text(keys.get("_id")),
        name=name,
        parent=_text(keys.get("parent")),
        keywords=_texts(keys.get("keywords")),
        hashtags=_texts(keys.get("hashtags")),
    )


def read_description(files: Mapping[str, bytes]) -> Description:
    """Read the description files (path → bytes), each for itself."""
    problems: list[DataProblem] = []
    site = SiteDescription()
    organizations: list[Organization] = []
    topics: list[TopicDescription] = []
    for path, data in files.items():
        try:
            if path == CONFIG:
                site = read_site(data)
            elif path.startswith(ORGANIZATIONS) and path.endswith(".md"):
                organizations.append(read_organization(data))
            elif path.startswith(TOPICS) and path.endswith((".yaml", ".yml")):
                topics.append(read_topic(data))
        except StoryFileError as error:
            problems.append(DataProblem(path, error.code, error.message, error.line))
    return Description(site, tuple(organizations), tuple(topics), tuple(problems))


def _yaml(data: bytes) -> yaml.MappingNode:
    """The root of a file that is YAML from its first line on, guarded as a story is."""
    return compose(decode(data).removeprefix(BOM))


def _mapping(node: yaml.Node | None) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _text(node: yaml.Node | None) -> str:
    if not isinstance(node, yaml.ScalarNode) or node.tag == NULL_TAG:
        return ""
    return str(node.value).strip()


def _texts(node: yaml.Node | None) -> tuple[str, ...]:
    return tuple(text for item in _items(node) if (text := _text(item)))


def _logo(node: yaml.Node) -> Logo:
    keys = _mapping(node)
    return Logo(_text(keys.get("url")), _number(keys.get("width")), _number(keys.get("height")))


def _number(node: yaml.Node | None) -> int | None:
    text = _text(node)
    return int(text) if text.isdecimal() and len(text) < 6 else None
