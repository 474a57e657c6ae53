"""Every address of the desk, found by walking the URL configuration, and who may do what there.

The tables are to be reviewed: an address that stands in none of them fails the tests.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver, reverse

PUBLIC = {
    "login",
    "invitation",
    "admin:login",
    "articles:healthz",
    "articles:readyz",
    "articles:metrics",
    "articles:site_index_json",
    "articles:site_topic_json",
}
"""Reached without login; everything else is closed."""

READERS = {
    "articles:home": "reader",
    "articles:preferences": "reader",
    "articles:help": "reader",
    "articles:help_topic": "reader",
    "articles:saved_view_list": "reader",
    "articles:command_list": "reader",
    "articles:story_list": "reader",
    "articles:story_detail": "reader",
    "articles:story_preview": "reader",
    "articles:story_members": "reader",
    "articles:story_export": "reader",
    "articles:story_file": "reader",
    "articles:story_edit": "editor",
    "articles:story_field": "editor",
    "articles:story_link": "editor",
    "articles:story_suggestions": "reader",
    "articles:covered": "reader",
    "articles:story_follows": "editor",
    "articles:coverage_list": "reader",
    "articles:repair_list": "reader",
    "articles:rule_simulation": "chief",
    "articles:conflict_list": "reader",
    "articles:coverage_detail": "reader",
    "articles:change_list": "reader",
    "articles:insight": "reader",
    "articles:run_list": "reader",
    "articles:run_detail": "reader",
    "articles:run_live": "reader",
    "articles:release_list": "reader",
    "articles:release_new": "reader",
    "articles:release_detail": "reader",
    "articles:releasefile_diff": "reader",
    "articles:story_diff": "reader",
    "articles:story_life": "reader",
    "articles:front_page": "reader",
    "password_change": "reader",
    "password_change_done": "reader",
    "people": "chief",
}
"""Pages: the least role that may open them."""

WRITERS = {
    "logout": "reader",
    "password_change": "reader",
    "articles:preferences": "reader",
    "articles:pulse": "reader",
    "articles:shelf_clear": "reader",
    "articles:saved_view_create": "reader",
    "articles:saved_view_update": "reader",
    "articles:saved_view_delete": "reader",
    "articles:story_shelf": "reader",
    "articles:story_claim": "editor",
    "articles:story_release": "editor",
    "articles:story_snooze": "editor",
    "articles:story_wake": "editor",
    "articles:tour_done": "reader",
    "articles:story_edit": "editor",
    "articles:story_field": "editor",
    "articles:story_original": "editor",
    "articles:story_link": "editor",
    "articles:story_suggestion_accept": "editor",
    "articles:story_suggestion_refuse": "editor",
    "articles:story_unlink": "editor",
    "articles:story_lead": "editor",
    "articles:story_keep_apart": "editor",
    "articles:story_repair": "editor",
    "articles:coverage_regroup": "editor",
    "articles:coverage_merge": "editor",
    "articles:story_allow_together": "editor",
    "articles:story_decline": "editor",
    "articles:change_undo": "editor",
    "articles:change_revert": "editor",
    "articles:undo": "editor",
    "articles:redo": "editor",
    "articles:story_life_revert": "editor",
    "articles:sync_start": "publisher",
    "articles:release_new": "publisher",
    "articles:release_take_back": "publisher",
    "articles:story_publish": "publisher",
    "articles:conflict_settle": "publisher",
    "articles:answer_forget": "publisher",
    "articles:story_unpublish": "publisher",
    "articles:story_remove": "publisher",
    "articles:story_restore": "publisher",
    "articles:story_promote": "publisher",
    "people_invite": "chief",
    "people_link": "chief",
    "people_role": "chief",
    "people_deactivate": "chief",
    "people_reactivate": "chief",
}
"""Actions by POST: the least role that may take them."""

BY_VERB = {"articles:story_bulk"}
"""One address for several verbs; each asks for its own right (`tests/views/test_bulk.py`)."""

_LOOK = {"changelist", "change", "history"}
ADMIN = {
    "articles_change": _LOOK | {"export"},
    "articles_coverage": _LOOK,
    "articles_provider": _LOOK | {"add", "export"},
    "articles_site": _LOOK | {"add"},
    "articles_story": _LOOK | {"export"},
    "articles_syncrun": _LOOK,
    "articles_topic": _LOOK | {"add", "delete", "export"},
    "auth_group": _LOOK,
    "auth_user": _LOOK | {"add"},
    "axes_accessattempt": set(),
    "axes_accessfailurelog": set(),
    "axes_accesslog": set(),
}
"""Pages of the admin that a chief may open, by noun; every other one is closed to everybody."""

ADMIN_READ_ONLY = {"articles_change", "articles_syncrun", "auth_group"}
"""Nouns of which even a chief changes nothing."""

STAFF = {
    *("admin:index", "admin:app_list", "admin:jsi18n", "admin:login", "admin:view_on_site"),
    *("admin:password_change", "admin:password_change_done", "admin:auth_user_add"),
    *("admin:axes_accessattempt_history", "admin:axes_accessfailurelog_history"),
    "admin:axes_accesslog_history",
}
"""Pages of the admin that show staff without permissions nothing, or send them on."""

ENDS_THE_SESSION = {"logout", "admin:logout"}

ROLES = ("reader", "editor", "publisher", "chief")
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
OWN_TABLES = {"Session", "Preferences", "AccessAttempt", "AccessLog", "AccessFailureLog"}
"""What a visit may write: sessions, failed logins, a person's own settings and last visit."""


class Door(NamedTuple):
    """An address with its name."""

    name: str
    path: str

    @property
    def is_admin(self) -> bool:
        """Whether it belongs to Django's admin."""
        return self.name.startswith("admin:")


def noun_of(door: Door) -> tuple[str, str]:
    """The noun of a page of the admin and what is done there; the noun is empty for its own."""
    noun, _, action = door.name.removeprefix("admin:").rpartition("_")
    return (noun, action) if noun in ADMIN else ("", door.name)


def all_doors(**known: Any) -> list[Door]:
    """Every named address, its parts filled from `known` by name."""
    doors = {
        Door(name, reverse(name, kwargs={p: _part(name, p, known) for p in parts}))
        for name, parts in _walk(get_resolver())
    }
    return sorted(doors)


def _walk(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            outer = tuple(entry.pattern.converters)
            yield from ((name, (*outer, *parts)) for name, parts in _walk(entry, inner))
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{prefix}{entry.name}", _parts(entry)


def _parts(entry: URLPattern) -> tuple[str, ...]:
    names = getattr(entry.pattern, "regex", None)
    return tuple(entry.pattern.converters) or tuple(names.groupindex if names else ())


def _part(name: str, part: str, known: dict[str, Any]) -> Any:
    if part == "object_id":
        return known["objects"].get(name.removeprefix("admin:").rsplit("_", 1)[0], 1)
    if part == "pk":
        noun = name.removeprefix("articles:").partition("_")[0]
        return known["objects"].get(f"articles_{noun}", known["pk"])
    return known[part]


def rows_of_everything() -> str:
    """One digest of every row a visit may not write."""
    digest = hashlib.sha256()
    for model in apps.get_models():
        if model.__name__ not in OWN_TABLES:
            rows = [list(row) for row in model._default_manager.order_by("pk").values_list()]
            if model.__name__ == "User":  # a login is no change
                rows = [[v for v in row if not hasattr(v, "tzinfo")] for row in rows]
            digest.update(json.dumps([model.__name__, rows], default=repr).encode())
    return digest.hexdigest()
