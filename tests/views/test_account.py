"""Login, logout, passwords, invitations, people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from articles import accounts
from tests.conftest import PASSWORD

NEW = "a long new passphrase"
ClientOf = Callable[[User], Client]
LOGIN = "/account/login/"


def log_in(client: Client, username: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(LOGIN, {"username": username, "password": password, **extra})


# Login


def test_logs_in_with_a_fresh_session(client: Client, editor: User) -> None:
    session = client.session
    session["before"] = "login"
    session.save()
    before = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    response = log_in(client, "editor")
    assert response.status_code == 302
    assert response.url == reverse("articles:home")
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_goes_on_to_where_one_wanted(client: Client, editor: User) -> None:
    assert log_in(client, "editor", next="/sync/").url == "/sync/"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example/", "///evil.example", "http:evil.example",
        "\\\\evil.example", "/\\evil.example", "javascript:alert(1)", "https:/evil.example",
        " //evil.example", "http://testserver@evil.example/", "data:text/html,x",
        "https://testserver.evil.example/",
    ],
)  # fmt: skip
def test_never_goes_on_to_another_host(client: Client, editor: User, target: str) -> None:
    assert log_in(client, "editor", next=target).url == reverse("articles:home")


def test_answers_the_same_to_a_wrong_name_and_a_wrong_password(
    client: Client, editor: User, chief: User
) -> None:
    accounts.deactivate(editor, by=chief)
    accounts.invite("invited", "reader", by=chief)
    pages = set()
    for username in ("nobody", "chief", "editor", "invited"):
        response = log_in(client, username, "wrong password")
        assert response.status_code == 422
        assert settings.SESSION_COOKIE_NAME not in response.cookies
        html = response.content.decode().replace(f'value="{username}"', "")
        pages.add(_without_token(html))
    assert len(pages) == 1


def _without_token(html: str) -> str:
    start = html.index('name="csrfmiddlewaretoken"')
    return html[:start] + html[html.index(">", start) :]


def test_throttles_a_name_after_ten_wrong_passwords(client: Client, editor: User) -> None:
    for _ in range(9):
        assert log_in(client, "editor", "wrong").status_code == 422
    assert log_in(client, "editor", "wrong").status_code == 429
    locked = log_in(client, "editor")
    assert locked.status_code == 429
    assert b"Too many attempts" in locked.content
    assert "_auth_user_id" not in client.session


def test_does_not_throttle_the_others(client: Client, editor: User, reader: User) -> None:
    for _ in range(11):
        log_in(client, "editor", "wrong")
    assert log_in(client, "reader").status_code == 302


def test_forgets_wrong_passwords_after_a_right_one(client: Client, editor: User) -> None:
    for _ in range(3):
        for _attempt in range(9):
            log_in(client, "editor", "wrong")
        assert log_in(client, "editor").status_code == 302
        client.logout()


def test_sends_on_who_is_logged_in(client: Client, editor: User) -> None:
    log_in(client, "editor")
    assert client.get(LOGIN).url == reverse("articles:home")


# Logout


def test_logs_out_by_post_alone(client: Client, editor: User) -> None:
    log_in(client, "editor")
    key = client.session.session_key
    assert client.get("/account/logout/").status_code == 405
    assert client.post("/account/logout/").url == LOGIN
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get("/").status_code == 302


# Password


def change_password(client: Client, old: str = PASSWORD, new: str = NEW) -> Any:
    fields = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post(reverse("password_change"), fields)


def test_changes_the_password_and_ends_other_sessions(editor: User) -> None:
    here, elsewhere = Client(), Client()
    for each in (here, elsewhere):
        log_in(each, "editor")
    assert change_password(here).url == reverse("password_change_done")
    assert here.get(reverse("password_change_done")).status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert log_in(Client(), "editor", NEW).status_code == 302


@pytest.mark.parametrize(
    ("old", "new"), [("wrong", NEW), (PASSWORD, "short"), (PASSWORD, "1" * 20)]
)
def test_keeps_the_password_when_the_form_is_wrong(
    client: Client, editor: User, old: str, new: str
) -> None:
    log_in(client, "editor")
    assert change_password(client, old, new).status_code == 422
    assert User.objects.get(pk=editor.pk).check_password(PASSWORD)


# Invitation


@pytest.fixture
def invited(chief: User) -> User:
    return accounts.invite("nora", "editor", by=chief)


def open_link(client: Client, link: str) -> Any:
    return client.get(link, follow=True)


def choose(client: Client, page: Any, password: str = NEW) -> Any:
    fields = {"new_password1": password, "new_password2": password}
    return client.post(page.request["PATH_INFO"], fields)


def test_lets_an_invited_person_choose_a_password(client: Client, invited: User) -> None:
    page = open_link(client, accounts.invitation_path(invited))
    assert page.status_code == 200
    assert b"nora" in page.content
    assert choose(client, page).url == reverse("articles:home")
    assert client.get(reverse("articles:home")).status_code == 200
    assert log_in(Client(), "nora", NEW).status_code == 302


def test_keeps_the_token_out_of_the_address_of_the_form(client: Client, invited: User) -> None:
    link = accounts.invitation_path(invited)
    page = open_link(client, link)
    assert link.split("/")[-2] not in page.request["PATH_INFO"]


def test_takes_no_weak_password(client: Client, invited: User) -> None:
    page = open_link(client, accounts.invitation_path(invited))
    assert choose(client, page, "password").status_code == 422
    assert not User.objects.get(pk=invited.pk).has_usable_password()


def test_works_once(client: Client, invited: User) -> None:
    link = accounts.invitation_path(invited)
    choose(client, open_link(client, link))
    again = open_link(Client(), link)
    assert again.status_code == 410
    assert b"no longer works" in again.content


def test_does_not_work_after_three_days(client: Client, invited: User) -> None:
    link = accounts.invitation_path(invited)
    later = PasswordResetTokenGenerator()._now() + timedelta(days=3, seconds=2)
    with mock.patch.object(PasswordResetTokenGenerator, "_now", return_value=later):
        assert open_link(client, link).status_code == 410


def test_does_not_work_after_deactivation(client: Client, invited: User, chief: User) -> None:
    link = accounts.invitation_path(invited)
    page = open_link(client, link)
    accounts.deactivate(invited, by=chief)
    assert choose(client, page).status_code == 410
    assert open_link(Client(), link).status_code == 410
    accounts.reactivate(invited, by=chief)
    assert open_link(Client(), link).status_code == 410


def test_does_not_work_after_a_login(client: Client, editor: User) -> None:
    link = accounts.invitation_path(editor)
    log_in(client, "editor")
    assert open_link(Client(), link).status_code == 410


@pytest.mark.django_db
@pytest.mark.parametrize("uid", ["MQ", "OTk5OTk5", "AAAA", "x", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_answers_gone_to_made_up_links(client: Client, uid: str) -> None:
    assert client.get(f"/account/invitation/{uid}/abc123-0123456789/").status_code == 410


# People


def invite(client: Client, **fields: str) -> Any:
    values = {"username": "nora", "role": "editor", "full_name": "Nora Dam", **fields}
    return client.post(reverse("people_invite"), values)


def test_shows_the_link_of_an_invitation_once(chief: User, client_of: ClientOf) -> None:
    client = client_of(chief)
    assert invite(client).url == reverse("people")
    link = client.get(reverse("people")).context["link"]
    assert link["name"] == "nora"
    assert link["url"].startswith("http://testserver/account/invitation/")
    assert open_link(Client(), link["url"]).status_code == 200
    assert client.get(reverse("people")).context["link"] is None


@pytest.mark.parametrize(
    "fields", [{"username": "chief"}, {"username": "CHIEF"}, {"username": "a b"}, {"role": "owner"}]
)
def test_gives_an_invitation_back_with_its_errors(
    chief: User, client_of: ClientOf, fields: dict[str, str]
) -> None:
    response = invite(client_of(chief), **fields)
    assert response.status_code == 422
    assert b"Nora Dam" in response.content
    assert User.objects.count() == 1


def test_gives_a_new_link(chief: User, editor: User, client_of: ClientOf) -> None:
    client = client_of(chief)
    client.post(reverse("people_link", args=[editor.pk]))
    link = client.get(reverse("people")).context["link"]
    choose(other := Client(), open_link(other, link["url"]))
    assert log_in(Client(), "editor", NEW).status_code == 302


def test_changes_a_role(chief: User, editor: User, client_of: ClientOf) -> None:
    client_of(chief).post(reverse("people_role", args=[editor.pk]), {"role": "publisher"})
    assert accounts.role_of(User.objects.get(pk=editor.pk)) == "publisher"


def test_takes_no_role_that_is_none(chief: User, editor: User, client_of: ClientOf) -> None:
    path = reverse("people_role", args=[editor.pk])
    assert client_of(chief).post(path, {"role": "owner"}).status_code == 422


def test_ends_every_session_of_a_deactivated_person_at_once(
    chief: User, editor: User, client_of: ClientOf
) -> None:
    theirs = client_of(editor)
    assert theirs.get("/").status_code == 200
    client_of(chief).post(reverse("people_deactivate", args=[editor.pk]))
    assert theirs.get("/").status_code == 302
    client_of(chief).post(reverse("people_reactivate", args=[editor.pk]))
    assert theirs.get("/").status_code == 302


def test_says_why_the_only_chief_stays(chief: User, client_of: ClientOf) -> None:
    path = reverse("people_role", args=[chief.pk])
    response = client_of(chief).post(path, {"role": "reader"}, follow=True)
    assert b"only chief" in response.content


def test_offers_a_new_link_with_a_reactivation(
    chief: User, editor: User, client_of: ClientOf
) -> None:
    accounts.deactivate(editor, by=chief)
    client = client_of(chief)
    client.post(reverse("people_reactivate", args=[editor.pk]))
    assert client.get(reverse("people")).context["link"]["name"] == "editor"


@pytest.mark.parametrize("role", ["reader", "editor", "publisher", "nobody"])
def test_is_closed_to_everybody_but_chiefs(
    make_user: Callable[..., User], client_of: ClientOf, role: str
) -> None:
    user = make_user(role)
    client = client_of(user)
    assert client.get(reverse("people")).status_code == 403
    assert invite(client).status_code == 403
    for name in ("people_link", "people_role", "people_deactivate", "people_reactivate"):
        assert client.post(reverse(name, args=[user.pk]), {"role": "chief"}).status_code == 403
    assert User.objects.count() == 1


def test_answers_not_found_for_nobody(chief: User, client_of: ClientOf) -> None:
    client = client_of(chief)
    for name in ("people_link", "people_role", "people_deactivate", "people_reactivate"):
        assert client.post(reverse(name, args=[99_999])).status_code == 404


def test_asks_the_same_queries_for_ten_and_a_hundred_people(
    chief: User, client_of: ClientOf, django_assert_max_num_queries: Any
) -> None:
    client, counts = client_of(chief), []
    for start, stop in ((0, 10), (10, 100)):
        for number in range(start, stop):
            accounts.invite(f"person{number}", "reader", by=None)
        with django_assert_max_num_queries(12) as queries:
            client.get(reverse("people"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
