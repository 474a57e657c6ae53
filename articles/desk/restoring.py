"""The work of an undo: the values of before put back, if they are still those of after."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from articles.desk.drafts import APART, NOTES, TRACKED, Draft, GroupDraft
from articles.desk.errors import KeptApart, NotUndoable
from articles.desk.files import file_states, linked_addresses, logged_images, parts_of, unwritten
from articles.desk.new_files import find_problems
from articles.desk.pairs import refuse_kept_apart
from articles.desk.parts import pairs_of, standing_answers, topics_by_key
from articles.desk.regrouping import addresses_of_others
from articles.desk.review import review
from articles.desk.writing import open_members, settle
from articles.filing import FILE_FIELDS, topic_names
from articles.models import Change, Coverage, Story, StoryFile, SyncRun, topic_key
from articles.models.change import jsonable
from articles.storyfile.digest import digest_of
from articles.weburl import url_key

INSTANTS = frozenset(
    {
        "published_at",
        "decided_at",
        "first_at",
        "last_at",
        "edited_at",
        "created_at",
        "snoozed_until",
        "woke_at",
    }
)
FOLLOWING = frozenset({"edited_fields", "bases", "issue_count", "publish_gate", "locked"})
"""Logged values that others may have moved without being in the way."""


class Restoration:
    """The stories and groups of some changes, opened and locked, on their way back.

    Raises NotUndoable where what stands there now is not what the changes left.
    """

    def __init__(self, changes: Sequence[Change]) -> None:
        self._stories = [change for change in changes if change.story_id is not None]
        self._grouped = [change for change in changes if change.story_id is None]
        self._restored: dict[int, set[str]] = {}
        ids = [change.story_id for change in self._stories if change.story_id is not None]
        coverage_ids = [c.coverage_id_then for c in self._grouped if c.coverage_id_then is not None]
        self.drafts, self.groups = open_members(coverage_ids, ids)

    def put_back(self) -> None:
        """Give the drafts the values of before."""
        self._load_parts()
        for change in reversed(self._stories):
            self._put_story_back(self.drafts[change.story_id or 0], change)
        for change in self._grouped:
            self._put_group_back(change)
        for group in self.groups.values():
            self._gather(group)
        self._refuse_kept_apart()

    def settle(self, written: Collection[int]) -> None:
        """Bring up to date what follows from the rest.

        What differs from a file `written` since is a change still to be written, and owned.
        """
        drafts = list(self.drafts.values())
        linked = addresses_of_others(self.groups.values(), drafts) if self.groups else None
        self._own_what_was_written(written, linked)
        review(drafts)
        settle(drafts, linked, list(self.groups.values()))
        if self._held_groups and self._files_came_in():
            for draft in drafts:
                draft.story.links_stale = True

    @property
    def _held_groups(self) -> bool:
        """Whether the changes held stories together or apart, whatever their files say."""
        return bool(self._grouped) or any(
            name.startswith(APART) for change in self._stories for name in change.before
        )

    def _files_came_in(self) -> bool:
        """Whether an import passed by meanwhile: the next one looks again at whom the files list,
        even if they are the same by then.
        """
        changes = [*self._stories, *self._grouped]
        imports = SyncRun.objects.filter(
            site__in={change.site_id for change in changes}, kind=SyncRun.Kind.IMPORT
        )
        first = min(change.at for change in changes)
        return imports.exclude(finished_at__lt=first).exists()

    def _load_parts(self) -> None:
        with_topics = {c.story_id for c in self._stories if "topics" in c.before}
        with_images = {c.story_id for c in self._stories if "images" in c.before}
        with_always = {c.story_id for c in self._stories if "always" in c.before}
        answers = standing_answers(pk for pk in with_always if pk)
        topics = topic_names(pk for pk in with_topics if pk)
        images = logged_images(pk for pk in with_images if pk)
        for pk, draft in self.drafts.items():
            if pk in with_topics:
                draft.topics = draft.topics_was = topics.get(pk, [])
            if pk in with_images:
                draft.images = draft.images_was = images.get(pk, [])
            if pk in with_always:
                draft.always = draft.always_was = answers.get(pk, [])
        for change in self._stories:
            names = [name for name in change.before if name.startswith(APART)]
            draft = self.drafts[change.story_id or 0]
            pairs = pairs_of(draft.story.pk, [_apart_from(name) for name in names]) if names else {}
            draft.apart_was.update(pairs)
            draft.apart.update(pairs)

    def _put_story_back(self, draft: Draft, change: Change) -> None:
        story, before, after = draft.story, change.before, change.after
        for name in before:
            if name not in FOLLOWING and not _is(_now(draft, name), after.get(name)):
                raise NotUndoable(_("“%(title)s” was changed since.") % {"title": story})
            _put(draft, name, before[name])
        mine, then = set(before.get("edited_fields", ())), set(after.get("edited_fields", ()))
        owned = (set(draft.was("edited_fields")) - (then - mine)) | (mine - then)
        story.edited_fields = sorted(owned)
        story.bases = _bases_before(draft, before.get("bases") or {}, after.get("bases") or {})
        restored = FILE_FIELDS.intersection(before) | ((mine ^ then) & FILE_FIELDS)
        self._restored.setdefault(story.pk, set()).update(restored)
        _refuse_unwritable(draft, restored, before)
        story.url_key = url_key(story.url) if story.url else ""
        story.path_key = digest_of(story.path.encode()) if story.path else None
        if "path" in before:
            _find_problems_anew(draft)
        if change.undoes is not None:
            said = change.undoes.after
            draft.notes.update({name: said[name] for name in NOTES if name in said})

    def _put_group_back(self, change: Change) -> None:
        pk = change.coverage_id_then or 0
        group = self.groups.get(pk)
        if (group is None) is bool(change.after):
            raise NotUndoable(_("The group was changed since."))
        if group is None:
            group = self.groups[pk] = GroupDraft(Coverage(pk=pk), existed=False)
        elif change.before and not _agrees(group, change.after):
            raise NotUndoable(_("The group was changed since."))
        for name, value in change.before.items():
            setattr(group.coverage, name, _parsed(name, value))

    def _gather(self, group: GroupDraft) -> None:
        """The members as they will be: all that there were, or none."""
        pk = group.coverage.pk
        group.members = [d for d in self.drafts.values() if d.story.coverage_id == pk]
        goes = any(c.coverage_id_then == pk and not c.before for c in self._grouped)
        if len(group.members) != (0 if goes else group.coverage.member_count):
            raise NotUndoable(_("The group was changed since."))

    def _refuse_kept_apart(self) -> None:
        """No undo joins stories that are kept apart by now, or parts stories that are linked."""
        try:
            refuse_kept_apart(self.drafts.values())
        except KeptApart as refusal:
            raise NotUndoable(str(refusal)) from refusal

    def _own_what_was_written(
        self, written: Collection[int], linked: Mapping[int, Collection[str]] | None
    ) -> None:
        if not written:
            return
        drafts = [self.drafts[pk] for pk in written]
        states, parts = file_states(written), parts_of(drafts, whole=True)
        if linked is None:
            linked = linked_addresses([draft.story for draft in drafts])
        for draft in drafts:
            story = draft.story
            state, restored = states.get(story.pk), self._restored[story.pk]
            if state is not None:
                draft.own(*unwritten(story, state, restored, parts, linked.get(story.pk, ())))


def _bases_before(
    draft: Draft, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The bases with those a change moved put back; others the robot moved since stay."""
    bases = dict(draft.was("bases") or {})
    for name in before.keys() | after.keys():
        if before.get(name) != after.get(name):
            bases.pop(name, None)
            bases.update({name: before[name]} if name in before else {})
    return bases or None


def _now(draft: Draft, name: str) -> Any:
    """A value as it stands, in the words of the log."""
    if name in TRACKED:
        return jsonable(getattr(draft.story, TRACKED[name]))
    if name.startswith(APART):
        return draft.apart[_apart_from(name)]
    return getattr(draft, name)


def _apart_from(name: str) -> int:
    return int(name.removeprefix(APART))


def _is(now: Any, after: Any) -> bool:
    """Whether a value is still what a change left; the robot may have asked again meanwhile."""
    if isinstance(now, dict) and isinstance(after, dict):
        return (now["by"], now["at"]) == (after["by"], after["at"])
    return bool(now == after)


def _put(draft: Draft, name: str, value: Any) -> None:
    if name == "topics":
        known = topics_by_key(draft.story.site_id, value)
        if missing := [topic for topic in value if topic_key(topic) not in known]:
            raise NotUndoable(_("There is no topic “%(name)s” any more.") % {"name": missing[0]})
        draft.topics = value
    elif name in {"images", "always"}:
        setattr(draft, name, value)
    elif name.startswith(APART):
        draft.apart[_apart_from(name)] = value
    else:
        setattr(draft.story, TRACKED[name], _parsed(name, value))


def _find_problems_anew(draft: Draft) -> None:
    """A file that is promised, or not any more: its problems come and go with it."""
    if draft.story.has_file:
        find_problems(draft)
    else:
        draft.findings = []


def _parsed(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name in INSTANTS and value else value


def _agrees(group: GroupDraft, after: Mapping[str, Any]) -> bool:
    values = group.values()
    return all(values[name] == value for name, value in after.items())


def _refuse_unwritable(draft: Draft, restored: Collection[str], before: Mapping[str, Any]) -> None:
    story: Story = draft.story
    if restored and story.has_file and (story.locked or story.missing_since is not None):
        raise NotUndoable(_("The file of “%(title)s” cannot be written now.") % {"title": story})
    if "path" in before and StoryFile.objects.filter(pk=story.pk).exists():
        raise NotUndoable(_("The file of “%(title)s” is written already.") % {"title": story})
