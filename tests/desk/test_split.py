from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from articles import desk
from articles.exporter import render_one
from articles.models import Change, Coverage, KeptApart, Story, Verb
from tests.desk.dumps import dump, fresh
from tests.factories import make_coverage, make_story, make_story_without_file

pytestmark = pytest.mark.django_db


def group_of(*qualities: int) -> tuple[Coverage, list[Story]]:
    stories = [make_story(quality=quality) for quality in qualities]
    group = make_coverage(*stories)
    return group, [fresh(story) for story in stories]


def test_splits_a_group_into_parts_with_leads_of_their_own(publisher: User) -> None:
    group, (a, b, c, d, e) = group_of(90, 80, 60, 55, 40)
    change = desk.split(group, [[b.pk, c.pk], [d.pk]], by=publisher)
    assert change is not None
    assert change.verb == Verb.SPLIT
    new = Coverage.objects.exclude(pk=group.pk).get()
    assert (new.lead, new.member_count, new.edited) == (b, 2, True)
    assert (fresh(b).heat, fresh(b).published, fresh(c).heat) == (100, True, -1)
    assert (fresh(a).heat, fresh(e).coverage_id, fresh(d).coverage_id) == (110, group.pk, None)
    assert render_one(fresh(b)).record.related[0].web_url == c.web_url


def test_takes_a_split_back_and_does_it_again_exactly(publisher: User) -> None:
    group, (_, b, c, d) = group_of(90, 80, 60, 55)
    before = dump()
    desk.split(group, [[b.pk, c.pk], [d.pk]], by=publisher, keep_apart=True)
    after = dump()
    desk.undo_last(by=publisher)
    assert dump() == before
    desk.redo_last(by=publisher)
    assert dump() == after


def test_keeps_the_leads_of_the_parts_apart_from_the_one_that_stays(publisher: User) -> None:
    group, (a, b, c, d) = group_of(90, 80, 60, 55)
    desk.split(group, [[b.pk, c.pk], [d.pk]], by=publisher, keep_apart=True)
    assert KeptApart.objects.partners_of([a.pk]) == {a.pk: {b.pk, d.pk}}
    with pytest.raises(desk.KeptApart):
        desk.link(c, [a], by=publisher)


def test_lets_the_part_of_the_lead_stay_where_all_are_named(publisher: User) -> None:
    group, (a, b, c, d) = group_of(90, 80, 60, 55)
    desk.split(group, [[a.pk, b.pk], [c.pk, d.pk]], by=publisher)
    assert (fresh(a).coverage_id, fresh(b).coverage_id) == (group.pk, group.pk)
    assert fresh(c).coverage_id == fresh(d).coverage_id != group.pk


def test_splits_nothing_off_twice(publisher: User) -> None:
    group, (a, b) = group_of(90, 80)
    assert desk.split(group, [], by=publisher) is None
    assert desk.split(group, [[a.pk, b.pk]], by=publisher) is None
    assert not Change.objects.exists()


def test_dissolves_a_group_that_falls_apart(publisher: User) -> None:
    group, (a, b, c) = group_of(90, 80, 75)
    desk.split(group, [[b.pk], [c.pk]], by=publisher)
    assert not Coverage.objects.exists()
    assert [fresh(s).heat for s in (a, b, c)] == [90, 80, 75]


def test_refuses_strangers_locked_files_the_stale_and_readers(
    publisher: User, reader: User
) -> None:
    group, (_, b, c) = group_of(90, 80, 75)
    with pytest.raises(desk.Blocked):
        desk.split(group, [[make_story().pk]], by=publisher)
    with pytest.raises(desk.Blocked):
        desk.split(group, [[b.pk], [b.pk, c.pk]], by=publisher)
    with pytest.raises(desk.Stale):
        desk.split(group, [[b.pk]], by=publisher, version=group.version + 1)
    Story.objects.filter(pk=b.pk).update(locked=True)
    with pytest.raises(desk.Blocked):
        desk.split(group, [[b.pk]], by=publisher)
    with pytest.raises(PermissionDenied):
        desk.split(group, [[c.pk]], by=reader)
    assert not Change.objects.exists()


def test_merges_groups_and_takes_it_back(publisher: User) -> None:
    one, (a, *_) = group_of(80, 60)
    two, (b, *_) = group_of(90, 50)
    third = make_coverage(make_story(quality=70), make_story_without_file())
    before = dump()
    change = desk.merge([one, two, third], by=publisher, version=one.version)
    assert change is not None
    assert (change.story, change.verb) == (a, Verb.MERGE)
    assert Coverage.objects.get().pk == one.pk
    assert (fresh(b).is_lead, fresh(b).heat, fresh(a).heat) == (True, 190, -1)
    desk.undo_last(by=publisher)
    assert dump() == before


def test_merges_nothing_with_itself_and_nothing_stale(publisher: User) -> None:
    one, _ = group_of(80, 60)
    two, _ = group_of(90, 50)
    assert desk.merge([one, one], by=publisher) is None
    with pytest.raises(desk.Stale):
        desk.merge([one, two], by=publisher, version=one.version + 1)
    desk.keep_apart(one.lead, two.lead, by=publisher)  # type: ignore[arg-type]
    with pytest.raises(desk.KeptApart):
        desk.merge([one, two], by=publisher)
