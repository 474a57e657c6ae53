"""One import at a time: two at once would make every new story twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from articles.importer.report import ImportStopped
from articles.locking import BusyError, only_one

BUSY = "Another import is running. Start this one again when that has ended."


PAUSE = 0.5
"""Seconds between two looks whether the other import has ended."""


@contextmanager
def alone(patience: float = 0) -> Iterator[None]:
    """Keep other imports into this database out, of other sites too.

    Raises ImportStopped if one is still running after `patience` seconds.
    """
    until = time.monotonic() + patience
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(only_one("import", BUSY))
                break
            except BusyError as error:
                if time.monotonic() >= until:
                    raise ImportStopped(str(error)) from None
                time.sleep(PAUSE)
        yield
