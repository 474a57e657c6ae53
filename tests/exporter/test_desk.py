"""Whatever a verb of the desk did: `pending` says exactly whether an export would write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from articles import desk
from articles.exporter import export_stories, render_one
from articles.importer import import_repository
from articles.models import Story
from articles.repository import open_repository
from tests.exporter.conftest import Repository
from tests.factories import make_coverage, make_story, make_story_without_file

pytestmark = pytest.mark.django_db

Act = Callable[[list[Story], User], object]


def newsroom(repository: Repository) -> list[Story]:
    """A group of four, the last without a file, and two single stories."""
    site = repository.site
    group = [make_story(site, quality=quality, topics=["Ferries"]) for quality in (90, 70, 60)]
    group.append(make_story_without_file(site, quality=50, topics=["Ferries"]))
    make_coverage(*group)
    single = make_story(site, quality=80, published=False, images=["https://img.example/a.jpg"])
    other = make_story(site, quality=40)
    repository.check_out()
    return [Story.objects.get(pk=story.pk) for story in (*group, single, other)]


def link(stories: list[Story], by: User) -> None:
    desk.link(stories[0], [stories[4]], by=by)


def link_singles(stories: list[Story], by: User) -> None:
    desk.link(stories[4], [stories[5]], by=by)


def unlink(stories: list[Story], by: User) -> None:
    desk.unlink(stories[1], by=by)


def unlink_one_without_file(stories: list[Story], by: User) -> None:
    desk.unlink(stories[3], by=by)


def unlink_the_lead(stories: list[Story], by: User) -> None:
    desk.unlink(stories[0], by=by)


def choose_another_lead(stories: list[Story], by: User) -> None:
    desk.choose_lead(stories[2], by=by)


def publish(stories: list[Story], by: User) -> None:
    desk.publish(stories[4], by=by)


def publish_and_take_back(stories: list[Story], by: User) -> None:
    desk.publish(stories[4], by=by)
    desk.undo_last(by=by)


def remove_and_restore(stories: list[Story], by: User) -> None:
    desk.remove(stories[0], by=by)
    desk.restore(Story.objects.get(pk=stories[0].pk), by=by)


def unlink_and_take_back(stories: list[Story], by: User) -> None:
    desk.unlink(stories[1], by=by)
    desk.undo_last(by=by)


def edit(stories: list[Story], by: User) -> None:
    image = {"url": "https://img.example/b.jpg", "width": 9, "height": 9}
    values = {"title": 'A "new" one', "topics": ["Ferries"], "images": [image]}
    desk.edit(stories[4], values, by=by)


def edit_a_member_and_back(stories: list[Story], by: User) -> None:
    desk.edit(stories[1], {"excerpt": "Other words"}, by=by)
    member = Story.objects.get(pk=stories[1].pk)
    desk.edit(member, {"excerpt": stories[1].excerpt}, by=by)


def promote(stories: list[Story], by: User) -> None:
    desk.promote(stories[3], by=by)


def promote_and_make_it_the_lead(stories: list[Story], by: User) -> None:
    desk.promote(stories[3], by=by)
    desk.choose_lead(Story.objects.get(pk=stories[3].pk), by=by)


ACTS: tuple[Act, ...] = (
    edit,
    edit_a_member_and_back,
    promote,
    promote_and_make_it_the_lead,
    link,
    link_singles,
    unlink,
    unlink_one_without_file,
    unlink_the_lead,
    choose_another_lead,
    publish,
    publish_and_take_back,
    remove_and_restore,
    unlink_and_take_back,
)


def promised() -> dict[int, bool]:
    """Which stories the desk says are to be written."""
    stories = Story.objects.with_file()
    return {story.pk: story.pending for story in stories}


def found() -> dict[int, bool]:
    """Which stories an export would write."""
    return {story.pk: render_one(story).is_changed for story in Story.objects.with_file()}


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_writes_exactly_what_the_desk_calls_pending(
    repository: Repository, publisher: User, act: Act
) -> None:
    stories = newsroom(repository)
    act(stories, publisher)
    assert promised() == found()
    report = export_stories(repository.site, repository.folder)
    assert (report.exit_code, report.pending) == (0, 0)
    assert not any(found().values())


def test_makes_a_pending_change_of_what_is_undone_after_the_export(
    repository: Repository, publisher: User
) -> None:
    stories = newsroom(repository)
    before = repository.files()
    desk.unlink(stories[1], by=publisher)
    export_stories(repository.site, repository.folder)
    desk.undo_last(by=publisher)
    assert promised() == found()
    assert any(found().values())
    export_stories(repository.site, repository.folder)
    after = repository.files()
    assert sorted(before) == sorted(after)
    assert before == after


def test_lets_a_promoted_story_wait_for_its_file_through_an_import(
    repository: Repository, publisher: User
) -> None:
    story = newsroom(repository)[3]
    desk.promote(story, by=publisher)
    report = import_repository(open_repository(repository.folder))
    story = Story.objects.get(pk=story.pk)
    assert report.counts.missing == 0
    assert (story.missing_since, story.pending) == (None, True)
    assert export_stories(repository.site, repository.folder).counts.created == 1
    assert import_repository(open_repository(repository.folder)).counts.updated == 0


def test_needs_no_decision_where_a_killed_export_had_written_the_file(
    repository: Repository, publisher: User
) -> None:
    story = newsroom(repository)[4]
    desk.publish(story, by=publisher)
    repository.path(story).write_bytes(render_one(Story.objects.get(pk=story.pk)).data)
    report = import_repository(open_repository(repository.folder))
    story = Story.objects.get(pk=story.pk)
    assert report.counts.conflict == 0
    assert (story.published, story.pending, story.conflict) == (True, False, False)
