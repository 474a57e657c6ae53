"""Settings from the environment: a wrong one is a sentence that names it and says what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsdesk import env, start

LEVELS = ("INFO", "ERROR")


@pytest.mark.parametrize(
    ("value", "read", "words"),
    [
        ("maybe", lambda: env.flag("DESK_TRIED", default=True), "true or false"),
        ("x", lambda: env.whole_number("DESK_TRIED", default=1, least=1), "from 1 up"),
        ("\u00b2", lambda: env.whole_number("DESK_TRIED", default=1), "from 0 up"),
        ("70000", lambda: env.whole_number("DESK_TRIED", default=1, most=65_535), "0 to 65535"),
        ("loud", lambda: env.one_of("DESK_TRIED", LEVELS, default="INFO"), "INFO, ERROR"),
        ("desk.sqlite3", lambda: env.database("DESK_TRIED"), "sqlite:////whole/path"),
        ("mysql://a:secret@b/c", lambda: env.database("DESK_TRIED"), "postgres://user"),
        ("postgres://a:secret/#@b:5432/c", lambda: env.database("DESK_TRIED"), "%40"),
    ],
)
def test_a_wrong_setting_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, value: str, read: Callable[[], object], words: str
) -> None:
    monkeypatch.setenv("DESK_TRIED", value)
    with pytest.raises(ImproperlyConfigured, match=re.escape(words)) as raised:
        read()
    assert "DESK_TRIED" in str(raised.value)
    assert "secret" not in str(raised.value)


def test_an_empty_setting_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_TRIED", "")
    assert env.words("DESK_TRIED", default=("here",)) == ["here"]
    assert env.one_of("DESK_TRIED", LEVELS, default="INFO") == "INFO"
    assert env.database("DESK_TRIED") == {}


def test_capitals_of_a_word_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_TRIED", "error")
    assert env.one_of("DESK_TRIED", LEVELS, default="INFO") == "ERROR"


def test_a_file_gives_its_value_without_the_end_of_the_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("hidden\n")
    monkeypatch.setenv("DESK_KEPT_FILE", str(tmp_path / "key"))
    assert env.text("DESK_KEPT") == "hidden"


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DESK_GONE_FILE", str(tmp_path / "gone"))
    with pytest.raises(ImproperlyConfigured, match=r"DESK_GONE_FILE names .*gone"):
        env.text("DESK_GONE")


def test_every_setting_is_listed_in_the_example() -> None:
    read = re.compile(
        r'(?:text|flag|whole_number|one_of|words|database|environ\.get)\(\s*"([A-Z_]+)"'
    )
    found = {
        name
        for path in [
            *(env.BASE_DIR / "newsdesk").glob("*.py"),
            *env.BASE_DIR.glob("articles/**/*.py"),
        ]
        for name in read.findall(path.read_text())
    } - {"NEWSDESK_FAILPOINT"}  # of the tests alone
    example = (env.BASE_DIR / ".env.example").read_text()
    assert found == set(re.findall(r"^#? ?([A-Z_]+)=", example, flags=re.MULTILINE))


def test_make_desk_says_what_an_older_env_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsdesk.settings.HAS_OWN_SECRET_KEY", False)
    monkeypatch.setattr("newsdesk.settings.INSECURE_HTTP", False)
    with pytest.raises(
        SystemExit, match=r"NEWSDESK_SECRET_KEY to 50 .* NEWSDESK_INSECURE_HTTP=true"
    ):
        start.check_env()


def test_make_desk_serves_what_it_wrote_itself() -> None:
    start.check_env()


@pytest.mark.parametrize("value", ["eighty", "0", "70000"])
def test_a_wrong_port_is_told(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("NEWSDESK_PORT", value)
    with pytest.raises(ImproperlyConfigured, match=r"NEWSDESK_PORT .* from 1 to 65535"):
        start.first_port()
