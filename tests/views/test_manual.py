from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from articles.views.manual import PAGES
from tests.pictures.shots import SHOTS

pytestmark = pytest.mark.django_db

PICTURES = Path(__file__).resolve().parents[2] / "articles" / "static" / "articles" / "help"
PICTURE = re.compile(r'src="/static/articles/help/([a-z]+)\.webp"')
LINK = re.compile(r'href="(/[^"#]*)')


def article(client: Client, name: str) -> str:
    response = client.get(f"/help/{name}/")
    assert response.status_code == 200, name
    return response.content.decode().partition("<article")[2].partition("</article>")[0]


def test_opens_every_page_and_marks_it_in_the_navigation(as_reader: Client) -> None:
    for name, title in PAGES.items():
        content = as_reader.get(f"/help/{name}/").content.decode()
        assert f'aria-current="page">{title}</a>' in content
    assert as_reader.get("/help/").context["name"] == "start"
    assert as_reader.get("/help/nonsense/").status_code == 404


def test_leads_from_the_first_page_to_the_last(as_reader: Client) -> None:
    seen, name = [], "start"
    while name:
        seen.append(name)
        name = as_reader.get(f"/help/{name}/").context["after"]
    assert seen == list(PAGES)


def test_shows_pictures_that_exist_and_shows_all_that_are_made(as_reader: Client) -> None:
    shown = {found for name in PAGES for found in PICTURE.findall(article(as_reader, name))}
    assert shown == {shot.name for shot in SHOTS} == {path.stem for path in PICTURES.iterdir()}


def test_keeps_the_pictures_small() -> None:
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < 1_500_000


def test_links_to_pages_that_exist(as_chief: Client) -> None:
    links = {link for name in PAGES for link in LINK.findall(article(as_chief, name))}
    assert links
    for link in links - {link for link in links if link.startswith("/static/")}:
        assert as_chief.get(link.replace("&amp;", "&")).status_code == 200, link
