"""Giving a story that is known only from related blocks a file of its own."""

from __future__ import annotations

import posixpath
import uuid
from collections.abc import Container
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles.desk.acting import act
from articles.desk.drafts import Draft
from articles.desk.errors import Blocked
from articles.desk.new_files import find_problems
from articles.desk.permission import require_edit
from articles.desk.regrouping import verdict_on
from articles.models import Change, Story, Verb
from articles.storyfile.digest import digest_of
from articles.storyfile.filename import story_name

FOLDER = "_news"
"""Where the files of a site stand that has none yet."""


@dataclass(frozen=True, slots=True)
class Promote:
    """A path and the heat of its place for a story without a file; it is not published yet."""

    by: User
    reason: str = ""
    verb = Verb.PROMOTE

    def allow(self) -> None:
        """Raises PermissionDenied."""
        require_edit(self.by)

    def apply(self, draft: Draft) -> None:
        """Does nothing to a story that has a file."""
        story = draft.story
        if story.has_file:
            return
        if story.published_at is None:
            raise Blocked(story, [_("The story has no date: its file would have no name.")])
        model = _newest_with_file(story)
        folder = posixpath.dirname(model.path or "") if model else FOLDER
        story.path = posixpath.join(folder, free_name(story, folder))
        story.path_key = digest_of(story.path.encode())
        story.vocabulary = model.vocabulary if model else "web"
        story.heat = verdict_on(story).heat
        draft.own("path")
        find_problems(draft)


def promote(
    story: Story,
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: uuid.UUID | None = None,
) -> Change | None:
    """Give a story without a file one, in the dialect and naming of its site; None if it has one.

    The next export writes it. Raises PermissionDenied, Stale, and Blocked where the story lacks
    what a file needs.
    """
    return act(story, Promote(by, reason), version=version, batch=batch)


def free_name(story: Story, folder: str) -> str:
    """A name for the story's file that no other of the folder has. The story has a date."""
    date = story.published_at or story.created_at
    return story_name(date, story.title, _Taken(story.site_id, folder))


def _newest_with_file(story: Story) -> Story | None:
    """The story whose folder and dialect a new file of the site follows."""
    rows = Story.objects.of_site(story.site_id).with_file().newest_first()
    return rows.only("path", "vocabulary").first()


class _Taken(Container[str]):
    """The names of a folder's files; case does not tell two apart."""

    def __init__(self, site_id: int, folder: str) -> None:
        self._site_id, self._folder = site_id, folder

    def __contains__(self, name: object) -> bool:
        path = posixpath.join(self._folder, str(name))
        return Story.objects.filter(site_id=self._site_id, path__iexact=path).exists()
