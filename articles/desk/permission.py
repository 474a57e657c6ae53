"""The right to a verb, asked for every object it touches."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from articles import roles


def require_edit(by: User | None) -> None:
    """Raises PermissionDenied unless the person may edit, link, split and decline."""
    if by is None or not roles.can_edit(by):
        raise PermissionDenied(_("You may read this desk, not change it."))


def require_publish(by: User) -> None:
    """Raises PermissionDenied unless the person may publish, unpublish, remove and restore."""
    if not roles.can_publish(by):
        raise PermissionDenied(_("Only publishers may change what the site shows."))


def require_override(by: User) -> None:
    """Raises PermissionDenied unless the person may publish a blocked story."""
    if not roles.can_run(by):
        raise PermissionDenied(_("Only a chief may publish a blocked story."))
