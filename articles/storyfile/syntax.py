"""Says in an editor's words what libyaml found wrong, on which line, and what usually causes it."""

from __future__ import annotations

import yaml

from articles.storyfile.errors import StoryFileError
from articles.storyfile.frontmatter import line_at

_QUOTE = "put the value in quotes"

# What libyaml says → what an editor did. The first match counts.
_CAUSES = (
    (
        "found a tab character that violates",
        "A tab stands where spaces belong: indent with spaces.",
    ),
    (
        "mapping keys are not allowed in this context",
        f"A value may not begin with ? and a space without quotes: {_QUOTE}.",
    ),
    (
        "found unexpected end of stream",
        "A quote was opened on this line and never closed.",
    ),
    (
        "found unexpected document indicator",
        "A quote was opened on this line and never closed.",
    ),
    (
        "could not find expected ':'",
        f"The line has no colon, or continues a value: indent it, or {_QUOTE} on one line.",
    ),
    (
        "unknown escape character",
        "A backslash in double quotes begins an escape: write it twice (\\\\).",
    ),
    (
        "did not find expected hexdecimal number",
        "A backslash in double quotes begins an escape: write it twice (\\\\).",
    ),
    (
        "did not find expected alphabetic or numeric character",
        f"A value may not begin with * or & without quotes: {_QUOTE}.",
    ),
    (
        "did not find expected key",
        "The line does not fit the one above: check indentation and text after a closing quote.",
    ),
    (
        "did not find expected '-' indicator",
        "The line does not fit the list above it: check its indentation.",
    ),
    (
        "block sequence entries are not allowed",
        f"A list may not begin on the line of its key: begin a new line, or {_QUOTE}.",
    ),
    (
        "did not find expected ',' or",
        f"A bracket is not closed, or text follows it: {_QUOTE} if it is a text.",
    ),
    (
        "expected a single document",
        f"Three dashes or dots with text behind them end the front matter: {_QUOTE} or indent it.",
    ),
)


def syntax_error(text: str, error: Exception) -> StoryFileError:
    """The refusal for an exception of the YAML parser; every file has one, none escapes."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return StoryFileError("yaml_syntax", "The front matter is not valid YAML.")
    line = _line(text, error)
    said = f"{error.context or ''} {error.problem or ''}"
    if "invalid Unicode character escape" in said:
        return StoryFileError(
            "invalid_unicode",
            "An escape stands for no character, or for half of one: write the character itself.",
            line,
        )
    if "mapping values are not allowed" in said:
        return StoryFileError("yaml_syntax", _odd_colon(text, error), line)
    if "cannot start any token" in said:
        return StoryFileError("yaml_syntax", _bad_start(text, error), line)
    for sign, cause in _CAUSES:
        if sign in said:
            return StoryFileError("yaml_syntax", cause, line)
    return StoryFileError(
        "yaml_syntax", f"The front matter is not valid YAML: {said.strip()}.", line
    )


def _line(text: str, error: yaml.MarkedYAMLError) -> int | None:
    # What is left open, or a key without colon, is noticed far below the line to be mended.
    started = error.context or ""
    above = any(sign in started for sign in ("quoted scalar", "simple key", "flow "))
    mark = error.context_mark if above and error.context_mark else error.problem_mark
    mark = mark or error.context_mark
    return None if mark is None else line_at(text, mark.index)


def _odd_colon(text: str, error: yaml.MarkedYAMLError) -> str:
    colon = error.problem_mark.index if error.problem_mark else 0
    before = text[text.rfind("\n", 0, colon) + 1 : colon]
    if ": " in before:
        return f"A colon followed by a space stands in a value without quotes: {_QUOTE}."
    return "The line is indented further than the one above it, which already has a value."


def _bad_start(text: str, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark
    odd = text[mark.index : mark.index + 1] if mark else ""
    if odd == "\t":
        return "A tab stands where spaces belong: indent with spaces."
    return f"A value may not begin with {odd or 'this character'} without quotes: {_QUOTE}."
