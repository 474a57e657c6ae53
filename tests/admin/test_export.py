"""Downloads of the admin's lists."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Change
from tests.factories import SECRET, make_site, make_story, make_topic

EVIL = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠1")


def export(client: Client, noun: str, fmt: str = "0", query: str = "") -> Any:
    return client.post(f"/admin/articles/{noun}/export/{query}", {"format": fmt, "resource": "0"})


def rows(response: Any) -> list[list[str]]:
    assert response.status_code == 200, response
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment; filename=")
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("title", EVIL)
def test_holds_no_formula_in_csv_and_xlsx(admin: Client, title: str) -> None:
    site = make_site()
    story = make_story(site, title=title, excerpt=title, topics=[title])
    make_topic(site, "Plain", keywords=[title], hashtags=[title])
    Change.objects.create(site=site, story=story, verb="edit", actor_name=title, reason=title)
    for noun in ("story", "topic", "provider", "change"):
        for row in rows(export(admin, noun))[1:]:
            assert not [c for c in row if c.startswith(tuple("=+-@\t\r＝＋－＠"))]
        book = openpyxl.load_workbook(io.BytesIO(export(admin, noun, "1").content))
        for line in book.active.iter_rows():  # type: ignore[union-attr]
            for cell in line:
                assert cell.data_type != "f"


def test_takes_the_filtered_list(admin: Client) -> None:
    make_story(title="A heron")
    make_story(title="A bus")
    table = rows(export(admin, "story", query="?q=heron"))
    assert [row[table[0].index("headline")] for row in table[1:]] == ["A heron"]


def test_shows_a_form_without_inline_scripts(admin: Client) -> None:
    page = admin.get("/admin/articles/story/export/").content.decode()
    assert "onchange" not in page
    assert "style=" not in page
    assert "<script" not in page


def test_never_holds_the_secured_value(admin: Client) -> None:
    make_story()
    assert SECRET.encode() not in export(admin, "story").content


def test_says_when_a_table_would_be_too_long(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.spreadsheet.MAX_ROWS", 1)
    make_story()
    make_story()
    response = export(admin, "story")
    assert response["Content-Type"].startswith("text/html")
    assert b"narrow the filters" in response.content


@pytest.mark.parametrize("fmt", ["", "2", "9", "x", "-1"])
def test_knows_two_formats(admin: Client, fmt: str) -> None:
    response = export(admin, "story", fmt)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")


def test_takes_no_chosen_rows_from_the_form(admin: Client) -> None:
    story = make_story()
    data = {"format": "0", "resource": "0", "export_items": [story.pk]}
    response = admin.post("/admin/articles/story/export/", data)
    assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("role", ["reader", "publisher"])
def test_is_closed_to_everybody_but_chiefs(
    make_user: Callable[[str], User], client_of: Callable[[User], Client], role: str
) -> None:
    make_story()
    assert export(client_of(make_user(role)), "story").status_code == 403
