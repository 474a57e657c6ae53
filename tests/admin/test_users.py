"""People and roles in the admin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from articles import accounts

LIST = "/admin/auth/user/"


def page_of(user: User) -> str:
    return reverse("admin:auth_user_change", args=[user.pk])


def save(client: Client, user: User, **changes: Any) -> Any:
    data = {"first_name": user.first_name, "last_name": user.last_name, "email": user.email}
    return client.post(page_of(user), {**data, "role": accounts.role_of(user), **changes})


def act(client: Client, action: str, *users: User) -> Any:
    data = {"action": action, "_selected_action": [user.pk for user in users]}
    return client.post(LIST, data, follow=True)


def test_gives_a_person_a_name_and_a_role(admin: Client, editor: User) -> None:
    assert save(admin, editor, first_name="Nora", role="publisher").status_code == 302
    editor = User.objects.get(pk=editor.pk)
    assert (editor.first_name, accounts.role_of(editor)) == ("Nora", "publisher")


def test_gives_nothing_that_is_not_a_role(admin: Client, editor: User) -> None:
    save(
        admin, editor, is_superuser="on", is_staff="on", user_permissions=["1"], password="x",
        username="root", is_active="",
    )  # fmt: skip
    now = User.objects.get(pk=editor.pk)
    assert not now.is_superuser
    assert not now.is_staff
    assert now.is_active
    assert (now.username, now.password) == (editor.username, editor.password)
    assert not now.user_permissions.exists()


def test_sends_invitations_to_the_people_page(admin: Client) -> None:
    assert admin.get(f"{LIST}add/")["Location"] == reverse("people")
    assert admin.post(f"{LIST}add/", {"username": "x"})["Location"] == reverse("people")
    assert User.objects.count() == 1


def test_makes_a_new_link_for_one_person(admin: Client, editor: User, reader: User) -> None:
    page = act(admin, "new_link", editor)
    assert page.context["link"]["name"] == "editor"
    page = act(admin, "new_link", editor, reader)
    assert b"Select one person" in page.content


def test_deactivates_and_reactivates(admin: Client, editor: User, reader: User) -> None:
    act(admin, "deactivate", editor, reader)
    assert User.objects.filter(is_active=False).count() == 2
    act(admin, "reactivate", editor)
    assert User.objects.get(is_active=False) == reader


def test_keeps_the_last_chief(admin: Client, chief: User) -> None:
    page = act(admin, "deactivate", chief)
    assert b"your own account" in page.content
    page = save(admin, chief, role="reader")
    assert accounts.role_of(User.objects.get(pk=chief.pk)) == "chief"


def test_leaves_superusers_to_superusers(admin: Client, client: Client) -> None:
    root = User.objects.create_superuser("root")
    assert admin.get(page_of(root)).status_code == 200
    assert save(admin, root, first_name="x", role="reader").status_code == 403
    for action in ("deactivate", "new_link", "reactivate"):
        assert act(admin, action, root).status_code == 403
    assert User.objects.get(pk=root.pk).is_active
    client.force_login(root)
    assert save(client, root, first_name="Root", role="chief").status_code == 302


def test_deletes_nobody(client: Client, editor: User) -> None:
    client.force_login(User.objects.create_superuser("root"))
    assert client.post(f"{LIST}{editor.pk}/delete/", {"post": "yes"}).status_code == 403
    act(client, "delete_selected", editor)
    assert User.objects.filter(pk=editor.pk).exists()


@pytest.mark.parametrize("path", ["password/", "../password/"])
def test_sets_nobodys_password(admin: Client, editor: User, path: str) -> None:
    fields = {"password1": "a long new passphrase", "password2": "a long new passphrase"}
    admin.post(f"{LIST}{editor.pk}/{path}", fields)
    assert User.objects.get(pk=editor.pk).password == editor.password


def test_shows_roles_with_members_and_lets_chiefs_only_look(admin: Client, editor: User) -> None:
    group = Group.objects.get(name="editor")
    page = admin.get(reverse("admin:auth_group_change", args=[group.pk]))
    assert b"Can edit, link, split and decline stories" in page.content
    assert admin.post(reverse("admin:auth_group_change", args=[group.pk])).status_code == 403


def test_records_what_a_chief_does_to_accounts(
    admin: Client, editor: User, make_user: Callable[..., User]
) -> None:
    save(admin, editor, role="reader")
    page = admin.get(reverse("admin:auth_user_history", args=[editor.pk]))
    assert b"Became reader." in page.content
