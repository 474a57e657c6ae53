"""The checks of the installation, with their remedies."""

from __future__ import annotations

from unittest import mock

import pytest
from django.test import override_settings

from articles.checks import check_database, check_hosts, check_plain_http


def test_knows_the_databases_it_was_measured_on() -> None:
    assert check_database(None) == []
    with mock.patch("articles.checks.connection", vendor="mysql"):
        (error,) = check_database(None)
    assert error.id == "articles.E001"
    assert "DATABASE_URL" in str(error.hint)


@pytest.mark.parametrize(
    ("insecure", "hosts", "found"),
    [
        (True, ["localhost", "127.0.0.1"], []),
        (True, ["localhost", "desk.example"], ["articles.W001"]),
        (False, ["desk.example"], []),
    ],
)
def test_warns_of_plain_http_beyond_this_machine(
    insecure: bool, hosts: list[str], found: list[str]
) -> None:
    with override_settings(NEWSDESK_TESTING=False, INSECURE_HTTP=insecure, ALLOWED_HOSTS=hosts):
        assert [message.id for message in check_plain_http(None)] == found


@pytest.mark.parametrize(("hosts", "found"), [(["*"], ["articles.E002"]), (["desk.example"], [])])
def test_refuses_every_name(hosts: list[str], found: list[str]) -> None:
    with override_settings(NEWSDESK_TESTING=False, ALLOWED_HOSTS=hosts):
        assert [message.id for message in check_hosts(None)] == found
