"""Settling what file and desk disagree on."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from articles import desk
from articles.desk import Answer
from articles.exporter import export_stories
from articles.models import Change, Conflict, Site, StandingAnswer, Story
from tests.importer.newsroom import Checkout, found, groups

pytestmark = pytest.mark.django_db


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "harbour")


@pytest.fixture
def disputed(checkout: Checkout, publisher: User) -> Conflict:
    """The headline of a story, changed by the desk and by the robot."""
    checkout.write("a", title="Base")
    checkout.run()
    desk.edit(found("a"), {"title": "Desk"}, by=publisher)
    checkout.write("a", title="File")
    checkout.run()
    return Conflict.objects.get()


@pytest.fixture
def disputed_group(checkout: Checkout, publisher: User) -> Conflict:
    """A group to which the desk added c, and of which the robot makes b the lead."""
    checkout.write("a", ["b"], quality=80, heat=100, published=True)
    checkout.write("b", ["a"], quality=60, heat=-1)
    checkout.write("c", quality=50)
    checkout.run()
    desk.link(found("a"), [found("c")], by=publisher)
    checkout.write("a", ["b"], quality=80, heat=-1)
    checkout.write("b", ["a"], quality=90, heat=110, published=True)
    checkout.run()
    return Conflict.objects.get()


def settle(conflict: Conflict, answer: Answer, by: User) -> desk.BulkResult:
    return desk.settle_conflicts([conflict], answer, by=by)


def export(checkout: Checkout) -> int:
    return export_stories(Site.objects.get(), checkout.root).counts.written


def test_is_not_written_before_it_is_settled(checkout: Checkout, disputed: Conflict) -> None:
    report = export_stories(Site.objects.get(), checkout.root)

    assert (report.counts.written, report.counts.conflict) == (0, 1)
    assert [problem.code for problem in report.problems] == ["in_conflict"]


def test_takes_the_files_value(checkout: Checkout, disputed: Conflict, publisher: User) -> None:
    settle(disputed, Answer.TAKE, publisher)
    disputed.refresh_from_db()
    story = found("a")

    assert (story.title, story.edited_fields, story.bases) == ("File", [], None)
    assert (story.conflict, story.pending) == (False, False)
    assert (disputed.is_open, disputed.how, disputed.by) == (False, "taken", publisher)
    checkout.write("a", title="Later")
    checkout.run()
    assert found("a").title == "Later"


def test_keeps_the_desks_value(checkout: Checkout, disputed: Conflict, publisher: User) -> None:
    settle(disputed, Answer.KEEP, publisher)
    disputed.refresh_from_db()

    assert (found("a").title, found("a").conflict, found("a").pending) == ("Desk", False, True)
    assert (disputed.is_open, disputed.how) == (False, "kept")
    assert export(checkout) == 1
    assert b'title: "Desk"' in checkout.path("a").read_bytes()


def test_asks_again_when_the_robot_writes_another_value(
    checkout: Checkout, disputed: Conflict, publisher: User
) -> None:
    settle(disputed, Answer.KEEP, publisher)
    checkout.write("a", title="Another")
    checkout.run()

    assert Conflict.objects.open().get().file == "Another"


def test_never_asks_again_where_it_is_always_kept(
    checkout: Checkout, disputed: Conflict, publisher: User
) -> None:
    settle(disputed, Answer.ALWAYS, publisher)
    checkout.write("a", title="Another", heat=99)
    report = checkout.run()

    assert report.counts.conflict == 0
    assert (found("a").title, found("a").heat, found("a").pending) == ("Desk", 99, True)
    answer = StandingAnswer.objects.get()
    assert (answer.story, answer.field, answer.by) == (found("a"), "title", publisher)


def test_asks_again_once_the_answer_is_forgotten(
    checkout: Checkout, disputed: Conflict, publisher: User
) -> None:
    settle(disputed, Answer.ALWAYS, publisher)
    desk.forget_answer(StandingAnswer.objects.get(), by=publisher)
    checkout.write("a", title="Another")
    checkout.run()

    assert Conflict.objects.open().count() == 1
    assert not StandingAnswer.objects.exists()


@pytest.mark.parametrize("answer", Answer)
def test_is_undone_exactly(disputed: Conflict, publisher: User, answer: Answer) -> None:
    before = Story.objects.values().get()
    result = settle(disputed, answer, publisher)
    desk.undo(result.batch, by=publisher)
    after = Story.objects.values().get()

    accidental = {"version", "updated_at"}
    assert {k: v for k, v in after.items() if k not in accidental} == {
        k: v for k, v in before.items() if k not in accidental
    }
    assert Conflict.objects.open().get().file == "File"
    assert not StandingAnswer.objects.exists()
    desk.redo_last(by=publisher)
    assert not Conflict.objects.open().exists()


def test_refuses_what_changed_since_it_was_seen(
    checkout: Checkout, disputed: Conflict, publisher: User
) -> None:
    seen = {disputed.pk: desk.token_of(disputed)}
    checkout.write("a", title="Another")
    checkout.run()
    result = desk.settle_conflicts([disputed], Answer.TAKE, by=publisher, seen=seen)

    assert (result.done, len(result.refused)) == (0, 1)
    assert found("a").title == "Desk"


def test_refuses_what_somebody_settled(disputed: Conflict, publisher: User) -> None:
    settle(disputed, Answer.KEEP, publisher)

    assert settle(disputed, Answer.TAKE, publisher).refused[0][2] == "It is settled already."


def test_needs_a_publisher(disputed: Conflict, editor: User, publisher: User) -> None:
    with pytest.raises(PermissionDenied):
        settle(disputed, Answer.TAKE, editor)
    settle(disputed, Answer.ALWAYS, publisher)
    with pytest.raises(PermissionDenied):
        desk.forget_answer(StandingAnswer.objects.get(), by=editor)


def test_takes_the_decision_of_the_robot_for_ones_own(checkout: Checkout, publisher: User) -> None:
    checkout.write("a", published=True, heat=80)
    checkout.run()
    desk.publish(found("a"), by=publisher)
    checkout.write("a", published=False, heat=60)
    checkout.run()
    settle(Conflict.objects.get(), Answer.TAKE, publisher)

    assert (found("a").published, found("a").decision) == (False, "unpublished")


def test_dissolves_when_the_edit_is_taken_back(
    checkout: Checkout, disputed: Conflict, publisher: User
) -> None:
    desk.undo_last(by=publisher)
    disputed.refresh_from_db()

    assert (found("a").title, found("a").conflict, found("a").bases) == ("File", False, None)
    assert disputed.how == "moot"


def test_dissolves_when_the_desk_writes_what_the_file_says(
    disputed: Conflict, publisher: User
) -> None:
    desk.edit(found("a"), {"title": "File"}, by=publisher)

    assert not Conflict.objects.open().exists()
    assert not found("a").conflict


def test_shows_what_the_desk_says_by_now(disputed: Conflict, publisher: User) -> None:
    desk.edit(found("a"), {"title": "Better"}, by=publisher)

    assert Conflict.objects.open().get().desk == "Better"


def test_keeps_the_group_of_the_desk(
    checkout: Checkout, disputed_group: Conflict, publisher: User
) -> None:
    assert export(checkout) == 0
    settle(disputed_group, Answer.KEEP, publisher)

    assert [found(name).conflict for name in "abc"] == [False, False, False]
    assert export(checkout) == 3
    checkout.run()
    assert [found(name).published for name in "abc"] == [True, False, False]
    assert groups() == [["a", "b", "c"]]


def test_takes_the_group_of_the_robot(
    checkout: Checkout, disputed_group: Conflict, publisher: User
) -> None:
    settle(disputed_group, Answer.TAKE, publisher)

    assert [found(name).published for name in "abc"] == [False, True, False]
    assert (found("b").is_lead, found("a").is_lead) == (True, False)
    checkout.run()
    assert groups() == [["b", "a"]]
    assert not Story.objects.filter(pending=True).exists()


@pytest.mark.parametrize("answer", Answer)
def test_undoes_the_answer_to_a_group(
    disputed_group: Conflict, publisher: User, answer: Answer
) -> None:
    result = settle(disputed_group, answer, publisher)
    assert not Story.objects.in_conflict().exists()
    desk.undo(result.batch, by=publisher)

    assert Conflict.objects.open().get().coverage == found("a").coverage
    assert Story.objects.in_conflict().count() == 3
    assert [found(name).published for name in "abc"] == [True, False, False]


def test_logs_who_settled(disputed: Conflict, publisher: User) -> None:
    settle(disputed, Answer.KEEP, publisher)
    change = Change.objects.latest("id")

    assert (change.verb, change.actor) == ("settle", publisher)


def test_follows_a_file_that_agreed_before_the_edit_was_taken_back(
    checkout: Checkout, publisher: User
) -> None:
    checkout.write("a", quality=80, heat=80, published=True)
    checkout.write("b", quality=90, heat=90, published=True)
    checkout.write("c", quality=50)
    checkout.run()
    desk.link(found("b"), [found("a")], by=publisher)
    assert (found("a").heat, found("a").published) == (-1, False)
    # The robot supersedes the story too, by another one.
    checkout.write("a", ["c"], quality=80, heat=-1)
    checkout.write("c", ["a"], quality=85, heat=105, published=True)
    checkout.run()

    desk.undo_last(by=publisher)
    story = found("a")
    assert (story.edited_fields, story.bases, story.conflict) == ([], None, False)
    assert (story.heat, story.published, story.pending) == (-1, False, False)
