"""Which story a file is: by its path, by its address after a renaming, or a new one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from articles.importer.reading import Readings
from articles.importer.report import ImportStopped
from articles.importer.stored import Known
from articles.repository.parsing import ParsedFile

# More than this many files, and more than this share of all, vanish at once only by mistake.
MANY_FILES = 10
MANY_SHARE = 5


@dataclass(slots=True)
class Matches:
    """What the files mean for the stories, by the ids of their rows.

    `changed` have a file to follow; `returned` are there again as they were, or are again what an
    export expected; `gone` have lost their file just now, `missing` counts all that have none.
    """

    new: list[ParsedFile] = field(default_factory=list)
    changed: dict[int, ParsedFile] = field(default_factory=dict)
    returned: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)
    renamed: int = 0


def match(known: Mapping[str, Known], readings: Readings, *, complete: bool) -> Matches:
    """Match files and stories. Only a `complete` listing can say that a file is gone."""
    found = Matches()
    strangers = []
    for incoming in readings.incoming:
        story = known.get(incoming.path_key)
        if story is None:
            strangers.append(incoming)
        else:
            found.changed[story.id] = incoming
    absent = {
        key: story
        for key, story in known.items()
        if key not in readings.seen and (complete or story.missing or not story.digest)
    }
    _follow_renames(found, strangers, absent)
    for key in readings.unchanged:
        story = known[key]
        if story.missing or story.refused:
            found.returned.add(story.id)
    # A story without a digest was given a file on the desk that no export has written yet.
    lost = [story for story in absent.values() if story.digest]
    found.gone = {story.id for story in lost if not story.missing}
    if complete:
        found.missing = sorted(story.path for story in lost)
    return found


def _follow_renames(
    found: Matches, strangers: Iterable[ParsedFile], absent: dict[str, Known]
) -> None:
    """A new file is a story's whose file is gone where both alone have that address."""
    strangers = list(strangers)
    wanted = Counter(incoming.own_key for incoming in strangers)
    lost: dict[str, list[str]] = {}
    for key, story in absent.items():
        lost.setdefault(story.url_key, []).append(key)
    for incoming in strangers:
        keys = lost.get(incoming.own_key, []) if incoming.own_key else []
        if len(keys) == 1 and wanted[incoming.own_key] == 1:
            found.changed[absent.pop(keys[0]).id] = incoming
            found.renamed += 1
        else:
            found.new.append(incoming)


def refuse_a_great_loss(known: Mapping[str, Known], matches: Matches, *, may_lose: int) -> None:
    """Raises ImportStopped where so many files vanished that the folder may be the wrong one.

    `may_lose` is how many a person has said are really gone.
    """
    there = sum(not story.missing for story in known.values())
    gone = len(matches.gone)
    if gone > max(MANY_FILES, may_lose) and gone * MANY_SHARE > there:
        raise ImportStopped(
            f"{gone:,} of {there:,} files are not there any more. Is this the right folder, and "
            "is its checkout complete? Nothing was changed. If they are really gone, import or "
            "sync again with --allow-missing, or say so on the page of the sync.",
            gone,
        )
