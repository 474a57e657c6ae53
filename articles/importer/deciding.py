"""A changed file beside the desk's version of its story, as values that can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from articles.filing import COLUMNS, image_records, image_values, topic_names
from articles.importer.bulk import chunks
from articles.importer.columns import FILE_COLUMNS, file_values
from articles.models import Story
from articles.models.change import jsonable
from articles.repository.parsing import ParsedFile
from articles.storyfile.record import StoryRecord

_FOLLOWING = {"path_key", "url_key", "file_digest", "vocabulary", "publish_gate", "locked"}
SAID_COLUMNS = tuple(name for name in FILE_COLUMNS if name not in _FOLLOWING)
"""What a person can read in a story's history; digests and verdicts follow from these."""

Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk holds of a story: the row, and its version of the file's values."""

    story: Story
    said: Said

    @property
    def is_promised(self) -> bool:
        """Whether the story was given a file that no export has written yet."""
        return not self.story.file_digest and self.story.path is not None


def desk_versions(ids: Iterable[int]) -> dict[int, Desk]:
    """The desk's version of each story; lock the rows before."""
    found: dict[int, Desk] = {}
    for chunk in chunks(ids):
        topics = topic_names(chunk)
        images = image_records(chunk)
        for story in Story.objects.filter(pk__in=chunk):
            said = {name: jsonable(getattr(story, name)) for name in SAID_COLUMNS}
            said["topics"] = topics.get(story.pk, [])
            said["images"] = [image_values(image) for image in images.get(story.pk, ())]
            found[story.pk] = Desk(story, said)
    return found


def record_version(record: StoryRecord) -> Said:
    """What a record says in the fields that are edited on the desk, comparable with `Desk.said`."""
    said = {name: jsonable(getattr(record, name)) for name in COLUMNS}
    said["topics"] = list(dict.fromkeys(record.topics))
    said["images"] = [image_values(image) for image in record.images or ()]
    return said


def file_version(incoming: ParsedFile) -> Said:
    """What the file says, comparable with `Desk.said`."""
    values = dict(zip(FILE_COLUMNS, file_values(incoming), strict=True))
    said = {name: jsonable(values[name]) for name in SAID_COLUMNS}
    said["topics"] = list(dict.fromkeys(incoming.record.topics))
    said["images"] = [image_values(image) for image in incoming.record.images or ()]
    return said


def differences(desk: Desk, incoming: ParsedFile) -> tuple[Said, Said]:
    """The values that differ, as the desk and as the file has them."""
    file = file_version(incoming)
    names = [name for name, value in file.items() if desk.said[name] != value]
    return {name: desk.said[name] for name in names}, {name: file[name] for name in names}
