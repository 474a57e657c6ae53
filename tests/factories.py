"""Plain builders of an invented newsroom: what they write, an import would have written.

Every story has a file that says the same as its row (`write_file`), unless `path=None`: then it is
a story known only from somebody's related block. Names, addresses and texts are invented.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from articles.models import (
    Coverage,
    Provider,
    Site,
    Story,
    StoryFile,
    StoryImage,
    StoryTopic,
    TextBlock,
    Topic,
    topic_key,
)
from articles.rules import SUPERSEDED_HEAT, Standing, queue_of
from articles.storyfile.digest import digest_of

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECRET = "YW4gaW52ZW50ZWQgdGV4dCBvZiAzMiBieXRlcywgb2s=;MDEyMzQ1Njc4OWFiY2RlZg=="


class _Numbers:
    """Tells the stories of one test apart."""

    counter = itertools.count(1)


def restart_numbers() -> None:
    """Count from one again, so that what a test makes does not depend on the tests before it."""
    _Numbers.counter = itertools.count(1)


def key(text: str) -> str:
    """The stored identity of an address or a path."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def make_site(slug: str = "harbour", **fields: Any) -> Site:
    """A site; the same slug gives the same site."""
    values = {
        "title": slug.title(),
        "url": "https://news.example",
        "baseurl": f"/{slug}",
        "first_imported_at": NOON - timedelta(days=30),
        "newest_at_first_import": NOON - timedelta(days=30),
        **fields,
    }
    site, _ = Site.objects.get_or_create(slug=slug, defaults=values)
    return site


def make_provider(domain: str = "herald.example", name: str = "") -> Provider:
    """A publisher; the same domain gives the same publisher."""
    name = name or f"The {domain.partition('.')[0].title()}"
    provider, _ = Provider.objects.get_or_create(domain=domain, defaults={"name": name})
    return provider


def make_topic(site: Site | None = None, name: str = "Ferries", **fields: Any) -> Topic:
    """A topic of a site; the same name gives the same topic."""
    site = site or make_site()
    values = {"name": name, "slug": name.lower().replace(" ", "-"), "is_listed": True, **fields}
    topic, _ = Topic.objects.get_or_create(site=site, key=topic_key(name), defaults=values)
    return topic


def make_story(
    site: Site | None = None,
    *,
    domain: str = "herald.example",
    topics: Sequence[str] = (),
    images: Iterable[str] = (),
    **fields: Any,
) -> Story:
    """A single story with a file; `path=None` makes one without. Any column may be given.

    By default of quality 60, so that the rule of a new site does not publish it.
    """
    n = next(_Numbers.counter)
    site = site or make_site()
    story = Story(**_columns(n, domain, fields), site=site, provider=make_provider(domain))
    story.path_key = key(story.path) if story.path else None
    story.url_key = key(story.url) if story.url else ""
    story.provider_name = story.provider_name or str(story.provider)
    story.provider_domain = domain
    if "queue" not in fields:
        story.queue = queue_of(_standing(story))
    story.save(force_insert=True)
    _add_topics(story, topics)
    for position, url in enumerate(images):
        StoryImage.objects.create(story=story, position=position, url=url, width=640, height=360)
    if story.path:
        write_file(story)
    return Story.objects.get(pk=story.pk)


def _columns(n: int, domain: str, fields: dict[str, Any]) -> dict[str, Any]:
    quality = fields.get("quality", 60)
    heat = fields.get("heat", quality)
    return {
        "path": f"_news/2026-03-02-ferry-number-{n}.md",
        "title": f"Ferry number {n} returns to the harbour",
        "excerpt": f"The boat was repaired for the {n}. time and sails again.",
        "published_at": NOON - timedelta(minutes=n),
        "web_url": f"https://www.{domain}/stories/{n}",
        "quality": quality,
        "heat": heat,
        "published": heat is not None and heat >= 70,
        "created_at": timezone.now(),
        "updated_at": timezone.now(),
        **fields,
    }


def make_video(site: Site | None = None, **fields: Any) -> Story:
    """A video story: only `originalUrl`, as the aggregator writes them."""
    n = next(_Numbers.counter)
    values = {"kind": "video", "web_url": "", "original_url": f"https://tube.example/watch?v={n}"}
    return make_story(site, **{**values, **fields})


def make_story_without_file(site: Site | None = None, **fields: Any) -> Story:
    """A story known only from somebody's related block."""
    return make_story(site, path=None, **{"heat": None, "published": False, **fields})


def make_group(members: int = 3, **fields: Any) -> Story:
    """The lead (“Lead”, quality 80) of a new group with “Member 0”, “Member 1”, ... below it."""
    lead = make_story(title="Lead", **{"quality": 80, **fields})
    others = [
        make_story(lead.site, title=f"Member {n}", quality=50 - n, domain=f"m{n}.example")
        for n in range(members)
    ]
    make_coverage(lead, *others)
    return Story.objects.get(pk=lead.pk)


def make_coverage(lead: Story, *others: Story, edited: bool = False) -> Coverage:
    """A group as the aggregator writes it: the lead's heat by the rule, everybody else superseded.

    The files of the members list each other. Hand over fresh stories; read them again afterwards
    (`story.refresh_from_db()`).
    """
    members = [lead, *others]
    group = Coverage.objects.create(
        site=lead.site,
        lead=lead,
        member_count=len(members),
        first_at=min((m.published_at for m in members if m.published_at), default=None),
        last_at=max((m.published_at for m in members if m.published_at), default=None),
        edited=edited,
    )
    rule = lead.site.rule
    for story in members:
        story.coverage = group
        story.is_lead = story == lead
        story.related_count = len(others)
        if story.path:
            story.heat = rule.heat(story.quality, len(others)) if story.is_lead else SUPERSEDED_HEAT
            story.published = story.is_lead and rule.publishes(story.heat)
        story.queue = queue_of(_standing(story))
        story.save()
    for story in members:
        if story.path:
            write_file(story)
    return group


def write_file(story: Story, data: bytes | None = None) -> bytes:
    """Store the bytes of the story's file, by default what `file_text` says, as read just now."""
    data = file_text(story) if data is None else data
    StoryFile.objects.filter(pk=story.pk).delete()
    head, blocks, tail = _cut(data)
    ids = [
        TextBlock.objects.get_or_create(
            digest=digest_of(block), defaults={"text": block, "url_key": _url_key_in(block)}
        )[0].pk
        for block in blocks
    ]
    StoryFile.pack(story.pk, head, ids, tail).save(force_insert=True)
    Story.objects.filter(pk=story.pk).update(file_digest=digest_of(data))
    return data


def file_text(story: Story) -> bytes:
    """A file in the house style that says what the row says; members of its group are related."""
    related = _related(story)
    parts = [
        "---",
        *_scalars(story),
        "",
        *_provider(story),
        "",
        *_list("topics", list(story.topics.order_by("story_topics__position"))),
        *_images(story),
        *(["related:", *related, ""] if related else []),
        f'secured: "{SECRET}"',
        "---",
        "",
    ]
    return "\n".join(parts).encode()


def _scalars(story: Story) -> list[str]:
    web = {"web_url": "webUrl", "amp_url": "ampWebUrl", "cdn_amp_url": "cdnAmpWebUrl"}
    urls = {"web_url": web["web_url"], "original_url": "originalUrl", **web}
    lines = [
        f"category: {story.category}",
        f"title: {_quoted(story.title)}",
        f"excerpt: {_quoted(story.excerpt)}",
    ]
    if story.published_at:
        lines.append(f"publishedDateTime: {story.published_at:%Y-%m-%dT%H:%M:%SZ}")
    lines += [
        f"{name}: {_quoted(getattr(story, field))}"
        for field, name in urls.items()
        if getattr(story, field)
    ]
    lines.append(f"type: {story.kind}")
    lines += [
        f"{field}: {getattr(story, field)}"
        for field in ("quality", "heat")
        if getattr(story, field) is not None
    ]
    lines.append(f"published: {str(story.published).lower()}")
    return [*lines, "removed: true"] if story.removed else lines


def _provider(story: Story) -> list[str]:
    return ["provider:", f"  name: {story.provider_name}", f"  domain: {story.provider_domain}"]


def _list(name: str, values: Sequence[object]) -> list[str]:
    return [f"{name}:", *(f"  - {value}" for value in values), ""] if values else []


def _images(story: Story) -> list[str]:
    lines = [
        line
        for image in story.images.order_by("position")
        for line in (
            f"  - url: {_quoted(image.url)}",
            f"    width: {image.width}",
            f"    height: {image.height}",
        )
    ]
    return ["images:", *lines, ""] if lines else []


def _related(story: Story) -> list[str]:
    if story.coverage_id is None:
        return []
    others = Story.objects.filter(coverage=story.coverage_id).exclude(pk=story.pk)
    return [line for other in others.order_by("-quality", "id") for line in _entry(other)]


def _entry(story: Story) -> list[str]:
    date = story.published_at
    return [
        f"  - title: {_quoted(story.title)}",
        f"    excerpt: {_quoted(story.excerpt)}",
        *([f"    publishedDateTime: {date:%Y-%m-%dT%H:%M:%SZ}"] if date else []),
        f"    {'webUrl' if story.web_url else 'originalUrl'}: {_quoted(story.url)}",
        f"    type: {story.kind}",
        "    provider:",
        f"      name: {story.provider_name}",
        f"      domain: {story.provider_domain}",
        f"    quality: {story.quality}",
    ]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _cut(data: bytes) -> tuple[bytes, list[bytes], bytes]:
    """Head, related entries and tail of a file written by `file_text`."""
    head, found, rest = data.partition(b"\nrelated:\n")
    if not found:
        return data, [], b""
    entries, _, tail = rest.partition(b"\n\n")
    starts = [b"  - " + part for part in (b"\n" + entries).split(b"\n  - ")[1:]]
    blocks = [start + b"\n" for start in starts]
    return head + found, blocks, b"\n" + tail


def _url_key_in(block: bytes) -> str:
    for line in block.decode().splitlines():
        name, _, value = line.strip().partition(": ")
        if name in {"webUrl", "originalUrl"}:
            return key(json.loads(value))
    return ""


def _standing(story: Story) -> Standing:
    return Standing(
        is_lead=story.is_lead,
        published=story.published,
        removed=story.removed,
        gone=story.missing_since is not None,
        decision=story.decision,
        recent=story.recent,
        snoozed=story.snoozed_until is not None,
        woken=story.woke_at is not None,
    )


def _add_topics(story: Story, names: Sequence[str]) -> None:
    StoryTopic.objects.bulk_create(
        StoryTopic(
            story=story,
            topic=make_topic(story.site, name),
            position=position,
            listed_at=story.published_at or datetime(1970, 1, 1, tzinfo=UTC),
            queue=story.queue,
            published=story.published,
        )
        for position, name in enumerate(names)
    )
