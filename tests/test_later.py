from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from articles import later

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> object:
    """Set the clock of somebody in Berlin."""

    def set_clock(*moment: int) -> None:
        now = datetime(*moment, tzinfo=BERLIN)  # type: ignore[misc,arg-type]
        timezone.activate(BERLIN)
        monkeypatch.setattr("django.utils.timezone.now", lambda: now.astimezone(UTC))

    return set_clock


def said() -> dict[str, str]:
    return {c.value: c.at.strftime("%Y-%m-%d %H:%M %z") for c in later.choices()}


def test_offers_moments_in_the_persons_own_zone(at) -> None:  # type: ignore[no-untyped-def]
    at(2026, 11, 22, 9, 17)
    assert said() == {
        "two-hours": "2026-11-22 11:17 +0100",
        "tonight": "2026-11-22 20:00 +0100",
        "tomorrow": "2026-11-23 08:00 +0100",
        "monday": "2026-11-23 08:00 +0100",
    }


def test_offers_no_evening_that_has_begun(at) -> None:  # type: ignore[no-untyped-def]
    at(2026, 11, 23, 21, 0)
    assert "tonight" not in said()
    assert said()["monday"] == "2026-11-30 08:00 +0100"


def test_keeps_to_the_clock_when_it_is_changed(at) -> None:  # type: ignore[no-untyped-def]
    at(2026, 10, 24, 12, 0)
    assert said()["tomorrow"] == "2026-10-25 08:00 +0100"
    assert said()["two-hours"] == "2026-10-24 14:00 +0200"


def test_reads_days_moments_and_nothing_else(at) -> None:  # type: ignore[no-untyped-def]
    at(2026, 11, 22, 9, 0)
    morning = datetime(2026, 12, 1, 8, tzinfo=BERLIN)
    assert later.instant_of("", "2026-12-01") == later.instant_of("2026-12-01") == morning
    assert later.instant_of("date", "2026-12-01T08:00") == morning
    assert later.instant_of("", "2026-12-01T07:00Z") == morning
    for text in ("", "2026-13-01", "2026-12-01T99:00", "soon", "9" * 40):
        assert later.instant_of(text) is None
