"""Instants in the reader's zone, whatever the file said (year 1 and year 9999 included)."""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from articles.templatetags._markup import fill

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

UNKNOWN = fill('<span class="muted">{}</span>', "unknown")


def local_time(value: datetime | None, style: str = "full") -> SafeString:
    """An instant as `<time>`: text in the active zone, UTC in its title.

    Styles: `full` (27 Aug 2021, 14:38), `zone` (the same with the zone's name), `short` (without
    the year when it is this year), `day` (27 Aug 2021). None is shown as "unknown".
    """
    if value is None:
        return UNKNOWN
    utc = _in_utc(value)
    local = _in_active_zone(utc)
    return _element(
        f"{utc.year:04}-{utc.month:02}-{utc.day:02}T{utc.hour:02}:{utc.minute:02}:{utc.second:02}Z",
        f"{words(utc)} UTC",
        words(local, style),
    )


@functools.lru_cache(maxsize=8192)
def _element(stamp: str, title: str, text: str) -> SafeString:
    return fill('<time datetime="{}" title="{}">{}</time>', stamp, title, text)


def words(value: datetime, style: str = "full") -> str:
    """The instant's own wall clock in words."""
    day = f"{value.day} {MONTHS[value.month - 1]}"
    if style != "short" or value.year != timezone.now().year:
        day = f"{day} {value.year}"
    if style == "day":
        return day
    clock = f"{day}, {value.hour:02}:{value.minute:02}"
    return f"{clock} {value.tzname()}" if style == "zone" else clock


def span_words(span: timedelta) -> str:
    """How long, in the largest unit that says it well: minutes, hours or days."""
    minutes = round(span.total_seconds() / 60)
    if minutes < 90:
        return ngettext("%d minute", "%d minutes", minutes) % minutes
    hours = round(minutes / 60)
    if hours < 36:
        return ngettext("%d hour", "%d hours", hours) % hours
    days = round(hours / 24)
    return ngettext("%d day", "%d days", days) % days


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return value.replace(tzinfo=UTC)


def _in_active_zone(utc: datetime) -> datetime:
    """The same instant; where the zone's calendar ends (years 1 and 9999), UTC."""
    try:
        return timezone.localtime(utc)
    except (OverflowError, ValueError):
        return utc
