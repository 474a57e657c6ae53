"""The bytes of the story files, each distinct related entry kept once."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence

from django.db import models

ID_BYTES = 8


def pack_ids(ids: Sequence[int]) -> bytes:
    """Block ids as they are stored: little-endian, 64 bit each, in order."""
    return struct.pack(f"<{len(ids)}q", *ids)


def unpack_ids(packed: bytes) -> tuple[int, ...]:
    """The inverse of `pack_ids`."""
    return struct.unpack(f"<{len(packed) // ID_BYTES}q", packed)


class TextBlock(models.Model):
    """One distinct entry of a `related` list, as it stands in the files.

    The same entry stands in dozens of files (161,223 entries of a real repository are 4,476 texts);
    it is kept once. `digest` is `digest_of(text)`; `url_key` is the identity of the story it names.
    """

    digest = models.CharField(max_length=32, unique=True)
    url_key = models.CharField(max_length=32, blank=True)
    text = models.BinaryField()

    def __str__(self) -> str:
        return self.digest


class StoryFile(models.Model):
    """The bytes a story was last read from or written to, outside the story table.

    `head` + the blocks + `tail` are the file, byte for byte (`storyfile.reader.split`). `head` and
    `tail` are compressed with zlib; `blocks` packs the ids of `TextBlock` rows (`pack_ids`), in
    order. Never shown, never searched: it holds the opaque `secured` value.
    """

    story = models.OneToOneField(
        "articles.Story", on_delete=models.CASCADE, primary_key=True, related_name="file"
    )
    head = models.BinaryField()
    blocks = models.BinaryField(default=bytes)
    tail = models.BinaryField(default=bytes)

    def __str__(self) -> str:
        return f"file of story {self.pk}"

    @classmethod
    def pack(cls, story_id: int, head: bytes, block_ids: Sequence[int], tail: bytes) -> StoryFile:
        """The unsaved row of a file cut into head, blocks (by id) and tail."""
        return cls(
            story_id=story_id,
            head=zlib.compress(head),
            blocks=pack_ids(block_ids),
            tail=zlib.compress(tail) if tail else b"",
        )

    @property
    def block_ids(self) -> tuple[int, ...]:
        """The ids of the related entries, in the order of the file."""
        return unpack_ids(bytes(self.blocks))

    def content(self, texts: Mapping[int, bytes] | None = None) -> bytes:
        """The file, byte for byte. `texts` gives the blocks by id where they are known already."""
        ids = self.block_ids
        known = block_texts(ids) if texts is None else texts
        return b"".join((self.head_bytes(), *(known[block] for block in ids), self.tail_bytes()))

    def head_bytes(self) -> bytes:
        """The file up to its first related entry."""
        return zlib.decompress(bytes(self.head))

    def tail_bytes(self) -> bytes:
        """The file from the end of its last related entry."""
        return zlib.decompress(bytes(self.tail)) if self.tail else b""


def block_texts(ids: Iterable[int]) -> dict[int, bytes]:
    """The text of each block by id, in one query."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = TextBlock.objects.filter(id__in=wanted).values_list("id", "text")
    return {block: bytes(text) for block, text in rows}
