"""Finding stories: a small language, and the database's own full-text index behind one function."""

from articles.search.fulltext import ID_BITS, TABLE, Match, match, story_id, with_words
from articles.search.language import Condition, Query, QueryError, Words, parse
from articles.search.stories import (
    about,
    bounds_of,
    condition_of,
    half_typed,
    matching,
    start_of,
    topics_named,
)

__all__ = [
    "ID_BITS",
    "TABLE",
    "Condition",
    "Match",
    "Query",
    "QueryError",
    "Words",
    "about",
    "bounds_of",
    "condition_of",
    "half_typed",
    "match",
    "matching",
    "parse",
    "start_of",
    "story_id",
    "topics_named",
    "with_words",
]
