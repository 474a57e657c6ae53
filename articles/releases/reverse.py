"""Taking a release back: every byte as it was before, in a release of its own."""

from __future__ import annotations

from django.contrib.auth.models import User

from articles.models import Release
from articles.models.change import name_of
from articles.releases.wording import reverse_message
from articles.releases.writing import Draft
from articles.repository import path_bytes
from articles.stores import Planned, Store

NAMED = 3


class NotReversibleError(Exception):
    """The release cannot be taken back any more; the text says why."""


def plan_reverse(release: Release, store: Store, by: User | None) -> Draft:
    """What to write to take a release back.

    Raises NotReversibleError where it was taken back already, or a file was changed since.
    """
    if release.state != Release.State.WRITTEN:
        raise NotReversibleError("This release was not written.")
    if release.takes_back_id:
        raise NotReversibleError("This one took another release back: release again instead.")
    if release.is_taken_back:
        raise NotReversibleError("It was taken back already.")
    files = list(release.files.select_related("story").order_by("id"))
    changed = [file.path for file in files if _held(store, file.path, file.after) != file.after]
    if changed:
        named = ", ".join(changed[:NAMED]) + (" and others" if len(changed) > NAMED else "")
        raise NotReversibleError(
            f"{len(changed):,} of its {len(files):,} files were changed since: {named}. "
            "Change what is wrong on the desk, and release that."
        )
    return Draft(
        release.site,
        by,
        reverse_message(release, name_of(by) if by else "the desk"),
        {
            "files": len(files),
            "lines_added": sum(file.removed for file in files),
            "lines_removed": sum(file.added for file in files),
        },
        [
            (
                Planned(path_bytes(file.path), file.after, file.before),
                file.story,
                dict(file.said_after),
                dict(file.said_before),
            )
            for file in files
        ],
        takes_back=release,
    )


def _held(store: Store, path: str, expected: bytes | None) -> bytes | None:
    return store.read(path_bytes(path), len(expected or b"") + 1)
