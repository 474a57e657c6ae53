"""The time machine: a site's front page on another day, from its repository's history.

A day ends when it ends for the person who asks. What the page was then is what the files of the
newest commit made by then say; when readers got to see a commit, the repository does not know.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from articles.frontpage import FrontPage, Shown, compared, newest
from articles.models import Site, Story
from articles.repository.parsing import path_key
from articles.stores import LiveFile, Past, Point, StoreError, TooLongError
from articles.sync import store_of

ONE_DAY = timedelta(days=1)

TOO_LONG = "Reading the history takes long. What was read is remembered: ask again, and it goes on."
NOT_THERE = "That commit is not in the history of the site’s branch."


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see: a commit, else the end of a day; and the day to compare with.

    Without `against` it is the day before, or the commit before.
    """

    day: date
    commit: str = ""
    against: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One place of the page; `story` is its number on the desk, if the desk knows the file."""

    shown: Shown
    story: int | None


@dataclass(frozen=True, slots=True)
class PastPage:
    """The front page of a commit.

    `point` is None before the first commit, `first` then says where the history begins.
    `earlier` is the commit it is compared with, None where there was none yet. `total` counts the
    live stories of the whole site.
    """

    day: date
    point: Point | None
    first: Point | None = None
    earlier: Point | None = None
    front: FrontPage | None = None
    rows: tuple[Row, ...] = ()
    gone: tuple[Row, ...] = ()
    total: int = 0

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing at all was committed since what it is compared with."""
        return bool(self.earlier and self.point and self.earlier.commit == self.point.commit)


def page_then(site: Site, asked: Asked) -> PastPage | None:
    """The site's front page as it was; None where the files have no history. Raises StoreError."""
    with store_of(site) as store:
        past = store.past()
        if past is None:
            return None
        try:
            return _page(site, past, asked)
        except TooLongError:
            raise StoreError(TOO_LONG) from None


def end_of(day: date) -> datetime:
    """The instant at which a day is over, in the active time zone."""
    return timezone.make_aware(datetime.combine(day + ONE_DAY, time.min))


def _page(site: Site, past: Past, asked: Asked) -> PastPage:
    point = _point(past, asked)
    if point is None:
        return PastPage(asked.day, None, past.line.first())
    day = _day_of(point) if asked.commit else asked.day
    earlier = _earlier(past, asked, point)
    live = past.live(point.commit)
    after = _filled(past, live)
    before = _filled(past, past.live(earlier.commit)) if earlier else []
    front = compared(before, after)
    known = _known(site, (shown.id for shown in (*front.after, *front.gone)))
    return PastPage(
        day, point, None, earlier, front,
        tuple(Row(shown, known.get(str(shown.id))) for shown in front.after),
        tuple(Row(shown, known.get(str(shown.id))) for shown in front.gone) if earlier else (),
        len(live),
    )  # fmt: skip


def _point(past: Past, asked: Asked) -> Point | None:
    if not asked.commit:
        return past.line.at(end_of(asked.day))
    point = past.line.named(asked.commit)
    if point is None:
        raise StoreError(NOT_THERE)
    return point


def _day_of(point: Point) -> date:
    try:
        return timezone.localdate(point.at)
    except OverflowError:  # a clock at the end of the calendar
        return point.at.date()


def _earlier(past: Past, asked: Asked, point: Point) -> Point | None:
    if asked.against:
        return past.line.at(end_of(asked.against))
    if asked.commit:
        return past.line.named(point.parent) if point.parent else None
    return past.line.at(end_of(asked.day - ONE_DAY))


def _filled(past: Past, live: Iterable[LiveFile]) -> list[Shown]:
    """The first page with what its files say; only those are read whole."""
    files = {file.path: file for file in live}
    page = newest([Shown(file.path, "", "", file.published_at) for file in files.values()])
    return [_told(past, shown, files[str(shown.id)]) for shown in page]


def _told(past: Past, shown: Shown, file: LiveFile) -> Shown:
    record = past.record(file)
    who = record.provider
    provider = (who.name or who.domain) if who else ""
    return replace(shown, title=record.title, provider=provider, topics=record.topics)


def _known(site: Site, paths: Iterable[int | str]) -> dict[str, int]:
    """The desk's stories by their paths."""
    keys = [path_key(str(path)) for path in paths]
    rows = Story.objects.of_site(site.pk).filter(path_key__in=keys)
    return {str(path): pk for path, pk in rows.values_list("path", "pk")}
