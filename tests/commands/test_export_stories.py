"""`manage.py export_stories DIR`: what it prints, and how it exits."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles.models import Site, Story, StoryFile
from tests.factories import make_site, make_story

pytestmark = pytest.mark.django_db

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def site() -> Site:
    return make_site("harbour")


@pytest.fixture
def folder(tmp_path: Path, site: Site) -> Path:
    (tmp_path / "_config.yml").write_text('baseurl: "/harbour"\n')
    (tmp_path / "_news").mkdir()
    return tmp_path


@pytest.fixture
def story(site: Site, folder: Path) -> Story:
    story = make_story(site, path="_news/2026-03-02-a.md")
    (folder / "_news/2026-03-02-a.md").write_bytes(StoryFile.objects.get(pk=story.pk).content())
    Story.objects.filter(pk=story.pk).update(
        published=True, edited_fields=["published"], pending=True
    )
    return story


def run(folder: Path, **options: Any) -> tuple[int, str]:
    """The exit code and what was printed."""
    out = StringIO()
    try:
        call_command("export_stories", str(folder), stdout=out, **options)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def test_writes_the_site_that_the_folder_names(folder: Path, story: Story) -> None:
    code, text = run(folder)
    assert code == 0
    assert text.startswith("1 written, 0 created")
    assert b"published: true" in (folder / "_news/2026-03-02-a.md").read_bytes()


def test_says_what_it_did_in_json(folder: Path, story: Story) -> None:
    code, text = run(folder, format="json")
    found = json.loads(text)
    assert code == 0
    assert found.pop("seconds") >= 0
    assert found == {
        "written": 1,
        "created": 0,
        "already": 0,
        "conflict": 0,
        "missing": 0,
        "refused": 0,
        "pending": 0,
        "problems": [],
    }


def test_exits_3_and_names_a_file_that_was_not_written(folder: Path, story: Story) -> None:
    (folder / "_news/2026-03-02-a.md").write_bytes(b"changed")
    code, text = run(folder)
    assert code == 3
    assert "_news/2026-03-02-a.md: " in text
    assert "(file_changed)" in text
    assert "1 conflict" in text
    code, text = run(folder, format="json")
    assert code == 3
    assert json.loads(text)["problems"][0]["code"] == "file_changed"


def test_shows_a_diff_in_a_dry_run(folder: Path, story: Story) -> None:
    before = (folder / "_news/2026-03-02-a.md").read_bytes()
    code, text = run(folder, dry_run=True)
    assert code == 0
    assert "-published: false\n+published: true\n" in text
    assert "secured" not in text or "•••" in text
    assert (folder / "_news/2026-03-02-a.md").read_bytes() == before
    _, text = run(folder, dry_run=True, format="json")
    assert "+published: true" in json.loads(text)["diff"]


def test_takes_the_site_by_name(folder: Path, story: Story) -> None:
    (folder / "_config.yml").unlink()
    assert run(folder, site="harbour")[0] == 0


@pytest.mark.parametrize("config", [None, "title: no baseurl\n", "baseurl: [\n", 'baseurl: "/"\n'])
def test_exits_2_where_nobody_says_which_site(
    folder: Path, story: Story, config: str | None
) -> None:
    (folder / "_config.yml").unlink()
    if config is not None:
        (folder / "_config.yml").write_text(config)
    code, text = run(folder)
    assert code == 2
    assert "--site" in text
    assert "harbour" in text


def test_exits_2_for_an_unknown_site(folder: Path, story: Story) -> None:
    assert run(folder, site="nowhere")[0] == 2
    (folder / "_config.yml").write_text('baseurl: "/nowhere"\n')
    assert run(folder)[0] == 2


def test_exits_2_for_a_folder_that_is_not_there(tmp_path: Path, site: Site) -> None:
    code, text = run(tmp_path / "none")
    assert code == 2
    assert f"There is no folder {tmp_path / 'none'}." in text


def test_exits_1_for_a_folder_that_cannot_be_opened(tmp_path: Path, site: Site) -> None:
    assert run(tmp_path / "none", site="harbour")[0] == 1


def test_prints_no_character_a_terminal_acts_on(folder: Path, site: Site) -> None:
    story = make_story(site, path="_news/\x1b[2J.md")
    Story.objects.filter(pk=story.pk).update(
        published=True, edited_fields=["published"], pending=True
    )
    code, text = run(folder)
    assert code == 3
    assert "\x1b" not in text
    assert "_news/\\x1b[2J.md" in text
