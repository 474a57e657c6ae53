from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from articles import desk
from articles.models import Change, Coverage, Story, Verb
from tests.desk.dumps import dump, fresh
from tests.factories import (
    file_text,
    make_coverage,
    make_story,
    make_story_without_file,
    write_file,
)

pytestmark = pytest.mark.django_db

MakeUser = Callable[..., User]


def release(story: Story, by: User) -> None:
    """What the exporter leaves behind: the file says what the desk says."""
    story = fresh(story)
    write_file(story, file_text(story))
    Story.objects.filter(pk=story.pk).update(pending=False)
    Change.objects.create(
        actor_name="export", verb=Verb.EXPORTED, site=story.site, story=story, after={"x": 1}
    )


def test_takes_a_publication_back_exactly(publisher: User) -> None:
    story = make_story()
    before = dump()
    change = desk.publish(story, by=publisher)
    assert change is not None
    (undoing,) = desk.undo(change, by=publisher)
    assert dump() == before
    assert (undoing.verb, undoing.undoes, undoing.before, undoing.after) == (
        Verb.UNDO,
        change,
        {name: change.after[name] for name in change.before},
        change.before,
    )


@pytest.mark.parametrize(
    "act",
    [
        lambda a, b, by: desk.publish(b, by=by),
        lambda a, b, by: desk.unpublish(a, by=by),
        lambda a, b, by: desk.decline(a, by=by),
        lambda a, b, by: desk.remove(a, by=by),
        lambda a, b, by: desk.propose(b, by=by),
        lambda a, b, by: desk.link(a, [b], by=by),
        lambda a, b, by: desk.unlink(a, by=by),
        lambda a, b, by: desk.choose_lead(Story.objects.get(path=None), by=by),
    ],
)
def test_takes_every_verb_back_exactly(act: Callable[..., Change | None], publisher: User) -> None:
    a, b, c = make_story(quality=80), make_story(), make_story(quality=50)
    make_coverage(a, c, make_story_without_file())
    before = dump()
    assert act(fresh(a), b, publisher) is not None
    after = dump()
    assert after != before
    desk.undo_last(by=publisher)
    assert dump() == before
    desk.redo_last(by=publisher)
    assert dump() == after
    desk.undo_last(by=publisher)
    assert dump() == before


def test_takes_a_merge_back_with_the_group_that_was_dissolved(publisher: User) -> None:
    a, b, c, d = (make_story(quality=q) for q in (90, 60, 80, 55))
    one, two = make_coverage(a, b), make_coverage(c, d)
    before = dump()
    change = desk.link(fresh(a), [fresh(c)], by=publisher)
    assert change is not None
    assert not Coverage.objects.filter(pk=two.pk).exists()
    desk.undo(change, by=publisher)
    assert dump() == before
    assert set(Coverage.objects.all()) == {one, two}


def test_takes_back_decision_after_decision_newest_first(publisher: User) -> None:
    a, b = make_story(), make_story()
    dumps = [dump()]
    acts: list[Callable[[], object]] = [
        lambda: desk.publish(a, by=publisher),
        lambda: desk.link(a, [b], by=publisher),
        lambda: desk.decline(b, by=publisher),
        lambda: desk.unlink(a, by=publisher),
    ]
    for act in acts:
        act()
        dumps.append(dump())
    for expected in reversed(dumps[:-1]):
        desk.undo_last(by=publisher)
        assert dump() == expected
    with pytest.raises(desk.NotUndoable):
        desk.undo_last(by=publisher)
    for expected in dumps[1:]:
        desk.redo_last(by=publisher)
        assert dump() == expected
    with pytest.raises(desk.NotUndoable):
        desk.redo_last(by=publisher)


def test_forgets_what_to_redo_after_a_new_decision(publisher: User) -> None:
    a, b = make_story(), make_story()
    desk.publish(a, by=publisher)
    desk.undo_last(by=publisher)
    desk.publish(b, by=publisher)
    with pytest.raises(desk.NotUndoable):
        desk.redo_last(by=publisher)


def test_refuses_a_second_time(publisher: User) -> None:
    change = desk.publish(make_story(), by=publisher)
    assert change is not None
    desk.undo(change, by=publisher)
    with pytest.raises(desk.NotUndoable, match="already"):
        desk.undo(change, by=publisher)
    assert Change.objects.count() == 2


def test_takes_back_the_redo_of_a_change(publisher: User) -> None:
    story = make_story()
    change = desk.publish(story, by=publisher)
    assert change is not None
    desk.undo_last(by=publisher)
    (redo,) = desk.redo_last(by=publisher)
    assert redo.verb == Verb.PUBLISH
    desk.undo(change, by=publisher)
    assert not fresh(story).published


def test_refuses_with_names_what_somebody_changed_since(
    publisher: User, make_user: MakeUser
) -> None:
    story = make_story()
    change = desk.publish(story, by=publisher)
    other = make_user("publisher", "maria")
    desk.unpublish(story, by=other)
    before = dump()
    assert change is not None
    with pytest.raises(desk.NotUndoable, match="maria"):
        desk.undo(change, by=publisher)
    assert dump() == before


def test_does_not_mind_what_somebody_changed_and_took_back(
    publisher: User, make_user: MakeUser
) -> None:
    story = make_story()
    before = dump()
    change = desk.publish(story, by=publisher)
    other = make_user("publisher", "maria")
    desk.unpublish(story, by=other)
    desk.undo_last(by=other)
    assert change is not None
    desk.undo(change, by=publisher)
    assert dump() == before


def test_refuses_a_batch_where_somebody_changed_one_story(
    publisher: User, make_user: MakeUser
) -> None:
    a, b = make_story(), make_story()
    change = desk.link(a, [b], by=publisher)
    desk.publish(b, by=make_user("publisher", "maria"), both=True)
    assert change is not None
    with pytest.raises(desk.NotUndoable, match="maria"):
        desk.undo(change, by=publisher)
    assert fresh(a).coverage is not None


def test_takes_back_ones_older_change_of_another_field(publisher: User) -> None:
    story = make_story()
    removed = desk.remove(story, by=publisher)
    desk.decline(story, by=publisher)
    assert removed is not None
    desk.undo(removed, by=publisher)
    assert (fresh(story).removed, fresh(story).decision) == (False, "declined")


def test_refuses_what_an_import_changed_since(publisher: User) -> None:
    story = make_story()
    change = desk.publish(story, by=publisher)
    Story.objects.filter(pk=story.pk).update(published=False)
    assert change is not None
    with pytest.raises(desk.NotUndoable, match="changed since"):
        desk.undo(change, by=publisher)


def test_refuses_a_group_that_has_grown_since(publisher: User) -> None:
    a, b, c = make_story(), make_story(), make_story()
    change = desk.link(a, [b], by=publisher)
    Story.objects.filter(pk=c.pk).update(coverage=Coverage.objects.get())
    assert change is not None
    with pytest.raises(desk.NotUndoable, match="group"):
        desk.undo(change, by=publisher)


def test_becomes_a_pending_change_after_a_release(publisher: User) -> None:
    story = make_story()
    change = desk.publish(story, by=publisher)
    release(story, publisher)
    assert change is not None
    desk.undo(change, by=publisher)
    now = fresh(story)
    assert (now.published, now.pending, now.edited_fields) == (False, True, ["published"])


def test_takes_a_link_back_after_a_release_as_a_pending_change(publisher: User) -> None:
    a, b, c = make_story(quality=80), make_story(), make_story()
    make_coverage(a, b)
    change = desk.link(c, [a], by=publisher)
    for story in (a, b, c):
        release(story, publisher)
    assert change is not None
    desk.undo(change, by=publisher)
    assert [fresh(s).pending for s in (a, b, c)] == [True] * 3
    assert fresh(c).edited_fields == ["heat", "related"]
    assert fresh(b).edited_fields == ["related"]


def test_lets_publishers_take_back_what_others_did(
    editor: User, publisher: User, make_user: MakeUser
) -> None:
    story = make_story()
    change = desk.decline(story, by=editor)
    assert change is not None
    with pytest.raises(PermissionDenied):
        desk.undo(change, by=make_user("editor", "maria"))
    (undoing,) = desk.undo(change, by=publisher)
    assert undoing.actor == publisher


def test_needs_the_right_to_publish_for_what_the_site_shows(publisher: User) -> None:
    change = desk.publish(make_story(), by=publisher)
    publisher.groups.clear()
    assert change is not None
    with pytest.raises(PermissionDenied):
        desk.undo(change, by=User.objects.get(pk=publisher.pk))


def test_does_not_take_back_what_the_robots_did(publisher: User) -> None:
    story = make_story()
    change = Change.objects.create(
        actor_name="import", verb=Verb.IMPORTED, site=story.site, story=story
    )
    with pytest.raises(desk.NotUndoable, match="nobody"):
        desk.undo(change, by=publisher)
    with pytest.raises(desk.NotUndoable):
        desk.undo_last(by=publisher)


def test_keeps_a_chiefs_override_over_undo_and_redo(chief: User) -> None:
    story = make_story(publish_gate="blocked")
    desk.publish(story, by=chief, override=True)
    desk.undo_last(by=chief)
    (redo,) = desk.redo_last(by=chief)
    assert "overrode" in redo.after


# A press whose request comes again


def test_takes_back_no_more_for_the_same_press(publisher: User) -> None:
    older, newer, press = make_story(), make_story(), uuid.uuid4()
    desk.publish(older, by=publisher)
    desk.publish(newer, by=publisher)
    done = desk.undo_last(by=publisher, press=press)
    assert [change.story for change in done] == [newer]
    assert desk.undo_last(by=publisher, press=press) == done
    assert fresh(older).published
    desk.undo_last(by=publisher, press=uuid.uuid4())
    assert not fresh(older).published


def test_does_no_more_again_for_the_same_press(publisher: User) -> None:
    stories, press = [make_story(), make_story()], uuid.uuid4()
    for story in stories:
        desk.publish(story, by=publisher)
    for _ in stories:
        desk.undo_last(by=publisher, press=uuid.uuid4())
    done = desk.redo_last(by=publisher, press=press)
    assert [change.story for change in done] == [stories[0]]
    assert desk.redo_last(by=publisher, press=press) == done
    assert not fresh(stories[1]).published
    desk.redo_last(by=publisher, press=uuid.uuid4())
    assert fresh(stories[1]).published


def test_answers_a_press_that_took_a_batch_back_with_all_of_it(publisher: User) -> None:
    lead, other, press = make_story(), make_story(), uuid.uuid4()
    change = desk.link(lead, [other], by=publisher)
    assert change is not None
    done = desk.undo(change, by=publisher, press=press)
    assert len(done) > 1
    assert desk.undo(change, by=publisher, press=press) == done
    assert desk.redo_last(by=publisher) != []
    assert fresh(other).coverage_id == fresh(lead).coverage_id is not None


def test_keeps_presses_of_verbs_and_people_apart(
    publisher: User, make_user: Callable[..., User]
) -> None:
    another, press = make_user("publisher", "petra"), uuid.uuid4()
    mine, hers = make_story(), make_story()
    desk.publish(mine, by=publisher)
    desk.publish(hers, by=another)
    desk.undo_last(by=publisher, press=press)
    desk.redo_last(by=publisher, press=press)
    assert fresh(mine).published
    desk.undo_last(by=another, press=press)
    assert (fresh(mine).published, fresh(hers).published) == (True, False)
