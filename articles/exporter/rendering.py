"""The bytes of a story's file as the desk wants them, and the proof that they may be written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from articles.exporter.wanted import Changes, Wanted
from articles.filing import image_values, vocabulary_of
from articles.models import Change, Story, StoryFile, Verb
from articles.models.story_file import block_texts
from articles.storyfile.edits import RelatedEdit, apply_edit, new_file
from articles.storyfile.errors import EditRefused, StoryFileError
from articles.storyfile.reader import StoryReader
from articles.storyfile.record import ImageRecord, StoryRecord

OVERRODE = "overrode"
"""Where the log of a publication names the reasons against it that a chief overrode."""


class NotWritable(Exception):  # noqa: N818 - a verdict about one story
    """A story that is not written; `code` is stable, `message` a sentence for the editor."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a story's file holds (`None`: it has none yet) and what it is to hold.

    `record` is what the new bytes say. `before` and `after` are the changed values for the log.
    """

    story: Story
    stored: bytes | None
    data: bytes
    record: StoryRecord
    before: Mapping[str, object]
    after: Mapping[str, object]

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to write."""
        return self.stored != self.data


class Renderer:
    """Renders stories of one site; related entries that stand in many files are read once."""

    def __init__(self) -> None:
        self._reader = StoryReader()

    def render(self, story: Story, stored: bytes | None, wanted: Wanted) -> Rendering:
        """Return what the story's file is to hold. Raises NotWritable."""
        try:
            if stored is None:
                return self._new(story, wanted)
            return self._edited(story, stored, wanted)
        except (EditRefused, StoryFileError) as error:
            raise NotWritable("edit_refused", str(error)) from error

    def _new(self, story: Story, wanted: Wanted) -> Rendering:
        data = new_file(wanted.new_record(story), vocabulary_of(story))
        record = self._reader.read(data)
        _check_gate(story, record, was_published=False)
        return Rendering(story, None, data, record, {}, {"path": story.path})

    def _edited(self, story: Story, stored: bytes, wanted: Wanted) -> Rendering:
        said = self._reader.read(stored)
        changes = wanted.changes(story, said)
        data = apply_edit(stored, changes) if changes else stored
        record = said if data == stored else self._reader.read(data)
        _check_gate(story, record, was_published=said.published)
        return Rendering(story, stored, data, record, *_logged(said, changes))


def _check_gate(story: Story, record: StoryRecord, *, was_published: bool) -> None:
    """Refuse to make live what would break the public feed, unless a chief let it pass."""
    if record.publish == "blocked" and record.published and not was_published:
        if _was_let_pass(story):
            return
        raise NotWritable(
            "publish_blocked",
            "The file as it would be written may not be published: see the story's problems.",
        )


def _was_let_pass(story: Story) -> bool:
    """Whether the last one to publish the story overrode the block."""
    published = Change.objects.filter(story=story, verb=Verb.PUBLISH)
    after = published.order_by("-id").values_list("after", flat=True).first()
    return isinstance(after, dict) and bool(after.get(OVERRODE))


def _logged(said: StoryRecord, changes: Changes) -> tuple[dict[str, object], dict[str, object]]:
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for field, value in changes.items():
        if isinstance(value, RelatedEdit):
            before[field] = sorted(value.remove)
            after[field] = [entry.url for entry in value.add]
        else:
            before[field] = _plain(getattr(said, field))
            after[field] = _plain(value)
    return before, after


def _plain(value: object) -> object:
    """A value as JSON holds it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, ImageRecord):
        return image_values(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def stored_bytes(stories: Collection[Story]) -> dict[int, bytes]:
    """The bytes the stories were last read from or written to, in two queries."""
    files = list(StoryFile.objects.filter(story_id__in=[story.pk for story in stories]))
    texts = block_texts(block for file in files for block in file.block_ids)
    return {file.story_id: file.content(texts) for file in files}


def renderings(
    stories: Collection[Story], renderer: Renderer
) -> Iterator[tuple[Story, Rendering | NotWritable]]:
    """Yield each story with what its file is to hold, or why it cannot be written."""
    wanted, stored = Wanted.of(stories), stored_bytes(stories)
    for story in stories:
        try:
            yield story, renderer.render(story, stored.get(story.pk), wanted)
        except NotWritable as refusal:
            yield story, refusal


def pending_bytes(story: Story) -> bytes | None:
    """Return what the next export would make of the story's file; `None` if it has no path.

    The bytes are those of the file where nothing is to be written. Raises NotWritable.
    """
    return None if story.path is None else render_one(story).data


def render_one(story: Story) -> Rendering:
    """Return what one story's file is to hold. Raises NotWritable."""
    stored = stored_bytes([story]).get(story.pk)
    return Renderer().render(story, stored, Wanted.of([story]))
