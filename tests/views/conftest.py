"""Clients of the cast, and htmx's headers."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

HTMX = {"HX-Request": "true"}


@pytest.fixture
def as_reader(reader: User, client: Client) -> Client:
    client.force_login(reader)
    return client


@pytest.fixture
def as_editor(editor: User, client: Client) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture
def as_publisher(publisher: User, client: Client) -> Client:
    client.force_login(publisher)
    return client


@pytest.fixture
def as_chief(chief: User, client: Client) -> Client:
    client.force_login(chief)
    return client
