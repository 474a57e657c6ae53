"""Tables for spreadsheets: text stays text, and everything can be read back."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Story
from articles.spreadsheet import (
    MAX_ROWS,
    SafeCSV,
    SafeXLSX,
    StoryColumns,
    in_utc,
    is_formula,
    original_text,
    safe_cell,
)
from tests.factories import NOON, SECRET, make_story

DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")


@pytest.mark.parametrize("start", [*DANGEROUS, "﹦", " =", "\u200b=", "\ufeff+", "\x00=", "''="])
def test_puts_an_apostrophe_before_what_a_spreadsheet_might_run(start: str) -> None:
    text = f"{start}cmd|'/c calc'!A1"
    cell = safe_cell(text)
    assert cell == f"'{text}"
    assert original_text(cell) == text


@pytest.mark.parametrize("text", ["", "Plain", "'Tis the season", "a=b", "3 - 2", "“=”", "🚀"])
def test_leaves_ordinary_text_alone(text: str) -> None:
    assert safe_cell(text) == text
    assert original_text(text) == text


def test_leaves_numbers_alone() -> None:
    assert safe_cell(-1) == -1
    assert safe_cell(None) is None


@given(st.text(max_size=20))
def test_can_always_be_read_back_and_never_runs(text: str) -> None:
    cell = safe_cell(text)
    assert original_text(cell) == text
    assert not is_formula(cell)
    assert not cell.startswith(DANGEROUS)


def test_writes_instants_in_utc() -> None:
    assert in_utc(NOON) == "2026-03-02 12:00:00"
    assert in_utc(NOON.replace(year=1)) == "0001-03-02 12:00:00"
    assert in_utc(None) == ""


@pytest.mark.django_db
def test_neutralises_every_text_column_of_a_story() -> None:
    evil = "=HYPERLINK(1)"
    make_story(
        title=evil, excerpt=evil, path=evil, web_url=evil, original_url=evil, amp_url=evil,
        cdn_amp_url=evil, provider_name=evil, topics=[evil], decision_reason=evil, heat=-1,
    )  # fmt: skip
    table = StoryColumns().export(Story.objects.all())
    text = SafeCSV().export_data(table)
    header, row = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(header) == len(row)
    assert sum(cell == f"'{evil}" for cell in row) == 10
    assert [cell for cell in row if cell.startswith(DANGEROUS)] == ["-1"]  # a number
    sheet = openpyxl.load_workbook(io.BytesIO(SafeXLSX().export_data(table))).active
    assert sheet is not None
    cells = [cell for line in sheet.iter_rows() for cell in line]
    assert "f" not in {cell.data_type for cell in cells}
    assert not [c for c in cells if isinstance(c.value, str) and c.value.startswith(DANGEROUS)]
    assert any(cell.value == -1 for cell in cells)


@pytest.mark.django_db
def test_writes_a_headline_with_control_characters_into_xlsx() -> None:
    make_story(title="bell\x07 and \x1b[31m red")
    table = StoryColumns().export(Story.objects.all())
    sheet = openpyxl.load_workbook(io.BytesIO(SafeXLSX().export_data(table))).active
    assert sheet is not None
    assert sheet["D2"].value == "bell\ufffd and \ufffd[31m red"


@pytest.mark.django_db
def test_never_holds_the_secured_value() -> None:
    make_story()
    assert SECRET not in SafeCSV().export_data(StoryColumns().export(Story.objects.all()))


@pytest.mark.django_db
def test_asks_the_same_queries_for_ten_and_a_hundred_stories(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    for count in (10, 90):
        for _ in range(count):
            make_story(topics=["Ferries", "Harbour"])
        with django_assert_num_queries(2):  # type: ignore[operator]
            StoryColumns().export(Story.objects.all())


@pytest.mark.django_db
def test_stops_at_ten_thousand_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_ROWS == 10_000
    monkeypatch.setattr("articles.spreadsheet.MAX_ROWS", 2)
    for _ in range(3):
        make_story()
    assert StoryColumns().export(Story.objects.all()).height == 2
