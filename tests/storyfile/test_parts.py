"""Addresses, provider, topics, images and related entries: odd shapes stay readable."""

from __future__ import annotations

import time

import pytest

from articles.storyfile.record import ImageRecord, ProviderRecord
from tests.storyfile.pages import RELATED, codes, read


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("javascript:alert(1)", ["url.unsafe"]),
        ("ftp://lantern.example/owls", ["url.invalid"]),
        ("12345", ["url.invalid"]),
        ("[https://lantern.example/]", ["url.invalid", "url.missing"]),
        ("https://www.lantern.example@trap.example/", ["url.credentials"]),
        ("https://l\u0430ntern.example/", ["url.confusable"]),
        ("http://169.254.169.254/", ["url.private_host"]),
        ("https://lantern.example/" + "a" * 9000, ["url.long"]),
        ("", ["url.missing"]),
        ('""', ["url.missing"]),
        (None, ["url.missing"]),
    ],
)
def test_doubts_an_odd_address(written: str | None, expected: list[str]) -> None:
    story = read(webUrl=written)
    assert sorted(found.code for found in story.issues) == sorted(expected)
    assert (story.publish == "blocked") == (expected != ["url.long"])


def test_notes_a_space_in_an_address_and_keeps_it() -> None:
    story = read(webUrl='"https://lantern.example/press office/owls"')
    assert [note.code for note in story.notes] == ["url.spaces"]
    assert story.url == "https://lantern.example/press office/owls"
    assert story.issues == ()


def test_prefers_the_newer_spelling_where_two_disagree() -> None:
    story = read(sourceUrl="https://other.example/owls", originalUrl="https://third.example/")
    assert [found.code for found in story.issues] == ["url.conflict"]
    assert story.url == "https://lantern.example/owls"
    assert story.source_url == "https://other.example/owls"
    assert story.original_url == "https://third.example/"
    assert story.vocabulary == "web"


def test_sees_no_conflict_where_both_spellings_agree() -> None:
    assert codes(sourceUrl="https://lantern.example/owls") == []


@pytest.mark.parametrize(
    ("written", "name", "expected"),
    [
        ("{name: ABC, domain: go.example}", "ABC", []),
        ("{name: Wire}", "Wire", []),
        ("{name: 'Owl & Co', domain: B\u00fccher.example}", "Owl & Co", []),
        ("The Lantern", "The Lantern", ["provider.type"]),
        ("404", "404", ["provider.type"]),
        ("{name: yes}", "yes", ["provider.type"]),
        ("{name: [a]}", "", ["provider.type"]),
        ("{domain: lantern.example}", "", ["provider.no_name"]),
        ("{name: ' ', domain: lantern.example}", " ", ["provider.no_name"]),
        ("{}", "", ["provider.no_name"]),
        ("[One, Two]", None, ["provider.type"]),
        ("''", None, ["provider.missing"]),
        ("~", None, ["provider.missing"]),
        (None, None, ["provider.missing"]),
        ('{name: W, domain: \'w.example", "x": "1\'}', "W", ["provider.domain"]),
        ("{name: W, domain: 'https://w.example/'}", "W", ["provider.domain"]),
        ("{name: W, domain: localhost}", "W", ["provider.domain"]),
        ('{name: "two\\nlines", domain: w.example}', "two\nlines", ["text.control"]),
    ],
)
def test_reads_a_provider(written: str | None, name: str | None, expected: list[str]) -> None:
    story = read(provider=written)
    assert (story.provider.name if story.provider else None) == name
    assert [found.code for found in story.issues] == expected


@pytest.mark.parametrize(
    ("written", "topics", "expected"),
    [
        (None, [], []),
        ("[]", [], []),
        ("", [], []),
        ('["C++", "C#", C, "../x"]', ["C++", "C#", "C", "../x"], []),
        ("[STRASSE, stra\u00dfe]", ["STRASSE", "stra\u00dfe"], []),
        ("[2020, 5G, no, 007]", ["2020", "5G", "no", "007"], ["topics.type"] * 3),
        ("AI, Vision", ["AI, Vision"], ["topics.type"]),
        ("\n  - [AI, ML]\n  - Vision", ["AI", "ML", "Vision"], ["topics.type"]),
        ("\n  AI: true", [], ["topics.type"]),
        ("\n  - AI: true", [], ["topics.type"]),
        ("\n  - AI\n  - ''\n  - ~", ["AI"], ["topics.empty"] * 2),
        ("[' AI']", ["AI"], ["topics.space"]),
        ("[AI, ai, Caf\u00e9, Cafe\u0301]", ["AI", "Caf\u00e9"], ["topics.duplicate"] * 2),
        ('["two\\nlines"]', ["two\nlines"], ["text.control"]),
    ],
)
def test_reads_topics_without_splitting_any(
    written: str | None, topics: list[str], expected: list[str]
) -> None:
    story = read(topics=written)
    assert list(story.topics) == topics
    assert [found.code for found in story.issues] == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[]", []),
        ("", []),
        ("\n  - {url: /assets/a.jpg, width: 1, height: 1}", []),
        ("\n  - {url: //cdn.example/a.jpg, width: 1, height: 1}", []),
        ("\n  - {url: 'https://img.example/a b.png ', width: 1, height: 1}", []),
        ("\n  - {url: https://img.example/a.jpg}", ["image.size"]),
        ("\n  - {url: https://img.example/a.jpg, width: 0, height: -1}", ["image.size"]),
        ("\n  - {url: https://img.example/a.jpg, width: 9, height: ~}", ["image.size"]),
        ("\n  - {url: /a.jpg, width: '1, \"x\": 2', height: 1}", ["images.type", "image.size"]),
        ("\n  - {url: /a.jpg, width: 1.5, height: 1}", ["images.type", "image.size"]),
        ("\n  - {url: /a.jpg, width: 010, height: 1}", ["int.form"]),
        ("\n  - {url: /a.jpg, width: 1, height: 1, isCached: maybe}", ["bool.form"]),
        ("\n  - {width: 1, height: 1}", ["image.no_url"]),
        ("\n  - {url: '', width: 1, height: 1}", ["image.no_url"]),
        ("\n  - ~", ["image.no_url"]),
        ("\n  - {url: 'javascript:x', width: 1, height: 1}", ["url.unsafe"]),
        ("\n  - {url: 'data:image/png,x', width: 1, height: 1}", ["url.unsafe"]),
        ("\n  - {url: 'ftp://img.example/a', width: 1, height: 1}", ["url.invalid"]),
        ("\n  - {url: 'http://127.0.0.1/x', width: 1, height: 1}", ["image.private_host"]),
        ("\n  - {url: '//localhost/x', width: 1, height: 1}", ["image.private_host"]),
        ("\n  - /assets/a.jpg", ["images.type"]),
        ("\n  - [1]", ["images.type"]),
        ("none", ["images.type"]),
        ("{url: /a.jpg, width: 1, height: 1}", ["images.type"]),
    ],
)
def test_reads_images(written: str, expected: list[str]) -> None:
    assert codes(images=written) == expected


def test_keeps_an_image_that_is_only_an_address() -> None:
    assert read(images="\n  - /assets/a.jpg").images == (ImageRecord("/assets/a.jpg"),)


def test_blocks_publishing_sizes_that_are_no_numbers() -> None:
    assert read(images="\n  - {url: /a.jpg, width: x, height: 1}").publish == "blocked"
    assert read(images="\n  - {url: /a.jpg}").publish == "allowed"


@pytest.mark.parametrize(
    ("written", "count", "linked", "expected"),
    [
        ("[]", 0, 0, []),
        ("", 0, 0, []),
        (RELATED, 1, 1, []),
        (RELATED + RELATED, 2, 1, ["related.duplicate"]),
        (RELATED.replace("courier.example/trams", "lantern.example/owls"), 1, 0, ["related.self"]),
        ("\n  - title: No address", 1, 0, ["related.no_url"]),
        ("\n  - https://courier.example/a\n  - https://b.example/", 2, 2, ["related.type"] * 2),
        ("\n  - A headline only", 1, 0, ["related.type"]),
        ("\n  - ~\n  - title: Two\n    webUrl: https://b.example/", 1, 1, ["related.type"]),
        ("\n  - [a]", 0, 0, ["related.type"]),
        ("\n  - webUrl: https://b.example/", 1, 1, ["related.fields"]),
        ("\n  - title: yes\n    webUrl: https://b.example/", 1, 1, ["related.fields"]),
        ("\n  - title: T\n    webUrl: javascript:x", 1, 1, ["url.unsafe"]),
        (RELATED.replace("55", "high"), 1, 1, ["related.fields"]),
        (RELATED.replace("2021-03-04T", "2021-02-30T"), 1, 1, ["related.fields"]),
        (RELATED.replace("Trams", "Tr\\nams"), 1, 1, ["text.control"]),
        (RELATED + "\n    related:\n      - title: Deep", 1, 1, []),
    ],
)
def test_reads_related_entries(written: str, count: int, linked: int, expected: list[str]) -> None:
    story = read(related=written)
    assert len(story.related) == count
    assert len(story.linked) == linked
    assert [found.code for found in story.issues] == expected
    assert not story.locked


@pytest.mark.parametrize(
    ("written", "count"),
    [("{title: One, webUrl: 'https://b.example/'}", 1), ("some text", 0), ("true", 0)],
)
def test_locks_a_story_whose_related_coverage_is_no_list(written: str, count: int) -> None:
    story = read(related=written)
    assert [found.code for found in story.issues] == ["related.type"]
    assert len(story.related) == count
    assert story.locked


def test_says_every_odd_value_of_a_related_entry_at_once() -> None:
    entry = (
        "\n  - title: yes\n    webUrl: https://b.example/\n    quality: high\n"
        "    publishedDateTime: 2021-02-30\n    images: none\n    provider: Forbes"
    )
    story = read(related=entry)
    (found,) = story.issues
    assert found.code == "related.fields"
    assert found.line == 18
    assert "quality" in found.message
    assert "2021-02-30" in found.message
    assert story.related[0].title == "yes"
    assert story.related[0].provider == ProviderRecord("Forbes", "")
    assert story.related[0].quality is None


def test_only_notes_a_quoted_date_of_a_related_entry() -> None:
    story = read(related=RELATED.replace("2021-03-04T07:00:00Z", '"2021-03-04T07:00:00Z"'))
    assert [note.code for note in story.notes] == ["date.quoted"]
    assert story.issues == ()


def test_reads_a_thousand_related_entries_quickly() -> None:
    entries = "".join(RELATED.replace("trams", f"trams-{n}") for n in range(1000))
    start = time.perf_counter()
    assert len(read(related=entries).linked) == 1000
    assert time.perf_counter() - start < 20
