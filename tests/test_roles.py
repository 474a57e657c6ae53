"""Who may do what, as the table of the roles says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission, User

from articles import roles

MAY = {
    "reader": (False, False, False),
    "editor": (True, False, False),
    "publisher": (True, True, False),
    "chief": (True, True, True),
}


@pytest.mark.parametrize("role", list(MAY))
def test_gives_each_role_what_the_table_says(make_user: Callable[[str], User], role: str) -> None:
    user = make_user(role)
    assert (roles.can_edit(user), roles.can_publish(user), roles.can_run(user)) == MAY[role]
    assert user.has_perm("articles.view_story")
    assert user.is_staff == (role == "chief")


def test_gives_nobody_the_right_to_write_history_or_delete_stories(chief: User) -> None:
    forbidden = [
        f"articles.{verb}_{noun}"
        for noun in ("change", "syncrun", "storyfile", "textblock")
        for verb in ("add", "change", "delete")
    ]
    forbidden += ["articles.delete_story", "articles.add_story", "articles.delete_site"]
    forbidden += ["auth.delete_user", "auth.change_group", "auth.change_permission"]
    forbidden += ["articles.view_storyfile", "articles.view_textblock"]
    assert [name for name in forbidden if chief.has_perm(name)] == []


def test_gives_nothing_without_a_role(make_user: Callable[[str], User]) -> None:
    user = make_user("nobody")
    assert user.get_all_permissions() == set()
    assert not roles.can_edit(AnonymousUser())


def test_each_role_holds_those_before() -> None:
    before: set[str] = set()
    for permissions in roles.ROLES.values():
        assert before <= set(permissions)
        before = set(permissions)


@pytest.mark.django_db
def test_names_only_permissions_that_exist() -> None:
    roles.install_roles()
    for name, labels in roles.ROLES.items():
        assert Group.objects.get(name=name).permissions.count() == len(labels)


@pytest.mark.django_db
def test_sets_a_role_back_to_the_table() -> None:
    roles.install_roles()
    group = Group.objects.get(name="reader")
    group.permissions.add(Permission.objects.get(codename="publish_stories"))
    group.permissions.remove(Permission.objects.get(codename="view_story"))
    roles.install_roles()
    assert Group.objects.count() == 4
    assert {p.codename for p in group.permissions.all()} == {
        label.split(".")[1] for label in roles.ROLES["reader"]
    }
