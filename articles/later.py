"""When a snoozed story comes back: the choices of the menu, in the person's own time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

MORNING = time(8)
EVENING = time(20)
LAST_CALL = time(19, 30)
"""From then on "tonight" is no choice any more."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the menu; `value` is what a form posts as `until`."""

    value: str
    label: str
    at: datetime


def choices() -> list[Choice]:
    """What can be chosen now, the soonest first."""
    now = timezone.localtime()
    tomorrow = now.date() + timedelta(days=1)
    monday = now.date() + timedelta(days=7 - now.weekday())
    found = [
        Choice("two-hours", _("In 2 hours"), _to_the_minute(_in_two_hours())),
        Choice("tomorrow", _("Tomorrow morning"), _on(tomorrow, MORNING)),
        Choice("monday", _("Monday"), _on(monday, MORNING)),
    ]
    if now.time() < LAST_CALL:
        found.append(Choice("tonight", _("Tonight"), _on(now.date(), EVENING)))
    return sorted(found, key=lambda choice: choice.at)


def instant_of(until: str, day: str = "") -> datetime | None:
    """The instant a form means: a choice by name, or `day`, a date or a local date and time.

    A date alone means that morning. None for anything else.
    """
    named = {choice.value: choice.at for choice in choices()}
    if until in named:
        return named[until]
    return _parsed(day or until)


def moment(at: datetime) -> str:
    """An instant in the person's zone in words: Monday 23 November, 08:00."""
    return date_format(timezone.localtime(at), "l j F, H:i")


def _parsed(text: str) -> datetime | None:
    try:
        if found := parse_date(text):
            return _on(found, MORNING)
        instant = parse_datetime(text)
    except ValueError:
        return None
    if instant is None or instant.tzinfo is not None:
        return instant
    return instant.replace(tzinfo=timezone.get_current_timezone())


def _on(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=timezone.get_current_timezone())


def _in_two_hours() -> datetime:
    # Counted in UTC: on a clock on the wall two hours may be one, or three.
    return timezone.localtime(timezone.now() + timedelta(hours=2))


def _to_the_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
