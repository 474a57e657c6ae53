"""A line on the terminal that says how far an import has come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

INTERVAL = 0.1
"""Seconds between two looks of the line."""

_WORDS = {"read": "reading", "write": "writing"}


@contextmanager
def progress_on(stream: TextIO) -> Iterator[Callable[[str, int, int], None]]:
    """Give a function that shows progress on a terminal, and does nothing elsewhere."""
    if not stream.isatty():
        yield lambda phase, done, total: None
        return
    line = _Line(stream)
    try:
        yield line.show
    finally:
        line.clear()


class _Line:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._next = 0.0
        self._shown = 0

    def show(self, phase: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now < self._next and done < total:
            return
        self._next = now + INTERVAL
        text = f"{_WORDS.get(phase, phase)} {done:,} of {total:,} files"
        self._write(text)

    def clear(self) -> None:
        self._write("")
        self._stream.write("\r")
        self._stream.flush()

    def _write(self, text: str) -> None:
        self._stream.write("\r" + text.ljust(self._shown))
        self._stream.flush()
        self._shown = len(text)
