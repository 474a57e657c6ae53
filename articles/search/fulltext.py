"""The full-text index: the same words found on SQLite (FTS5) and PostgreSQL (tsvector).

The tables and the triggers that keep them are in migration 0003. Whatever a person types reaches
the database as a parameter, and each database cuts it into words as it cut the stories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from articles.search.language import Words

TABLE = "articles_story_search"
ID_BITS = 25
"""How many low bits of a rowid are the story's id (SQLite; migration 0003)."""

IGNORED = dict.fromkeys((0x0000, 0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
"""Zero-width characters join what stands around them; no database takes a NUL."""

SQLITE_ID = f"({TABLE}.rowid & {2**ID_BITS - 1})"
POSTGRESQL_ID = f"{TABLE}.story_id"


@dataclass(frozen=True, slots=True)
class Match:
    """A condition on the rows of the index: SQL with its parameters.

    `is_exclusion`: the rows are those that must not be there (SQLite cannot ask for absence
    alone).
    """

    sql: str
    parameters: tuple[str, ...]
    is_exclusion: bool = False


def story_id() -> str:
    """SQL of the story's id in a row of the index."""
    return POSTGRESQL_ID if connection.vendor == "postgresql" else SQLITE_ID


def match(words: Sequence[Words]) -> Match | None:
    """What the index is asked for these words; None where there are none."""
    if not words:
        return None
    return _postgresql(words) if connection.vendor == "postgresql" else _sqlite(words)


def with_words(words: Sequence[Words]) -> Q:
    """The condition that the wanted words occur and the excluded do not. No words: no condition."""
    asked = match(words)
    if asked is None:
        return Q()
    sql = f"SELECT {story_id()} FROM {TABLE} WHERE {asked.sql}"  # noqa: S608  # nosec B608
    found = Q(id__in=RawSQL(sql, asked.parameters))  # noqa: S611  # nosec B611
    return ~found if asked.is_exclusion else found


def bare(text: str) -> str:
    """A text as the index sees it: without zero-width characters."""
    return text.translate(IGNORED)


def _sqlite(words: Sequence[Words]) -> Match:
    wanted = " AND ".join(_quoted(each) for each in words if not each.exclude)
    unwanted = " OR ".join(_quoted(each) for each in words if each.exclude)
    sql = f"{TABLE} MATCH %s"
    if wanted and unwanted:
        return Match(sql, (f"({wanted}) NOT ({unwanted})",))
    return Match(sql, (wanted or unwanted,), is_exclusion=not wanted)


def _quoted(words: Words) -> str:
    text = bare(words.text).replace('"', " ")
    return f'"{text}" *' if words.prefix else f'"{text}"'


def _postgresql(words: Sequence[Words]) -> Match:
    terms = " && ".join(_tsquery(each) for each in words)
    return Match(f"{TABLE}.words @@ ({terms})", tuple(bare(each.text) for each in words))


def _tsquery(words: Words) -> str:
    query = "phraseto_tsquery('simple', articles_search_text(%s))"
    if words.prefix:
        query = f"(NULLIF({query}::text, '') || ':*')::tsquery"
    return f"(!!{query})" if words.exclude else query
