"""What can be wrong with a story file, as values that carry a code, a line and a sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issue:
    """A doubt about a file that was read all the same.

    `code` is stable and filterable (`title.missing`), `message` is a sentence for an editor,
    `line` is the 1-based line in the file, where one is known.
    """

    code: str
    message: str
    line: int | None = None


class StoryFileError(Exception):
    """A file that cannot be read as a story: refused as a whole, the run goes on.

    `code` is one of the refusal codes (`not_utf8`, `yaml_syntax`, `too_deep`, ...), `line` the
    1-based line of the cause, `message` a sentence that says what to do.
    """

    def __init__(self, code: str, message: str, line: int | None = None) -> None:
        super().__init__(code, message, line)
        self.code = code
        self.message = message
        self.line = line

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.message} ({self.code})"


class EditRefused(Exception):  # noqa: N818  # what happened, as the verbs say it
    """An edit that would change anything but the intended keys, or that has no safe spelling."""
