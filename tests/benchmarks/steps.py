"""One measured step, in a process of its own: `python -m tests.benchmarks.steps STEP ARGUMENT…`.

Prints one line of JSON. Only what the step is about lies between the start and the stop of the
clock; Django is up and connected before.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from tests.benchmarks.front import front_matter, story_files
from tests.benchmarks.timing import clock, in_turn, peak_bytes

Result = dict[str, Any]

EDITED_SIZE = 140_000
"""Bytes of the file that is edited: the size of the largest real ones."""


def load(repository: str) -> Result:
    """What libyaml's CSafeLoader needs merely to load the files; every result is dropped."""
    gc.disable()
    with clock() as time:
        for path in story_files(Path(repository)):
            yaml.load(front_matter(path.read_bytes()), Loader=yaml.CSafeLoader)
    return asdict(time)


def read_and_hash(repository: str) -> Result:
    """What nobody can get below who wants to know whether a file has changed."""
    from articles.storyfile.digest import digest_of

    with clock() as time:
        for path in story_files(Path(repository)):
            digest_of(path.read_bytes())
    return asdict(time)


def idle() -> Result:
    """Django, and nothing else."""
    _django()
    return {}


def migrate() -> Result:
    """Make the tables."""
    _django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return {}


def importing(repository: str) -> Result:
    """The real importer, from the opening of the folder to the end of the run."""
    _django()
    from django.db import connection

    from articles.importer import import_repository
    from articles.repository import open_repository

    connection.ensure_connection()
    with clock() as time:
        report = import_repository(open_repository(repository))
    return {**asdict(time), "counts": asdict(report.counts)}


def naive(repository: str) -> Result:
    """The naive import of the same files."""
    _django()
    from django.db import connection

    from tests.benchmarks.naive import import_naively

    connection.ensure_connection()
    paths = story_files(Path(repository))
    with clock() as time:
        counts = import_naively(paths)
    return {**asdict(time), "counts": counts}


def exporting(repository: str) -> Result:
    """How many files the database gives back byte for byte."""
    _django()
    from articles.models import StoryFile, TextBlock

    found = {path.name: path for path in story_files(Path(repository))}
    texts = {pk: bytes(text) for pk, text in TextBlock.objects.values_list("id", "text")}
    same = 0
    for file in StoryFile.objects.select_related("story").iterator(chunk_size=200):
        path = found.get(Path(file.story.path or "").name)
        same += path is not None and file.content(texts) == path.read_bytes()
    return {"files": len(found), "identical": same}


def editing(repository: str) -> Result:
    """Flip `published` in a large file, against composing it; flip every file there and back."""
    from articles.storyfile.edits import apply_edit
    from articles.storyfile.errors import EditRefused

    paths = story_files(Path(repository))
    large = min(paths, key=lambda path: abs(path.stat().st_size - EDITED_SIZE))
    data = large.read_bytes()
    text, flipped = front_matter(data), {"published": b"\npublished: true\n" not in data}
    flips, composes = in_turn(
        lambda: apply_edit(data, flipped),
        lambda: yaml.compose(text, Loader=yaml.CSafeLoader),
        times=9,
        ones=20,
    )
    same = tried = 0
    for path in paths:
        data = path.read_bytes()
        shown = b"\npublished: true\n" in data
        with suppress(EditRefused):
            edited = apply_edit(data, {"published": not shown})
            tried += 1
            same += edited != data and apply_edit(edited, {"published": shown}) == data
    return {
        "bytes": large.stat().st_size,
        "flip": statistics.median(flips),
        "compose": statistics.median(composes),
        "flipped": tried,
        "identical": same,
    }


def touching(repository: str) -> Result:
    """Change one value in one file, as the aggregator does."""
    from articles.storyfile.edits import apply_edit

    for path in story_files(Path(repository)):
        data = path.read_bytes()
        quality = 41 if b"\nquality: 40\n" in data else 40
        edited = apply_edit(data, {"quality": quality})
        if edited != data:
            path.write_bytes(edited)
            return {"path": path.name}
    raise LookupError("No file could be changed.")


def fill(stories: str) -> Result:
    """Write so many invented stories, unless they are there. Raises LookupError for others."""
    _django()
    from articles.models import Story
    from tests.benchmarks.filling import Filling

    found = Story.objects.count()
    if found not in {0, int(stories)}:
        raise LookupError(f"The database holds {found:,} stories already: drop it.")
    with clock() as time:
        if not found:
            Filling(int(stories)).fill()
    return asdict(time)


def lists(times: str) -> Result:
    """Measure the lists of a filled database; each is asked for so many times."""
    _django()
    from tests.benchmarks.paging import measure

    return measure(int(times))


def read(times: str) -> Result:
    """Measure lists, counts, searches and suggestions of a filled database, and their floors."""
    _django()
    from tests.benchmarks.reading import measure

    return {"figures": measure(int(times))}


def decide(times: str) -> Result:
    """Measure decisions in a filled database."""
    _django()
    from tests.benchmarks.deciding import measure

    return {"figures": measure(int(times))}


def syncing(content: str, folder: str, kind: str, rounds: str) -> Result:
    """Measure syncs and exports of a copy of some content."""
    _django()
    from tests.benchmarks.syncing import measure

    return {"figures": measure(Path(content), Path(folder), kind, int(rounds))}


def suggest(gold: str, suggested: str, grouped: str) -> Result:
    """Suggest and group labelled stories."""
    _django()
    from tests.benchmarks.gold import measure

    return measure(Path(gold), Path(suggested), Path(grouped))


def suggesting(times: str) -> Result:
    """How long the ten best suggestions take in a filled database, for so many of its stories."""
    _django()
    from tests.benchmarks.gold import latency

    return latency(int(times))


def _django() -> None:
    import django

    django.setup()


STEPS: dict[str, Callable[..., Result]] = {
    "load": load,
    "idle": idle,
    "migrate": migrate,
    "import": importing,
    "naive": naive,
    "export": exporting,
    "edit": editing,
    "touch": touching,
    "fill": fill,
    "lists": lists,
    "read": read,
    "read_and_hash": read_and_hash,
    "decide": decide,
    "sync": syncing,
    "suggest": suggest,
    "suggesting": suggesting,
}


def main() -> None:
    """Run the step that the command line names."""
    name, *arguments = sys.argv[1:]
    result = STEPS[name](*arguments)
    print(json.dumps({**result, "peak": peak_bytes()}))  # noqa: T201


if __name__ == "__main__":
    main()
