from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from articles import desk
from articles.models import Change, Coverage, KeptApart, Story, Verb
from tests.desk.dumps import dump, fresh
from tests.factories import make_coverage, make_site, make_story

pytestmark = pytest.mark.django_db


def group_of(*qualities: int) -> list[Story]:
    stories = [make_story(quality=quality) for quality in qualities]
    make_coverage(*stories)
    return [fresh(story) for story in stories]


def test_remembers_who_keeps_two_single_stories_apart(editor: User) -> None:
    a, b = make_story(), make_story()
    change = desk.keep_apart(b, a, by=editor, reason="Two harbours")
    assert change is not None
    assert (change.story, change.verb) == (b, Verb.KEEP_APART)
    pair = KeptApart.objects.get()
    assert (pair.first, pair.second, pair.by, pair.reason) == (a, b, editor, "Two harbours")
    assert KeptApart.objects.partners_of([a.pk]) == {a.pk: {b.pk}}
    assert [set(c.after) for c in Change.objects.order_by("pk")] == [
        {f"apart:{a.pk}"},
        {f"apart:{b.pk}"},
    ]
    assert not any(Story.objects.values_list("pending", flat=True))


def test_does_nothing_the_second_time(editor: User) -> None:
    a, b = make_story(), make_story()
    desk.keep_apart(a, b, by=editor)
    before = dump()
    assert desk.keep_apart(b, a, by=editor) is None
    assert dump() == before


def test_refuses_to_link_them_and_says_who_why_and_how_often(editor: User) -> None:
    a, b = make_story(title="Ferry sold"), make_story(title="Ferry sunk")
    desk.keep_apart(a, b, by=editor, reason="Two boats")
    KeptApart.objects.update(asked_again=3)
    with pytest.raises(desk.KeptApart) as refusal:
        desk.link(b, [a], by=editor)
    assert str(refusal.value).startswith("editor keeps “Ferry sold” and “Ferry sunk” apart since ")
    assert "(Two boats; asked again 3 times): allow them together first." in str(refusal.value)


def test_refuses_to_link_the_groups_they_stand_in(editor: User) -> None:
    one, two = group_of(80, 60), group_of(70, 60)
    desk.keep_apart(one[1], two[1], by=editor)
    with pytest.raises(desk.KeptApart):
        desk.link(one[0], [two[0]], by=editor)
    desk.allow_together(two[1], one[1], by=editor)
    assert desk.link(one[0], [two[0]], by=editor)
    assert Coverage.objects.get().member_count == 4


def test_parts_members_of_one_group_the_lead_staying(publisher: User) -> None:
    lead, other, third = group_of(80, 75, 60)
    before = dump()
    desk.keep_apart(lead, other, by=publisher)
    assert (fresh(other).coverage_id, fresh(other).heat, fresh(other).published) == (None, 75, True)
    assert fresh(lead).coverage_id == fresh(third).coverage_id is not None
    desk.undo_last(by=publisher)
    assert dump() == before


def test_unlinks_and_keeps_apart_from_the_lead_in_one_step(publisher: User) -> None:
    lead, other, _ = group_of(80, 75, 60)
    before = dump()
    desk.unlink(other, by=publisher, keep_apart=True)
    assert KeptApart.objects.between(other.pk, lead.pk).exists()
    desk.undo_last(by=publisher)
    assert dump() == before
    desk.redo_last(by=publisher)
    assert KeptApart.objects.between(other.pk, lead.pk).exists()


def test_keeps_an_unlinked_lead_apart_from_the_next_one(publisher: User) -> None:
    lead, other, _ = group_of(80, 75, 60)
    desk.unlink(lead, by=publisher, keep_apart=True)
    assert KeptApart.objects.between(other.pk, lead.pk).exists()
    assert Coverage.objects.get().lead == other


def test_takes_allowing_back_with_everything_that_was_known(editor: User) -> None:
    a, b = make_story(), make_story()
    desk.keep_apart(a, b, by=editor, reason="Two boats")
    KeptApart.objects.update(asked_again=2)
    before = dump()
    desk.allow_together(a, b, by=editor)
    assert not KeptApart.objects.exists()
    desk.undo_last(by=editor)
    assert dump() == before
    desk.undo(Change.objects.filter(verb=Verb.KEEP_APART)[0], by=editor)
    assert not KeptApart.objects.exists()


def test_never_joins_them_by_undo(publisher: User) -> None:
    lead, other, _ = group_of(80, 75, 60)
    unlinked = desk.unlink(other, by=publisher)
    assert unlinked
    desk.keep_apart(other, lead, by=publisher)
    with pytest.raises(desk.NotUndoable, match="apart"):
        desk.undo(unlinked, by=publisher)


def test_never_parts_by_undo_what_was_linked_since(publisher: User) -> None:
    a, b = make_story(), make_story()
    desk.keep_apart(a, b, by=publisher)
    allowed = desk.allow_together(a, b, by=publisher)
    assert allowed
    desk.link(a, [b], by=publisher)
    with pytest.raises(desk.NotUndoable, match="apart"):
        desk.undo(allowed, by=publisher)


def test_refuses_itself_another_site_the_stale_and_readers(editor: User, reader: User) -> None:
    a, b = make_story(), make_story(make_site("hills"))
    with pytest.raises(desk.Blocked):
        desk.keep_apart(a, a, by=editor)
    with pytest.raises(desk.Blocked):
        desk.keep_apart(a, b, by=editor)
    with pytest.raises(desk.Stale):
        desk.keep_apart(a, make_story(), by=editor, version=a.version + 1)
    with pytest.raises(PermissionDenied):
        desk.keep_apart(a, make_story(), by=reader)
    assert desk.allow_together(a, b, by=editor) is None
