"""Keeping the database in step with the files that were written."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from articles.conflicts import LISTS
from articles.exporter.rendering import NotWritable, Rendering, render_one
from articles.models import Change, Story, StoryFile, SyncRun, TextBlock, Verb
from articles.models.change import name_of
from articles.storyfile.digest import digest_of
from articles.storyfile.reader import StoryReader, split
from articles.storyfile.record import RelatedRecord
from articles.weburl import url_key

ROBOT = "export"
"""How the log names an export that no person started."""

MANY = 500
"""Digests in one query: fewer than the oldest limit of SQLite."""


@dataclass(frozen=True, slots=True)
class Marker:
    """Marks stories as written, each in a transaction of its own."""

    run: SyncRun
    by: User | None
    batch: uuid.UUID

    def written(self, rendering: Rendering) -> None:
        """The file holds what was to be written: keep the bytes, log it, nothing is pending.

        A story that was changed meanwhile stays pending.
        """
        story = rendering.story
        with transaction.atomic():
            _keep_written(story.pk, story.version, rendering.data, rendering.record.related)
            if rendering.is_changed:
                self._log(rendering)
            self._count()

    def in_conflict(self, story: Story) -> None:
        """The file is not what was read: the story waits for a person."""
        with transaction.atomic():
            Story.objects.filter(pk=story.pk).update(conflict=True)
            self._count()

    def _log(self, rendering: Rendering) -> None:
        story = rendering.story
        Change.objects.create(
            actor=self.by,
            actor_name=name_of(self.by) if self.by else ROBOT,
            verb=Verb.EXPORTED,
            site_id=story.site_id,
            story=story,
            coverage_id_then=story.coverage_id,
            batch=self.batch,
            before=rendering.before,
            after=rendering.after,
        )

    def _count(self) -> None:
        SyncRun.objects.filter(pk=self.run.pk).update(done=F("done") + 1)


def mark_written(story_id: int, version: int, data: bytes, reader: StoryReader) -> None:
    """The file holds `data`, made of that version of the story; inside a transaction.

    A story that was changed meanwhile stays pending.
    """
    _keep_written(story_id, version, data, reader.read(data).related)


def mark_taken_back(story_id: int, data: bytes | None, reader: StoryReader) -> None:
    """The file holds `data` again, or is gone: what the desk wants of it waits once more."""
    rows = Story.objects.filter(pk=story_id)
    if data is None:
        StoryFile.objects.filter(story_id=story_id).delete()
        rows.update(file_digest="", pending=True)
        return
    keep_bytes(story_id, data, reader.read(data).related)
    rows.update(file_digest=digest_of(data))
    _forget_bases(story_id)
    rows.update(pending=_is_pending(story_id))


def _is_pending(story_id: int) -> bool:
    try:
        return render_one(Story.objects.get(pk=story_id)).is_changed
    except NotWritable:
        return True


def _keep_written(
    story_id: int, version: int, data: bytes, related: Sequence[RelatedRecord]
) -> None:
    keep_bytes(story_id, data, related)
    rows = Story.objects.filter(pk=story_id)
    rows.update(file_digest=digest_of(data), conflict=False)
    _forget_bases(story_id)
    rows.filter(version=version).update(pending=False)


def _forget_bases(story_id: int) -> None:
    """Edited values are compared with this file from now on; edits of lists stay as they are."""
    rows = Story.objects.select_for_update().filter(pk=story_id, bases__isnull=False)
    for remembered in rows.values_list("bases", flat=True):
        kept = {name: edit for name, edit in (remembered or {}).items() if name in LISTS}
        Story.objects.filter(pk=story_id).update(bases=kept or None)


def keep_bytes(story_id: int, data: bytes, related: Sequence[RelatedRecord]) -> None:
    """Store the bytes of a file, each related entry once among all files."""
    head, tail = data, b""
    pieces = split(data)
    ids: list[int] = []
    if len(pieces.blocks) == len(related):
        head, tail = pieces.head, pieces.tail
        keys = [url_key(entry.url) if entry.url else "" for entry in related]
        ids = _block_ids(pieces.blocks, keys)
    StoryFile.pack(story_id, head, ids, tail).save()


def _block_ids(blocks: Sequence[bytes], keys: Sequence[str]) -> list[int]:
    """The ids of entries in order, new ones stored."""
    wanted = {digest_of(text): (text, key) for text, key in zip(blocks, keys, strict=True)}
    known = dict(_known_blocks(list(wanted)))
    missing = [digest for digest in wanted if digest not in known]
    TextBlock.objects.bulk_create(
        (TextBlock(digest=d, text=wanted[d][0], url_key=wanted[d][1]) for d in missing),
        ignore_conflicts=True,
        batch_size=MANY,
    )
    known.update(_known_blocks(missing))
    return [known[digest_of(text)] for text in blocks]


def _known_blocks(digests: Sequence[str]) -> Iterator[tuple[str, int]]:
    for start in range(0, len(digests), MANY):
        some = digests[start : start + MANY]
        yield from TextBlock.objects.filter(digest__in=some).values_list("digest", "id")
