"""The stories the desk has already, as nodes of the network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from articles.conflicts import in_conflict
from articles.importer.bulk import chunks
from articles.importer.columns import ENTRY
from articles.importer.network import Node, Row
from articles.models import Coverage, Story, StoryFile, TextBlock
from articles.models.story_file import block_texts, unpack_ids
from articles.repository.parsing import Parser, Reference, linked, own_keys
from articles.storyfile.record import StoryRecord

_COLUMNS = (
    "id",
    "path",
    "url_key",
    "file_digest",
    "quality",
    "heat",
    "published",
    "removed",
    "published_at",
    "missing_since",
    "decision",
    "recent",
    "snoozed_until",
    "woke_at",
    "version",
    "coverage_id",
    "coverage__edited",
    "is_lead",
    "related_count",
    "queue",
    "links_stale",
    "edited_fields",
    "bases",
    "web_url",
    "original_url",
    "pending",
    "conflict",
    "issue_count",
    "extras",
)

# Beyond this many changed stories a site is loaded as a whole: fewer, larger queries.
WHOLE_SITE = 2_000


@dataclass(frozen=True, slots=True)
class Known:
    """What an import has to know of a story's file before it reads the file on disk.

    `digest` is empty where the desk has promised a file that no export has written yet. `refused`:
    an export found the file to be another than was read, and no import has seen it since.
    """

    id: int
    digest: str
    url_key: str
    path: str
    missing: bool
    refused: bool
    has_issues: bool


def known_files(site_id: int) -> dict[str, Known]:
    """The stories with files of a site by `path_key`."""
    rows = Story.objects.filter(site_id=site_id, path_key__isnull=False).values_list(
        "path_key",
        "id",
        "file_digest",
        "url_key",
        "path",
        "missing_since",
        "conflict",
        "issue_count",
    )
    known = list(rows)
    explained = in_conflict(site_id) if any(row[-2] for row in known) else set()
    return {
        key or "": Known(
            *(pk, digest, url, path or "", missing is not None),
            refused=conflict and pk not in explained,
            has_issues=issues > 0,
        )
        for key, pk, digest, url, path, missing, conflict, issues in known
    }


def without_file(site_id: int, keys: Iterable[str]) -> dict[str, int]:
    """The ids of the stories without a file that have these addresses."""
    found: dict[str, int] = {}
    for chunk in chunks(keys):
        rows = Story.objects.filter(site_id=site_id, url_key__in=chunk, path_key=None)
        found.update(rows.values_list("url_key", "id"))
    return found


class Stored:
    """Loads nodes of one site; blocks are read once."""

    def __init__(self, site_id: int, parser: Parser) -> None:
        self._site_id = site_id
        self._parser = parser
        self._references: dict[int, Reference] = {}

    def around(self, nodes: list[Node]) -> list[Node]:
        """The given nodes and every stored one they are, or may come to be, tied to.

        Given are the nodes of new files and of rows already loaded. What is tied already stands
        in one group, so the members of the groups and of the addresses listed are enough. Only
        of what a person held until now it is not known who lists it.
        """
        found = {node.id for node in nodes if node.id is not None}
        listing = self._listing([node for node in nodes if node.row and node.row.stale]) - found
        found |= listing
        every = [*nodes, *self.by_id(listing)]
        fresh = every.copy()
        asked_keys: set[str] = set()
        asked_groups: set[int] = set()
        while fresh:
            held = (node.row.coverage_id for node in fresh if node.row is not None)
            groups = {pk for pk in held if pk is not None} - asked_groups
            keys = set[str]().union(*(node.reach() for node in fresh)) - asked_keys
            asked_groups |= groups
            asked_keys |= keys
            near = self._near(keys, groups, len(found)) - found
            fresh = self.by_id(near)
            found |= near
            every += fresh
        return every

    def _near(self, keys: set[str], groups: set[int], loaded: int) -> set[int]:
        stories = Story.objects.filter(site_id=self._site_id)
        if loaded > WHOLE_SITE:
            return set(stories.values_list("pk", flat=True))
        near: set[int] = set()
        for some in chunks(sorted(groups)):
            near.update(stories.filter(coverage__in=some).values_list("pk", flat=True))
        for chunk in chunks(sorted(keys)):
            near.update(stories.filter(url_key__in=chunk).values_list("pk", flat=True))
        return near

    def _listing(self, freed: list[Node]) -> set[int]:
        """The stories whose files list one of these, or one of the groups they stand in.

        Nothing leads from a story to the files that list it: all of the site's are looked at. A
        file that could not be cut into blocks may list any.
        """
        if not freed:
            return set()
        blocks = self._blocks_naming(freed)
        files = StoryFile.objects.filter(story__site=self._site_id)
        cut = files.exclude(blocks=b"").values_list("story_id", "blocks")
        packed = cut.iterator() if blocks else ()
        found = {pk for pk, ids in packed if not blocks.isdisjoint(unpack_ids(bytes(ids)))}
        uncut = files.filter(blocks=b"").only("head").iterator()
        return found | {file.story_id for file in uncut if b"related" in file.head_bytes()}

    def _blocks_naming(self, nodes: list[Node]) -> set[int]:
        """The entries that name one of these stories, or one of the groups they stand in."""
        keys = {node.url_key for node in nodes}
        groups = {node.row.coverage_id for node in nodes if node.row is not None}
        stories = Story.objects.filter(site_id=self._site_id)
        for some in chunks(sorted(pk for pk in groups if pk is not None)):
            keys.update(stories.filter(coverage__in=some).values_list("url_key", flat=True))
        found: set[int] = set()
        for chunk in chunks(sorted(keys - {""})):
            blocks = TextBlock.objects.filter(url_key__in=chunk)
            found.update(blocks.values_list("pk", flat=True))
        return found

    def by_id(self, ids: Iterable[int]) -> list[Node]:
        """The nodes of these rows."""
        found: list[Node] = []
        for chunk in chunks(sorted(ids)):
            found += self._nodes(Story.objects.filter(pk__in=chunk))
        return found

    def stale(self) -> list[Node]:
        """The nodes whose links were not followed when they were last written."""
        return self._nodes(Story.objects.filter(site_id=self._site_id, links_stale=True))

    def refresh(self, nodes: Iterable[Node], *, lock: bool) -> None:
        """Read the rows of the nodes again, and keep others from writing them meanwhile."""
        by_id = {node.id: node for node in nodes if node.id is not None}
        if lock:
            groups = {node.row.coverage_id for node in by_id.values() if node.row is not None}
            _lock(Coverage, groups - {None})
            _lock(Story, by_id)
        for chunk in chunks(sorted(by_id)):
            stories = Story.objects.filter(pk__in=chunk)
            for values in stories.values_list(*_COLUMNS):
                row = dict(zip(_COLUMNS, values, strict=True))
                take_row(by_id[row["id"]], row)

    def records(self, ids: Iterable[int]) -> dict[int, StoryRecord]:
        """What the files said when they were last read or written, but for related coverage."""
        found: dict[int, StoryRecord] = {}
        for chunk in chunks(ids):
            for file in StoryFile.objects.filter(story__in=chunk):
                found[file.story_id] = self._parser.values_of(file.head_bytes() + file.tail_bytes())
        return found

    def fill(self, references: Iterable[Reference]) -> None:
        """Read what the references say where only the ids of their blocks are known."""
        for chunk in chunks(reference for reference in references if reference.record is None):
            texts = block_texts(entry.block_id for entry in chunk)
            for entry in chunk:
                entry.record = self._parser.record_of(texts[entry.block_id])

    def _nodes(self, stories: QuerySet[Story]) -> list[Node]:
        rows = [dict(zip(_COLUMNS, row, strict=True)) for row in stories.values_list(*_COLUMNS)]
        links = self._links(row for row in rows if row["path"] is not None)
        return [node_of(row, links.get(row["id"], ())) for row in rows]

    def _links(self, rows: Iterable[dict[str, Any]]) -> dict[int, tuple[Reference, ...]]:
        own = {row["id"]: own_keys(row["web_url"], row["original_url"]) for row in rows}
        links: dict[int, tuple[Reference, ...]] = {}
        for chunk in chunks(own):
            files = list(
                StoryFile.objects.filter(story__in=chunk).values_list("story_id", "blocks")
            )
            blocks = {story: unpack_ids(bytes(packed)) for story, packed in files}
            self._load({block for ids in blocks.values() for block in ids})
            for story, ids in blocks.items():
                references = tuple(self._references[block] for block in ids)
                links[story] = linked(references, own[story])
            self._parse([story for story, ids in blocks.items() if not ids], own, links)
        return links

    def _load(self, blocks: set[int]) -> None:
        for chunk in chunks(sorted(blocks - self._references.keys())):
            rows = TextBlock.objects.filter(pk__in=chunk).values_list("id", "url_key", "digest")
            for pk, key, digest in rows:
                self._references[pk] = Reference(key, digest, None, None, pk)

    def _parse(
        self,
        stories: Iterable[int],
        own: Mapping[int, frozenset[str]],
        links: dict[int, tuple[Reference, ...]],
    ) -> None:
        """Read again the files that could not be cut into blocks, if they list anything at all."""
        for chunk in chunks(stories):
            for file in StoryFile.objects.filter(story__in=chunk):
                head = file.head_bytes()
                if b"related" in head:
                    references = self._parser.references_of(head + file.tail_bytes())
                    links[file.story_id] = linked(references, own[file.story_id])


def _lock(model: type[Model], ids: Iterable[int | None]) -> None:
    """Lock rows as the desk's verbs do: groups before stories, each by id."""
    for chunk in chunks(sorted(pk for pk in ids if pk is not None)):
        rows = model._default_manager.filter(pk__in=chunk).order_by("pk")
        list(rows.select_for_update().values_list("pk"))


def node_of(row: Mapping[str, Any], links: tuple[Reference, ...]) -> Node:
    """The node of a row of `_COLUMNS`."""
    node = Node(row["id"], row["path"], row["url_key"], "", links=links)
    take_row(node, row)
    return node


def take_row(node: Node, row: Mapping[str, Any]) -> None:
    """Bring a node up to what its row says now; its links and its file stay."""
    edited = row["edited_fields"]
    node.path = row["path"]
    node.url_key = row["url_key"]
    node.digest = row["file_digest"] or row["extras"].get(ENTRY, "")
    node.quality = row["quality"]
    node.heat = row["heat"]
    node.published = row["published"]
    node.removed = row["removed"]
    node.published_at = row["published_at"]
    node.gone = row["missing_since"] is not None
    node.conflict = row["conflict"]
    node.decision = row["decision"]
    node.recent = row["recent"]
    node.snoozed = row["snoozed_until"] is not None
    node.woken = row["woke_at"] is not None
    node.row = Row(
        version=row["version"],
        path=row["path"],
        missing_since=row["missing_since"],
        conflict=row["conflict"],
        coverage_id=row["coverage_id"],
        in_edited_group=bool(row["coverage__edited"]),
        frozen=bool(row["coverage__edited"]) or "related" in edited,
        is_lead=row["is_lead"],
        related_count=row["related_count"],
        queue=row["queue"],
        stale=row["links_stale"],
        issue_count=row["issue_count"],
        untouched=not (edited or row["decision"] or row["pending"]),
        edited=tuple(edited),
        bases=row["bases"] or {},
    )
