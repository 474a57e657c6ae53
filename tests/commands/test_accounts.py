"""`install_roles`, `ensure_chief`, `invite_user`."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.test import Client

from articles import accounts

pytestmark = pytest.mark.django_db


def run(*words: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _no_password_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEWSDESK_CHIEF_PASSWORD", raising=False)


def test_installs_the_roles_again_and_again() -> None:
    assert (
        run("install_roles")
        == run("install_roles")
        == ("Roles: reader, editor, publisher, chief.\n")
    )
    assert Group.objects.count() == 4


def test_creates_the_first_chief_with_a_password_it_prints_once() -> None:
    printed = run("ensure_chief").split()[-1]
    chief = User.objects.get(username="chief")
    assert chief.check_password(printed)
    assert accounts.role_of(chief) == "chief"
    assert "unchanged" in run("ensure_chief")
    assert User.objects.get().check_password(printed)


def test_takes_the_password_from_the_environment_and_keeps_it_off_the_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NEWSDESK_CHIEF_PASSWORD", "a long passphrase")
    assert "passphrase" not in run("ensure_chief", "vera")
    assert User.objects.get(username="vera").check_password("a long passphrase")


def test_makes_no_second_chief() -> None:
    run("ensure_chief", "vera", password="a long passphrase", verbosity=0)
    assert run("ensure_chief", "otto", verbosity=0) == ""
    assert User.objects.count() == 1


def test_prints_a_link_that_works(client: Client) -> None:
    run("install_roles")
    link = run("invite_user", "nora", "--role", "publisher", "--address", "https://desk.example/")
    assert link.startswith("https://desk.example/account/invitation/")
    page = client.get(link.strip().removeprefix("https://desk.example"), follow=True)
    assert page.status_code == 200
    assert accounts.role_of(User.objects.get()) == "publisher"


def test_gives_an_existing_person_a_new_link_and_keeps_their_role() -> None:
    run("ensure_chief", password="a long passphrase")
    run("invite_user", "chief", "--role", "reader")
    assert accounts.role_of(User.objects.get()) == "chief"


def test_says_why_somebody_cannot_be_invited() -> None:
    run("ensure_chief", password="a long passphrase")
    with pytest.raises(CommandError, match="already is a person"):
        run("invite_user", "CHIEF")
    with pytest.raises(CommandError, match="valid username"):
        run("invite_user", "no ra")
    accounts.deactivate(accounts.invite("nora", "reader", by=None), by=None)
    with pytest.raises(CommandError, match="deactivated"):
        run("invite_user", "nora")
