"""Headers and cookies hold on every status; login and lockout tell nothing about accounts."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import reverse

from articles import accounts, desk
from tests.conftest import PASSWORD
from tests.factories import make_story
from tests.test_security import POLICY, policy_of

ClientOf = Callable[[User], Client]
Answers = dict[int, Any]


def fail_with(error: Exception) -> Callable[..., None]:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise error

    return fail


@pytest.fixture
def answers(
    chief: User, editor: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> Answers:
    """An answer of the desk with every status it has, to somebody who is logged in."""
    client = client_of(chief)
    client.raise_request_exception = False
    story = make_story()
    desk.edit(story, {"excerpt": "Somebody was first"}, by=editor)
    found = [
        client.get("/stories/"),
        client.get("/stories/", {"quality_min": "many"}),
        client.get("/account/login/"),
        client.post("/stories/bulk/", {"verb": "nonsense"}),
        client_of(editor).post("/account/people/invite/"),
        client.get("/stories/99999/"),
        client.get("/sync/start/"),
        client.post(f"/stories/{story.pk}/decline/", {"version": story.version - 1}),
        client.get(f"/account/invitation/{'MQ'}/nonsense/"),
    ]
    for error in (ValueError("a bug"), OperationalError("database is locked")):
        with monkeypatch.context() as patch:
            patch.setattr("articles.views.stories.get_story", fail_with(error))
            patch.setattr("articles.desk.acting.open_draft", fail_with(error))
            found.append(client.post(f"/stories/{story.pk}/decline/", {"version": story.version}))
    return {answer.status_code: answer for answer in found}


def test_sends_safe_headers_with_every_status(answers: Answers) -> None:
    assert set(answers) >= {200, 302, 400, 403, 404, 405, 409, 410, 422, 500, 503}
    for status, answer in answers.items():
        assert policy_of(answer) == POLICY, status
        assert answer["X-Content-Type-Options"] == "nosniff", status
        assert answer["X-Frame-Options"] == "DENY", status
        assert answer["Referrer-Policy"] == "same-origin", status
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", status
        assert "no-store" in answer["Cache-Control"], status
        assert "a bug" not in answer.content.decode(), status
        for banner in ("Server", "X-Powered-By", "X-Django-Version"):
            assert banner not in answer, status
        for cookie in answer.cookies.values():
            assert cookie["samesite"] == "Lax", status


@pytest.mark.django_db
@override_settings(SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True)
def test_sends_no_cookie_over_plain_http(editor: User) -> None:
    client = Client()
    answer = client.post(reverse("login"), {"username": "editor", "password": PASSWORD})
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        assert answer.cookies[name]["secure"], name
    assert answer.cookies[settings.SESSION_COOKIE_NAME]["httponly"]


@pytest.fixture
def names(chief: User, editor: User) -> tuple[str, ...]:
    """A name nobody has, one in use, one without access, one that was only invited."""
    accounts.deactivate(editor, by=chief)
    accounts.invite("invited", "reader", by=chief)
    return ("nobody", "chief", "editor", "invited")


def log_in(client: Client, name: str, password: str = "wrong password") -> Any:
    return client.post(reverse("login"), {"username": name, "password": password})


def test_locks_out_names_nobody_has_as_any_other(names: tuple[str, ...]) -> None:
    statuses = {name: [log_in(Client(), name).status_code for _ in range(11)] for name in names}
    assert statuses["nobody"][-1] == 429
    assert len({tuple(each) for each in statuses.values()}) == 1


@override_settings(
    PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"], AXES_FAILURE_LIMIT=1000
)
def test_takes_as_long_for_every_name(
    names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Enough to stand out beside the rest of a request.
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 100_000)
    for user in User.objects.filter(username__in=["chief", "editor"]):
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    client = Client()
    took: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(7):
        for name, times in took.items():
            start = time.process_time()
            log_in(client, name)
            times.append(time.process_time() - start)
    medians = [statistics.median(times) for times in took.values()]
    assert max(medians) < 1.3 * min(medians)


def test_gives_a_new_session_with_every_change_of_rights(editor: User, client: Client) -> None:
    log_in(client, "editor", PASSWORD)
    before = client.session.session_key
    new = "another long passphrase"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = before
    assert stolen.get("/").status_code == 200
    client.post(reverse("password_change"), fields)
    assert client.session.session_key != before
    assert stolen.get("/").status_code == 302


def test_ends_a_stolen_session_with_the_logout(editor: User, client: Client) -> None:
    log_in(client, "editor", PASSWORD)
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = client.session.session_key
    client.post(reverse("logout"))
    assert stolen.get("/").status_code == 302


LEAVES = ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)",
          "https:evil.example", "///evil.example", "\\/evil.example", " https://evil.example",
          "http://testserver.evil.example", "https://testserver@evil.example", "\t//evil.example",
          "data:text/html,x"]  # fmt: skip


@pytest.mark.parametrize(
    "door", ["/stories/{}/publish/", "/stories/{}/shelf/", "/stories/{}/repair/", "/undo/",
             "/shelf/clear/", "/conflicts/settle/", "/activity/revert/", "/stories/bulk/?verb=x"],
)  # fmt: skip
def test_sends_nobody_to_another_site(publisher: User, client_of: ClientOf, door: str) -> None:
    story, client = make_story(), client_of(publisher)
    for leaving in LEAVES:
        data = {"next": leaving, "verb": "decline", "version": story.version}
        answer = client.post(door.format(story.pk), data)
        assert answer.status_code in {302, 409, 422}, leaving
        if answer.status_code == 302:
            assert answer["Location"].startswith("/"), leaving
            assert "evil" not in answer["Location"], leaving
