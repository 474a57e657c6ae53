"""What a story file says, field by field, and every doubt about it."""

from __future__ import annotations

import pickle
import time
from datetime import UTC, datetime

import pytest

from articles.storyfile.document import Document
from articles.storyfile.issues import (
    BLOCKING_CODES,
    NORMALISE_CODES,
    SENTENCES,
    issue,
    publish_verdict,
)
from articles.storyfile.reading import MOST_OF_A_KIND
from articles.storyfile.record import (
    KEYS,
    ImageRecord,
    ProviderRecord,
    RelatedRecord,
    StoryRecord,
    key_of,
    read_record,
)
from tests.storyfile.pages import NOW, RELATED, codes, page, read

CIPHER = "QUJDREVGR0hJSktMTU5PUA=="  # sixteen invented bytes


def test_reads_every_field_of_an_ordinary_story() -> None:
    story = read(related=RELATED, secured=f'"{CIPHER};{CIPHER}"')
    assert story == StoryRecord(
        category="news",
        title="Owls count 40 pairs",
        excerpt="Volunteers listened for nine nights.",
        published_at=datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC),
        updated_at=None,
        web_url="https://lantern.example/owls",
        source_url="",
        original_url="",
        amp_url="",
        cdn_amp_url="",
        kind="article",
        quality=61,
        heat=61,
        published=False,
        removed=False,
        featured_content="",
        highlight="",
        tags=None,
        provider=ProviderRecord("Lantern", "lantern.example"),
        topics=("Nature", "Public Works"),
        images=None,
        related=(
            RelatedRecord(
                title="Trams return",
                excerpt="At dawn.",
                published_at=datetime(2021, 3, 4, 7, tzinfo=UTC),
                web_url="https://courier.example/trams",
                original_url="",
                amp_url="",
                cdn_amp_url="",
                kind="article",
                provider=ProviderRecord("Courier", "courier.example"),
                quality=55,
                images=None,
            ),
        ),
        vocabulary="web",
        has_secured=True,
        extras=(),
        body="",
        issues=(),
        notes=(),
        locked=False,
        publish="allowed",
    )


def test_reads_the_older_spelling_into_the_same_fields() -> None:
    story = read(
        webUrl=None,
        sourceUrl="https://lantern.example/owls#count",
        ampUrl="https://lantern.example/amp/owls",
        cdnAmpUrl="https://cdn.example/c/s/lantern.example/amp/owls",
        related="\n  - title: One\n    sourceUrl: https://courier.example/one",
    )
    assert story.vocabulary == "source"
    assert story.url == story.web_url == "https://lantern.example/owls#count"
    assert story.amp_url == "https://lantern.example/amp/owls"
    assert story.cdn_amp_url.startswith("https://cdn.example/")
    assert story.related[0].url == "https://courier.example/one"
    assert story.issues == ()


def test_reads_the_fields_that_few_files_have() -> None:
    player = '<iframe src="https://www.youtube.com/embed/a1B2c3D4e5F"></iframe>'
    story = read(
        updatedDateTime="2021-03-05T00:00:00+02:00",
        removed="true",
        featuredContent=f"'{player}'",
        highlight='"<em>Owls</em>"',
        tags="[birds, night]",
        images="\n  - url: /assets/owl.jpg\n    width: 5\n    height: 4\n    isCached: true\n"
        "    title: An owl\n    attribution: Anna",
    )
    assert story.updated_at == datetime(2021, 3, 4, 22, tzinfo=UTC)
    assert story.removed is True
    assert story.featured_content == player
    assert story.highlight == "<em>Owls</em>"
    assert story.tags == ("birds", "night")
    assert story.images == (ImageRecord("/assets/owl.jpg", 5, 4, "An owl", True, "Anna"),)
    assert story.issues == ()


def test_identifies_a_video_by_its_original_address() -> None:
    story = read(webUrl=None, originalUrl='"https://tube.example/watch?v=1"', type="video")
    assert story.url == "https://tube.example/watch?v=1"
    assert story.issues == ()


def test_spells_a_field_as_its_vocabulary_does() -> None:
    assert key_of("web_url") == "webUrl"
    assert key_of("web_url", "source") == "sourceUrl"
    assert key_of("title", "source") == "title"
    assert len({spelling["web"] for spelling in KEYS.values()}) == len(KEYS)


def test_never_keeps_the_encrypted_text() -> None:
    record = read(secured=f'"{CIPHER};{CIPHER}"')
    assert CIPHER not in repr(record)
    assert CIPHER not in repr(read(secured=f'"{CIPHER}"'))


def test_gives_records_that_another_process_can_have() -> None:
    record = read(related=RELATED)
    assert pickle.loads(pickle.dumps(record)) == record


def test_names_unknown_keys_and_reads_nothing_from_them() -> None:
    story = read(workflow="{step: 1}", is_superuser="true", id="1")
    assert story.extras == ("workflow", "is_superuser", "id")
    assert story.issues == ()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (f'"{CIPHER};{CIPHER}"', []),
        (f"{CIPHER};{CIPHER}", []),
        (f'"{CIPHER.replace("QUJD", "-_-_")};{CIPHER}"', []),
        (f'"{CIPHER}"', ["secured.malformed"]),
        (f'"{CIPHER};{CIPHER};{CIPHER}"', ["secured.malformed"]),
        (f'"{CIPHER};AAAA"', ["secured.malformed"]),
        (f'"AAAA;{CIPHER}"', ["secured.malformed"]),
        (f'";{CIPHER}"', ["secured.malformed"]),
        (f'"!!!;{CIPHER}"', ["secured.malformed"]),
        ('""', ["secured.malformed"]),
        ("", ["secured.malformed"]),
        ("[a]", ["secured.malformed"]),
    ],
)
def test_checks_only_the_shape_of_the_encrypted_field(written: str, expected: list[str]) -> None:
    story = read(secured=written)
    assert [found.code for found in story.issues] == expected
    assert story.publish == "allowed"
    assert story.has_secured


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("''", []),
        ("", []),
        ("'<iframe src=\"https://trap.example/\"></iframe>'", ["featured.untrusted"]),
        ("just words", ["featured.untrusted"]),
        ("[a]", ["featured.untrusted"]),
    ],
)
def test_trusts_only_a_player(written: str, expected: list[str]) -> None:
    assert codes(featuredContent=written) == expected


@pytest.mark.parametrize(
    ("body", "expected", "noted"),
    [
        ("\n \n", [], False),
        ("Some *words* and <https://lantern.example/>, 1 < 2 > 0.\n", [], True),
        ("{{ site.secret }}\n", ["body.liquid"], True),
        ("{% include x %}\n", ["body.liquid"], True),
        ("<script>alert(1)</script>\n", ["body.html"], True),
        ("<img src=x onerror=alert(1)\n", ["body.html"], True),
        ("<b>bold</b>\n", ["body.html"], True),
        ("[x](javascript:alert(1))\n", ["body.html"], True),
        ("First\n\n---\n\nSecond\n", [], True),
    ],
)
def test_looks_into_the_body(body: str, expected: list[str], noted: bool) -> None:
    story = read(body)
    assert [found.code for found in story.issues] == expected
    assert [note.code for note in story.notes] == (["body.present"] if noted else [])
    assert story.publish == ("blocked" if expected else "allowed")


@pytest.mark.parametrize("key", ["permalink", "redirect_to", "redirect_from", "layout", "slug"])
def test_flags_a_key_that_steers_the_publisher(key: str) -> None:
    story = read(**{key: "/index.html"})
    assert [found.code for found in story.issues] == ["key.publisher_control"]
    assert story.publish == "blocked"


def test_takes_the_last_of_two_equal_keys_and_locks_the_story() -> None:
    data = page().replace(b"---\n", b'---\ntitle: "First"\n', 1)
    story = read_record(Document.parse(data), now=NOW)
    (found,) = story.issues
    assert found.code == "key.duplicate"
    assert "line 2, line 4" in found.message
    assert story.title == "Owls count 40 pairs"
    assert story.locked


def test_locks_a_story_with_equal_keys_further_down() -> None:
    assert codes(provider="\n  name: One\n  name: Two") == ["key.duplicate"]
    assert read(provider="\n  name: One\n  name: Two").locked
    assert read(related=RELATED + "\n    quality: 1").locked


def merged(own: bytes) -> StoryRecord:
    provider = b"provider:\n  name: Lantern\n  domain: lantern.example\n"
    instead = b"base: &base\n  name: Wire\nprovider:\n  <<: *base\n  " + own + b"\n"
    return read_record(Document.parse(page().replace(provider, instead)), now=NOW)


def test_takes_values_from_another_mapping() -> None:
    story = merged(b"domain: wire.example")
    assert story.provider == ProviderRecord("Wire", "wire.example")
    assert story.issues == ()


def test_takes_own_values_before_merged_ones() -> None:
    story = merged(b"name: Lantern")
    assert story.provider == ProviderRecord("Lantern", "")
    assert not story.locked


def test_shows_what_is_merged_in_below_a_line_and_locks_the_story() -> None:
    lines = b"base: &base {published: true, permalink: /elsewhere}\n"
    data = page().replace(b"\nheat:", b"\n" + lines + b"heat:", 1)
    data = data.replace(b"\ntopics:", b"\n<<: *base\ntopics:", 1)
    story = read_record(Document.parse(data), now=NOW)
    assert story.published
    assert story.locked
    assert [found.code for found in story.issues] == ["key.duplicate", "key.publisher_control"]


def test_names_a_few_places_of_a_key_that_stands_there_endlessly() -> None:
    data = page().replace(b"\nheat:", b"\n" + b"note: 1\n" * 40_000 + b"heat:", 1)
    start = time.process_time()
    story = read_record(Document.parse(data), now=NOW)
    assert time.process_time() - start < 5
    (found,) = story.issues
    assert found.code == "key.duplicate"
    assert "line 9, line 10, line 11, line 12, line 13, …" in found.message


@pytest.mark.parametrize(
    ("key", "item", "code"),
    [
        ("topics", "", "topics.empty"),
        ("topics", "5", "topics.type"),
        ("images", "{}", "image.no_url"),
        ("related", "5", "related.type"),
        ("related", "{}", "related.no_url"),
    ],
)
def test_names_the_first_hundred_of_doubts_without_end(key: str, item: str, code: str) -> None:
    data = page(**{key: "\n" + f"  - {item}\n" * 20_000})
    start = time.process_time()
    story = read_record(Document.parse(data), now=NOW)
    assert time.process_time() - start < 5
    found = [issue.line for issue in story.issues if issue.code == code]
    first = data[: data.index(f"\n{key}:".encode())].count(b"\n") + 3
    assert found == list(range(first, first + MOST_OF_A_KIND))


@pytest.mark.parametrize(
    "part", ["](<", "](x", "]: ", "[x](", "<a ", "{:", "](&", "](" + " " * 400]
)
def test_looks_through_a_body_of_nothing_but_brackets_at_once(part: str) -> None:
    start = time.process_time()
    read(body=part * (900_000 // len(part)))
    read(body="](" + " " * 900_000)
    assert time.process_time() - start < 10


def test_notes_a_byte_order_mark() -> None:
    story = read_record(Document.parse(b"\xef\xbb\xbf" + page()), now=NOW)
    assert [note.code for note in story.notes] == ["encoding.bom"]


def test_names_the_line_of_every_doubt_in_their_order() -> None:
    story = read(title="2020", quality="'38'", topics="\n  - AI\n  - AI", heat="x")
    assert [(found.line, found.code) for found in story.issues] == [
        (3, "title.type"),
        (8, "quality.type"),
        (9, "heat.type"),
        (16, "topics.duplicate"),
    ]


def test_says_each_doubt_on_one_printable_line() -> None:
    written = '"x \\a \\e[2J \u202e ' + "y" * 300 + '"'
    story = read(title=written, webUrl=written, quality=written, published=written)
    for found in story.issues:
        assert found.message.isprintable()
        assert len(found.message) < 260


def test_lets_every_blocking_and_normalising_code_have_a_sentence() -> None:
    assert SENTENCES.keys() > BLOCKING_CODES
    assert SENTENCES.keys() > NORMALISE_CODES
    assert not BLOCKING_CODES & NORMALISE_CODES


def test_blocks_before_it_normalises() -> None:
    quoted, missing = issue("date.quoted"), issue("title.missing")
    assert publish_verdict([]) == "allowed"
    assert publish_verdict([quoted]) == "normalise"
    assert publish_verdict([quoted, missing]) == "blocked"
