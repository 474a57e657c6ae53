"""Log lines: one event, one line, whatever a story's text holds."""

from __future__ import annotations

import logging


class OneLineFormatter(logging.Formatter):
    """Time, level, logger and message, with line breaks and control characters escaped.

    A title with a line break in it must not forge a second log line (CVE-2025-48432 class).
    Tracebacks keep their lines, indented, so that no line of theirs looks like an event.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """The event's line, escaped."""
        line = super().formatMessage(record)
        return "".join(
            ch if ch.isprintable() else ch.encode("unicode_escape").decode() for ch in line
        )

    def formatException(self, ei: object) -> str:  # noqa: N802
        """The traceback, every line indented."""
        text = super().formatException(ei)  # type: ignore[arg-type]
        return "\n".join(f"    {line}" for line in text.splitlines())
