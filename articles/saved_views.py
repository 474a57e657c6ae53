"""Saved views: kept by each person for themselves, by chiefs for the team."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from articles import roles
from articles.models import SavedView

MOST = 60
"""The most views one person keeps, and the team."""

PASSING = ("page", "story", "open", "density")
"""Parameters of a list that belong to one look at it, not to the view."""


class ViewRefusedError(Exception):
    """A view that cannot be kept; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants a view to be."""

    name: str
    density: str = ""
    key: int | None = None


def save(wish: Wish, query: str, *, by: User, for_team: bool = False) -> SavedView:
    """Keep a list under a name, at the end of one's own views or the team's.

    A key that another view of theirs has goes over to this one. Raises PermissionDenied, and
    ViewRefusedError where there are too many.
    """
    _check(by, for_team)
    owner_id = None if for_team else by.pk
    with transaction.atomic():
        others = SavedView.objects.of(owner_id)
        if others.count() >= MOST:
            raise ViewRefusedError(_("There are %d views already: delete one first.") % MOST)
        _free_key(owner_id, wish.key)
        last = others.order_by("-position").values_list("position", flat=True).first()
        return SavedView.objects.create(
            owner_id=owner_id,
            name=wish.name,
            query=lasting(query),
            density=wish.density,
            key=wish.key,
            position=0 if last is None else last + 1,
        )


def change(view: SavedView, wish: Wish, *, by: User) -> None:
    """Give a view another name, density or key. Raises PermissionDenied."""
    _check_own(view, by)
    with transaction.atomic():
        if wish.key != view.key:
            _free_key(view.owner_id, wish.key)
        view.name, view.density, view.key = wish.name, wish.density, wish.key
        view.save(update_fields=["name", "density", "key"])


def move(view: SavedView, steps: int, *, by: User) -> None:
    """Move a view up (negative) or down among its owner's. Raises PermissionDenied."""
    _check_own(view, by)
    with transaction.atomic():
        rows = list(SavedView.objects.of(view.owner_id).select_for_update().order_by("position"))
        place = next(number for number, each in enumerate(rows) if each.pk == view.pk)
        rows.insert(max(0, place + steps), rows.pop(place))
        for number, each in enumerate(rows):
            each.position = number
        SavedView.objects.bulk_update(rows, ["position"])


def delete(view: SavedView, *, by: User) -> None:
    """Forget a view. Raises PermissionDenied."""
    _check_own(view, by)
    view.delete()


def lasting(query: str) -> str:
    """A list's query string without what belongs to one look at it."""
    kept = QueryDict(query[:4000], mutable=True)
    for name in PASSING:
        kept.pop(name, None)
    return kept.urlencode()


def _free_key(owner_id: int | None, key: int | None) -> None:
    if key is not None:
        SavedView.objects.of(owner_id).filter(key=key).update(key=None)


def _check_own(view: SavedView, by: User) -> None:
    if not view.is_teams and view.owner_id != by.pk:
        raise PermissionDenied
    _check(by, view.is_teams)


def _check(by: User, for_team: bool) -> None:
    if for_team and not roles.can_run(by):
        raise PermissionDenied(_("Only a chief keeps the team's views."))
