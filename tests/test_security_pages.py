"""Odd and hostile files on every page: third-party text is text, whatever it holds."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from openpyxl import load_workbook  # type: ignore[import-untyped]

from articles import desk
from articles.importer import ImportReport, import_repository
from articles.models import Preferences, Site, Story
from articles.repository import open_repository
from articles.spreadsheet import is_formula, original_text
from newsdesk.logs import OneLineFormatter
from tests.hostile.cases import ACCEPTED, CASES, REFUSED, TITLES, Case
from tests.hostile.reading import Chief, feed_of, suspicions
from tests.hostile.test_files import write_all
from tests.importer.newsroom import codes, contents, dump

pytestmark = pytest.mark.django_db

MakeUser = Callable[[str], User]
RAW = tuple(text for case in CASES for text in case.raw)
PRINTABLE = tuple(text for text in RAW if text.isprintable() and text.isascii())
"""Forms hand a text back as it is; what cannot be seen is marked wherever it is only read."""
QUERIES = (
    *(
        "*",
        '"',
        "NEAR(a b)",
        "title:x",
        "-",
        "%",
        "_",
        "\\",
        "()",
        "a:*",
        "& | !",
        "<->",
        "{{ x }}",
    ),
    *("'; DROP TABLE articles_story;--", "\0", "\u202e", "\ufffd", "\U0001f600", "x" * 5000),
)
FAR_ZONES = ("Pacific/Kiritimati", "Etc/GMT+12", "America/New_York", "Asia/Kathmandu")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_all(tmp_path / "odd")


@pytest.fixture
def report(folder: Path) -> ImportReport:
    return import_repository(open_repository(folder))


@pytest.fixture
def chief(report: ImportReport, make_user: MakeUser) -> Chief:
    return Chief(make_user("chief"))


def story_of(case: Case) -> Story:
    return Story.objects.get(path=case.path)


def test_imports_the_good_ones_and_names_each_bad_one_once(
    report: ImportReport, folder: Path
) -> None:
    assert (report.counts.created, report.exit_code) == (len(ACCEPTED), 3)
    problems = [p for p in report.problems if p.path in {case.path for case in REFUSED}]
    assert sorted((p.path, p.code) for p in problems) == sorted((c.path, c.error) for c in REFUSED)
    for case in ACCEPTED:
        assert contents(story_of(case)) == case.data, case.id
        assert set(case.issues) <= set(codes(story_of(case))), case.id


def test_changes_nothing_the_second_time(report: ImportReport, folder: Path) -> None:
    once = dump()
    again = import_repository(open_repository(folder))

    assert again.counts.unchanged == len(ACCEPTED)
    assert dump() == once


def test_shows_them_as_text_on_their_own_pages(chief: Chief) -> None:
    chief.decide_on_everything()
    for case in ACCEPTED:
        thorough = bool(case.raw) or case.id.startswith(("title-", "name-"))
        pages = list(chief.pages_of(story_of(case), thorough=thorough))
        for html in pages:
            assert suspicions(html) == [], case.id
            assert [raw for raw in PRINTABLE if raw in html] == [], case.id
        story_page, preview = pages[:2]
        assert [raw for raw in RAW if raw in story_page + preview] == [], case.id


def test_shows_them_as_text_where_they_stand_together(chief: Chief) -> None:
    chief.decide_on_everything()
    for html in chief.shared_pages():
        assert suspicions(html) == []
        assert [raw for raw in PRINTABLE if raw in html] == []
    for name in ("home", "story_list", "coverage_list", "change_list", "run_list"):
        for html in chief.leaf(reverse(f"articles:{name}")):
            assert [raw for raw in RAW if raw in html] == [], name


def test_shows_any_date_in_any_zone(chief: Chief) -> None:
    dated = [story_of(case) for case in ACCEPTED if case.id.startswith("date-")]
    for zone in FAR_ZONES:
        Preferences.objects.update(time_zone=zone)
        for story in dated:
            for _ in chief.pages_of(story):
                pass
        for _ in chief.leaf(reverse("articles:story_list")):
            pass


def test_finds_words_through_invisible_characters(chief: Chief) -> None:
    html = chief.open(f"{reverse('articles:story_list')}?q=goes+sailing")
    assert "goes sailing" in html


def test_searches_for_any_words(chief: Chief) -> None:
    link = reverse("articles:story_link", args=[Story.objects.earliest("pk").pk])
    lists = (reverse(f"articles:{name}_list") for name in ("story", "change"))
    admins = (reverse(f"admin:articles_{noun}_changelist") for noun in ("story", "provider"))
    for address in (link, *lists, *admins):
        for words in QUERIES:
            response = chief.client.get(address, {"q": words})
            assert response.status_code in {200, 302, 422}, (address, words)
            if response.status_code != 302:
                assert suspicions(response.content.decode()) == []


def test_puts_no_formula_into_a_table(chief: Chief) -> None:
    cells = chief.table()
    for story in Story.objects.all():
        assert not is_formula(cells[story.pk])
        assert original_text(cells[story.pk]) == story.title
    response = chief.client.get(reverse("articles:story_export", args=["xlsx"]))
    sheet = load_workbook(io.BytesIO(response.getvalue())).worksheets[0]
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type != "f"
            assert not (isinstance(cell.value, str) and is_formula(cell.value))


def test_serves_no_opaque_text_and_no_odd_address_in_the_feed(chief: Chief) -> None:
    chief.decide_on_everything()
    for text, page in feed_of(chief.client, Site.objects.get()):
        assert "aGlkZGVuIHRleHQ" not in text
        for entry in page["value"]:
            for key in ("sourceUrl", "webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl"):
                assert str(entry[key] or "https://").lower().startswith(("https://", "http://"))
            assert type(entry["heat"]) in {int, type(None)}
            assert all(type(image["width"]) is int for image in entry["images"] or ())


def test_refuses_to_publish_what_would_break_the_site(
    report: ImportReport, make_user: MakeUser
) -> None:
    publisher = make_user("publisher")
    for case in ACCEPTED:
        story = story_of(case)
        if story.publish_gate == Story.Gate.BLOCKED and not story.published:
            with pytest.raises(desk.DeskError):
                desk.publish(story, by=publisher)
    assert not Story.objects.filter(pending=True).exists()


class _Lines(logging.Handler):
    """What a log file would hold."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(OneLineFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def test_logs_one_line_for_each_event_whatever_a_title_holds(chief: Chief) -> None:
    handler = _Lines()
    loggers = [logging.getLogger(name) for name in ("articles", "django.request")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        for case in TITLES:
            title = story_of(case).title
            loggers[0].warning("Read %s from %s", title, case.path)
            chief.client.get(f"/stories/{quote(title)}/", {"q": title[:500]})
    finally:
        for logger in loggers:
            logger.removeHandler(handler)

    assert len(handler.lines) > len(TITLES)
    assert all(line.isprintable() for line in handler.lines)


def test_prints_problems_one_a_line(report: ImportReport) -> None:
    lines = report.as_text().split("\n")

    assert len(lines) == len(report.problems) + 1
    assert all(line.isprintable() for line in lines)
    shown: dict[str, Any] = json.loads(json.dumps(report.as_json()))
    assert len(shown["problems"]) == len(report.problems)


def test_names_no_opaque_text_in_what_it_says(report: ImportReport) -> None:
    said = report.as_text()
    assert "c2VjcmV0" not in said
    assert "aGlkZGVuIHRleHQ" not in said
