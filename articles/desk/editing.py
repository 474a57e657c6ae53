"""Editing what a story's file says: headline, excerpt, date, addresses, topics, images."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles.desk.acting import act, refuse_unwritable
from articles.desk.drafts import Draft
from articles.desk.errors import Invalid
from articles.desk.files import file_states, logged_images
from articles.desk.parts import topics_by_key
from articles.desk.permission import require_edit
from articles.desk.values import CLEANERS, cleaned, cleaned_images, cleaned_topics
from articles.filing import image_values, topic_names
from articles.models import Change, Story, Verb, topic_key
from articles.storyfile.record import StoryRecord
from articles.weburl import url_key

RETURNABLE = frozenset({*CLEANERS, "topics", "images"})
"""The fields a person may give back to the file."""


@dataclass(frozen=True, slots=True)
class Edit:
    """New values for some fields of one story."""

    by: User
    changes: Mapping[str, Any]
    reason: str = ""
    verb = Verb.EDIT

    def allow(self) -> None:
        """Raises PermissionDenied."""
        require_edit(self.by)

    def apply(self, draft: Draft) -> None:
        """Values that are there already stay; the identity follows the address."""
        columns = {name: v for name, v in self.changes.items() if name not in {"topics", "images"}}
        for field, value in cleaned(draft.story, columns).items():
            draft.set(field, value)
        self._set_topics(draft)
        self._set_images(draft)
        follow_address(draft)
        if draft.is_changed and draft.story.has_file:
            refuse_unwritable(draft.story)

    def _set_topics(self, draft: Draft) -> None:
        if "topics" in self.changes:
            story = draft.story
            draft.topics_was = topic_names([story.pk]).get(story.pk, [])
            draft.topics = cleaned_topics(story.site_id, self.changes["topics"], draft.topics_was)
            if draft.topics != draft.topics_was:
                draft.own("topics")

    def _set_images(self, draft: Draft) -> None:
        if "images" in self.changes:
            pk = draft.story.pk
            draft.images_was = logged_images([pk]).get(pk, [])
            draft.images = cleaned_images(self.changes["images"], draft.images_was)
            if draft.images != draft.images_was:
                draft.own("images")


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Fields that say again what the file says, and follow the robot from now on."""

    by: User
    fields: Collection[str]
    reason: str = ""
    verb = Verb.EDIT

    def allow(self) -> None:
        """Raises PermissionDenied."""
        require_edit(self.by)

    def apply(self, draft: Draft) -> None:
        """Fields that nobody at the desk owns stay as they are."""
        story = draft.story
        owned = RETURNABLE.intersection(self.fields, story.edited_fields)
        if not owned:
            return
        state = file_states([story.pk]).get(story.pk)
        if state is None:
            raise Invalid({name: _("This story has no file yet.") for name in owned})
        for name in owned - {"topics", "images"}:
            draft.set(name, getattr(state.record, name))
        self._return_parts(draft, state.record, owned)
        story.edited_fields = sorted(set(story.edited_fields) - owned)
        follow_address(draft)

    def _return_parts(self, draft: Draft, said: StoryRecord, owned: Collection[str]) -> None:
        pk = draft.story.pk
        if "topics" in owned:
            draft.topics_was = topic_names([pk]).get(pk, [])
            draft.topics = _topics_said(draft.story.site_id, said)
        if "images" in owned:
            draft.images_was = logged_images([pk]).get(pk, [])
            draft.images = [image_values(image) for image in said.images or ()]


def _topics_said(site_id: int, said: StoryRecord) -> list[str]:
    """The topics of a file, each once, as it spells them. Raises Invalid for one that is gone."""
    names: dict[str, str] = {}
    for name in said.topics:
        names.setdefault(topic_key(name), name)
    known = topics_by_key(site_id, list(names.values()))
    if missing := [name for key, name in names.items() if key not in known]:
        raise Invalid({"topics": _("The site has no topic “%(name)s”.") % {"name": missing[0]}})
    return list(names.values())


def follow_address(draft: Draft) -> None:
    """Bring the identity of a story up to date with its address. Raises Invalid."""
    story = draft.story
    key = url_key(story.url) if story.url else ""
    if key == story.url_key:
        return
    story.url_key = key
    same = Story.objects.filter(site_id=story.site_id, url_key=key, path=None)
    if not story.has_file and same.exclude(pk=story.pk).exists():
        raise Invalid({"web_url": _("Another story without a file has this address.")})


def edit(
    story: Story,
    changes: Mapping[str, Any],
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
) -> Change | None:
    """Give fields of a story new values; None where they have them already.

    Fields: `title`, `excerpt`, `kind`, `published_at` (aware), `web_url`, `original_url`,
    `amp_url`, `cdn_amp_url`, `topics` (names the site knows, in order) and `images` (mappings or
    ImageRecord, in order). The problems and the publish gate are found anew from the file as it
    will be written. Raises PermissionDenied, Stale, Invalid (a value no story can have), Blocked
    (the file cannot be written), ValueError (a field that is not edited here).
    """
    return act(story, Edit(by, changes, reason), version=version, batch=batch)


def give_back(
    story: Story, fields: Collection[str], *, by: User, version: int | None = None
) -> Change | None:
    """Let fields say again what the file says; None where the desk owns none of them.

    They are no longer the desk's afterwards: what the robot writes comes in. Raises
    PermissionDenied, Stale, Invalid (a story without a file), Blocked (the file cannot be read
    that way).
    """
    return act(story, GiveBack(by, frozenset(fields)), version=version)
