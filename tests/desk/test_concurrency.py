"""Two people, one story; many people, one story: nothing is lost, nothing is counted twice."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.db import connection

from articles import desk
from articles.models import Change, Coverage, Story, Verb
from tests.desk.dumps import fresh
from tests.factories import make_story

postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="threads need a database that many can write"
)
WORKERS, TOGGLES = 20, 50


def in_thread(work: Callable[[], int]) -> int:
    """Run with a connection of one's own."""
    try:
        return work()
    finally:
        connection.close()


@pytest.mark.django_db
def test_shows_the_second_of_two_people_the_work_of_the_first(
    publisher: User, editor: User
) -> None:
    story = make_story()
    one, two = fresh(story), fresh(story)
    desk.publish(one, by=publisher, version=one.version)
    with pytest.raises(desk.Stale) as caught:
        desk.decline(two, by=editor, version=two.version)
    assert caught.value.story.published
    now = fresh(story)
    assert (now.published, now.decision, now.version) == (True, "published", 2)
    assert Change.objects.count() == 1


@pytest.mark.django_db
def test_repeats_a_request_without_doing_it_twice(publisher: User) -> None:
    story = make_story()
    for _ in range(3):
        desk.publish(fresh(story), by=publisher, version=1)
    assert Change.objects.count() == 1


@postgresql
@pytest.mark.django_db(transaction=True)
def test_counts_as_many_changes_as_verbs_that_succeeded(publisher: User) -> None:
    story = make_story()
    start = Barrier(WORKERS)

    def toggle(worker: int) -> int:
        dice, done = random.Random(worker), 0
        start.wait()
        for _ in range(TOGGLES):
            seen = fresh(story)
            verb = dice.choice([desk.publish, desk.unpublish])
            try:
                done += verb(seen, by=publisher, version=seen.version) is not None
            except desk.Stale:
                continue
        return done

    with ThreadPoolExecutor(WORKERS) as pool:
        done = sum(pool.map(lambda n: in_thread(lambda: toggle(n)), range(WORKERS)))
    assert done > 0
    assert Change.objects.count() == done
    assert fresh(story).version == done + 1
    last = Change.objects.order_by("-pk")[0]
    assert fresh(story).published is (last.verb == Verb.PUBLISH)


@postgresql
@pytest.mark.django_db(transaction=True)
def test_lets_a_bulk_and_single_decisions_run_beside_each_other(publisher: User) -> None:
    stories = [make_story() for _ in range(30)]
    start = Barrier(4)

    def work(worker: int) -> int:
        start.wait()
        if worker == 0:
            return desk.publish_many(stories, by=publisher).done
        found = [desk.publish(fresh(story), by=publisher) for story in stories[::-1]]
        return sum(change is not None for change in found)

    with ThreadPoolExecutor(4) as pool:
        done = sum(pool.map(lambda n: in_thread(lambda: work(n)), range(4)))
    assert done == len(stories) == Change.objects.count()


@postgresql
@pytest.mark.django_db(transaction=True)
def test_keeps_groups_whole_while_many_link_and_unlink(publisher: User) -> None:
    stories = [make_story(quality=50 + n) for n in range(8)]
    start = Barrier(6)

    def work(worker: int) -> int:
        dice, refused = random.Random(worker), 0
        start.wait()
        for _ in range(12):
            a, b = (fresh(story) for story in dice.sample(stories, 2))
            try:
                if dice.random() < 0.6:
                    desk.link(a, [b], by=publisher)
                else:
                    desk.unlink(a, by=publisher)
            except desk.Stale:
                refused += 1
        return refused

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: in_thread(lambda: work(n)), range(6)))
    for group in Coverage.objects.all():
        members = list(Story.objects.filter(coverage=group))
        assert group.member_count == len(members) >= 2
        assert [story.pk for story in members if story.is_lead] == [group.lead_id]
        assert {story.related_count for story in members} == {len(members) - 1}


@postgresql
@pytest.mark.django_db(transaction=True)
def test_takes_a_change_back_once(publisher: User) -> None:
    change = desk.publish(make_story(), by=publisher)
    assert change is not None
    start = Barrier(5)

    def work(_worker: int) -> int:
        start.wait()
        try:
            return len(desk.undo(change, by=publisher))
        except (desk.NotUndoable, desk.Stale):
            return 0

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(lambda n: in_thread(lambda: work(n)), range(5))) == 1


@postgresql
@pytest.mark.django_db(transaction=True)
def test_takes_one_decision_back_for_a_press_that_comes_to_several_servers(
    publisher: User,
) -> None:
    for story in [make_story() for _ in range(6)]:
        desk.publish(story, by=publisher)
    start, press = Barrier(5), uuid.uuid4()

    def work(_worker: int) -> int:
        start.wait()
        return desk.undo_last(by=publisher, press=press)[0].pk

    with ThreadPoolExecutor(5) as pool:
        answers = set(pool.map(lambda n: in_thread(lambda: work(n)), range(5)))
    assert len(answers) == 1
    assert Change.objects.filter(verb=Verb.UNDO).count() == 1
