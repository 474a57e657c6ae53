"""Two imports at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread, Timer

import pytest
from django.db import connection

from articles.importer import ImportStopped
from articles.importer.alone import alone
from articles.models import Story
from tests.importer.newsroom import Checkout


@contextmanager
def another_import() -> Iterator[Callable[[], None]]:
    """Somebody else's, over a connection of its own; call what it gives to end it."""
    running, over = Event(), Event()

    def run() -> None:
        with alone():
            running.set()
            over.wait(20)
        connection.close()

    other = Thread(target=run)
    other.start()
    assert running.wait(20)
    try:
        yield over.set
    finally:
        over.set()
        other.join()


@pytest.mark.django_db
def test_lets_a_running_import_end_first(checkout: Checkout) -> None:
    checkout.write("a")
    with another_import(), pytest.raises(ImportStopped, match="Another import"):
        checkout.run()
    assert not Story.objects.exists()

    checkout.run()
    checkout.run()
    assert Story.objects.count() == 1


@pytest.mark.django_db
def test_waits_for_a_running_import_as_long_as_it_is_told_to(checkout: Checkout) -> None:
    checkout.write("a")
    with another_import(), pytest.raises(ImportStopped, match="Another import"):
        checkout.run(patience=0.6)
    with another_import() as let_go:
        Timer(0.3, let_go).start()
        checkout.run(patience=20)
    assert Story.objects.count() == 1
