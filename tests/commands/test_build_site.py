"""`manage.py build_site DIR`: the public JSON of a site in a folder."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles.destination import Destination
from articles.models import Site
from tests.factories import make_site, make_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    site = make_site("harbour")
    make_story(site, quality=90, topics=["Ferries"])
    return site


def run(folder: Path, **options: Any) -> tuple[int, str]:
    """The exit code and what was printed."""
    out = StringIO()
    try:
        call_command("build_site", str(folder), stdout=out, **options)
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def test_writes_the_pages_and_makes_the_folder(tmp_path: Path, site: Site) -> None:
    code, text = run(tmp_path / "public/site", site="harbour")
    assert (code, text) == (0, "1 stories: 4 pages written, 0 unchanged, 0 removed\n")
    page = json.loads((tmp_path / "public/site/api/news/ferries/page/1/index.json").read_text())
    assert len(page["value"]) == 1


def test_takes_the_site_the_folder_names(tmp_path: Path, site: Site) -> None:
    (tmp_path / "_config.yml").write_text("baseurl: /harbour\n")
    make_site("other")
    assert run(tmp_path)[0] == 0


def test_takes_the_only_site(tmp_path: Path, site: Site) -> None:
    assert run(tmp_path / "out")[0] == 0


@pytest.mark.parametrize("slug", [None, "nowhere"])
def test_exits_2_where_the_site_is_not_known(tmp_path: Path, site: Site, slug: str | None) -> None:
    make_site("other")
    assert run(tmp_path / "out", site=slug)[0] == 2
    assert not (tmp_path / "out").exists()


def test_exits_1_where_it_cannot_write(tmp_path: Path, site: Site) -> None:
    (tmp_path / "api").write_text("a file")
    code, text = run(tmp_path, site="harbour")
    assert code == 1
    assert "could not be written" in text


def test_exits_1_while_another_run_writes_there(tmp_path: Path, site: Site) -> None:
    with Destination(tmp_path) as other:
        other.lock()
        assert run(tmp_path, site="harbour")[0] == 1
