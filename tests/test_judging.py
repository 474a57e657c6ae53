"""The suspicion kept beside every group."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from articles import desk, judging
from articles.models import Coverage, Story
from tests.factories import NOON, make_coverage, make_story

pytestmark = pytest.mark.django_db

FERRY = ("Ferry Alba sinks off Skerry", "Alba ferry sunk near Skerry rocks")
BRIDGE = ("Mayor opens Norden bridge", "Norden bridge opened by the mayor")


def mixed_group() -> tuple[Coverage, list[Story]]:
    for number in range(30):
        make_story(title=f"Recipe {number} of the day", excerpt="")
    stories = [
        make_story(title=title, excerpt="", quality=80, published_at=NOON + timedelta(days=days))
        for titles, days in ((FERRY, 0), (BRIDGE, 60))
        for title in titles
    ]
    return make_coverage(*stories), stories


def test_finds_the_group_that_hides_a_good_story() -> None:
    group, _ = mixed_group()
    assert judging.judge_stale() == 1
    group.refresh_from_db()
    assert (group.hidden_count, group.signals, group.suspicion) == (1, "span gap", 122)
    assert list(Coverage.objects.suspicious()) == [group]


def test_looks_only_at_what_changed() -> None:
    group, _ = mixed_group()
    judging.judge_stale()
    assert judging.judge_stale(group.site_id) == 0
    call_command("judge_groups", "--all", verbosity=0)
    assert not Coverage.objects.unjudged().exists()


def test_judges_anew_what_a_person_changes_and_takes_back(publisher: User) -> None:
    group, (_, _, c, d) = mixed_group()
    judging.judge_stale()
    desk.split(group, [[c.pk, d.pk]], by=publisher)
    assert not Coverage.objects.suspicious().exists()
    assert not Coverage.objects.unjudged().exists()
    desk.undo_last(by=publisher)
    assert Coverage.objects.get().suspicion == 122
