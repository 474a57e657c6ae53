"""Alive, and ready: without login, without cookies."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from articles.rules import Queue
from tests.factories import make_site, make_story


def test_says_that_the_process_is_alive_without_the_database(client: Client) -> None:
    response = client.get("/healthz")  # no database fixture: a query would fail the test
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_says_that_the_desk_is_ready(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready\n")
    assert not response.cookies


@pytest.mark.django_db
def test_says_that_migrations_are_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'articles'")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert b"Run manage.py migrate" in response.content


@pytest.mark.django_db
def test_says_that_the_database_does_not_answer(client: Client) -> None:
    broken: Any = mock.patch.object(connection, "cursor", side_effect=OperationalError("gone"))
    with broken:
        response = client.get("/readyz")
    assert response.status_code == 503
    assert b"does not answer" in response.content


TOKEN = "a-token-of-ones-own"


@pytest.fixture
def counting(settings: Settings) -> None:
    """A desk that was given a token; the clients made afterwards are counted."""
    settings.NEWSDESK_METRICS_TOKEN = TOKEN


@pytest.mark.django_db
@pytest.mark.usefixtures("counting")
def test_gives_its_numbers_to_whoever_has_the_token(client: Client) -> None:
    site = make_site("harbour")
    make_story(site, queue=Queue.INBOX)
    client.get("/healthz")
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    assert 'newsdesk_inbox_stories{site="harbour"} 1.0' in text
    assert 'newsdesk_inbox_oldest_seconds{site="harbour"}' in text
    counted = 'request_seconds_count{method="GET",status="200",view="articles:healthz"}'
    assert counted in text


@pytest.mark.django_db
@pytest.mark.usefixtures("counting")
@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", TOKEN])
def test_hides_its_numbers_from_everybody_else(client: Client, given: str) -> None:
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


@pytest.mark.django_db
def test_has_no_numbers_without_a_token(client: Client) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_takes_no_post(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200
