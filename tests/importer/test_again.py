"""Importing what was imported already."""

from __future__ import annotations

import os

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Change, SyncRun
from tests.importer.newsroom import Checkout, dump, found

pytestmark = pytest.mark.django_db


def a_small_newsroom(checkout: Checkout) -> None:
    checkout.write("a", ["b", "lost"], heat=100, published=True)
    checkout.write("b", ["a", "lost"], quality=50, heat=-1)
    checkout.write("c", url="")
    checkout.path("bad").write_bytes(b"no story")


def test_changes_nothing(checkout: Checkout) -> None:
    a_small_newsroom(checkout)
    checkout.run()
    before = dump()
    versions = found("a").version
    report = checkout.run()

    assert dump() == before
    assert found("a").version == versions
    assert (report.counts.unchanged, report.counts.refused, report.counts.created) == (3, 1, 0)
    assert not Change.objects.exists()


def test_writes_only_that_the_run_took_place(checkout: Checkout) -> None:
    a_small_newsroom(checkout)
    checkout.run()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        checkout.run()
    writes = [
        q["sql"] for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE", "COPY"}
    ]

    assert writes
    assert all("articles_syncrun" in sql for sql in writes)
    assert len(queries) < 15


def test_asks_as_few_questions_of_a_large_newsroom(checkout: Checkout) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            checkout.run()
        return len(queries)

    checkout.write("first")
    checkout.run()
    few = count()
    for number in range(30):
        checkout.write(f"n{number}")
    checkout.run()

    assert count() == few


def test_sees_a_change_of_the_same_size_and_time(checkout: Checkout) -> None:
    path = checkout.write("a", title="About one")
    checkout.run()
    times = path.stat()
    checkout.write("a", title="About two")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    report = checkout.run()

    assert report.counts.updated == 1
    assert found("a").title == "About two"


def test_marks_a_run_that_was_cut_off(checkout: Checkout) -> None:
    checkout.write("a")
    checkout.run()
    SyncRun.objects.update(status="running", finished_at=None)
    checkout.run()

    assert list(SyncRun.objects.order_by("id").values_list("status", flat=True)) == [
        "interrupted",
        "done",
    ]


def test_gives_the_same_whatever_the_order_of_the_files(checkout: Checkout) -> None:
    files = {
        "one": ["two", "lost"],
        "two": ["one"],
        "three": ["two"],
        "four": ["lost"],
        "five": [],
    }
    for name, related in files.items():
        checkout.write(name, related)
    checkout.write("twin", [], url="https://www.herald.example/five")
    checkout.run(slug="whole")
    whole = {key[1]: value for key, value in dump()["stories"].items()}
    names = [*files, "twin"]
    for order, turn in (("forward", names), ("backward", names[::-1])):
        for name in turn:
            from articles.importer import Options, import_repository
            from articles.repository import open_repository

            import_repository(open_repository(checkout.path(name)), Options(slug=order))
        found_now = dump()["stories"]
        assert {k[1]: v for k, v in found_now.items() if k[0] == order} == whole
