"""Accounts: who is invited, which role they hold, when their access ends.

The few writers of users. Every verb takes `by`, the chief who does it (None: the operator at the
command line), checks that they may, and leaves a line in the admin's log. Nobody is ever deleted:
the log of changes keeps naming them.
"""

from __future__ import annotations

from typing import NoReturn

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from articles import claims
from articles.roles import CHIEF, EDITOR, ROLES, can_run

SESSION_LINK = "invitation_link"
RULE = "rule"
"""The name under which links made by rule stand in the log."""


class AccountRefused(Exception):  # noqa: N818  # a refusal with a sentence for the person
    """An account stays as it is; the text says why and what to do instead."""


def people() -> QuerySet[User]:
    """Everybody who has or had access, by name, with their roles at hand."""
    return User.objects.prefetch_related("groups").order_by("-is_active", "username")


def rule_user() -> User:
    """In whose name the desk links by rule: an editor without a password, whom nobody can be.

    What the rule changes about publishing therefore waits for a publisher.
    """
    nobodys = {"password": make_password(None)}
    user, is_new = User.objects.get_or_create(username=RULE, defaults=nobodys)
    if is_new:
        user.groups.set(Group.objects.filter(name=EDITOR))
    return user


def role_of(user: User) -> str:
    """The highest role a user holds, or "" for none."""
    held = {group.name for group in user.groups.all()}
    return next((role for role in reversed([*ROLES]) if role in held), "")


def may_manage(by: User | None, user: User) -> bool:
    """Whether `by` may change this account: chiefs may, but a superuser's only superusers."""
    if by is None:
        return True
    return can_run(by) and (by.is_superuser or not user.is_superuser)


@transaction.atomic
def invite(
    username: str, role: str, *, by: User | None, email: str = "", full_name: str = ""
) -> User:
    """Create an account without a password; `invitation_path` gives the link to set one."""
    if User.objects.filter(username__iexact=username).exists():
        _refuse(_("There already is a person called “%(name)s”.") % {"name": username})
    first_name, _space, last_name = full_name.strip().partition(" ")
    user = User(username=username, email=email, first_name=first_name, last_name=last_name.strip())
    _check(by, user)
    user.set_unusable_password()
    user.full_clean()
    user.save()
    _give(user, role)
    _log(by, user, ADDITION, f"Invited as {role}.")
    return user


def invitation_path(user: User) -> str:
    """The one-time address where the person sets a password. Valid for PASSWORD_RESET_TIMEOUT;
    it dies when it is used, when they log in, and when the account is deactivated.
    """
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("invitation", args=[uid, default_token_generator.make_token(user)])


def keep_link(session: SessionBase, user: User, url: str) -> None:
    """Let a fresh link wait in the chief's session until the people page shows it, once."""
    session[SESSION_LINK] = {"name": user.get_username(), "url": url}


def take_link(session: SessionBase) -> dict[str, str] | None:
    """The waiting link; it waits no longer."""
    link: dict[str, str] | None = session.pop(SESSION_LINK, None)
    return link


def renew_invitation(user: User, *, by: User | None) -> str:
    """A fresh link for somebody who lost theirs, or their password. The old password stays valid
    until the link is used.
    """
    _check(by, user)
    if not user.is_active:
        _refuse(_("“%(name)s” is deactivated. Reactivate the account first.") % {"name": user})
    _log(by, user, CHANGE, "Got a new invitation link.")
    return invitation_path(user)


@transaction.atomic
def set_role(user: User, role: str, *, by: User | None) -> bool:
    """Give a user exactly this role; False when they already hold it. Chiefs see the admin."""
    _check(by, user)
    if role_of(user) == role and user.is_staff == (role == CHIEF or user.is_superuser):
        return False
    if role != CHIEF:
        _keep_a_chief(user)
    _give(user, role)
    _log(by, user, CHANGE, f"Became {role}.")
    return True


@transaction.atomic
def deactivate(user: User, *, by: User | None) -> bool:
    """End somebody's access at once: sessions, password and open links die. False when it had
    ended before.
    """
    _check(by, user)
    if not user.is_active:
        return False
    if by is not None and by.pk == user.pk:
        _refuse(_("You cannot deactivate your own account. Ask another chief."))
    _keep_a_chief(user)
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    claims.release_all(user)
    _log(by, user, CHANGE, "Deactivated.")
    return True


@transaction.atomic
def reactivate(user: User, *, by: User | None) -> bool:
    """Give access back. The person needs a new link to set a password."""
    _check(by, user)
    if user.is_active:
        return False
    user.is_active = True
    user.save(update_fields=["is_active"])
    _log(by, user, CHANGE, "Reactivated.")
    return True


def ensure_chief(username: str, password: str) -> bool:
    """Create the first chief; False, and nothing is touched, when this person or any active
    chief exists.
    """
    if User.objects.filter(username=username).exists() or _chiefs().exists():
        return False
    user = invite(username, CHIEF, by=None)
    user.set_password(password)
    user.save(update_fields=["password"])
    return True


def _chiefs() -> QuerySet[User]:
    """Everybody who can manage accounts now."""
    chiefs = User.objects.filter(Q(groups__name=CHIEF) | Q(is_superuser=True), is_active=True)
    return chiefs.distinct()


def _keep_a_chief(user: User) -> None:
    """Refuse to leave the desk without a chief; two chiefs demoting each other wait in line."""
    Group.objects.select_for_update().filter(name=CHIEF).first()
    if role_of(user) == CHIEF and not _chiefs().exclude(pk=user.pk).exists():
        _refuse(_("“%(name)s” is the only chief. Make somebody else chief first.") % {"name": user})


def _give(user: User, role: str) -> None:
    if role not in ROLES:
        raise ValueError(f"{role!r} is no role. Roles are {', '.join(ROLES)}.")
    user.groups.set([Group.objects.get(name=role)])
    user.is_staff = role == CHIEF or user.is_superuser
    user.save(update_fields=["is_staff"])


def _check(by: User | None, user: User) -> None:
    if not may_manage(by, user):
        raise PermissionDenied


def _refuse(sentence: str) -> NoReturn:
    raise AccountRefused(sentence)


def _log(by: User | None, user: User, flag: int, sentence: str) -> None:
    """A line in the admin's log: it shows on the person's page and among recent actions."""
    if by is not None:
        entry = User.objects.filter(pk=user.pk)
        LogEntry.objects.log_actions(by.pk, entry, flag, sentence, single_object=True)
