"""A story that got a file of its own is written in the site's dialect, and only where none is."""

from __future__ import annotations

import pytest

from articles.exporter import pending_bytes
from articles.models import Site, Story
from articles.storyfile.document import Document
from articles.storyfile.record import read_record
from tests.exporter.conftest import change
from tests.factories import key, make_coverage, make_story, make_story_without_file

pytestmark = pytest.mark.django_db

PATH = "_news/2026-03-02-promoted.md"


def promoted(site: Site | None = None, **fields: object) -> Story:
    story = make_story_without_file(
        site, quality=75, topics=["Ferries"], images=["https://img.example/a.jpg"]
    )
    values = {"path": PATH, "path_key": key(PATH), "heat": 75, "published": True, **fields}
    return change(story, **values)


def test_says_everything_the_row_says() -> None:
    story = promoted()
    record = read_record(Document.parse(pending_bytes(story) or b""))
    assert (record.title, record.excerpt, record.web_url) == (
        story.title,
        story.excerpt,
        story.web_url,
    )
    assert (record.quality, record.heat, record.published) == (75, 75, True)
    assert record.published_at == story.published_at
    assert record.topics == ("Ferries",)
    assert [image.url for image in record.images or ()] == ["https://img.example/a.jpg"]
    assert record.provider is not None
    assert (record.provider.name, record.provider.domain) == ("The Herald", "herald.example")
    assert not record.has_secured
    assert record.issues == ()


def test_lists_the_other_members_of_its_group() -> None:
    lead, other = make_story(quality=90), make_story(quality=20)
    group = make_coverage(lead, other)
    story = promoted(coverage_id=group.pk)
    record = read_record(Document.parse(pending_bytes(story) or b""))
    assert [entry.title for entry in record.related] == [lead.title, other.title]


def test_is_written_in_the_older_spelling_where_the_site_uses_it() -> None:
    data = pending_bytes(promoted(vocabulary="source")) or b""
    assert b"\nsourceUrl: http" in data
    assert b"webUrl" not in data
