"""The small language of the search box, as a pure function from text to a query.

`words` must all occur, `"a phrase"` as it stands, `-word` must not occur, `word*` is a beginning.
`provider:` `topic:` `is:` `url:` `quality>70` `heat>=70` `after:2026-01-01` `before:` filter; each
can be excluded with a `-` in front. Nothing a person types is an exception: what is not understood
becomes a `QueryError` with its place and a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

FIELDS = ("provider", "topic", "is", "url", "quality", "heat", "after", "before")
NUMBERS = frozenset({"quality", "heat"})
DATES = frozenset({"after", "before"})
STATES = frozenset(
    {
        "live",
        "published",
        "waiting",
        "inbox",
        "below",
        "superseded",
        "declined",
        "removed",
        "gone",
        "lead",
        "member",
        "video",
        "article",
        "pending",
        "conflict",
        "locked",
        "decided",
        "undecided",
        "unfiled",
    }
)
MAX_LENGTH = 200
MAX_TERMS = 20
SHORTEST_BEGINNING = 3
"""Letters before a `*`: fewer begin too many words to look for."""

_TERM = re.compile(
    r"""(?P<minus>-?)
    (?:
      (?P<field>[A-Za-z]+)(?P<operator>>=|<=|:|>|<|=)(?:"(?P<quoted>[^"]*)"?|(?P<value>\S*))
      | "(?P<phrase>[^"]*)(?P<closed>"?)
      | (?P<word>\S+)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Words:
    """Text to look for: one word, the beginning of one (`prefix`), or a phrase."""

    text: str
    exclude: bool = False
    phrase: bool = False
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter: `operator` is one of `= > >= < <=`; `value` a word, a whole number or a date."""

    field: str
    operator: str
    value: str | int | date
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class QueryError:
    """What was not understood: its 0-based place in the text, and what to do."""

    position: int
    message: str


@dataclass(frozen=True, slots=True)
class Query:
    """What a person asks for, in the order typed."""

    words: tuple[Words, ...] = ()
    conditions: tuple[Condition, ...] = ()
    errors: tuple[QueryError, ...] = ()


def parse(text: str) -> Query:
    """Read a search text. Total: every text gives a query, wrong parts become errors."""
    if len(text) > MAX_LENGTH and not is_url(text.strip()):
        return Query(
            errors=(QueryError(MAX_LENGTH, f"Search for at most {MAX_LENGTH} characters."),)
        )
    stripped = text.strip()
    if is_url(stripped):
        return Query(conditions=(Condition("url", "=", stripped),))
    words: list[Words] = []
    conditions: list[Condition] = []
    errors: list[QueryError] = []
    for number, match in enumerate(_TERM.finditer(text)):
        if number >= MAX_TERMS:
            errors.append(QueryError(match.start(), f"Search for at most {MAX_TERMS} words."))
            break
        match _read(match):
            case Words() as found:
                words.append(found)
            case Condition() as found:
                conditions.append(found)
            case QueryError() as found:
                errors.append(found)
    return Query(tuple(words), tuple(conditions), tuple(errors))


def is_url(text: str) -> bool:
    """Whether the whole text is a pasted address."""
    return re.fullmatch(r"https?://\S+", text) is not None


def _read(match: re.Match[str]) -> Words | Condition | QueryError:
    exclude = bool(match["minus"])
    if match["field"] is not None:
        return _condition(match, exclude=exclude)
    if match["phrase"] is not None:
        if not match["closed"]:
            return QueryError(match.start(), "Close the phrase with a second quotation mark.")
        return _words(match, match["phrase"], exclude=exclude, phrase=True)
    word = match["word"]
    prefix = word.endswith("*") and len(word) > 1
    return _words(match, word.rstrip("*") if prefix else word, exclude=exclude, prefix=prefix)


def _words(
    match: re.Match[str], text: str, *, exclude: bool, phrase: bool = False, prefix: bool = False
) -> Words | QueryError:
    letters = sum(map(str.isalnum, text))
    if prefix and letters < SHORTEST_BEGINNING:
        return QueryError(match.start(), f"Write at least three letters before the star: {text}…*")
    if not letters:
        return QueryError(match.start(), f"“{text}” has no letters or digits to look for.")
    return Words(text, exclude=exclude, phrase=phrase, prefix=prefix)


def _condition(match: re.Match[str], *, exclude: bool) -> Condition | QueryError:
    field, sign = match["field"].lower(), match["operator"]
    raw = match["quoted"] if match["quoted"] is not None else match["value"]
    operator = "=" if sign == ":" else sign
    problem = _field_problem(field, sign, raw)
    if problem:
        return QueryError(match.start(), problem)
    if field in NUMBERS:
        return _number(match, field, operator, raw, exclude=exclude)
    if field in DATES:
        return _date(match, field, raw, exclude=exclude)
    return Condition(field, "=", raw.lower() if field == "is" else raw, exclude)


def _field_problem(field: str, sign: str, raw: str) -> str:
    if field not in FIELDS:
        known = ", ".join(f"{name}:" for name in FIELDS)
        return f"“{field}” is not a filter. Known are {known} or put it in quotes."
    if not raw:
        return f"Write a value right after {field}{sign}"
    if field not in NUMBERS and sign not in {":", "="}:
        return f"Write {field}: with a colon."
    if field == "is" and raw.lower() not in STATES:
        return f"“is:{raw}” is not known. Write one of {', '.join(sorted(STATES))}."
    return ""


def _number(
    match: re.Match[str], field: str, operator: str, raw: str, *, exclude: bool
) -> Condition | QueryError:
    if not re.fullmatch(r"-?[0-9]{1,6}", raw, re.ASCII):
        return QueryError(match.start(), f"{field} is a whole number: {field}>70")
    return Condition(field, operator, int(raw), exclude)


def _date(match: re.Match[str], field: str, raw: str, *, exclude: bool) -> Condition | QueryError:
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        return QueryError(match.start(), f"Write the date as {field}:2026-01-31")
    return Condition(field, "=", day, exclude)
