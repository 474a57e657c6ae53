from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from articles.models import SyncRun
from articles.views import sync
from tests.factories import make_site

pytestmark = pytest.mark.django_db

ODD = "<b>&x=1"


def problem(code: str, number: int = 1) -> dict[str, Any]:
    return {"path": f"_news/{number}.md", "line": number, "code": code, "message": "Odd."}


def make_run(*codes: str) -> SyncRun:
    problems = [problem(code, number) for number, code in enumerate(codes, start=1)]
    return SyncRun.objects.create(kind="import", status="done", problems=problems)


def test_reads_older_runs_page_by_page(as_reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "RUNS_A_PAGE", 2)
    runs = [make_run() for _ in range(5)]
    seen, address = [], "/sync/"
    while address:
        context = as_reader.get(address).context
        seen += [run.pk for run in context["runs"]]
        page = context["page"]
        assert bool(page["newest_url"]) == (address != "/sync/")
        address = page["next_url"] and f"/sync/{page['next_url']}"
    assert seen == [run.pk for run in reversed(runs)]


def test_hides_the_parts_of_a_sync(as_reader: Client) -> None:
    whole = SyncRun.objects.create(kind="sync", site=make_site())
    SyncRun.objects.create(kind="import", site=whole.site, parent=whole)
    assert [run.pk for run in as_reader.get("/sync/").context["runs"]] == [whole.pk]


def test_shows_the_problems_of_one_code(as_reader: Client) -> None:
    run = make_run("size", "url.scheme", ODD, "url.scheme", "")
    page = as_reader.get(f"/sync/{run.pk}/")
    assert page.context["codes"] == [("url.scheme", 2), ("size", 1), (ODD, 1)]
    text = page.content.decode()
    assert 'href="?code=url.scheme"' in text
    assert 'href="?code=%3Cb%3E%26x%3D1"' in text
    assert "<b>&x" not in text

    for code, number in page.context["codes"]:
        one = as_reader.get(f"/sync/{run.pk}/", {"code": code})
        assert {each["code"] for each in one.context["problems"]} == {code}
        assert len(one.context["problems"]) == number
    none = as_reader.get(f"/sync/{run.pk}/", {"code": "other"}).content.decode()
    assert "None of this kind." in none


def test_offers_no_choice_among_problems_of_one_code(as_reader: Client) -> None:
    page = as_reader.get(make_run("size", "size").get_absolute_url())
    assert page.context["codes"] == []
    assert "Kinds of problems" not in page.content.decode()


def test_keeps_the_code_from_page_to_page(
    as_reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "PROBLEMS_A_PAGE", 1)
    run = make_run("size", ODD, ODD)
    first = as_reader.get(f"/sync/{run.pk}/", {"code": ODD})
    second = as_reader.get(f"/sync/{run.pk}/{first.context['page']['next_url']}")
    assert [each["line"] for each in second.context["problems"]] == [3]
    assert not second.context["page"]["next_url"]
