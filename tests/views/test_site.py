"""Readers' pages fetch a site's public JSON without login."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Site
from articles.sitejson import Feed, encode
from tests.factories import NOON, make_site, make_story

pytestmark = pytest.mark.django_db

INDEX = "/site/harbour/api/news/index.json"


@pytest.fixture
def site() -> Site:
    site = make_site()
    for _ in range(30):
        make_story(site, quality=80, topics=["Ferries"])
    return site


@pytest.mark.parametrize(
    ("path", "number"),
    [("index.json", 1), ("page/1/index.json", 1), ("page/2/index.json", 2),
     ("ferries/index.json", 1), ("ferries/page/2/index.json", 2)],
)  # fmt: skip
def test_serves_the_pages_the_site_has(client: Client, site: Site, path: str, number: int) -> None:
    response = client.get(f"/site/harbour/api/news/{path}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert response.content == encode(Feed(site).page(number) or {})


@pytest.mark.parametrize(
    "path",
    ["page/3/index.json", "page/0/index.json", "page/99999999999999999999/index.json",
     "none/index.json", "ferries/page/3/index.json", "page/index.json", "page/x/index.json", ""],
)  # fmt: skip
def test_answers_404_for_any_other(client: Client, site: Site, path: str) -> None:
    response = client.get(f"/site/harbour/api/news/{path}")
    assert response.status_code == 404
    assert "json" not in response["Content-Type"]


def test_answers_404_for_an_unknown_site(client: Client, site: Site) -> None:
    assert client.get("/site/none/api/news/index.json").status_code == 404


def test_can_be_switched_off_for_a_site(client: Client, site: Site) -> None:
    Site.objects.update(serves_public_json=False)
    assert client.get(INDEX).status_code == 404


def test_can_be_switched_off_for_the_desk(client: Client, site: Site, settings: Any) -> None:
    settings.NEWSDESK_SERVE_SITE = False
    assert client.get(INDEX).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_takes_only_questions(client: Client, site: Site, method: str) -> None:
    assert getattr(client, method)(INDEX).status_code == 405


def test_may_be_read_by_pages_of_other_hosts_and_kept_for_a_minute(
    client: Client, site: Site
) -> None:
    response = client.get(INDEX, headers={"origin": "https://news.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in response


def test_answers_304_until_something_changes(client: Client, site: Site) -> None:
    etag = client.get(INDEX)["ETag"]
    again = client.get(INDEX, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    make_story(site, quality=90, published_at=NOON)
    assert client.get(INDEX, headers={"if-none-match": etag}).status_code == 200


def test_answers_head_without_a_body(client: Client, site: Site) -> None:
    response = client.head(INDEX)
    assert (response.status_code, response.content) == (200, b"")


def test_is_public_to_people_of_the_desk_too(client: Client, site: Site, reader: User) -> None:
    client.force_login(reader)
    response = client.get(INDEX)
    assert response["Cache-Control"] == "public, max-age=60"
    assert json.loads(response.content)["page"] == 1


def test_asks_as_often_for_a_full_page_as_for_one_story(client: Client) -> None:
    site = make_site()

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/site/harbour/api/news/ferries/index.json").status_code == 200
        return len(asked)

    make_story(site, quality=80, topics=["Ferries"], images=["https://h.example/i"])
    few = count()
    for _ in range(25):
        make_story(site, quality=80, topics=["Ferries"], images=["https://h.example/i"])
    assert count() == few <= 7


def test_never_shows_the_secured_value_or_the_desks_own_marks(client: Client, site: Site) -> None:
    text = client.get(INDEX).content.decode()
    assert "secured" not in text
    assert "c2VjcmV0" not in text
    assert "decision" not in text
