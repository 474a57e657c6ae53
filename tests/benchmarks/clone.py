"""Content of any size: the stories of a repository again and again, in new groups.

Every clone has an address, a headline, a date and an encrypted field of its own. Groups have the
sizes they have in real content, so that a related entry stands in as many files as there: of 33
entries one is distinct. Same source, number and seed: the same bytes.
"""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

from articles.repository import open_repository
from articles.rules import SUPERSEDED_HEAT, HeatRule
from articles.storyfile.emit import HOUSE, item_lines, lines
from articles.storyfile.errors import StoryFileError
from articles.storyfile.filename import story_name
from articles.storyfile.reader import StoryReader
from articles.storyfile.record import (
    KEYS,
    RELATED_LINE,
    RelatedRecord,
    StoryRecord,
    Vocabulary,
)
from articles.storyfile.trees import related_tree, story_trees

# Sizes of groups among 1,000 stories, after a real repository: most stand alone or in small
# groups, and a few groups that should never have been hold most of the entries.
GROUP_SIZES: Sequence[int] = [
    size
    for size, times in (
        (1, 184), (2, 49), (3, 23), (4, 13), (5, 7), (6, 2), (7, 3), (8, 2), (10, 4), (12, 2),
        (14, 3), (15, 1), (19, 2), (22, 1), (24, 1), (28, 1), (36, 1), (41, 1), (53, 1), (150, 1),
    )
    for _ in range(times)
]  # fmt: skip

SPAN = timedelta(days=3 * 365)
"""The time over which the clones are spread, back from the newest story of the source."""

RULE = HeatRule()


@dataclass(frozen=True, slots=True)
class Cloned:
    """How much was written."""

    files: int
    bytes: int


def clone(source: Path, target: Path, count: int, seed: int = 1) -> Cloned:
    """Write a content repository of `count` stories to `target`, which must not exist yet."""
    random = Random(seed)
    stories = _clones(_records(source), count, random)
    folder = target / "_news"
    folder.mkdir(parents=True)
    _copy_description(source, target)
    taken: set[str] = set()
    written = 0
    for size in group_sizes(count, random):
        for story, data in _group(list(islice(stories, size)), random):
            name = story_name(story.published_at or datetime.now(UTC), story.title, taken)
            taken.add(name)
            written += (folder / name).write_bytes(data)
    return Cloned(len(taken), written)


def group_sizes(count: int, random: Random) -> Iterator[int]:
    """Sizes of groups that hold `count` stories together; few stories make no huge group."""
    largest = max(1, count // 6)
    left = count
    while left:
        sizes = list(GROUP_SIZES)
        random.shuffle(sizes)
        for wanted in sizes:
            size = min(wanted, largest, left)
            left -= size
            if size:
                yield size


def _records(source: Path) -> list[StoryRecord]:
    """The stories of the source that can be read, without what a clone gets anew."""
    reader = StoryReader()
    found = []
    for entry in open_repository(str(source)).entries():
        if entry.skip is None:
            try:
                found.append(reader.read(entry.read()))
            except StoryFileError:
                continue
    if not found:
        raise ValueError(f"{source} holds no story that can be read.")
    return found


def _clones(records: Sequence[StoryRecord], count: int, random: Random) -> Iterator[StoryRecord]:
    dates = [record.published_at for record in records if record.published_at]
    newest = max(dates, default=datetime(2026, 1, 1, tzinfo=UTC)).replace(microsecond=0)
    step = SPAN / count
    order = list(records)
    for number in range(count):
        if number % len(order) == 0:
            random.shuffle(order)
        at = (newest - number * step).replace(microsecond=0)
        yield _cloned(order[number % len(order)], number, at)


def _cloned(record: StoryRecord, number: int, at: datetime) -> StoryRecord:
    return replace(
        record,
        title=f"{record.title or 'Untitled'} ({number})",
        published_at=at,
        updated_at=None,
        web_url=_another(record.url, number),
        original_url=_another(record.original_url, number),
        amp_url=_another(record.amp_url, number),
        cdn_amp_url=_another(record.cdn_amp_url, number),
        quality=record.quality or 0,
        removed=False,
        body="",
    )


def _another(url: str, number: int) -> str:
    return f"{url}{'&' if '?' in url else '?'}edition={number}" if url else ""


def _group(stories: list[StoryRecord], random: Random) -> Iterator[tuple[StoryRecord, bytes]]:
    """The files of one group, the lead first; each lists the others by falling quality."""
    stories.sort(key=lambda story: -(story.quality or 0))
    vocabulary = stories[0].vocabulary
    blocks = [_block(story, vocabulary) for story in stories]
    for place, story in enumerate(stories):
        heat = SUPERSEDED_HEAT if place else RULE.heat(story.quality, len(stories) - 1)
        shown = replace(story, heat=heat, published=RULE.publishes(heat), related=())
        sections = ["\n".join(lines(t, HOUSE[vocabulary])) for t in story_trees(shown, vocabulary)]
        if len(stories) > 1:
            sections.append("\n".join([RELATED_LINE, *blocks[:place], *blocks[place + 1 :]]))
        sections.append(f'{KEYS["secured"][vocabulary]}: "{_cipher(random)}"')
        yield story, ("---\n" + "\n\n".join(sections) + "\n---\n\n").encode()


def _block(story: StoryRecord, vocabulary: Vocabulary) -> str:
    return "\n".join(item_lines(related_tree(entry_of(story), vocabulary), HOUSE[vocabulary]))


def entry_of(story: StoryRecord) -> RelatedRecord:
    """A story as another one lists it: without logos, and with one picture at most."""
    return RelatedRecord(
        title=story.title,
        excerpt=story.excerpt,
        published_at=story.published_at,
        web_url=story.web_url,
        original_url=story.original_url,
        amp_url=story.amp_url,
        cdn_amp_url=story.cdn_amp_url,
        kind=story.kind,
        provider=story.provider,
        quality=story.quality,
        images=story.images[:1] if story.images else None,
    )


def _cipher(random: Random) -> str:
    parts = (random.randbytes(240), random.randbytes(16))
    return ";".join(base64.b64encode(part).decode() for part in parts)


def _copy_description(source: Path, target: Path) -> None:
    if (source / "_config.yml").is_file():
        shutil.copyfile(source / "_config.yml", target / "_config.yml")
    if (source / "_data").is_dir():
        shutil.copytree(source / "_data", target / "_data")
