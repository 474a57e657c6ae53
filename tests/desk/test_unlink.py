from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from articles import desk
from articles.models import Coverage, Story
from tests.desk.dumps import dump, fresh
from tests.factories import make_coverage, make_story, make_story_without_file

pytestmark = pytest.mark.django_db


def group_of(*qualities: int) -> list[Story]:
    stories = [make_story(quality=quality) for quality in qualities]
    make_coverage(*stories)
    return [fresh(story) for story in stories]


def test_sets_a_superseded_story_free_by_the_rule(publisher: User) -> None:
    lead, good, weak = group_of(90, 75, 40)
    assert desk.unlink(good, by=publisher) is not None
    now = fresh(good)
    assert (now.coverage, now.is_lead, now.related_count) == (None, True, 0)
    assert (now.heat, now.published, now.pending) == (75, True, True)
    assert fresh(lead).heat == 110
    assert fresh(weak).pending


def test_gives_the_rest_the_next_best_lead(publisher: User) -> None:
    lead, good, _weak = group_of(90, 75, 40)
    desk.unlink(lead, by=publisher)
    group = Coverage.objects.get()
    assert (group.lead, group.member_count) == (good, 2)
    assert (fresh(good).heat, fresh(good).published) == (95, True)
    assert (fresh(lead).heat, fresh(lead).published) == (90, True)


def test_dissolves_a_group_of_two(publisher: User) -> None:
    lead, weak = group_of(60, 40)
    desk.unlink(weak, by=publisher)
    assert not Coverage.objects.exists()
    assert (fresh(lead).heat, fresh(lead).published, fresh(lead).coverage) == (60, False, None)
    assert (fresh(weak).heat, fresh(weak).published) == (40, False)


def test_keeps_a_story_without_file_as_a_single_story(publisher: User) -> None:
    lead, other = make_story(quality=60), make_story_without_file()
    make_coverage(lead, other)
    desk.unlink(other, by=publisher)
    assert (fresh(other).coverage, fresh(other).pending) == (None, False)
    assert fresh(lead).edited_fields == ["heat", "published", "related"]


def test_leaves_published_to_a_publisher_where_an_editor_unlinks(editor: User) -> None:
    lead, good = group_of(60, 55)
    assert lead.published
    desk.unlink(good, by=editor)
    assert (fresh(lead).heat, fresh(lead).published, fresh(lead).proposal) == (
        60,
        True,
        "unpublish",
    )


def test_takes_a_proposal_of_the_rule_back(editor: User) -> None:
    lead, good = group_of(60, 55)
    desk.unlink(good, by=editor)
    desk.link(fresh(lead), [good], by=editor)
    assert (fresh(lead).published, fresh(lead).proposal) == (True, "")


def test_leaves_nothing_to_write_after_linking_the_same_again(publisher: User) -> None:
    lead, good, weak = group_of(90, 75, 40)
    desk.unlink(good, by=publisher)
    desk.link(lead, [good], by=publisher)
    assert [fresh(s).pending for s in (lead, good, weak)] == [False] * 3


def test_does_nothing_to_a_single_story(publisher: User) -> None:
    story = make_story()
    before = dump()
    assert desk.unlink(story, by=publisher) is None
    assert dump() == before


def test_refuses_a_stale_version(publisher: User) -> None:
    lead, good = group_of(90, 75)
    desk.publish(lead, by=publisher)
    with pytest.raises(desk.Stale):
        desk.unlink(lead, by=publisher, version=1)
    assert fresh(good).coverage is not None


def test_is_not_the_readers_right(reader: User) -> None:
    with pytest.raises(PermissionDenied):
        desk.unlink(make_story(), by=reader)
