"""The import as one writes it first: a query or two for every file, topic, picture and link.

Honest and complete: libyaml's loader, one transaction, the desk's own tables with their indexes
and triggers. It ends with the same stories, the same links and the whole bytes of each file. It
knows no groups, leads, queues, problems, changed or vanished files, and no hostile ones.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import yaml
from django.db import connection, models, transaction
from django.utils import timezone

from articles.models import Provider, Site, Story, StoryFile, StoryImage, Topic, topic_key
from articles.models.topic import StoryTopic
from articles.storyfile.digest import digest_of
from articles.weburl import url_key
from tests.benchmarks.front import front_matter

Front = dict[str, Any]


class Link(models.Model):
    """One entry of a file's `related` list."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()

    class Meta:
        app_label = "articles"
        db_table = "benchmark_link"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["story", "position"], name="benchmark_link_unique")
        ]

    def __str__(self) -> str:
        return f"{self.story_id}: {self.position}"


def import_naively(paths: Iterable[Path]) -> dict[str, int]:
    """Import these files; returns how many stories and links there are then."""
    with connection.schema_editor() as editor:
        editor.create_model(Link)
    with transaction.atomic():
        site = Site.objects.create(slug="naive")
        for path in paths:
            data = path.read_bytes()
            front = yaml.load(front_matter(data), Loader=yaml.CSafeLoader)
            story = _store(site, path.name, front, data)
            for position, entry in enumerate(front.get("related") or ()):
                other = _listed(site, entry)
                Link.objects.get_or_create(
                    story=story, position=position, defaults={"other": other}
                )
    return {"stories": Story.objects.count(), "links": Link.objects.count()}


def _store(site: Site, name: str, front: Front, data: bytes) -> Story:
    """The story of a file, with its topics, pictures and bytes."""
    key = url_key(_url(front))
    values = {**_values(front), "path": name, "file_digest": digest_of(data)}
    unclaimed = Story.objects.filter(site=site, url_key=key, path_key=None).first()
    if unclaimed is not None:
        for field, value in {**values, "path_key": digest_of(name.encode())}.items():
            setattr(unclaimed, field, value)
        unclaimed.save()
        story = unclaimed
    else:
        story, _ = Story.objects.update_or_create(
            site=site, path_key=digest_of(name.encode()), defaults=values
        )
    for position, topic in enumerate(front.get("topics") or ()):
        _topic(site, story, str(topic), position)
    for position, image in enumerate(front.get("images") or ()):
        StoryImage.objects.get_or_create(story=story, position=position, defaults=_image(image))
    StoryFile.objects.update_or_create(story=story, defaults={"head": zlib.compress(data, 1)})
    return story


def _topic(site: Site, story: Story, name: str, position: int) -> None:
    topic, _ = Topic.objects.get_or_create(
        site=site, key=topic_key(name), defaults={"name": name, "slug": topic_key(name)}
    )
    StoryTopic.objects.get_or_create(
        story=story,
        position=position,
        defaults={
            "topic": topic,
            "listed_at": story.published_at or datetime(1970, 1, 1, tzinfo=UTC),
            "queue": story.queue,
            "published": story.published,
        },
    )


def _listed(site: Site, entry: Front) -> Story:
    """The story that an entry of `related` names; one without a file is made of the entry."""
    key = url_key(_url(entry))
    known = Story.objects.filter(site=site, url_key=key).first()
    if known is not None:
        return known
    story, _ = Story.objects.get_or_create(
        site=site, url_key=key, path_key=None, defaults=_values(entry)
    )
    return story


def _values(front: Front) -> dict[str, Any]:
    now = timezone.now()
    return {
        "url_key": url_key(_url(front)),
        "title": str(front.get("title") or ""),
        "excerpt": str(front.get("excerpt") or ""),
        "category": str(front.get("category") or "news"),
        "kind": str(front.get("type") or ""),
        "published_at": _aware(front.get("publishedDateTime")),
        "web_url": str(front.get("webUrl") or front.get("sourceUrl") or ""),
        "original_url": str(front.get("originalUrl") or ""),
        "amp_url": str(front.get("ampWebUrl") or front.get("ampUrl") or ""),
        "cdn_amp_url": str(front.get("cdnAmpWebUrl") or front.get("cdnAmpUrl") or ""),
        "quality": front.get("quality"),
        "heat": front.get("heat"),
        "published": front.get("published") is True,
        "featured_content": str(front.get("featuredContent") or ""),
        "created_at": now,
        "updated_at": now,
        **_provider(front.get("provider")),
    }


def _provider(named: Any) -> dict[str, Any]:
    if not isinstance(named, dict) or not named.get("domain"):
        return {"provider": None}
    name, domain = str(named.get("name") or ""), str(named["domain"])
    provider, _ = Provider.objects.get_or_create(domain=domain, defaults={"name": name})
    return {
        "provider": provider,
        "provider_name": name,
        "provider_domain": domain,
        "provider_images": named.get("images"),
    }


def _image(image: Front) -> dict[str, Any]:
    return {
        "url": image["url"],
        "width": image.get("width"),
        "height": image.get("height"),
        "title": image.get("title"),
        "is_cached": image.get("isCached"),
    }


def _url(front: Front) -> str:
    return str(front.get("webUrl") or front.get("sourceUrl") or front.get("originalUrl") or "")


def _aware(moment: Any) -> datetime | None:
    """PyYAML's timestamps are UTC without saying so, or no timestamps at all."""
    if not isinstance(moment, datetime):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
