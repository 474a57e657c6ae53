"""Who may do what: the four groups of the desk.

The table for people stands in README and on the help page for chiefs.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import AnonymousUser, Group, Permission, User

EDIT = "articles.edit_stories"
PUBLISH = "articles.publish_stories"
RUN = "articles.run_desk"

READER, EDITOR, PUBLISHER, CHIEF = "reader", "editor", "publisher", "chief"

_NOUNS = (
    "site",
    "story",
    "provider",
    "topic",
    "coverage",
    "change",
    "syncrun",
    "conflict",
    "standinganswer",
    "storyimage",
    "storyproblem",
    "storytopic",
)
_SEES = tuple(f"articles.view_{noun}" for noun in _NOUNS)
_KEEPS = (
    "articles.change_site",
    "articles.add_site",
    "articles.change_provider",
    "articles.add_provider",
    "articles.change_topic",
    "articles.add_topic",
    "articles.delete_topic",
    "articles.change_story",
    "articles.change_coverage",
    "auth.view_user",
    "auth.add_user",
    "auth.change_user",
    "auth.view_group",
)

ROLES: Mapping[str, tuple[str, ...]] = {
    READER: _SEES,
    EDITOR: (*_SEES, EDIT),
    PUBLISHER: (*_SEES, EDIT, PUBLISH),
    CHIEF: (*_SEES, EDIT, PUBLISH, RUN, *_KEEPS),
}
"""Every role with its permissions, each role holding those of the one before."""


def install_roles() -> None:
    """Create the four groups and give each exactly its permissions. Safe to repeat."""
    for name, labels in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(_permissions(labels))


def _permissions(labels: tuple[str, ...]) -> list[Permission]:
    wanted = {tuple(label.split(".", 1)) for label in labels}
    found = Permission.objects.filter(
        content_type__app_label__in={app for app, _ in wanted},
        codename__in={code for _, code in wanted},
    ).select_related("content_type")
    return [p for p in found if (p.content_type.app_label, p.codename) in wanted]


def can_edit(user: User | AnonymousUser) -> bool:
    """May edit, link, split, decline."""
    return user.has_perm(EDIT)


def can_publish(user: User | AnonymousUser) -> bool:
    """May publish, unpublish, remove, release."""
    return user.has_perm(PUBLISH)


def can_run(user: User | AnonymousUser) -> bool:
    """May change rules, sites and users, and override a block."""
    return user.has_perm(RUN)
