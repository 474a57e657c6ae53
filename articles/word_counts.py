"""The word counts of a site's archive: kept by whoever writes many stories, read by suggestions.

Every write of a story notes its text beside the counts, in the same transaction (triggers of
migration 0011). `settle` adds the notes up; the importer does so once a batch. What a person
edits stays noted until then, and `rarity` counts it on reading, so that it is exact at any moment.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator

from django.db import connection, transaction

from articles.models import UncountedText
from articles.textmatch import Rarity, terms

AT_ONCE = 5_000
"""Texts added up in one statement: what a worker holds in memory."""
MANY = 200
"""More uncounted texts than this are added up by the next reader instead of on every reading."""
STORIES = ""
"""The word under which the stories themselves are counted."""

_NOTED = "site_id, sign, title, excerpt"
_TAKE = (
    "DELETE FROM articles_uncountedtext WHERE id IN "  # noqa: S608
    f"(SELECT id FROM articles_uncountedtext ORDER BY id LIMIT {AT_ONCE}) RETURNING {_NOTED}"
)
_INSERT = "INSERT INTO articles_wordcount (site_id, word, stories) "
_ADD = (
    " ON CONFLICT (site_id, word) "
    "DO UPDATE SET stories = articles_wordcount.stories + excluded.stories"
)
_SQLITE = f"{_INSERT} VALUES (%s, %s, %s) {_ADD}"
_POSTGRESQL = f"{_INSERT} SELECT * FROM unnest(%s::bigint[], %s::text[], %s::int[]) {_ADD}"  # noqa: S608

_COUNTED = "SELECT word, stories FROM articles_wordcount WHERE site_id = %s AND word"
_COUNTED_SQLITE = f"{_COUNTED} IN (SELECT value FROM json_each(%s))"  # noqa: S608
_COUNTED_POSTGRESQL = f"{_COUNTED} = ANY(%s)"


def settle() -> None:
    """Add up every text that is noted and not counted yet."""
    while _settle_some() == AT_ONCE:
        pass


def rarity(site_id: int, words: Iterable[str]) -> Rarity:
    """How rare the words are in the archive of a site. Two queries."""
    wanted = {*words, STORIES}
    noted = list(_noted(site_id))
    if len(noted) > MANY:
        settle()
        noted = []
    counts = _counted(site_id, wanted)
    for word, change in _changes(noted)[site_id].items():
        if word in wanted:
            counts[word] += change
    return Rarity(max(0, counts.pop(STORIES, 0)), counts)


def _counted(site_id: int, words: Collection[str]) -> Counter[str]:
    """A thousand words are one parameter: as so many they take four times as long."""
    listed = list(words)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(_COUNTED_SQLITE, [site_id, json.dumps(listed)])
        else:
            cursor.execute(_COUNTED_POSTGRESQL, [site_id, listed])
        return Counter(dict(cursor.fetchall()))


def _noted(site_id: int) -> Iterator[tuple[int, int, str, str]]:
    rows = UncountedText.objects.filter(site_id=site_id)
    return iter(rows.values_list("site_id", "sign", "title", "excerpt")[: MANY + 1])


def _settle_some() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE)
        noted = cursor.fetchall()
        for site_id, changes in sorted(_changes(noted).items()):
            _add(site_id, changes)
    return len(noted)


def _changes(noted: Collection[tuple[int, int, str, str]]) -> defaultdict[int, Counter[str]]:
    """By how much the count of each word changes, by site."""
    changes: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for site_id, sign, title, excerpt in noted:
        counts = changes[site_id]
        for word in (STORIES, *terms(title, excerpt)):
            counts[word] += sign
    return changes


def _add(site_id: int, changes: Counter[str]) -> None:
    """In the order of the words, so that two who add never wait for each other in a circle."""
    rows = [(site_id, word, change) for word, change in sorted(changes.items()) if change]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(_SQLITE, rows)
        elif rows:
            cursor.execute(_POSTGRESQL, [list(column) for column in zip(*rows, strict=True)])
