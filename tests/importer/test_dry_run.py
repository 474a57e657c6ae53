"""An import that only says what it would do."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Site, Story
from tests.importer.newsroom import Checkout, dump, found

pytestmark = pytest.mark.django_db


def writes(queries: CaptureQueriesContext) -> list[str]:
    return [
        q["sql"] for q in queries if not q["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))
    ]


def test_writes_nothing_not_even_a_site(checkout: Checkout) -> None:
    checkout.write("a", ["b"])
    with CaptureQueriesContext(connection) as queries:
        report = checkout.run(dry_run=True)

    assert (report.counts.created, report.counts.embedded) == (1, 1)
    assert writes(queries) == []
    assert not Site.objects.exists()


def test_counts_as_the_import_does(checkout: Checkout) -> None:
    checkout.write("a", ["b", "lost"])
    checkout.write("b", ["a"], title="")
    checkout.write("gone")
    checkout.write("edited")
    checkout.run()
    Story.objects.filter(pk=found("edited").pk).update(title="Desk", edited_fields=["title"])
    checkout.remove("gone")
    checkout.write("a", ["b", "lost", "also-lost"])
    checkout.write("edited", title="File")
    checkout.write("new")
    checkout.path("bad").write_bytes(b"")
    before = dump()
    with CaptureQueriesContext(connection) as queries:
        planned = checkout.run(dry_run=True)

    assert writes(queries) == []
    assert dump() == before
    done = checkout.run()
    assert asdict(planned.counts) == asdict(done.counts)
    assert planned.problems == done.problems
    assert "nothing was written" in planned.summary()
