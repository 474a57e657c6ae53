"""The demo newsroom holds every variant of the story file, and its arithmetic can be relied on."""

from __future__ import annotations

import base64
import re
from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

import articles
from articles.storyfile.document import Document
from articles.storyfile.record import StoryRecord, read_record

DEMO = Path(articles.__file__).parent / "demo"
FRONT_MATTER = re.compile(r"\A---\s*\n(.*?)^---\s*$\n?(.*)\Z", re.DOTALL | re.MULTILINE)
NOW = datetime(2026, 11, 21, tzinfo=UTC)
URL_KEYS = ("webUrl", "sourceUrl", "originalUrl")
YOUTUBE = re.compile(r'src="https://www\.youtube\.com/embed/[\w-]{11}"')

# Files that break a rule of the aggregator on purpose, so that the desk has something to say.
WRONG_HEAT = {
    "2026-10-14-islanders-to-ride-free-from-january-as-council-caps-kestrel-ferry-fares.md",
    "2026-11-13-eleven-things-to-do-with-a-very-large-squash.md",  # has no quality
}
WRONG_PUBLISHED = {
    "2026-10-12-night-parking-rules-on-quay-street.md",  # the text "false": live all the same
    "2026-11-09-deputy-harbour-master-named-in-smuggling-inquiry.md",  # removed
    "2026-11-14-beavers-build-a-dam-across-the-cycle-path-and-the-cycle-path-moves.md",
    "2026-11-19-a-cheap-blood-test-spots-heart-trouble-years-early-in-sheep-and-perhaps-in-us.md",
}
ONE_WAY = ("this-crab-scrubs-ships", "quayside-robotics-to-supply")
SELF_RELATED = (
    "2026-10-09-night-nurses-asked-for-a-nap-room-they-got-a-study-and-then-a-nap-room.md"
)
NAMED_TWICE = "2026-10-25-eleven-year-old-beats-three-grandmasters-in-one-afternoon"
OLD_HEADLINE = "A bunk to the capital: night train back in the timetable"
ODD_FILES = {
    "title.type": "1912.md",
    "quality.missing": "eleven-things-to-do",
    "url.unsafe": "play-the-harbour-crossword",
    "secured.malformed": "arcade-from-1983",
    "date.no_time": "open-night-on-mount-orrin",
    "topics.type": "flood-warning-buoys",
    "published.type": "night-parking-rules",
    "featured.untrusted": "watch-the-trailer-saltmarsh",
    "related.self": "night-nurses-asked",
    "related.duplicate": "eleven-year-old-beats",
}

Front = dict[str, Any]


def paths() -> list[Path]:
    return sorted((DEMO / "_news").iterdir())


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


def parts_of(path: Path) -> tuple[Front, str]:
    match = FRONT_MATTER.match(text_of(path))
    assert match, path.name
    return yaml.safe_load(match[1]), match[2]


@cache
def stories() -> dict[str, Front]:
    return {path.name: parts_of(path)[0] for path in paths()}


def url_of(entry: Front) -> str:
    return next(str(entry[key]) for key in URL_KEYS if key in entry)


def related_of(story: Front) -> list[Front]:
    return story.get("related") or []


def by_url() -> dict[str, Front]:
    return {url_of(story): story for story in stories().values()}


def instant(value: date) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime(value.year, value.month, value.day, tzinfo=UTC)


def rule_heat(story: Front) -> int:
    quality = int(story["quality"])
    return quality + 20 * len(related_of(story)) if quality >= 50 else quality


def test_holds_a_newsroom_full_of_stories() -> None:
    assert 60 <= len(stories()) <= 95


def test_spreads_over_four_months_with_a_dense_last_fortnight() -> None:
    days = sorted(instant(story["publishedDateTime"]).date() for story in stories().values())
    assert days[-1] == date(2026, 11, 20)
    assert days[0] < date(2026, 7, 31)
    assert 35 <= sum(day > date(2026, 11, 6) for day in days) <= 55


def test_speaks_both_dialects() -> None:
    texts = [text_of(path) for path in paths()]
    assert sum("\nsourceUrl: https://" in text for text in texts) >= 8
    assert sum('\nwebUrl: "https://' in text for text in texts) >= 40
    assert sum('\noriginalUrl: "https://' in text for text in texts) >= 10
    assert not any('sourceUrl: "' in text or "\nwebUrl: http" in text for text in texts)


def test_uses_every_key_of_the_format() -> None:
    used = set().union(*stories().values())
    related = set().union(*(entry for story in stories().values() for entry in related_of(story)))
    images = set().union(
        *(image for story in stories().values() for image in story.get("images") or [])
    )
    urls = {"webUrl", "ampWebUrl", "cdnAmpWebUrl", "sourceUrl", "ampUrl", "cdnAmpUrl"}
    copied = {"title", "excerpt", "publishedDateTime", "type", "provider", "quality", "images"}
    assert used >= urls | copied | {"category", "originalUrl", "heat", "published", "removed"}
    assert used >= {"featuredContent", "topics", "related", "secured", "readingMinutes"}
    assert related >= urls | copied | {"originalUrl"}
    assert images == {"url", "width", "height", "title", "isCached"}


def test_writes_its_files_in_many_hands() -> None:
    raw = [path.read_bytes() for path in paths()]
    assert sum(b"\r\n" in data for data in raw) == 1
    assert sum(data.startswith(b"\xef\xbb\xbf") for data in raw) == 1
    assert sum(b"\n# " in data for data in raw) == 1
    assert sum("\u200b".encode() in data for data in raw) == 1
    assert sum(b"\n\n" not in data for data in raw) >= 3
    assert sum(b"\n\n\n" in data for data in raw) >= 1
    assert sum(bool(parts_of(path)[1].strip()) for path in paths()) == 1


def test_tells_stories_in_other_scripts_and_at_length() -> None:
    titles = [str(story["title"]) for story in stories().values()]
    assert any(re.search(r"[\u0600-\u06ff]", title) for title in titles)
    assert any(re.search(r"[\u3040-\u30ff]", title) for title in titles)
    assert max(map(len, titles)) > 300
    excerpts = [story["excerpt"] for story in stories().values()]
    assert sum(excerpt.endswith("\n") for excerpt in excerpts) >= 3
    assert sum(bool(re.search(r"&(#\d+|\w+);", excerpt)) for excerpt in excerpts) >= 4


def test_shows_videos_with_a_player() -> None:
    videos = [story for story in stories().values() if story["type"] == "video"]
    assert len(videos) == 3
    for story in videos:
        assert "webUrl" not in story
        assert YOUTUBE.search(story["featuredContent"])


def test_counts_heat_as_the_aggregator_does() -> None:
    wrong = {
        name
        for name, story in stories().items()
        if story["heat"] != -1 and ("quality" not in story or story["heat"] != rule_heat(story))
    }
    assert wrong == WRONG_HEAT


def test_publishes_from_heat_seventy() -> None:
    wrong = {
        name for name, story in stories().items() if story["published"] is not (story["heat"] >= 70)
    }
    assert wrong == WRONG_PUBLISHED


def test_lets_the_member_of_highest_quality_lead() -> None:
    for name, story in stories().items():
        rivals = [entry["quality"] for entry in related_of(story)]
        if story["heat"] == -1:
            assert max(rivals) >= story["quality"], name
        elif rivals and not any(part in name for part in ONE_WAY):
            assert story["quality"] >= max(rivals), name


def test_lists_related_by_falling_quality() -> None:
    for name, story in stories().items():
        qualities = [entry["quality"] for entry in related_of(story)]
        assert qualities == sorted(qualities, reverse=True), name


def test_relates_both_ways_in_whole_groups() -> None:
    known = by_url()
    for name, story in stories().items():
        if any(part in name for part in ONE_WAY):
            continue
        group = {url_of(story), *map(url_of, related_of(story))}
        for other in group & known.keys():
            assert {other, *map(url_of, related_of(known[other]))} == group, name


def test_relates_one_pair_in_one_direction_only() -> None:
    crab, supply = (
        next(story for name, story in stories().items() if part in name) for part in ONE_WAY
    )
    assert url_of(supply) in map(url_of, related_of(crab))
    assert related_of(supply) == []


def test_copies_stories_faithfully_into_related() -> None:
    known = by_url()
    stale = set()
    for story in stories().values():
        for entry in related_of(story):
            original = known.get(url_of(entry))
            if original is None:
                continue
            if entry["title"] != original["title"]:
                stale.add(entry["title"])
            for key in ("excerpt", "publishedDateTime", "type", "quality"):
                assert entry[key] == original[key]
            assert entry["provider"]["domain"] == original["provider"]["domain"]
            pictures = [image["url"] for image in original.get("images") or []]
            assert [image["url"] for image in entry.get("images") or []] == pictures[:1]
    assert stale == {OLD_HEADLINE}


def test_holds_groups_of_every_size() -> None:
    sizes = Counter(
        len({url_of(story), *map(url_of, related_of(story))})
        for story in stories().values()
        if story["heat"] != -1
    )
    assert sizes.keys() >= {1, 2, 3, 4, 6, 12, 14}


def test_holds_one_bad_group_that_hides_good_stories() -> None:
    lead = max(stories().values(), key=lambda story: len(related_of(story)))
    known = by_url()
    members = [known[url] for url in map(url_of, related_of(lead)) if url in known]
    days = sorted(instant(story["publishedDateTime"]) for story in members)
    assert (days[-1] - days[0]).days > 60
    assert sum(story["quality"] >= 70 for story in members) >= 6


def test_knows_stories_without_a_file_of_their_own() -> None:
    known = by_url()
    embedded = {
        url_of(entry): entry
        for story in stories().values()
        for entry in related_of(story)
        if url_of(entry) not in known
    }
    assert len(embedded) >= 10
    ottilie = next(
        story for name, story in stories().items() if "the-night-the-breakwater-held" in name
    )
    assert url_of(related_of(ottilie)[0]) in embedded
    assert ottilie["heat"] == -1


def test_holds_the_odd_relations_real_files_have() -> None:
    nurses = stories()[SELF_RELATED]
    assert [url_of(entry) for entry in related_of(nurses)] == [url_of(nurses)]
    chess = next(story for name, story in stories().items() if name.startswith(NAMED_TWICE))
    assert len(related_of(chess)) == 2
    assert len(set(map(url_of, related_of(chess)))) == 1
    twins = Counter(url_of(story) for story in stories().values())
    assert sorted(count for count in twins.values() if count > 1) == [2]


def test_keeps_secured_in_two_parts_but_for_one() -> None:
    malformed = set()
    for name, story in stories().items():
        cipher, separator, vector = story["secured"].partition(";")
        if not separator:
            malformed.add(name)
            continue
        assert len(base64.b64decode(cipher, validate=True)) % 16 == 0
        assert len(base64.b64decode(vector, validate=True)) == 16
    assert len(malformed) == 1


def read(path: Path) -> StoryRecord:
    return read_record(Document.parse(path.read_bytes()), now=NOW)


def codes_of(path: Path) -> set[str]:
    return {issue.code for issue in read(path).issues}


def test_is_read_without_a_refusal() -> None:
    assert [path.name for path in paths() if not read(path).title] == []


def test_is_read_the_same_by_the_fast_reader() -> None:
    reader = pytest.importorskip("articles.storyfile.reader").StoryReader()
    for path in paths():
        assert reader.read(path.read_bytes()) == read_record(Document.parse(path.read_bytes()))


@pytest.mark.parametrize(("code", "name"), ODD_FILES.items())
def test_shows_a_newcomer_what_an_issue_is(code: str, name: str) -> None:
    (path,) = [path for path in paths() if name in path.name]
    assert codes_of(path) == {code}


def test_has_no_issue_in_the_other_stories() -> None:
    sound = [path for path in paths() if not any(name in path.name for name in ODD_FILES.values())]
    assert [path.name for path in sound if codes_of(path)] == []


def test_describes_its_site_as_the_desk_reads_it() -> None:
    config = yaml.safe_load((DEMO / "_config.yml").read_text(encoding="utf-8"))
    assert config["baseurl"] == "/demo"
    assert config.keys() == {
        "title", "url", "baseurl", "webUrl", "locale", "charset", "repository", "topic",
    }  # fmt: skip


def test_describes_topics_as_a_tree() -> None:
    topics = [
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted((DEMO / "_data" / "topics").iterdir())
    ]
    names = {topic["name"] for topic in topics}
    assert len(names) >= 14
    assert [topic["name"] for topic in topics if "parent" not in topic] == ["Ellery Coast"]
    assert all(topic.get("parent", "Ellery Coast") in names for topic in topics)
    assert all(topic["keywords"] for topic in topics)


def test_describes_most_of_its_providers() -> None:
    files = sorted((DEMO / "_data" / "organizations").iterdir())
    described = [yaml.safe_load(path.read_text(encoding="utf-8").split("---")[1]) for path in files]
    assert len(described) >= 20
    assert [item["domain"] for item in described] == [path.stem for path in files]
    used = {story["provider"]["domain"] for story in stories().values()}
    assert used - {item["domain"] for item in described}


def test_names_only_hosts_that_cannot_exist() -> None:
    allowed = {"youtube.com", "www.youtube.com"}
    for path in (path for path in DEMO.rglob("*") if path.suffix in {".md", ".yaml", ".yml"}):
        for address in re.findall(r"https?://[^\s\"\\]+", path.read_text(encoding="utf-8")):
            host = urlsplit(address).hostname or ""
            assert host in allowed or host.endswith((".example", ".cdn.ampproject.org")), address


def test_brings_its_own_small_pictures() -> None:
    pictures = {path for path in (DEMO / "assets").rglob("*") if path.is_file()}
    named = set()
    for path in DEMO.rglob("*.md"):
        named |= set(re.findall(r"/assets/[\w./-]+", path.read_text(encoding="utf-8")))
    assert {DEMO / name.lstrip("/") for name in named} == pictures
    assert sum(path.stat().st_size for path in pictures) < 300_000
