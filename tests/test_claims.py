from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from articles import accounts, claims, desk
from articles.models import Change, Story
from tests.desk.dumps import fresh
from tests.factories import make_story

pytestmark = pytest.mark.django_db


def age(story: Story, **by: int) -> None:
    """Let a claim's time pass."""
    held = fresh(story).claimed_until
    assert held is not None
    Story.objects.filter(pk=story.pk).update(claimed_until=held - timedelta(**by))


def test_claims_without_a_trace_in_history_or_version(editor: User) -> None:
    story = make_story()
    assert claims.claim(story, by=editor)
    assert not claims.claim(story, by=editor)
    assert (fresh(story).claimed_by, fresh(story).version) == (editor, story.version)
    assert not Change.objects.exists()


def test_tells_the_second_who_was_first(editor: User, publisher: User) -> None:
    story = make_story()
    editor.first_name, editor.last_name = "Ada", "Lovelace"
    editor.save()
    claims.claim(story, by=editor)
    with pytest.raises(claims.ClaimedError, match="Ada Lovelace"):
        claims.claim(story, by=publisher)
    assert fresh(story).claimed_by == editor


def test_ends_after_two_hours_without_a_sign_of_life(editor: User, publisher: User) -> None:
    story = make_story()
    claims.claim(story, by=editor)
    age(story, hours=2, seconds=1)
    assert not Story.objects.claimed().exists()
    assert claims.claim(story, by=publisher)
    assert fresh(story).claimed_by == publisher


def test_is_renewed_while_the_person_works(editor: User, publisher: User) -> None:
    story = make_story()
    claims.claim(story, by=editor)
    age(story, hours=1)
    claims.renew(story.pk, by=publisher)
    assert (fresh(story).claimed_until or timezone.now()) < timezone.now() + timedelta(minutes=61)
    claims.renew(story.pk, by=editor)
    assert (fresh(story).claimed_until or timezone.now()) > timezone.now() + timedelta(minutes=119)


def test_is_let_go_by_its_holder_and_by_publishers_alone(
    editor: User, publisher: User, make_user: object
) -> None:
    story = make_story()
    other = User.objects.create_user("other")
    other.groups.set(editor.groups.all())
    assert not claims.release(story, by=editor)
    claims.claim(story, by=editor)
    with pytest.raises(PermissionDenied):
        claims.release(story, by=other)
    assert claims.release(story, by=editor)
    claims.claim(story, by=editor)
    assert claims.release(story, by=publisher)
    assert fresh(story).claimed_by is None


def test_ends_with_the_decision_of_its_holder(editor: User, publisher: User) -> None:
    story, other = make_story(), make_story()
    claims.claim(story, by=editor)
    claims.claim(other, by=editor)
    desk.decline(story, by=editor)
    desk.decline(other, by=publisher)
    assert (fresh(story).claimed_by, fresh(other).claimed_by) == (None, editor)


def test_ends_with_the_account(editor: User, chief: User) -> None:
    story = make_story()
    claims.claim(story, by=editor)
    accounts.deactivate(editor, by=chief)
    assert fresh(story).claimed_by is None


def test_refuses_readers(reader: User) -> None:
    with pytest.raises(PermissionDenied):
        claims.claim(make_story(), by=reader)
