"""Taking decisions back: the exact inverse of a change, itself a change (`Change.undoes`).

A batch is taken back as one. What was taken back can be done again, as often as one likes: the
redo undoes the undo. Nothing is taken back over somebody else's later work.

A verb that means "the last one" would do more each time its request is sent again, as a proxy does
whose server fell silent. So each press of a button has a number (`press`), from which the batch of
what it did is worked out: sent again, a press finds that batch and does nothing more.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from functools import cached_property

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles.desk.acting import tell_fellows
from articles.desk.errors import NotUndoable
from articles.desk.permission import require_edit, require_publish
from articles.desk.restoring import FOLLOWING, Restoration
from articles.desk.writing import Entry, commit
from articles.models import Change, Verb
from articles.models.change import ROBOTS, ChangeQuerySet


def undo(what: Change | uuid.UUID, *, by: User, press: uuid.UUID | None = None) -> list[Change]:
    """Take back a change, with all of its batch, and return the changes that did it.

    One's own decisions; those of others need the right to publish, as does whatever changes
    `published` or `removed`. What an undo left is taken back by doing it again. Raises
    PermissionDenied, and NotUndoable where it was taken back already or somebody changed one of
    the stories since.
    """
    name = what.pk if isinstance(what, Change) else what
    return _once(press, f"undo {name}", by, lambda batch: _undo(what, by, batch))


def undo_last(*, by: User, press: uuid.UUID | None = None) -> list[Change]:
    """Take back the person's newest decision that still stands. Raises NotUndoable for none."""
    return _once(press, "undo the last", by, lambda batch: _undo(_last_decision(by), by, batch))


def redo_last(*, by: User, press: uuid.UUID | None = None) -> list[Change]:
    """Do again what the person took back last, unless they decided something new since.

    Raises NotUndoable where there is nothing to do again.
    """
    return _once(press, "redo the last", by, lambda batch: _undo(_last_undo(by), by, batch))


def _once(
    press: uuid.UUID | None,
    name: str,
    by: User,
    verb: Callable[[uuid.UUID | None], list[Change]],
) -> list[Change]:
    """What a press of a button did when it came first, or does now. Raises what the verb raises."""
    require_edit(by)
    if press is None:
        return verb(None)
    # Nobody can name a batch of somebody else: their number and the verb are part of it.
    batch = uuid.uuid5(press, f"{name} by {by.pk}")
    with transaction.atomic():
        # The same press may still be at work on another server: it is waited for.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        done = Change.objects.filter(batch=batch).select_related("story", "undoes").order_by("pk")
        return list(done) or verb(batch)


def _undo(what: Change | uuid.UUID, by: User, batch: uuid.UUID | None) -> list[Change]:
    try:
        with transaction.atomic():
            changes = _standing(_with_batch(what))
            _require_rights(changes, by)
            return _take_back(changes, by, batch)
    except IntegrityError as error:
        raise NotUndoable(_("It cannot be taken back any more.")) from error


def _last_decision(by: User) -> Change:
    newest = _newest_of(by).exclude(verb__in=(Verb.UNDO, *ROBOTS)).first()
    if newest is None:
        raise NotUndoable(_("There is nothing to take back."))
    return newest


def _last_undo(by: User) -> Change:
    taken_back = _newest_of(by).filter(verb=Verb.UNDO).first()
    decided = Change.objects.by_person(by.pk).filter(undoes=None).exclude(verb__in=ROBOTS).first()
    if taken_back is None or (decided is not None and decided.pk > taken_back.pk):
        raise NotUndoable(_("There is nothing to do again."))
    return taken_back


def _newest_of(by: User) -> ChangeQuerySet:
    """A person's changes that nobody took back, newest first."""
    return Change.objects.by_person(by.pk).filter(undone_by=None)


def _with_batch(what: Change | uuid.UUID) -> list[Change]:
    """The changes that go together, oldest first."""
    batch = what.batch if isinstance(what, Change) else what
    if isinstance(what, Change) and batch is None:
        rows = Change.objects.filter(pk=what.pk)
    else:
        rows = Change.objects.filter(batch=batch)
    return list(rows.select_related("undone_by", "undoes").order_by("pk"))


def _standing(changes: list[Change]) -> list[Change]:
    """These changes, or the redo that stands in their place. Raises NotUndoable."""
    while changes:
        undone = getattr(changes[0], "undone_by", None)
        if undone is None:
            break
        redone = Change.objects.filter(undoes=undone).first()
        if redone is None:
            raise NotUndoable(_("It was taken back already."))
        changes = _with_batch(redone)
    if not changes or any(c.verb in ROBOTS or c.actor_id is None for c in changes):
        raise NotUndoable(_("This is nobody's decision, so nobody can take it back."))
    return changes


def _require_rights(changes: Sequence[Change], by: User) -> None:
    """Raises PermissionDenied."""
    anothers = any(change.actor_id != by.pk for change in changes)
    on_the_site = any({"published", "removed"} & change.before.keys() for change in changes)
    if anothers or on_the_site:
        require_publish(by)


def _take_back(changes: Sequence[Change], by: User, batch: uuid.UUID | None) -> list[Change]:
    restoration = Restoration(changes)
    later = _Later(changes)
    later.refuse(by)
    restoration.put_back()
    restoration.settle(later.written)
    entry = Entry(
        by,
        Verb.UNDO,
        batch=batch or (uuid.uuid4() if changes[0].batch else None),
        undoes={_key(change): change for change in changes},
        verbs={_key(c): Verb(c.undoes.verb) for c in changes if c.undoes and c.verb == Verb.UNDO},
    )
    drafts = list(restoration.drafts.values())
    done = commit(drafts, entry, groups=restoration.groups.values())
    tell_fellows(drafts)
    return done


def _key(change: Change) -> tuple[int | None, int | None]:
    """How the log entry of the same story or group is found."""
    return (change.story_id, None if change.story_id else change.coverage_id_then)


class _Later:
    """What happened to the stories of some changes after them; read once they are locked."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._of: dict[int | None, Change] = {c.story_id: c for c in changes if c.story_id}
        ids = {change.pk for change in changes}
        rows = Change.objects.filter(story_id__in=list(self._of), pk__gt=min(ids))
        self._rows = [
            row
            for row in rows.order_by("pk")
            if row.pk not in ids and row.pk > self._of[row.story_id].pk
        ]
        self.taken_back = Change.objects.filter(undoes__in=list(ids)).exists()

    @cached_property
    def written(self) -> Collection[int]:
        """The stories whose file was written since."""
        return {r.story_id for r in self._rows if r.verb == Verb.EXPORTED and r.story_id}

    def refuse(self, by: User) -> None:
        """Raises NotUndoable, with names, where a later change is in the way."""
        if self.taken_back:
            raise NotUndoable(_("It was taken back already."))
        blocking = [row for row in self._standing() if self._is_in_the_way(row, by)]
        if blocking:
            names = ", ".join(dict.fromkeys(row.actor_name for row in blocking))
            titles = ", ".join(dict.fromkeys(f"“{row.story}”" for row in blocking[:3]))
            raise NotUndoable(
                _("%(names)s changed %(titles)s since.") % {"names": names, "titles": titles}
            )

    def _standing(self) -> list[Change]:
        """What counts: neither exports nor what was taken back, nor the taking back of it."""
        present = {row.pk for row in self._rows}
        void: set[int] = set()
        for row in reversed(self._rows):
            if row.undoes_id in present and row.pk not in void:
                void |= {row.pk, row.undoes_id or 0}
        return [row for row in self._rows if row.pk not in void and row.verb != Verb.EXPORTED]

    def _is_in_the_way(self, row: Change, by: User) -> bool:
        mine = self._of[row.story_id]
        if row.actor_id not in {None, by.pk, mine.actor_id}:
            return True
        return bool((row.before.keys() & mine.before.keys()) - FOLLOWING)
