"""Headers, cookies, settings of production, and words that may not stand in the code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import pytest
import yaml
from django.contrib.auth.models import User
from django.test import Client, override_settings
from django.urls import reverse

from articles.templatetags._markup import fill, joined, replaced
from tests.conftest import PASSWORD
from tests.factories import make_site, make_story

ROOT = Path(__file__).resolve().parent.parent
POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "https:", "data:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "frame-src": {"https://www.youtube-nocookie.com"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
    "manifest-src": {"'self'"},
}

# Headers


def policy_of(response: Any) -> dict[str, set[str]]:
    parts = [
        part.split() for part in response["Content-Security-Policy"].split(";") if part.strip()
    ]
    return {part[0]: set(part[1:]) for part in parts}


@pytest.fixture
def answers(client: Client, chief: User) -> dict[str, Any]:
    """One answer of each kind."""
    story = make_story()
    strangers = Client(raise_request_exception=False)
    client.force_login(chief)
    style = strangers.get("/static/articles/css/tokens.css")
    b"".join(style.streaming_content)  # to its end, so that the client closes the file
    return {
        "page": client.get(story.get_absolute_url()),
        "admin": client.get("/admin/articles/story/"),
        "redirect": strangers.get("/"),
        "login": strangers.get(reverse("login")),
        "not found": client.get("/stories/99999/"),
        "no such page": client.get("/nothing/here"),
        "forbidden": Client(enforce_csrf_checks=True).post("/stories/1/publish/"),
        "method": client.get("/stories/1/publish/"),
        "health": strangers.get("/healthz"),
        "public": strangers.get(f"/site/{story.site.slug}/api/news/index.json"),
        "style": style,
        "table": client.get("/stories/stories.csv"),
    }


def test_sends_the_same_strict_policy_with_every_page(answers: dict[str, Any]) -> None:
    for kind, response in answers.items():
        if kind != "style":
            assert policy_of(response) == POLICY, kind


def test_sends_safe_headers_with_everything(answers: dict[str, Any]) -> None:
    for kind, response in answers.items():
        assert response["X-Content-Type-Options"] == "nosniff", kind
        assert response["Referrer-Policy"] == "same-origin", kind
        assert response["Cross-Origin-Opener-Policy"] == "same-origin", kind
        if kind != "style":
            assert response["X-Frame-Options"] == "DENY", kind
        for banner in ("Server", "X-Powered-By", "X-Django-Version"):
            assert banner not in response, kind


def test_answers_with_the_status_it_means(answers: dict[str, Any]) -> None:
    wanted = {
        "page": 200, "admin": 200, "redirect": 302, "login": 200, "not found": 404,
        "no such page": 404, "forbidden": 403, "method": 405, "health": 200, "public": 200,
        "style": 200, "table": 200,
    }  # fmt: skip
    assert {kind: response.status_code for kind, response in answers.items()} == wanted


def test_keeps_pages_of_people_out_of_every_cache(answers: dict[str, Any]) -> None:
    for kind in ("page", "admin", "not found", "no such page", "table"):
        assert "no-store" in answers[kind]["Cache-Control"], kind
        assert "private" in answers[kind]["Cache-Control"], kind


def test_sends_the_policy_with_its_page_of_mistakes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise ValueError("a bug with a <secret>")

    client.raise_request_exception = False
    monkeypatch.setattr("django.contrib.auth.forms.AuthenticationForm.__init__", fail)
    response = client.get(reverse("login"))
    assert response.status_code == 500
    assert policy_of(response) == POLICY
    assert b"secret" not in response.content


@pytest.mark.parametrize("path", ["/", "/admin/", "/stories/", "/account/people/", "/nothing"])
def test_shows_nothing_that_the_policy_forbids(
    chief: User, client_of: Callable[[User], Client], path: str
) -> None:
    make_story()
    html = client_of(chief).get(path).content.decode()
    assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", html)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"", html)
    assert not re.search(r"(src|href)=\"(https?:)?//(?!testserver)[^\"]*\.(js|css)", html)


# Cookies


def test_hides_the_session_from_scripts_and_other_sites(client: Client, editor: User) -> None:
    client.post(reverse("login"), {"username": "editor", "password": PASSWORD})
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.cookies["csrftoken"]["samesite"] == "Lax"


@pytest.mark.django_db
@override_settings(
    SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=31_536_000, SECURE_HSTS_PRELOAD=True,
    SECURE_HSTS_INCLUDE_SUBDOMAINS=True,
)  # fmt: skip
def test_insists_on_tls_in_production() -> None:
    client = Client()
    redirect = client.get("/stories/")
    assert (redirect.status_code, redirect["Location"]) == (301, "https://testserver/stories/")
    page = client.get(reverse("login"), secure=True)
    assert page["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert client.get("/healthz").status_code == 200  # a probe speaks plain HTTP


# Settings of production


def manage(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py as in production, in a clean environment."""
    environment = {
        "PATH": os.environ["PATH"],
        "NEWSDESK_SECRET_KEY": "kU7-" + "9fXq2ZpLw0" * 8,
        "NEWSDESK_DEBUG": "false",
        "NEWSDESK_INSECURE_HTTP": "false",
        "NEWSDESK_ALLOWED_HOSTS": "desk.example",
        "DATABASE_URL": "sqlite:////dev/null",
        **settings,
    }
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, text=True,
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip


def test_passes_djangos_check_of_a_deployment() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_sends_cookies_over_tls_alone_in_production() -> None:
    names = "SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SECURE_SSL_REDIRECT"
    code = "from django.conf import settings as s; print(*[getattr(s, n) for n in %r])"
    done = manage("shell", "-v0", "-c", code % names.split())
    assert done.stdout.split() == ["True"] * 4, done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NEWSDESK_SECRET_KEY", "short"),
        ("NEWSDESK_DEBUG", "maybe"),
        ("NEWSDESK_LOGIN_ATTEMPTS", "many"),
    ],
)
def test_refuses_to_start_with_a_setting_that_is_wrong(name: str, value: str) -> None:
    done = manage("check", **{name: value})
    assert done.returncode != 0
    assert name in done.stderr


def test_runs_on_versions_without_known_holes() -> None:
    assert django.VERSION >= (5, 2, 13)
    assert tuple(map(int, yaml.__version__.split(".")[:2])) >= (5, 4)


# Words that may not stand in the code

FORBIDDEN = {
    r"yaml\.load\(": "an unguarded loader",
    r"full_load|unsafe_load|UnsafeLoader|FullLoader": "an unsafe loader",
    r"\bmark_safe\b": "text becomes markup unescaped",
    r"\|\s*safe\b(?!_)|autoescape off": "text becomes markup unescaped",
    r"csrf_exempt": "a form without a token",
    r"\.raw\(|\.extra\(": "SQL in Python",
    r"\*\*request\.": "whatever a browser sends",
    r"fields\s*=\s*[\"']__all__": "columns nobody listed",
    r"DEBUG\s*=\s*True": "tracebacks in browsers",
    r"shell\s*=\s*True|os\.system\(|os\.popen\(": "a shell",
    r"\bpickle\b|\beval\(|\bexec\(": "text that runs",
}
SOURCES = sorted(
    path
    for folder in ("articles", "newsdesk", "templates")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".html"} and "demo" not in path.parts
)


MAKES_MARKUP = r"SafeString\("
"""Stands in `_markup.py` alone, where every text is escaped."""


def test_makes_markup_of_escaped_texts_in_one_place() -> None:
    makers = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if re.search(MAKES_MARKUP, path.read_text(encoding="utf-8"))
    }
    assert makers == {"articles/templatetags/_markup.py"}
    evil = "<b onclick='alert(1)'>&\"{0}{x}"
    safe = "&lt;b onclick=&#x27;alert(1)&#x27;&gt;&amp;&quot;{0}{x}"
    assert fill("<i>{}</i>{x}", evil, x=evil) == f"<i>{safe}</i>{safe}"
    assert joined([evil, fill("<i>{}</i>", 1)]) == f"{safe}<i>1</i>"
    assert replaced(fill("<i>{}</i>", evil), "i>", "u>") == f"<u>{safe}</u>"
    with pytest.raises(TypeError):
        replaced(evil, "b", "i")  # type: ignore[arg-type]


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_keeps_dangerous_words_out_of_the_code(pattern: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line) and not line.lstrip().startswith(("#", "{#"))
    ]
    assert found == [], FORBIDDEN[pattern]


OPENS_FILES = {
    "articles/destination.py",
    "articles/exporter",
    "articles/importer/alone.py",
    "articles/locking.py",
    "articles/management/commands/build_common_words.py",
    "articles/repository",
    "articles/stores",
    "articles/textmatch.py",
    "newsdesk",
}
"""The modules that read and write files; nothing above them does."""


def test_opens_files_in_few_places() -> None:
    pattern = re.compile(
        r"(?<![\w.])open\((?!self)|(?<!self)(?<!objects)\.open\(|\.(read|write)_(text|bytes)\("
    )
    found = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.suffix == ".py" and pattern.search(path.read_text(encoding="utf-8"))
    }
    assert {name for name in found if not name.startswith(tuple(OPENS_FILES))} == set()


def test_serves_the_public_json_without_cookies(client: Client, db: None) -> None:
    site = make_site()
    make_story(site, published=True)
    response = client.get(f"/site/{site.slug}/api/news/index.json")
    assert response.status_code == 200
    assert not response.cookies
