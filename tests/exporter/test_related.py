"""The files of a group list each other: who stays keeps text and order, who left is gone."""

from __future__ import annotations

import pytest

from articles.exporter import pending_bytes, render_one
from articles.models import Story
from articles.storyfile.document import Document
from articles.storyfile.record import RelatedRecord, read_record
from tests.exporter.conftest import change, stored
from tests.factories import (
    make_coverage,
    make_story,
    make_story_without_file,
    make_video,
    write_file,
)

pytestmark = pytest.mark.django_db


def related(story: Story) -> tuple[RelatedRecord, ...]:
    return read_record(Document.parse(pending_bytes(story) or b"")).related


def group(*qualities: int) -> list[Story]:
    stories = [make_story(quality=quality) for quality in qualities]
    make_coverage(*stories)
    return [Story.objects.get(pk=story.pk) for story in stories]


def leave(story: Story) -> Story:
    return change(story, coverage_id=None, related=True)


def test_adds_a_story_that_joined_by_falling_quality() -> None:
    best, worst = group(90, 40)
    new = make_story(quality=60, images=["https://img.example/1.jpg", "https://img.example/2.jpg"])
    Story.objects.filter(pk=new.pk).update(coverage=best.coverage_id)
    lead = change(best, related=True)
    entries = related(lead)
    assert [entry.title for entry in entries] == [new.title, worst.title]
    assert entries[0].provider is not None
    assert entries[0].provider.images is None
    assert [image.url for image in entries[0].images or ()] == ["https://img.example/1.jpg"]
    assert (entries[0].quality, entries[0].url) == (60, new.web_url)


def test_gives_a_file_its_first_related_block() -> None:
    one, two = make_story(quality=70), make_story(quality=60)
    make_coverage(one, two)
    plain = b"\n".join(stored(one).split(b"\nrelated:\n")[0].split(b"\n")) + b"---\n"
    write_file(one, plain)
    new = pending_bytes(change(one, related=True)) or b""
    assert b"\nrelated:\n  - title: " in new
    assert [entry.url for entry in related(change(one))] == [two.web_url]


def test_takes_out_a_story_that_left_and_keeps_the_others_as_they_stand() -> None:
    lead, second, third = group(90, 60, 40)
    leave(second)
    lead = change(lead, related=True)
    old, new = stored(lead), pending_bytes(lead) or b""
    cut = old.index(b"  - title: " + b'"' + second.title.encode())
    end = old.index(b"  - title: " + b'"' + third.title.encode())
    assert new == old[:cut] + old[end:]


def test_takes_the_whole_block_out_of_a_story_that_left() -> None:
    second = leave(group(90, 60)[1])
    new = pending_bytes(second) or b""
    assert b"related" not in new
    assert related(second) == ()


def test_counts_stories_without_a_file_as_members() -> None:
    lead = make_story(quality=90)
    known_only = make_story_without_file(quality=50)
    make_coverage(lead, known_only)
    write_file(lead, stored(lead).split(b"\nrelated:\n")[0] + b"---\n")
    lead = change(lead, related=True)
    assert [entry.title for entry in related(lead)] == [known_only.title]


def test_lists_a_video_by_its_original_address() -> None:
    lead, video = make_story(quality=90), make_video(quality=50)
    make_coverage(lead, video)
    write_file(lead, stored(lead).split(b"\nrelated:\n")[0] + b"---\n")
    entry = related(change(lead, related=True))[0]
    assert (entry.original_url, entry.web_url, entry.kind) == (video.original_url, "", "video")


def test_leaves_entries_without_address_and_of_the_story_itself_alone() -> None:
    lead, second = group(90, 60)
    odd = b'  - title: "No address"\n    quality: 70\n  - title: "Itself"\n    webUrl: '
    odd += b'"' + lead.web_url.encode() + b'"\n    quality: 65\n'
    data = stored(lead).replace(b"related:\n", b"related:\n" + odd)
    write_file(lead, data)
    leave(second)
    assert [entry.title for entry in related(change(lead, related=True))] == [
        "No address",
        "Itself",
    ]


def test_lists_an_address_that_two_members_share_once() -> None:
    lead, second = group(90, 60)
    twin = make_story(quality=55, web_url=second.web_url)
    Story.objects.filter(pk=twin.pk).update(coverage=lead.coverage_id, url_key=second.url_key)
    lead = change(lead, related=True)
    assert not render_one(lead).is_changed


def test_does_not_touch_related_of_a_story_whose_group_nobody_edited() -> None:
    lead, second = group(90, 60)
    Story.objects.filter(pk=second.pk).update(coverage=None)
    lead = change(lead, title="Better")
    assert len(related(lead)) == 1


def test_says_who_joined_and_who_left_for_the_log() -> None:
    lead, second = group(90, 60)
    leave(second)
    new = make_story(quality=20)
    Story.objects.filter(pk=new.pk).update(coverage=lead.coverage_id)
    rendering = render_one(change(lead, related=True))
    assert rendering.before["related"] == [second.web_url]
    assert rendering.after["related"] == [new.web_url]


def test_writes_the_older_spelling_where_the_file_has_it() -> None:
    lead = group(90, 60)[0]
    write_file(lead, stored(lead).replace(b"webUrl", b"sourceUrl"))
    new = make_story(quality=20, amp_url="https://herald.example/amp")
    Story.objects.filter(pk=new.pk).update(coverage=lead.coverage_id)
    data = pending_bytes(change(lead, related=True)) or b""
    assert b"webUrl" not in data
    assert b"    sourceUrl: " in data
    assert b"    ampUrl: " in data
