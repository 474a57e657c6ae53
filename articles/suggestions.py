"""Which stories cover the same event as one story, and why.

The full-text index finds the stories that share rare words near its date, `textmatch` compares
them. Nothing is stored and nothing learned: a story imported a moment ago is compared with the
words of the archive as it is now.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import KeptApart, Story
from articles.search.language import is_url
from articles.search.neighbours import Sought, Window, neighbours, searched
from articles.textmatch import (
    LIKELY,
    MAYBE,
    VERY_LIKELY,
    WINDOW_DAYS,
    Piece,
    Rarity,
    Reading,
    Vector,
    cosine,
    days_apart,
    inflections,
    is_same_piece,
    is_wire_copy,
    nearness,
    read,
    shared,
    vector,
)
from articles.weburl import match_key, url_key
from articles.word_counts import rarity

TERMS = 24
"""Words that are looked for: more find nothing better and cost time."""
CANDIDATES = 60
SHOWN = 10
FOUND_AT_MOST, FOUND_OF_ANY_DATE = 4_000, 10_000
"""Finds that are weighed, near a date and without one: words that are more common are left out."""

FIRST_DAY, LAST_DAY = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
"""No window reaches beyond the dates there are, whatever a file claims."""

COLUMNS = (
    "id",
    "site_id",
    "title",
    "excerpt",
    "published_at",
    "provider_id",
    "provider_name",
    "web_url",
    "original_url",
    "coverage_id",
    "is_lead",
    "related_count",
    "quality",
    "published",
    "version",
)


@dataclass(frozen=True, slots=True)
class Compared:
    """A story of the desk that was compared with another, with the reasons of its score.

    `score`: 0 to 1. `words`: the rare words both share, as written in this story; `names` those
    of them that are names. `days` apart, None where a date is unknown.
    """

    row: dict[str, Any]
    piece: Piece
    score: float
    words: tuple[str, ...]
    names: tuple[str, ...]
    days: float | None
    same_provider: bool
    is_update: bool
    is_wire_copy: bool

    @property
    def likelihood(self) -> str:
        """The score in words: very likely, likely, maybe."""
        return likelihood(self.score, same_provider=self.same_provider)

    @property
    def apart(self) -> str:
        """The time between the two stories in words."""
        if self.days is None:
            return str(_("date unknown"))
        if self.days < 1:
            hours = round(self.days * 24)
            return ngettext("%d hour apart", "%d hours apart", hours) % hours
        days = round(self.days)
        return ngettext("%d day apart", "%d days apart", days) % days


@dataclass(frozen=True, slots=True)
class Suggested:
    """One line of a list of suggestions: the best story of a group, or a story without one.

    `more` are other stories of the same group that are as alike, best first; `size` is the number
    of stories in the group, 1 for a single story.
    """

    best: Compared
    more: tuple[Compared, ...]

    @property
    def size(self) -> int:
        """How many stories the group has."""
        return int(self.best.row["related_count"]) + 1 if self.best.row["coverage_id"] else 1


def likelihood(score: float, *, same_provider: bool) -> str:
    """A score in words. Two stories of one publisher are never very likely one event."""
    if score >= VERY_LIKELY and not same_provider:
        return str(_("very likely"))
    return str(_("likely") if score >= LIKELY else _("maybe"))


def suggest(story: Story, limit: int = SHOWN) -> list[Suggested]:
    """The best candidates for coverage with a story, groups folded, wire copy first.

    Stories of its own group are left out, and those that a person keeps apart from it with their
    groups. Eight queries.
    """
    refused = KeptApart.objects.partners_of([story.pk]).get(story.pk, set())
    found = compare(piece_of(story), story.site_id, without=[story.pk])
    groups = {each.row["coverage_id"] for each in found if each.row["id"] in refused}
    unwanted = {story.coverage_id, *groups} - {None}
    return folded_by_group(
        each
        for each in found
        if each.row["id"] not in refused and each.row["coverage_id"] not in unwanted
    )[:limit]


def suggest_for_text(site_id: int, title: str, *, at: datetime | None = None) -> list[Suggested]:
    """The best candidates for a headline somebody typed, of one site.

    Six queries, seven with a date.
    """
    return folded_by_group(compare(Piece(title, at=at), site_id))[:SHOWN]


def already_covered(site_id: int, text: str) -> list[Suggested]:
    """The stories of a site that a pasted address or a typed headline is about.

    An address finds the stories that have it, whatever its tracking parameters, then those that
    are about the words at its end.
    """
    if not is_url(text):
        return suggest_for_text(site_id, text)
    same = _at_address(site_id, text)
    if same:
        return same
    return suggest_for_text(site_id, words_of_address(text))


def words_of_address(url: str) -> str:
    """The headline as the longest part of an address spells it: /2026/ferry-returns-1234567.html"""
    # Not urlsplit, which raises an error for what people paste: https://[
    path = re.split(r"[?#]", url.partition("://")[2], maxsplit=1)[0].partition("/")[2]
    parts = [part.partition(".")[0].replace("_", "-") for part in path.split("/")]
    words = max(parts, key=lambda part: part.count("-"), default="").split("-")
    is_number = re.compile(r"\w*\d\w{4,}").fullmatch
    return " ".join(word for word in words if word and not is_number(word))


def spellings(url: str) -> set[str]:
    """The forms in which an address is passed on: secure or not, with www, with a closing slash."""
    path, mark, query = match_key(url).partition("?")
    return {
        url,
        *(
            f"{scheme}://{prefix}{path}{slash}{mark}{query}"
            for scheme in ("https", "http")
            for prefix in ("www.", "")
            for slash in ("", "/")
            if path
        ),
    }


def _at_address(site_id: int, url: str) -> list[Suggested]:
    keys = [url_key(form) for form in sorted(spellings(url))]
    rows = Story.objects.filter(site_id=site_id, url_key__in=keys).order_by("-listed_at", "-id")
    subject = _Subject(Piece("", url=url), _NOTHING, {})
    found = (
        subject.compared(row, _Subject(piece_of_row(row), _NOTHING, {}))
        for row in rows.values(*COLUMNS)[:SHOWN]
    )
    return folded_by_group(found)


_NOTHING = read("", "")


def folded_by_group(found: Iterable[Compared]) -> list[Suggested]:
    """One line for each group, in the order of its best story."""
    groups: dict[tuple[str, int], list[Compared]] = {}
    for each in found:
        group = each.row["coverage_id"]
        groups.setdefault(("group", group) if group else ("story", each.row["id"]), []).append(each)
    return [Suggested(first, tuple(more)) for first, *more in groups.values()]


def compare(
    piece: Piece,
    site_id: int,
    *,
    without: Collection[int] = (),
    candidates: int = CANDIDATES,
    lowest: float = MAYBE,
) -> list[Compared]:
    """The stories of a site that may tell the event of a piece: wire copy first, then by score."""
    reading = read(piece.title, piece.excerpt)
    known = rarity(site_id, reading.stems)
    window = window_around(piece.at)
    wanted = sought(reading, known, searched(window))
    ids = neighbours(site_id, wanted, window, candidates)
    rows = [row for row in _rows(ids, site_id) if row["id"] not in without]
    others = [piece_of_row(row) for row in rows]
    readings = [read(other.title, other.excerpt) for other in others]
    rare = rarity(site_id, reading.stems.union(*(each.stems for each in readings)))
    subject = _Subject(piece, reading, vector(reading, rare))
    compared = (
        subject.compared(row, _Subject(other, words, vector(words, rare)))
        for row, other, words in zip(rows, others, readings, strict=True)
    )
    found = [each for each in compared if each.score >= lowest or each.is_update]
    return sorted(found, key=_place)


def likeness(story: Story, other: Story) -> float:
    """The score of a pair of stories of one site, 0 to 1. Two queries."""
    pieces = [piece_of(story), piece_of(other)]
    readings = [read(piece.title, piece.excerpt) for piece in pieces]
    rare = rarity(story.site_id, readings[0].stems | readings[1].stems)
    one, two = (vector(reading, rare) for reading in readings)
    return cosine(one, two) * nearness(*pieces)


def _place(found: Compared) -> tuple[bool, float, int]:
    return (not (found.is_wire_copy or found.is_update), -found.score, -found.row["id"])


def window_around(at: datetime | None) -> Window | None:
    """The dates within which a story may tell the same event."""
    if at is None:
        return None
    days = timedelta(WINDOW_DAYS)
    return max(at, FIRST_DAY + days) - days, min(at, LAST_DAY - days) + days


def sought(reading: Reading, rare: Rarity, searched: int | None) -> list[Sought]:
    """The words worth looking for, those that tell most first.

    `searched`: among so many stories; None: in the whole archive.
    """
    titled = frozenset(filter(None, reading.title))
    weights = {
        each: rare.of(each) * (2**0.5 if each in titled else 1.0)
        for each in reading.stems
        if rare.counts.get(each, 0) > 0
    }
    best = sorted(weights, key=lambda each: (-weights[each], each))[:TERMS]
    room: float = FOUND_OF_ANY_DATE
    if searched is not None:
        share = min(1.0, searched / max(1, rare.stories))
        room = FOUND_AT_MOST / share if share else math.inf
    return [
        Sought(_forms(each, reading), weights[each], rare.counts[each])
        for each in _affordable(best, rare, room)
    ]


def _affordable(words: Sequence[str], rare: Rarity, room: float) -> list[str]:
    """The words that together stand in no more than `room` stories of the archive; always one.

    One that stands in too many is left out, not those after it.
    """
    found: list[str] = []
    for each in words:
        stories = rare.counts[each]
        if not found or stories <= room:
            found.append(each)
            room -= stories
    return found


def _forms(stem: str, reading: Reading) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*reading.forms[stem], *inflections(stem))))


def _rows(ids: Sequence[int], site_id: int) -> list[dict[str, Any]]:
    rows = Story.objects.filter(pk__in=ids, site_id=site_id).values(*COLUMNS)
    place = {pk: number for number, pk in enumerate(ids)}
    return sorted(rows, key=lambda row: place[row["id"]])


def piece_of(story: Story) -> Piece:
    """A story as it is compared."""
    provider = story.provider_id or story.provider_name
    return Piece(story.title, story.excerpt, story.published_at, str(provider or ""), story.url)


def piece_of_row(row: dict[str, Any]) -> Piece:
    """A row of COLUMNS as it is compared."""
    provider = row["provider_id"] or row["provider_name"]
    url = row["web_url"] or row["original_url"]
    return Piece(row["title"], row["excerpt"], row["published_at"], str(provider or ""), url)


@dataclass(frozen=True, slots=True)
class _Subject:
    """A story ready to be compared."""

    piece: Piece
    reading: Reading
    vector: Vector

    def compared(self, row: dict[str, Any], other: _Subject) -> Compared:
        piece, forms, names = self.piece, self.reading.forms, self.reading.names
        common = shared(self.vector, other.vector)
        # Headlines of other stems are other headlines: most need not be compared by the letter.
        is_reprint = self.reading.title == other.reading.title
        return Compared(
            row=row,
            piece=other.piece,
            score=cosine(self.vector, other.vector) * nearness(piece, other.piece),
            words=tuple(forms[each][0] for each in common),
            names=tuple(forms[each][0] for each in common if each in names),
            days=days_apart(piece.at, other.piece.at),
            same_provider=bool(piece.provider) and piece.provider == other.piece.provider,
            is_update=is_same_piece(piece, other.piece),
            is_wire_copy=is_reprint and is_wire_copy(piece, other.piece),
        )
