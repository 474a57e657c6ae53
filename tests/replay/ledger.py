"""What editors decided, kept apart from the desk, and whether the desk still says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from articles.conflicts import in_conflict
from articles.filing import COLUMNS, image_values
from articles.models import Change, Coverage, Story
from articles.models.change import jsonable
from articles.storyfile.errors import StoryFileError
from articles.storyfile.reader import StoryReader
from articles.storyfile.record import RelatedRecord, StoryRecord
from articles.weburl import url_key
from tests.replay.partition import differences

LISTS = ("topics", "images")
GROUPED = frozenset({"heat", "published", "related"})


@dataclass(slots=True)
class Ledger:
    """Decisions by story: values, and items of lists that were added and taken out."""

    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    added: dict[tuple[int, str], set[str]] = field(default_factory=dict)
    removed: dict[tuple[int, str], set[str]] = field(default_factory=dict)
    groups: dict[int, tuple[frozenset[int], int | None]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    checks: int = 0
    decisions: int = 0
    _reader: StoryReader = field(default_factory=StoryReader)
    _links: dict[str, frozenset[str]] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)
    _read_before: dict[str, tuple[bytes, StoryRecord | None]] = field(default_factory=dict)

    def take_down(self, changes: Iterable[Change]) -> None:
        """Remember what a person just did, as the log tells it."""
        for change in changes:
            self.decisions += 1
            if change.story_id is not None:
                self._take_story(change.story_id, change)
        edited = Coverage.objects.filter(edited=True)
        self.groups = {
            group.pk: (frozenset(group.members.values_list("pk", flat=True)), group.lead_id)
            for group in edited
        }

    def _take_story(self, pk: int, change: Change) -> None:
        values = self.values.setdefault(pk, {})
        owned = set(Story.objects.values_list("edited_fields", flat=True).get(pk=pk))
        story = Story.objects.get(pk=pk)
        for name in COLUMNS:
            if name in change.after:
                values[name] = change.after[name]
        if story.decision:
            owned.add("published")
            values["published"] = story.published
        for name in LISTS:
            if name in change.after:
                self._take_list(pk, name, change.before[name], change.after[name])
        for name in set(values) - owned:
            del values[name]
        for name in set(LISTS) - owned:
            self.added.pop((pk, name), None)
            self.removed.pop((pk, name), None)

    def _take_list(self, pk: int, name: str, before: list[Any], after: list[Any]) -> None:
        was, now = ({_key(item) for item in some} for some in (before, after))
        added, removed = (
            self.added.setdefault((pk, name), set()),
            self.removed.setdefault((pk, name), set()),
        )
        for key in now - was:
            removed.discard(key)
            added.add(key)
        for key in was - now:
            added.discard(key)
            removed.add(key)

    def check(self, tree: dict[str, bytes], where: str) -> None:
        """Compare the desk with the ledger, and with the files in all that nobody decided."""
        rows = Story.objects.filter(path__isnull=False, missing_since=None).exclude(file_digest="")
        stories = rows.prefetch_related("story_topics__topic", "images").select_related("coverage")
        held: dict[int, set[int]] = {}
        known = list(stories)
        for story in known:
            waits = held.setdefault(story.site_id, in_conflict(story.site_id))
            if story.pk in waits and not story.conflict:
                self.lost.append(f"{where}: {story.path} is in conflict and could be written")
            data = tree.get(story.path or "")
            record = self._read(story.path or "", data)
            if record is not None:
                self._check_story(story, record, where)
        links = {path: keys for path, keys in self._links.items() if path in tree}
        self.lost += [f"{where}: {words}" for words in differences(known, links)]
        for pk, (members, lead) in self.groups.items():
            self._check_group(pk, members, lead, where)

    def _read(self, path: str, data: bytes | None) -> StoryRecord | None:
        """What the file says; None where there is none or it cannot be read."""
        if data is None:
            return None
        before, record = self._read_before.get(path, (None, None))
        if before is not data:
            try:
                record = self._reader.read(data)
                self._links[path] = frozenset(map(self._key_of, record.related)) - {""}
                # The rest of related coverage, most of what a file says, is asked for nowhere.
                record = replace(record, related=())
            except StoryFileError:
                record = None
                self._links.pop(path, None)
            self._read_before[path] = (data, record)
        return record

    def _key_of(self, entry: RelatedRecord) -> str:
        """The address of an entry; thousands of files share few."""
        return self._keys.setdefault(entry.url, url_key(entry.url) if entry.url else "")

    def _check_story(self, story: Story, record: StoryRecord, where: str) -> None:
        decided = self.values.get(story.pk, {})
        by_hand = "related" in story.edited_fields or bool(story.coverage and story.coverage.edited)
        for name in COLUMNS:
            mine = jsonable(getattr(story, name))
            self.checks += 1
            if name == "heat" and by_hand:
                # The heat of a lead is arithmetic; that it is superseded is a decision.
                if name in decided and (decided[name] == -1) != (mine == -1):
                    self._lose(story, name, decided[name], mine, where)
            elif name in decided:
                if mine != decided[name]:
                    self._lose(story, name, decided[name], mine, where)
            elif not (by_hand and name in GROUPED) and mine != jsonable(getattr(record, name)):
                self._lose(story, name, getattr(record, name), mine, where)
        self._check_lists(story, record, where)

    def _check_lists(self, story: Story, record: StoryRecord, where: str) -> None:
        mine = {
            "topics": {row.name or row.topic.name for row in story.story_topics.all()},
            "images": {image.url for image in story.images.all()},
        }
        theirs = {
            "topics": set(record.topics),
            "images": {image_values(image)["url"] for image in record.images or ()},
        }
        for name in LISTS:
            self.checks += 1
            added = self.added.get((story.pk, name), set())
            removed = self.removed.get((story.pk, name), set())
            if mine[name] != (theirs[name] | added) - removed:
                self._lose(story, name, (theirs[name], added, removed), mine[name], where)

    def _check_group(self, pk: int, members: frozenset[int], lead: int | None, where: str) -> None:
        self.checks += 1
        group = Coverage.objects.filter(pk=pk).first()
        now = frozenset(Story.objects.filter(coverage=pk).values_list("pk", flat=True))
        if group is None or not members <= now or group.lead_id != lead:
            self.lost.append(f"{where}: group {pk} was {sorted(members)}, is {sorted(now)}")

    def _lose(self, story: Story, name: str, wanted: Any, mine: Any, where: str) -> None:
        self.lost.append(
            f"{where}: {story.path} {name}: expected {wanted!r}, the desk says {mine!r}"
        )


def _key(item: Any) -> str:
    return str(item["url"]) if isinstance(item, dict) else str(item)
