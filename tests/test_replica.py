"""Pages that may be a moment old are read from the replica; nothing else is."""

from __future__ import annotations

import pytest
from django.db import OperationalError, router
from django.http import HttpRequest, HttpResponse
from pytest_django import Settings

from articles.models import Story
from newsdesk.replica import REPLICA, ReplicaRouter, reading_from_replica, served_by_replica


@pytest.fixture
def routed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that was told of a replica."""
    settings.DATABASE_ROUTERS = ["newsdesk.replica.ReplicaRouter"]
    monkeypatch.setitem(settings.DATABASES, REPLICA, {})


def where() -> tuple[str, str]:
    """Where stories are read and written now."""
    return router.db_for_read(Story), router.db_for_write(Story)


@served_by_replica
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(" ".join(where()))


@served_by_replica
def page_of_a_dead_replica(request: HttpRequest) -> HttpResponse:
    if where()[0] == REPLICA:
        raise OperationalError("connection refused")
    return HttpResponse("from the primary")


@pytest.mark.usefixtures("routed")
def test_reads_there_and_writes_here() -> None:
    assert where() == ("default", "default")
    with reading_from_replica():
        assert where() == (REPLICA, "default")
    assert where() == ("default", "default")
    assert page(HttpRequest()).content == b"replica default"


@pytest.mark.usefixtures("routed")
def test_asks_the_primary_where_the_replica_does_not_answer() -> None:
    assert page_of_a_dead_replica(HttpRequest()).content == b"from the primary"
    assert where() == ("default", "default")


def test_knows_no_replica_where_there_is_none() -> None:
    assert page(HttpRequest()).content == b"default default"


def test_migrates_only_the_primary() -> None:
    assert ReplicaRouter().allow_migrate(REPLICA, "articles") is False
    assert ReplicaRouter().allow_migrate("default", "articles") is None
