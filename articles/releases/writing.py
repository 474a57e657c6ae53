"""A release from the decision to the last row: prepared, published by the store, marked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from articles.exporter.marking import mark_taken_back, mark_written
from articles.failpoints import reached
from articles.models import Change, Release, ReleaseFile, Site, Story, SyncRun, Verb
from articles.releases.planning import changed_lines
from articles.releases.wording import who
from articles.repository import path_bytes, shown_path
from articles.stores import Author, Commit, Planned, Store, StoreError
from articles.storyfile.reader import StoryReader

ROBOT = "sync"
"""How the log names a release that no person started."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A release to prepare: its files with the stories and what the log says of each."""

    site: Site
    by: User | None
    message: str
    counts: dict[str, int]
    files: Sequence[tuple[Planned, Story, dict[str, object], dict[str, object]]]
    takes_back: Release | None = None


def prepare(draft: Draft, store: Store, run: SyncRun | None = None) -> Release:
    """Make the commit and write down everything about the release; nobody else sees it yet.

    Raises MovedError, NotVerifiedError, StoreError.
    """
    at = timezone.now()
    site = draft.site
    author = Author(
        site.author_name or "Newsdesk", site.author_email or "newsdesk@localhost.invalid", at
    )
    planned = [file for file, *_ in draft.files]
    commit = store.commit(planned, draft.message, author)
    reached("release_made")
    with transaction.atomic():
        release = Release.objects.create(
            site=site,
            by=draft.by,
            at=at,
            run=run,
            parent=commit.parent,
            commit=commit.id,
            message=draft.message,
            counts=draft.counts,
            takes_back=draft.takes_back,
        )
        ReleaseFile.objects.bulk_create(
            (
                _file(release, file, story, before, after)
                for file, story, before, after in draft.files
            ),
            batch_size=100,
        )
    reached("release_prepared")
    return release


def _file(
    release: Release,
    file: Planned,
    story: Story,
    before: dict[str, object],
    after: dict[str, object],
) -> ReleaseFile:
    added, removed = changed_lines(file.old, file.new)
    return ReleaseFile(
        release=release,
        story=story,
        path=shown_path(file.path),
        version=story.version,
        old=ReleaseFile.packed(file.old),
        new=ReleaseFile.packed(file.new),
        added=added,
        removed=removed,
        said_before=before,
        said_after=after,
    )


def _under_way(site: Site) -> Release | None:
    """The release that a killed run left prepared, if any."""
    return Release.objects.filter(site=site, state=Release.State.PREPARED).first()


def _planned_files(release: Release) -> list[Planned]:
    """The files of a release as the store takes them."""
    files = release.files.order_by("id").iterator(chunk_size=100)
    return [Planned(path_bytes(file.path), file.before, file.after) for file in files]


def finish(release: Release, store: Store) -> None:
    """Publish a prepared release and mark its stories. Raises MovedError, StoreError."""
    commit = Commit(release.commit, release.parent)
    store.publish(commit, _planned_files(release), lambda step: reached(f"release_{step}"))
    reached("release_published")
    _mark(release)
    reached("release_marked")


def complete(site: Site, store: Store) -> Release | None:
    """Finish what a killed run had prepared, or one whose answer was lost on the way.

    It is dropped where others wrote meanwhile, or it is refused: what it held still waits on the
    desk, and goes out with the next release.
    """
    release = _under_way(site)
    if release is None:
        return None
    try:
        finish(release, store)
    except StoreError:
        drop(release)
        return None
    return release


def drop(release: Release) -> None:
    """Forget a prepared release that nobody has seen."""
    release.files.all().delete()
    Release.objects.filter(pk=release.pk).update(state=Release.State.DROPPED, takes_back=None)


def _mark(release: Release) -> None:
    """Keep the database in step with the files, in one transaction."""
    batch, reader = uuid.uuid4(), StoryReader()
    with transaction.atomic():
        changes = []
        for file in release.files.order_by("id").iterator(chunk_size=100):
            if release.takes_back_id:
                mark_taken_back(file.story_id, file.after, reader)
            else:
                mark_written(file.story_id, file.version, file.after or b"", reader)
            changes.append(_change(release, file, batch))
        Change.objects.bulk_create(changes, batch_size=200)
        Release.objects.filter(pk=release.pk).update(state=Release.State.WRITTEN)
        reached("release_before_commit")
    release.state = Release.State.WRITTEN


def _change(release: Release, file: ReleaseFile, batch: uuid.UUID) -> Change:
    return Change(
        actor=release.by,
        actor_name=who(release) if release.by else ROBOT,
        verb=Verb.EXPORTED,
        site_id=release.site_id,
        story_id=file.story_id,
        batch=batch,
        before=file.said_before,
        after=file.said_after,
        reason=release.subject if release.takes_back_id else "",
    )
