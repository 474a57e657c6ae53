"""What happens at the desk while an import reads and writes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError

from articles import desk
from articles.importer import ImportReport, Options, import_repository, writing
from articles.models import SyncRun
from articles.repository import open_repository
from tests.importer.newsroom import Checkout, found, groups

pytestmark = pytest.mark.django_db


def import_while(checkout: Checkout, act: Callable[[], object]) -> ImportReport:
    """Import, and act once when everything is read and nothing is written."""

    def progress(phase: str, done: int, total: int) -> None:
        if phase == "read" and done == total:
            act()

    return import_repository(open_repository(checkout.root), Options(), progress)


def test_sees_an_edit_made_after_reading(checkout: Checkout, chief: User) -> None:
    checkout.write("a")
    checkout.run()
    checkout.write("a", title="File")
    report = import_while(checkout, lambda: desk.edit(found("a"), {"title": "Desk"}, by=chief))

    assert report.counts.conflict == 1
    assert found("a").title == "Desk"


def test_sees_a_decision_made_after_reading(checkout: Checkout, chief: User) -> None:
    checkout.write("a")
    checkout.write("b")
    checkout.run()
    checkout.write("b", ["a"])
    import_while(checkout, lambda: desk.publish(found("a"), by=chief))

    assert found("a").published
    assert found("a").decision == "published"
    assert groups() == [["a", "b"]]


def test_sees_a_group_made_after_reading(checkout: Checkout, chief: User) -> None:
    for name in "abc":
        checkout.write(name)
    checkout.run()
    checkout.write("c", ["a"])
    import_while(checkout, lambda: desk.link(found("a"), [found("b")], by=chief))

    assert len(groups()) == 1
    assert found("a").coverage == found("b").coverage != found("c").coverage


def test_makes_an_older_form_stale(checkout: Checkout, chief: User) -> None:
    checkout.write("a")
    checkout.run()
    version = found("a").version
    checkout.write("a", title="File")
    checkout.run()

    with pytest.raises(desk.Stale):
        desk.edit(found("a"), {"title": "Desk"}, by=chief, version=version)


def test_puts_a_failed_run_on_record(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout.write("a")

    def full(*_: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(writing.Writer, "write", full)
    with pytest.raises(OperationalError):
        checkout.run()
    failed = SyncRun.objects.get()
    assert (failed.status, failed.message) == ("failed", "database or disk is full")


def test_puts_a_run_on_record_that_somebody_stopped(checkout: Checkout) -> None:
    checkout.write("a")

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_while(checkout, stop)
    assert SyncRun.objects.get().status == "interrupted"
