"""Clocks that are wrong, jump or run out: order, sleep, claims and sessions do not mind."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles import claims, desk, later
from articles.models import Change, Preferences, Story
from tests.factories import make_story

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
ClientOf = Callable[[User], Client]
Turn = Callable[[datetime], None]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def turn(monkeypatch: pytest.MonkeyPatch) -> Turn:
    """Set the clock of the server, as a wrong time service does."""

    def to(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    to(NOON)
    return to


def fresh(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


@pytest.mark.parametrize("jumps", [(DAY, -DAY), (-DAY, DAY), (-DAY, -2 * DAY)])
def test_keeps_the_order_of_decisions_when_the_clock_jumps(
    turn: Turn, editor: User, client_of: ClientOf, jumps: tuple[timedelta, ...]
) -> None:
    stories = [make_story(title=f"The {word} story") for word in ("first", "second", "third")]
    for story, jump in zip(stories, (timedelta(0), *jumps), strict=True):
        turn(NOON + jump)
        desk.decline(story, by=editor)
    turn(NOON)
    page = client_of(editor).get("/activity/").content.decode()
    places = [page.index(story.title) for story in stories]
    assert places == sorted(places, reverse=True)
    undone = desk.undo_last(by=editor)
    assert [change.story for change in undone] == [stories[-1]]


@pytest.mark.parametrize("jump", [DAY, -DAY, 4_500 * DAY])
def test_knows_an_old_version_whatever_the_time(turn: Turn, editor: User, jump: timedelta) -> None:
    story = make_story()
    seen = story.version
    turn(NOON + jump)
    desk.edit(story, {"excerpt": "Somebody was first"}, by=editor)
    turn(NOON)
    with pytest.raises(desk.Stale):
        desk.decline(fresh(story), by=editor, version=seen)
    desk.decline(fresh(story), by=editor, version=seen + 1)


def test_wakes_a_story_once_though_the_clock_goes_back(turn: Turn, editor: User) -> None:
    story = make_story()
    desk.snooze(story, until=NOON + timedelta(hours=3), by=editor)
    turn(NOON - DAY)
    assert desk.wake_due() == 0
    turn(NOON + DAY)
    assert desk.wake_due() == 1
    turn(NOON)
    assert desk.wake_due() == 0
    assert fresh(story).snoozed_until is None
    assert Change.objects.filter(verb="wake").count() == 1


def test_ends_a_claim_after_a_jump_and_by_a_publisher_before(
    turn: Turn, editor: User, publisher: User
) -> None:
    story = make_story()
    claims.claim(story, by=editor)
    turn(NOON - DAY)
    with pytest.raises(claims.ClaimedError):
        claims.claim(fresh(story), by=publisher)
    assert claims.release(fresh(story), by=publisher)
    claims.claim(story, by=editor)
    turn(NOON + DAY)
    claims.claim(fresh(story), by=publisher)
    assert fresh(story).claimed_by == publisher


@pytest.mark.parametrize(
    ("jump", "is_in"),
    [(DAY / 2.2, True), (-DAY, True), (DAY / 1.8, False), (20 * 365 * DAY, False)],
)
def test_ends_a_session_after_twelve_hours_by_the_clock(
    turn: Turn, editor: User, client_of: ClientOf, jump: timedelta, is_in: bool
) -> None:
    client = client_of(editor)
    turn(NOON + jump)
    assert (client.get("/").status_code == 200) == is_in


@pytest.mark.parametrize(
    "evening",
    [
        datetime(2027, 3, 28, 0, 30, tzinfo=UTC),  # 01:30 in Berlin, and no 02:30
        datetime(2027, 3, 27, 23, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # 02:30, and 02:30 once more
        datetime(2026, 10, 24, 23, 30, tzinfo=UTC),
        datetime(2038, 1, 19, 3, 13, tzinfo=UTC),
    ],
)
def test_counts_hours_not_the_clock_on_the_wall(
    turn: Turn, editor: User, client_of: ClientOf, evening: datetime
) -> None:
    Preferences.objects.create(user=editor, time_zone="Europe/Berlin")
    turn(evening)
    story = make_story()
    client = client_of(editor)
    answer = client.post(f"/stories/{story.pk}/snooze/", {"until": "two-hours"})
    assert answer.status_code == 302
    assert fresh(story).snoozed_until == evening + timedelta(hours=2)
    timezone.activate("Europe/Berlin")
    found = [choice.at for choice in later.choices()]
    assert found == sorted(found)
    assert all(at > evening for at in found)


def test_lives_beyond_2038(turn: Turn, publisher: User, client_of: ClientOf) -> None:
    turn(datetime(2039, 6, 1, tzinfo=UTC))
    client = client_of(publisher)
    story = make_story(published_at=datetime(2039, 5, 31, tzinfo=UTC))
    answer = client.post(f"/stories/{story.pk}/publish/", {"version": story.version})
    assert answer.status_code == 302
    for page in ("/", "/stories/", f"/stories/{story.pk}/", "/activity/"):
        assert client.get(page).status_code == 200
    assert fresh(story).published


def test_asks_no_database_for_the_time() -> None:
    told = re.compile(r"CURRENT_TIMESTAMP|CURRENT_DATE|(?<!timezone\.)\b[Nn]ow\(\)|clock_timestamp")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in (ROOT / "articles").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if told.search(line)
    ]
    assert found == []
