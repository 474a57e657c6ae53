from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from articles import desk
from articles.models import Story
from tests.desk.dumps import dump, fresh
from tests.factories import make_coverage, make_story, make_story_without_file

pytestmark = pytest.mark.django_db


def test_tells_what_a_link_will_do_without_doing_it(publisher: User) -> None:
    a, b = make_story(quality=60), make_story(quality=50)
    before = dump()
    told = desk.consequences([a, b], "link", by=publisher)
    assert dump() == before
    lead, other = told.stories
    assert (lead.story, lead.heat_before, lead.heat_after) == (a, 60, 80)
    assert (lead.published_before, lead.published_after, lead.leads_after) == (False, True, True)
    assert (other.heat_after, other.led_before, other.leads_after) == (-1, True, False)
    assert told.files == 2
    assert (other.published_before, other.published_after, other.proposal) == (False, False, "")


def test_tells_what_then_happens(publisher: User) -> None:
    a, b, c = make_story(quality=60), make_story(quality=50), make_story_without_file(quality=90)
    make_coverage(c, b)
    acts: list[tuple[list[Story], str, Callable[[], object]]] = [
        ([a, b], "link", lambda: desk.link(a, [b], by=publisher)),
        ([b], "lead", lambda: desk.choose_lead(fresh(b), by=publisher)),
        ([b], "unlink", lambda: desk.unlink(fresh(b), by=publisher)),
    ]
    for stories, action, verb in acts:
        told = desk.consequences([fresh(s) for s in stories], action, by=publisher)
        verb()
        for one in told.stories:
            now = fresh(one.story)
            assert (one.heat_after, one.published_after, one.leads_after) == (
                now.heat,
                now.published,
                now.is_lead,
            )
            assert not one.writes_file or now.pending


def test_counts_the_files_that_list_the_group_for_the_desk(publisher: User) -> None:
    lead, member, other = (make_story(quality=quality) for quality in (80, 60, 50))
    make_coverage(lead, member, other)
    desk.choose_lead(fresh(member), by=publisher)
    told = desk.consequences([fresh(other)], "unlink", by=publisher)
    assert told.files == 3


def test_tells_an_editor_what_will_wait_for_a_publisher(editor: User) -> None:
    a, b = make_story(quality=60), make_story(quality=50)
    told = desk.consequences([a, b], "link", by=editor)
    assert [(one.proposal, one.published_after) for one in told.stories] == [
        ("publish", False),
        ("", False),
    ]


def test_tells_of_nothing_where_nothing_happens(publisher: User) -> None:
    told = desk.consequences([make_story()], "unlink", by=publisher)
    assert (told.stories, told.files) == ((), 0)


def test_knows_only_changes_of_coverage(publisher: User, reader: User) -> None:
    with pytest.raises(ValueError, match="publish"):
        desk.consequences([make_story()], "publish", by=publisher)
    with pytest.raises(PermissionDenied):
        desk.consequences([make_story()], "unlink", by=reader)
