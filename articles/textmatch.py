"""How alike two stories are: rare words they share, names, days apart, provider.

Plain Python, no database, nothing learned: IDF-weighted cosine over words, neighbouring words and
names. `Rarity` comes from the site's whole archive, never from the stories at hand: what is rare
on one site is common on another, and scores could not be compared.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from articles.weburl import match_key

LONGEST = 1_000
"""Characters of a headline or excerpt that are compared."""
LONGEST_WORD = 40

TITLE_WEIGHT = 2.0
PAIR_WEIGHT = 0.25
NAME_WEIGHT = 1.2
RARITY_POWER = 0.7

DAYS_OF_DECAY = 2.0
"""Stories so many days apart count half of what they would on one day."""
UNDATED = 0.8
"""Where one of two dates is unknown, they may well be of different days."""
SAME_PROVIDER = 0.5
"""One publisher seldom tells one event twice, but often writes by template."""
WINDOW_DAYS = 14
"""Further apart than this, two stories are not of one event."""
REPRINT_DAYS = 7
"""Within so many days one headline is one piece; later it may be next year's."""

COMMON_WORDS = Path(__file__).with_name("common_words.txt")
"""How common words are in English, built by `manage.py build_common_words`."""
BACKGROUND = 3_000
"""Every archive is taken for so many stories of plain English longer than it is: a new site has
no archive to learn from, and an event that fills half of a small one is no common word."""
WORDS_A_STORY = 15

VERY_LIKELY = 0.30
LIKELY = 0.20
MAYBE = 0.10

_STOP_WORDS = """
a about above after again against all also am an and any are as at be because been before
being below between both but by can could did do does doing down during each few for from
further had has have having he her here hers him his how i if in into is it its itself just
like may me might more most my no nor not now of off on once only or other our out over own
said same say says she should so some such than that the their them then there these they this
those through to too under until up us very was we were what when where which while who whom
why will with would you your new
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

_WORD = re.compile(r"[^\W_]+(?:[.,][0-9]+)*(?:'[^\W_]+)?")
_AS_WRITTEN = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")}
)
"""Straight apostrophes; zero-width characters join what stands around them."""
_ENDS_SENTENCE = frozenset('.!?:;"“”')
_DOUBLED = frozenset("ls")
"""Letters that stay double before -ing and -ed: calling, missed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a story by their stems; None stands where a stop word was.

    `names` are the stems written as names are: capitalised inside a sentence, in capitals, or
    with a digit. `forms` maps each stem to the words as written, in lower case.
    """

    title: tuple[str | None, ...]
    excerpt: tuple[str | None, ...]
    names: frozenset[str]
    forms: Mapping[str, tuple[str, ...]]

    @property
    def stems(self) -> frozenset[str]:
        """The distinct stems of headline and excerpt."""
        return frozenset(filter(None, (*self.title, *self.excerpt)))


@dataclass(frozen=True, slots=True)
class Piece:
    """A story as far as it is compared."""

    title: str
    excerpt: str = ""
    at: datetime | None = None
    provider: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Rarity:
    """In how many of the archive's `stories` each stem stands."""

    stories: int
    counts: Mapping[str, int]

    def of(self, stem: str) -> float:
        """How much a stem tells: 0 for one that stands everywhere."""
        own = min(self.counts.get(stem, 0), self.stories)
        found = own + BACKGROUND * common_words().get(stem, 0.0)
        told = math.log(1 + (self.stories + BACKGROUND - found + 0.5) / (found + 0.5))
        return math.pow(told, RARITY_POWER)


@cache
def common_words() -> Mapping[str, float]:
    """The share of stories of plain English in which a stem stands, for the commonest stems."""
    lines = COMMON_WORDS.read_text(encoding="utf-8").splitlines()
    rates = (line.split() for line in lines if not line.startswith("#"))
    return {stem: 1 - (1 - int(rate) / 1e6) ** WORDS_A_STORY for stem, rate in rates}


Vector = Mapping[str, float]
"""Weights of length 1, by stem; two neighbouring stems are one entry, with a space between."""


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of a lower-case word: without plural, -ing, -ed and closing e. Numbers stay."""
    if len(word) < 4 or word[0].isdigit():
        return word
    word = _without_plural(word)
    if word.endswith("ing") and len(word) > 5:
        word = _undoubled(word[:-3])
    elif word.endswith("ed") and len(word) > 4:
        word = _undoubled(word[:-2])
    if len(word) > 3 and word.endswith("e"):
        return word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


@lru_cache(maxsize=16_384)
def inflections(short: str) -> tuple[str, ...]:
    """Words in lower case that have this stem, most likely forms only."""
    if short[0].isdigit():
        return (short,)
    if short.endswith("i"):
        made = {short, *(short[:-1] + ending for ending in ("y", "ies", "ied"))}
    else:
        made = {short, *(short + ending for ending in ("s", "es", "e", "ed", "ing"))}
    return tuple(sorted(word for word in made if stem(word) == short))


def _without_plural(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _undoubled(word: str) -> str:
    is_doubled = len(word) > 3 and word[-1] == word[-2] and word[-1] not in _DOUBLED
    return word[:-1] if is_doubled else word


def folded(text: str) -> str:
    """The text without accents, with straight apostrophes."""
    text = text[:LONGEST].translate(_AS_WRITTEN)
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=4_096)
def read(title: str, excerpt: str) -> Reading:
    """Cut a story into stems."""
    names: set[str] = set()
    forms: dict[str, tuple[str, ...]] = {}
    stems = []
    for text, is_title in ((title, True), (excerpt, False)):
        found: list[str | None] = []
        for word, written, opens in _words(text):
            if word in STOP_WORDS:
                found.append(None)
                continue
            short = stem(word)
            found.append(short)
            lower, known = written.lower(), forms.get(short, ())
            if lower not in known:
                forms[short] = (*known, lower)
            if short not in names and _is_name(written, opens=opens or is_title):
                names.add(short)
        stems.append(tuple(found))
    return Reading(stems[0], stems[1], frozenset(names), forms)


def _words(text: str) -> Iterator[tuple[str, str, bool]]:
    """Each word in lower case, as written, and whether a sentence begins with it."""
    text = folded(text)
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        opens = end == 0 or not _ENDS_SENTENCE.isdisjoint(gap)
        end = match.end()
        written = match[0].removesuffix("'s").removesuffix("'S")
        word = written.replace("'", "").replace(",", "").lower()[:LONGEST_WORD]
        if word:
            yield word, written, opens


def _is_name(written: str, *, opens: bool) -> bool:
    if written[0].isdigit():
        return True
    if len(written) > 1 and written.isupper():
        return True
    return written[0].isupper() and not opens


def terms(title: str, excerpt: str) -> set[str]:
    """The distinct stems of a story, as `read` finds them but faster: what an archive counts."""
    found = set()
    for text in (title, excerpt):
        for written in _WORD.findall(folded(text)):
            word = written.removesuffix("'s").removesuffix("'S").replace("'", "").replace(",", "")
            word = word.lower()[:LONGEST_WORD]
            if word and word not in STOP_WORDS:
                found.add(stem(word))
    return found


def vector(reading: Reading, rarity: Rarity) -> Vector:
    """The story as weights: words (the headline's twice), word pairs, names a little more."""
    rare = {each: rarity.of(each) for each in reading.stems}
    words: defaultdict[str, float] = defaultdict(float)
    pairs: defaultdict[tuple[str, str], float] = defaultdict(float)
    for stems, weight in ((reading.title, TITLE_WEIGHT), (reading.excerpt, 1.0)):
        for each in stems:
            if each is not None:
                words[each] += weight
        for left, right in pairwise(stems):
            if left is not None and right is not None:
                pairs[left, right] += weight
    weights = {
        each: _damped(count) * rare[each] * (NAME_WEIGHT if each in reading.names else 1.0)
        for each, count in words.items()
    }
    for (left, right), count in pairs.items():
        is_name = left in reading.names or right in reading.names
        mean = (rare[left] + rare[right]) / 2
        weights[f"{left} {right}"] = (
            PAIR_WEIGHT * _damped(count) * mean * (NAME_WEIGHT if is_name else 1.0)
        )
    return _of_length_one(weights)


def _damped(count: float) -> float:
    return 1 + math.log(count)


def _of_length_one(weights: dict[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {each: weight / length for each, weight in weights.items()} if length else {}


def cosine(one: Vector, other: Vector) -> float:
    """How much two vectors point the same way, 0 to 1."""
    if len(one) > len(other):
        one, other = other, one
    return min(1.0, sum(weight * other.get(each, 0.0) for each, weight in one.items()))


def days_apart(one: datetime | None, other: datetime | None) -> float | None:
    """Days between two moments; None where one is unknown."""
    return None if one is None or other is None else abs((one - other).total_seconds()) / 86_400


def nearness(one: Piece, other: Piece) -> float:
    """What dates and provider leave of a score: 1 for one moment and two publishers."""
    days = days_apart(one.at, other.at)
    if days is not None and days > WINDOW_DAYS + 1:
        return 0.0
    if days is not None:
        near = 1 / (1 + days / DAYS_OF_DECAY)
    else:
        near = 1.0 if one.at is other.at else UNDATED
    return near * SAME_PROVIDER if one.provider and one.provider == other.provider else near


@lru_cache(maxsize=4_096)
def plain_title(title: str) -> str:
    """A headline without case, accents and punctuation: what two printings of it share."""
    return " ".join(word for word, _, _ in _words(title))


def is_same_piece(one: Piece, other: Piece) -> bool:
    """The same article again: one address, or one publisher and headline within a week."""
    key = match_key(one.url) if one.url and other.url else ""
    if key and key == match_key(other.url):
        return True
    return one.provider == other.provider and one.provider != "" and _is_reprint(one, other)


def is_wire_copy(one: Piece, other: Piece) -> bool:
    """The same headline at two publishers within a week."""
    return one.provider != other.provider and _is_reprint(one, other)


def _is_reprint(one: Piece, other: Piece) -> bool:
    days = days_apart(one.at, other.at)
    title = plain_title(one.title)
    return bool(title) and title == plain_title(other.title) and (days or 0.0) <= REPRINT_DAYS


def shared(one: Vector, other: Vector) -> list[str]:
    """The stems two stories share, those that weigh most first."""
    found = [(one[each] * other[each], each) for each in one.keys() & other.keys()]
    return [
        each for _, each in sorted(found, key=lambda pair: (-pair[0], pair[1])) if " " not in each
    ]


def counted(texts: Iterable[tuple[str, str]]) -> Counter[str]:
    """In how many of the texts (headline, excerpt) each stem stands."""
    counts: Counter[str] = Counter()
    for title, excerpt in texts:
        counts.update(terms(title, excerpt))
    return counts
