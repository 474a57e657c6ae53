"""Sites, providers and topics: found or made, by their stored identities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model
from django.utils.text import slugify

from articles.importer import bulk
from articles.models import Provider, Site, Topic, topic_key
from articles.repository import (
    DataProblem,
    Organization,
    Repository,
    SiteDescription,
    TopicDescription,
)
from articles.storyfile.digest import digest_of
from articles.storyfile.record import ProviderRecord

# Topics that only stories name stand behind those of the repository's own list.
UNLISTED_POSITION = 1_000

ProviderKey = tuple[str, str]

M = TypeVar("M", bound=Model)


def describe_site(site: Site, repository: Repository) -> tuple[DataProblem, ...]:
    """Bring the site, its providers and topics up to what the repository says of itself.

    Does nothing where the description is the one that was read last. Returns what could not be
    used of it.
    """
    digest = description_digest(repository)
    if not repository.description_files or site.description_digest == digest:
        return ()
    description = repository.description
    _set_site(site, description.site, digest)
    _set_providers(description.organizations)
    _set_topics(site, description.topics)
    return description.problems


def description_digest(repository: Repository) -> str:
    """One digest of all the files that describe the site."""
    parts = (f"{path}\0{digest_of(data)}\n" for path, data in repository.description_files.items())
    return digest_of("".join(parts).encode())


def _set_site(site: Site, description: SiteDescription, digest: str) -> None:
    site.title = description.title[:200]
    site.url = description.url[:500]
    site.baseurl = description.baseurl[:200]
    site.web_url = description.web_url[:500]
    site.locale = description.locale[:32]
    site.topic = description.topic[:200]
    site.repository = description.repository[:500]
    site.description_digest = digest
    site.save()


def _set_providers(organizations: Iterable[Organization]) -> None:
    known = {
        provider_key(provider.name, provider.domain): provider
        for provider in Provider.objects.all()
    }
    wanted: dict[ProviderKey, Provider] = {}
    for organization in organizations:
        key = provider_key(organization.name, organization.domain)
        provider = wanted[key] = known.get(key) or Provider(domain=key[0])
        provider.name = organization.name[:255]
        provider.description = organization.description
        provider.images = [
            {"url": logo.url, "width": logo.width, "height": logo.height}
            for logo in organization.images
        ]
    _save(Provider, wanted.values(), ("name", "description", "images"))


def _set_topics(site: Site, descriptions: Iterable[TopicDescription]) -> None:
    known = {topic.key: topic for topic in Topic.objects.filter(site=site)}
    topics: dict[str, Topic] = {}
    for position, description in enumerate(descriptions):
        key = topic_key(description.name)
        topic = topics[key] = known.get(key) or Topic(site=site, key=key)
        topic.name = description.name
        topic.slug = (description.slug or slugify(description.name))[:200]
        topic.keywords = list(description.keywords)
        topic.hashtags = list(description.hashtags)
        topic.position, topic.is_listed = position, True
    for key, topic in known.items():
        if key not in topics and topic.is_listed:
            topic.position, topic.is_listed = UNLISTED_POSITION, False
            topics[key] = topic
    columns = ("name", "slug", "keywords", "hashtags", "position", "is_listed")
    _save(Topic, topics.values(), columns)
    _set_parents(topics, descriptions)


def _set_parents(topics: Mapping[str, Topic], descriptions: Iterable[TopicDescription]) -> None:
    changed = []
    for description in descriptions:
        topic = topics[topic_key(description.name)]
        parent = topics.get(topic_key(description.parent)) if description.parent else None
        if parent is not topic and topic.parent_id != (parent.pk if parent else None):
            topic.parent = parent
            changed.append(topic)
    Topic.objects.bulk_update(changed, ["parent"])


def _save(model: type[M], rows: Iterable[M], columns: Sequence[str]) -> None:
    """Insert the new rows and update the others: two statements, whatever their number."""
    new: list[M] = []
    old: list[M] = []
    for row in rows:
        (new if row.pk is None else old).append(row)
    model._default_manager.bulk_create(new)
    model._default_manager.bulk_update(old, columns)


def provider_key(name: str, domain: str) -> ProviderKey:
    """The identity of a provider: its domain, or its name where it has no usable domain."""
    domain = domain.strip().lower()
    return (domain, "") if 0 < len(domain) <= 253 else ("", name.strip()[:255])


@dataclass(frozen=True, slots=True)
class KnownTopic:
    """A topic by id, with the spelling that stands for it."""

    id: int
    name: str


class Catalogue:
    """The ids of providers and topics, kept in memory for one run."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._providers: dict[ProviderKey, int] = {}
        for pk, domain, name in Provider.objects.values_list("id", "domain", "name"):
            self._providers[domain.lower(), "" if domain else name] = pk
        self._topics: dict[str, KnownTopic] = {}
        self._slugs: set[str] = set()
        rows = Topic.objects.filter(site=site).values_list("key", "id", "name", "slug")
        for key, pk, name, slug in rows:
            self._topics[key] = KnownTopic(pk, name)
            self._slugs.add(slug)
        self._keys: dict[str, str] = {}

    def provider_id(self, provider: ProviderRecord | None) -> int | None:
        """The id of a provider that `add_providers` has seen."""
        if provider is None or not (provider.name or provider.domain):
            return None
        return self._providers.get(provider_key(provider.name, provider.domain))

    def topic(self, name: str) -> KnownTopic:
        """The topic of that name (case and Unicode form do not matter); `add_topics` saw it."""
        return self._topics[self._key(name)]

    def _key(self, name: str) -> str:
        key = self._keys.get(name)
        if key is None:
            key = self._keys[name] = topic_key(name)
        return key

    def add_providers(self, providers: Iterable[ProviderRecord | None]) -> None:
        """Make rows for the providers that have none; the first spelling of a name counts."""
        new: dict[ProviderKey, str] = {}
        for provider in providers:
            if provider is None:
                continue
            key = provider_key(provider.name, provider.domain)
            if key not in self._providers and any(key):
                new.setdefault(key, (provider.name.strip() or key[0])[:255])
        ids = bulk.new_ids(Provider, len(new))
        bulk.insert(
            Provider,
            ("id", "domain", "name", "description", "images"),
            ([pk, key[0], name, "", []] for pk, (key, name) in zip(ids, new.items(), strict=True)),
        )
        self._providers.update(zip(new, ids, strict=True))

    def add_topics(self, names: Iterable[str]) -> None:
        """Make flat, unlisted topics for the names that have none."""
        for name in names:
            key = self._key(name)
            if key not in self._topics:
                topic = Topic.objects.create(
                    site=self._site,
                    name=name,
                    slug=self._free_slug(name),
                    position=UNLISTED_POSITION,
                )
                self._topics[key] = KnownTopic(topic.pk, name)

    def _free_slug(self, name: str) -> str:
        wanted = slugify(name)[:190] or "topic"
        slug, number = wanted, 2
        while slug in self._slugs:
            slug, number = f"{wanted}-{number}", number + 1
        self._slugs.add(slug)
        return slug
