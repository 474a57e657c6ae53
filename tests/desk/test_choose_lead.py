from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from articles import desk
from articles.models import Change, Coverage
from articles.rules import Queue
from tests.desk.dumps import fresh
from tests.factories import make_coverage, make_story, make_story_without_file

pytestmark = pytest.mark.django_db


def test_makes_a_story_the_lead_and_supersedes_the_old_one(publisher: User) -> None:
    old, new = make_story(quality=80), make_story(quality=60)
    make_coverage(old, new)
    desk.choose_lead(new, by=publisher)
    group = Coverage.objects.get()
    assert (group.lead, group.lead_chosen, group.edited) == (new, True, True)
    assert (fresh(new).heat, fresh(new).published, fresh(new).is_lead) == (80, True, True)
    assert (fresh(old).heat, fresh(old).published, fresh(old).is_lead) == (-1, False, False)
    assert fresh(old).queue == Queue.SUPERSEDED
    assert fresh(old).edited_fields == ["heat", "published", "related"]


def test_does_nothing_to_a_lead_or_a_single_story(publisher: User) -> None:
    lead, other = make_story(quality=80), make_story()
    make_coverage(lead, other)
    assert desk.choose_lead(lead, by=publisher) is None
    assert desk.choose_lead(make_story(), by=publisher) is None
    assert not Change.objects.exists()


def test_lets_a_story_without_file_lead_but_not_be_published(publisher: User) -> None:
    old, new = make_story(quality=80), make_story_without_file()
    make_coverage(old, new)
    desk.choose_lead(new, by=publisher)
    assert (fresh(new).is_lead, fresh(new).published) == (True, False)
    with pytest.raises(desk.Blocked):
        desk.publish(new, by=publisher)


def test_refuses_a_removed_story(publisher: User) -> None:
    old, new = make_story(quality=80), make_story(removed=True)
    make_coverage(old, new)
    with pytest.raises(desk.Blocked):
        desk.choose_lead(new, by=publisher)


def test_leaves_published_to_a_publisher_where_an_editor_chooses(editor: User) -> None:
    old, new = make_story(quality=80), make_story(quality=60)
    make_coverage(old, new)
    desk.choose_lead(new, by=editor)
    assert (fresh(old).published, fresh(old).proposal) == (True, "unpublish")
    assert (fresh(new).published, fresh(new).proposal) == (False, "publish")


def test_is_not_the_readers_right(reader: User) -> None:
    with pytest.raises(PermissionDenied):
        desk.choose_lead(make_story(), by=reader)
