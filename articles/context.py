"""What every page of the desk knows."""

from __future__ import annotations

import functools
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest

from articles import keymap, later, saved_views
from articles.desk import decline_reasons
from articles.home_page import keys_of
from articles.models import Density, Preferences, SavedView
from articles.prepared import NUMBER, Prepared

VIEWS = Prepared(lambda: SavedView.objects.for_person(NUMBER))


@dataclass(frozen=True, slots=True)
class Keys:
    """A person's keys as templates show them; worked out where a page asks."""

    changed: dict[str, str]

    @property
    def of(self) -> dict[str, str]:
        """Command -> key."""
        return keymap.keys_of(self.changed)

    @property
    def as_json(self) -> str:
        """Command -> key, for the scripts."""
        return json.dumps(self.of)

    @property
    def groups(self) -> list[Any]:
        """All commands by group, for people."""
        return keymap.groups(self.changed)


def desk(request: HttpRequest) -> dict[str, Any]:
    """The person's preferences (defaults before login), keys, density, views; `press` is the number
    of one press of a button, which `page.js` makes anew for every further one.
    """
    preferences = getattr(request, "preferences", None) or Preferences()
    views = functools.cache(lambda: _views(request))
    return {
        "preferences": preferences,
        "keys": Keys(preferences.keys),
        "decline_reasons": decline_reasons,
        "snooze_choices": later.choices,
        "density": _density(request, preferences),
        "press": uuid.uuid4,
        "saved_views": views,
        "current_view": lambda: _view_shown(request, views()),
        "views_with_keys": lambda: sorted(keys_of(views()).items()),
    }


def _density(request: HttpRequest, preferences: Preferences) -> str:
    """As the saved view in the address says, else as the person likes it."""
    wanted = request.GET.get("density", "")
    return wanted if wanted in Density.values else preferences.density


def _views(request: HttpRequest) -> list[SavedView]:
    """The person's saved views, then the team's; asked by the pages that offer them. One query."""
    user = getattr(request, "user", None)
    return VIEWS.ask(number=user.pk) if isinstance(user, User) else []


def _view_shown(request: HttpRequest, views: list[SavedView]) -> SavedView | None:
    """The view that means the list of this address."""
    query = saved_views.lasting(request.GET.urlencode())
    return next((view for view in views if saved_views.lasting(view.query) == query), None)
