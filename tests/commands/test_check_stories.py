"""`manage.py check_stories PATH`."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.importer.newsroom import Checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "harbour")


def run(*arguments: object) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("check_stories", *map(str, arguments), stdout=out)
    except SystemExit as exit_:
        return int(exit_.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_prints_a_line_for_every_doubt(checkout: Checkout) -> None:
    checkout.write("a", title="")
    code, text = run(checkout.root)

    assert code == 0
    assert "_news/2026-03-02-a.md, line 3: The story has no title" in text
    assert text.splitlines()[-1] == "1 accept-sanitised"


def test_prints_json_by_file(checkout: Checkout) -> None:
    checkout.write("a")
    checkout.write("b", title="")
    code, text = run(checkout.root, "--format", "json")
    shown = json.loads(text)

    assert code == 0
    assert shown["_news/2026-03-02-a.md"]["outcome"] == "accept"
    assert shown["_news/2026-03-02-b.md"]["issues"] == ["title.missing"]


def test_exits_3_when_a_file_is_refused(checkout: Checkout) -> None:
    checkout.write("a")
    checkout.path("bad").write_bytes(b"")

    assert run(checkout.root)[0] == 3


def test_exits_2_for_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as raised:
        run(tmp_path / "nowhere")
    assert raised.value.returncode == 2


def test_exits_1_for_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"no archive")
    with pytest.raises(CommandError) as raised:
        run(tmp_path / "a.zip")
    assert raised.value.returncode == 1


def test_needs_no_database(checkout: Checkout) -> None:
    # No django_db mark: a query would fail this test.
    checkout.write("a", ["b"])

    assert run(checkout.root)[0] == 0


def test_lets_no_name_act_on_the_terminal(checkout: Checkout) -> None:
    (checkout.root / "_news/\x1b[31m\nred.md").write_bytes(b"")
    _, text = run(checkout.root)

    assert "\x1b" not in text
    assert r"\x1b[31m\nred.md" in text
