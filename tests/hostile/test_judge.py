"""The judge with everything it asks for: the findings, the pages, the table."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from articles.checker import check_repository
from articles.importer import import_repository
from articles.models import Site, Story
from articles.repository import open_repository
from articles.spreadsheet import original_text
from tests.hostile.judging import judge, manifest, unpack
from tests.hostile.reading import Chief, feed_of, suspicions

pytestmark = [pytest.mark.corpus, pytest.mark.django_db]

MakeUser = Callable[[str], User]


def test_passes_the_judge_with_all_pages_and_the_table(
    corpus: Path, tmp_path: Path, make_user: MakeUser
) -> None:
    repository = open_repository(unpack(corpus, tmp_path))
    results: dict[str, dict[str, Any]] = {
        check.path: check.as_json() for check in check_repository(repository)
    }
    import_repository(repository)
    chief = Chief(make_user("chief"))
    chief.decide_on_everything()
    cells = chief.table()
    markup = {
        case["file"] for case in manifest(corpus)["files"] if "not_raw_html" in case["expect"]
    }

    for story in Story.objects.exclude(path=None).select_related("coverage"):
        result = results[str(story.path)]
        looked_for = story.path in markup
        pages = list(chief.pages_of(story) if looked_for else chief.glances_at(story))
        assert [found for page in pages for found in suspicions(page)] == [], story.path
        result["html"] = "\n".join(pages)
        result["csv_title"] = cells[story.pk]
        assert original_text(cells[story.pk]) == story.title

    assert judge(corpus, results, tmp_path) == ""


def test_shows_no_raw_markup_where_stories_stand_together(
    corpus: Path, tmp_path: Path, make_user: MakeUser
) -> None:
    import_repository(open_repository(unpack(corpus, tmp_path)))
    chief = Chief(make_user("chief"))
    chief.decide_on_everything()
    pages = list(chief.shared_pages())
    forbidden = {
        text
        for case in manifest(corpus)["files"]
        for text in case["expect"].get("not_raw_html", ())
    }

    assert len(pages) > 20
    assert [text for text in forbidden for page in pages if text in page] == []
    assert [found for page in pages for found in suspicions(page)] == []


def test_serves_the_public_feed_as_data(corpus: Path, tmp_path: Path, make_user: MakeUser) -> None:
    import_repository(open_repository(unpack(corpus, tmp_path)))
    chief = Chief(make_user("chief"))
    chief.decide_on_everything()
    site = Site.objects.get()
    live = Story.objects.of_site(site.pk).filter(published__in=[True]).exclude(path=None)

    served = [entry for _, page in feed_of(chief.client, site) for entry in page["value"]]
    assert {entry["path"] for entry in served} == set(live.values_list("path", flat=True))
    for text, _ in feed_of(chief.client, site):
        assert "AAECAwQFBgcICQoLDA0O" not in text
        assert "javascript:" not in re.sub(r'"(?:title|excerpt|content)": .*', "", text)
