"""The invented newsroom: what the builders write agrees with itself."""

from __future__ import annotations

import pytest
import yaml

from articles.models import Coverage, Story, StoryFile
from articles.storyfile.digest import digest_of
from articles.storyfile.reader import StoryReader, split
from tests.factories import (
    file_text,
    make_coverage,
    make_story,
    make_story_without_file,
    make_video,
    write_file,
)

pytestmark = pytest.mark.django_db


def test_gives_a_story_the_bytes_of_its_file() -> None:
    story = make_story(topics=["Ferries", "Ports"], images=["https://img.example/a.jpg"])
    data = StoryFile.objects.get(pk=story.pk).content()
    assert data == file_text(story)
    assert story.file_digest == digest_of(data)
    front = yaml.safe_load(data.split(b"---\n")[1])
    assert front["title"] == story.title
    assert front["topics"] == ["Ferries", "Ports"]
    assert front["webUrl"] == story.web_url


def test_cuts_the_related_entries_into_blocks_kept_once() -> None:
    a, b, c = make_story(quality=80), make_story(), make_story_without_file()
    make_coverage(a, b, c)
    files = {f.pk: f for f in StoryFile.objects.all()}
    assert set(files) == {a.pk, b.pk}
    assert len(files[a.pk].block_ids) == 2
    assert set(files[a.pk].block_ids) & set(files[b.pk].block_ids)
    a.refresh_from_db()
    assert files[a.pk].content() == file_text(a)


def test_groups_as_the_aggregator_does() -> None:
    a, b = make_story(quality=60), make_story(quality=55)
    group = make_coverage(a, b)
    a.refresh_from_db()
    b.refresh_from_db()
    assert (a.heat, a.published, b.heat, b.published) == (80, True, -1, False)
    assert Coverage.objects.get(pk=group.pk).member_count == 2


def test_writes_any_bytes() -> None:
    story = make_video()
    write_file(story, b"---\ntitle: other\n---\n")
    assert StoryFile.objects.get(pk=story.pk).content() == b"---\ntitle: other\n---\n"
    assert Story.objects.get(pk=story.pk).web_url == ""


def test_writes_files_that_raise_no_doubt() -> None:
    lead, other = make_story(quality=80, topics=["Ferries"]), make_video()
    make_coverage(lead, other)
    for story in (lead, other):
        record = StoryReader().read(StoryFile.objects.get(pk=story.pk).content())
        assert record.issues == ()
        assert record.url == story.url
        assert len(record.related) == 1


def test_cuts_files_as_the_reader_does() -> None:
    lead, other, third = make_story(quality=80), make_story(), make_story()
    make_coverage(lead, other, third)
    file = StoryFile.objects.get(pk=lead.pk)
    pieces = split(file.content())
    assert (pieces.head, pieces.tail) == (file.head_bytes(), file.tail_bytes())
    assert len(pieces.blocks) == len(file.block_ids) == 2
