from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import judging
from articles.models import Change, Coverage, KeptApart, Story
from tests.factories import NOON, make_coverage, make_story

pytestmark = pytest.mark.django_db


def two_events() -> tuple[Coverage, list[Story]]:
    """A group of the robot that hides a good story behind a lead of another month."""
    for number in range(30):
        make_story(title=f"Recipe {number} of the day", excerpt="")
    stories = [
        make_story(title=title, excerpt="", quality=80, published_at=NOON + timedelta(days=days))
        for title, days in (
            ("Ferry Alba sinks off Skerry", 0),
            ("Alba ferry sunk near Skerry rocks", 1),
            ("Mayor opens Norden bridge", 60),
            ("Norden bridge opened by the mayor", 61),
        )
    ]
    group = make_coverage(*stories)
    judging.judge_stale()
    return group, stories


def test_shows_days_gaps_reasons_candidates_and_cuts(as_editor: Client) -> None:
    group, (a, b, c, d) = two_events()
    response = as_editor.get(f"/coverage/{group.pk}/")
    content = response.content.decode()
    assert [day.gap for day in response.context["days"]] == [0, 0, 59, 0]
    assert [cut.ids for cut in response.context["cuts"]] == [f"{c.pk},{d.pk}"]
    assert "59 days without a story" in content
    assert "looks off-topic" in content
    assert set(response.context["members"][b.pk].words) == {"skerry", "ferry", "alba"}
    assert "with the lead" in content
    assert "a cut would rescue it" in content
    assert response.context["candidates"][0].story == a
    assert response.context["members"][b.pk].off_topic is False


def test_asks_before_it_splits_and_tells_what_will_follow(as_publisher: Client) -> None:
    group, (_, _, c, d) = two_events()
    posted = {"parts": f"{c.pk},{d.pk}", "keep": "1", "version": group.version}
    response = as_publisher.post(f"/coverage/{group.pk}/regroup/", posted)
    content = response.content.decode()
    assert not Change.objects.exists()
    assert "1 good story rescued" in content
    assert "4 files and" in content
    assert "heat -1 → 100, goes live" in content
    response = as_publisher.post(
        f"/coverage/{group.pk}/regroup/", {**posted, "confirm": "1"}, follow=True
    )
    assert "Split 2 stories off." in response.content.decode()
    assert Coverage.objects.count() == 2
    assert KeptApart.objects.count() == 1


@pytest.mark.parametrize(
    ("action", "left"),
    [("split_at", 2), ("unlink", 3), ("lead", 4)],
)
def test_acts_on_the_story_under_the_cursor(as_publisher: Client, action: str, left: int) -> None:
    group, (_, _, c, _) = two_events()
    address = f"/coverage/{group.pk}/regroup/?one={c.pk}"
    assert as_publisher.post(address, {"action": action}).status_code == 200
    as_publisher.post(address, {"action": action, "confirm": "1"})
    assert Story.objects.filter(coverage=group).count() == left
    assert Change.objects.exists()


def test_splits_the_ticked_off_or_keeps_each_of_them_apart(as_publisher: Client) -> None:
    group, (_, b, c, d) = two_events()
    address = f"/coverage/{group.pk}/regroup/"
    as_publisher.post(address, {"action": "split", "story": [c.pk, d.pk], "confirm": "1"})
    assert Coverage.objects.count() == 2
    assert not KeptApart.objects.exists()
    as_publisher.post(address, {"action": "apart", "story": [b.pk], "confirm": "1"})
    assert KeptApart.objects.count() == 1


def test_says_what_is_missing_or_stale(as_publisher: Client) -> None:
    group, (_, b, *_) = two_events()
    address = f"/coverage/{group.pk}/regroup/"
    response = as_publisher.post(address, {"action": "split"}, follow=True)
    assert "Tick the stories first." in response.content.decode()
    posted = {"action": "split", "story": b.pk, "confirm": "1", "version": group.version + 7}
    assert "look again" in as_publisher.post(address, posted, follow=True).content.decode()
    posted = {"action": "split", "story": make_story().pk}
    assert (
        "other stories by now" in as_publisher.post(address, posted, follow=True).content.decode()
    )
    assert not Change.objects.exists()


def test_merges_the_ticked_groups_after_asking(as_publisher: Client) -> None:
    one = make_coverage(make_story(quality=80), make_story())
    two = make_coverage(make_story(quality=70), make_story())
    answer = as_publisher.post("/coverage/merge/", {"group": [one.pk, two.pk]})
    assert "Make one group of 2" in answer.content.decode()
    as_publisher.post("/coverage/merge/", {"group": [one.pk, two.pk], "confirm": "1"})
    assert Coverage.objects.get().member_count == 4
    answer = as_publisher.post("/coverage/merge/", {"group": [one.pk]}, follow=True)
    assert "Tick two groups" in answer.content.decode()


def test_asks_as_often_for_a_large_group_as_for_a_small_one(
    as_editor: Client,
) -> None:
    small = make_coverage(*(make_story() for _ in range(3)))
    large = make_coverage(*(make_story() for _ in range(30)))
    judging.judge_stale()
    counts = []
    for group in (small, large):
        with CaptureQueriesContext(connection) as queries:
            as_editor.get(f"/coverage/{group.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
