"""The accounts' verbs: invitation, role, end of access."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError

from articles import accounts

MakeUser = Callable[..., User]


def test_invites_a_person_who_cannot_log_in_yet(chief: User) -> None:
    user = accounts.invite(
        "nora", "editor", by=chief, full_name="Nora van Dam", email="n@x.example"
    )
    assert accounts.role_of(user) == "editor"
    assert (user.first_name, user.last_name) == ("Nora", "van Dam")
    assert not user.has_usable_password()
    assert user.is_active
    assert not user.is_staff


def test_leaves_a_line_in_the_admins_log(chief: User) -> None:
    user = accounts.invite("nora", "editor", by=chief)
    accounts.deactivate(user, by=chief)
    lines = LogEntry.objects.filter(user=chief, object_id=str(user.pk)).order_by("id")
    assert [line.change_message for line in lines] == ["Invited as editor.", "Deactivated."]


def test_lets_chiefs_alone_see_the_admin(chief: User) -> None:
    assert accounts.invite("vera", "chief", by=chief).is_staff
    assert not accounts.invite("otto", "publisher", by=chief).is_staff


@pytest.mark.parametrize("name", ["nora", "NORA"])
def test_refuses_a_name_that_is_taken(chief: User, name: str) -> None:
    accounts.invite("nora", "editor", by=chief)
    with pytest.raises(accounts.AccountRefused, match="already is a person"):
        accounts.invite(name, "reader", by=chief)


def test_refuses_a_name_that_is_none(chief: User) -> None:
    with pytest.raises(ValidationError):
        accounts.invite("no ra <script>", "editor", by=chief)


def test_refuses_a_role_that_does_not_exist(chief: User) -> None:
    with pytest.raises(ValueError, match="no role"):
        accounts.invite("nora", "owner", by=chief)


@pytest.mark.parametrize("role", ["reader", "editor", "publisher"])
def test_is_for_chiefs_alone(make_user: MakeUser, role: str) -> None:
    by, other = make_user(role), make_user("reader", "other")
    for attempt in (
        lambda: accounts.invite("nora", "reader", by=by),
        lambda: accounts.set_role(other, "chief", by=by),
        lambda: accounts.set_role(by, "chief", by=by),
        lambda: accounts.deactivate(other, by=by),
        lambda: accounts.reactivate(other, by=by),
        lambda: accounts.renew_invitation(other, by=by),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_keeps_a_chief_away_from_a_superuser(chief: User) -> None:
    root = User.objects.create_superuser("root")
    for attempt in (
        lambda: accounts.renew_invitation(root, by=chief),
        lambda: accounts.deactivate(root, by=chief),
        lambda: accounts.set_role(root, "reader", by=chief),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert accounts.set_role(root, "chief", by=root)


def test_changes_a_role_once(chief: User, editor: User) -> None:
    assert accounts.set_role(editor, "publisher", by=chief)
    assert not accounts.set_role(editor, "publisher", by=chief)
    editor = User.objects.get(pk=editor.pk)
    assert accounts.role_of(editor) == "publisher"
    assert editor.has_perm("articles.publish_stories")


def test_takes_the_admin_away_with_the_role(chief: User, make_user: MakeUser) -> None:
    other = make_user("chief", "other")
    accounts.set_role(other, "editor", by=chief)
    assert not User.objects.get(pk=other.pk).is_staff


def test_never_leaves_the_desk_without_a_chief(chief: User) -> None:
    with pytest.raises(accounts.AccountRefused, match="only chief"):
        accounts.set_role(chief, "editor", by=chief)
    with pytest.raises(accounts.AccountRefused, match="only chief"):
        accounts.deactivate(chief, by=None)


def test_does_not_let_a_chief_lock_themselves_out(chief: User, make_user: MakeUser) -> None:
    make_user("chief", "other")
    with pytest.raises(accounts.AccountRefused, match="your own account"):
        accounts.deactivate(chief, by=chief)


def test_ends_access_with_the_password(chief: User, editor: User) -> None:
    assert accounts.deactivate(editor, by=chief)
    assert not accounts.deactivate(editor, by=chief)
    editor = User.objects.get(pk=editor.pk)
    assert not editor.is_active
    assert not editor.has_usable_password()
    with pytest.raises(accounts.AccountRefused, match="Reactivate"):
        accounts.renew_invitation(editor, by=chief)
    assert accounts.reactivate(editor, by=chief)
    assert not accounts.reactivate(editor, by=chief)


@pytest.mark.django_db
def test_creates_the_first_chief_once() -> None:
    assert accounts.ensure_chief("vera", "correct horse battery")
    assert not accounts.ensure_chief("vera", "another password")
    assert not accounts.ensure_chief("otto", "another password")
    vera = User.objects.get()
    assert vera.check_password("correct horse battery")
    assert vera.is_staff
    assert not vera.is_superuser
    assert accounts.role_of(vera) == "chief"
