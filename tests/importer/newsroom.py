"""Invented repositories on disk, and the database as plain values to compare."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db.models import Prefetch

from articles.importer import ImportReport, Options, import_repository
from articles.models import Coverage, Provider, Site, Story, StoryFile, StoryTopic, Topic
from articles.repository import open_repository

CONFIG = """title: Harbour Every Day
url: https://news.example
baseurl: "/harbour"
webUrl: https://reader.example/harbour
locale: "en-us"
repository: nobody/harbour
topic: Harbour
"""


def url(name: str) -> str:
    return f"https://www.herald.example/{name}"


def entry(name: str, **fields: Any) -> str:
    """A related entry; two calls with the same arguments give the same text."""
    values = {"title": f"About {name}", "quality": 40, "date": "2026-03-02T12:00:00Z", **fields}
    return "\n".join(
        (
            f"  - title: {json.dumps(values['title'])}",
            '    excerpt: "Seen from afar."',
            f"    publishedDateTime: {values['date']}",
            f"    webUrl: {json.dumps(values.get('url', url(name)))}",
            "    type: article",
            "    provider:",
            f"      name: {values.get('provider', 'The Herald')}",
            f"      domain: {values.get('domain', 'herald.example')}",
            f"    quality: {values['quality']}",
            "",
        )
    )


def story(name: str, related: Iterable[str] = (), **fields: Any) -> bytes:
    """A story file in the house style; `related` are names of other stories, or whole entries."""
    values: dict[str, Any] = {
        "title": f"About {name}",
        "excerpt": "Seen from afar.",
        "date": "2026-03-02T12:00:00Z",
        "quality": 60,
        "heat": 60,
        "published": False,
        "topics": ["Ferries"],
        "images": [],
        "url": url(name),
        **fields,
    }
    entries = [each if "\n" in each else entry(each) for each in related]
    lines = [
        "---",
        "category: news",
        f"title: {json.dumps(values['title'])}",
        f"excerpt: {json.dumps(values['excerpt'])}",
        f"publishedDateTime: {values['date']}",
        *([f"webUrl: {json.dumps(values['url'])}"] if values["url"] else []),
        "type: article",
        f"quality: {values['quality']}",
        f"heat: {values['heat']}",
        f"published: {str(values['published']).lower()}",
        *(["removed: true"] if values.get("removed") else []),
        "",
        "provider:",
        f"  name: {values.get('provider', 'The Herald')}",
        f"  domain: {values.get('domain', 'herald.example')}",
        "",
        "topics:",
        *(f"  - {topic}" for topic in values["topics"]),
        "",
    ]
    if values["images"]:
        lines.append("images:")
        for image in values["images"]:
            lines += [f"  - url: {json.dumps(image)}", "    width: 640", "    height: 360"]
        lines.append("")
    if entries:
        lines += ["related:", "".join(entries)]
    lines += ['secured: "c2VjcmV0LWNpcGhlci0xNg==;MDEyMzQ1Njc4OWFiY2RlZg=="', "---", ""]
    return "\n".join(lines).encode()


class Checkout:
    """A content repository in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "_news").mkdir(parents=True)
        self.write_text("_config.yml", CONFIG)

    def write_text(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def path(self, name: str) -> Path:
        return self.root / "_news" / f"2026-03-02-{name}.md"

    def write(self, name: str, related: Iterable[str] = (), **fields: Any) -> Path:
        path = self.path(name)
        path.write_bytes(story(name, related, **fields))
        return path

    def remove(self, name: str) -> None:
        self.path(name).unlink()

    def run(self, **options: Any) -> ImportReport:
        return import_repository(open_repository(self.root), Options(**options))


def found(name: str) -> Story:
    return Story.objects.get(path=f"_news/2026-03-02-{name}.md")


def known_by(name: str) -> Story:
    """The story without a file that is known from a related block."""
    return Story.objects.get(path=None, web_url=url(name))


def codes(story: Story) -> list[str]:
    return sorted(story.problems.values_list("code", flat=True))


def groups() -> list[list[str]]:
    """Every group as the paths (or addresses) of its members, the lead first."""
    return sorted(
        [
            label(group.lead),
            *sorted(label(s) for s in group.members.all() if s.pk != group.lead_id),
        ]
        for group in Coverage.objects.select_related("lead")
    )


def label(story: Story | None) -> str:
    if story is None:
        return "nobody"
    return (
        (story.path or story.url).rpartition("/")[2].removesuffix(".md").removeprefix("2026-03-02-")
    )


_ACCIDENTAL = {
    "id", "site", "provider", "coverage", "version", "created_at", "updated_at", "missing_since",
}  # fmt: skip


def dump() -> dict[str, Any]:
    """Everything an import writes, without ids and moments: equal dumps mean equal databases."""
    columns = [f.name for f in Story._meta.concrete_fields if f.name not in _ACCIDENTAL]
    stories = {}
    files = StoryFile.objects.in_bulk()
    everything = Story.objects.select_related("provider", "coverage__lead", "site")
    topics = Prefetch("story_topics", StoryTopic.objects.select_related("topic"))
    for each in everything.prefetch_related(topics, "images", "problems"):
        stories[each.site.slug, label(each)] = {
            **{name: getattr(each, name) for name in columns},
            "provider": str(each.provider),
            "missing": each.missing_since is not None,
            "lead": label(each.coverage.lead) if each.coverage else None,
            "topics": [
                (row.position, row.name, row.topic.name if row.topic else None, row.queue)
                for row in each.story_topics.all()
            ],
            "images": [(i.position, i.url, i.width, i.height, i.title) for i in each.images.all()],
            "problems": sorted((p.code, p.line or 0, p.message) for p in each.problems.all()),
            "file": files[each.pk].content() if each.pk in files else None,
        }
    return {
        "stories": stories,
        "groups": groups(),
        "coverage": sorted(Coverage.objects.values_list("member_count", "first_at", "last_at")),
        "providers": sorted(Provider.objects.values_list("domain", "name")),
        "topics": sorted(
            Topic.objects.values_list("key", "name", "slug", "is_listed", "parent__name")
        ),
        "sites": sorted(Site.objects.values_list("slug", "title", "baseurl")),
    }


def contents(story: Story) -> bytes | None:
    """The bytes kept of a story's file."""
    file = StoryFile.objects.filter(pk=story.pk).first()
    return file.content() if file else None
