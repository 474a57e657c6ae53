"""Questions whose statement is written once: they answer what the queryset answers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import prepared
from articles.models import Change, Story, Topic, Verb
from articles.prepared import MOMENT, NUMBER, Prepared
from articles.rules import Queue
from tests.factories import make_group, make_site, make_story

pytestmark = pytest.mark.django_db


def test_gives_objects_with_those_that_came_with_them() -> None:
    lead = make_group(2)
    member = Story.objects.exclude(pk=lead.pk)[0]
    question = Prepared(
        lambda: Story.objects.filter(pk=NUMBER).select_related("site", "coverage").order_by()
    )
    for story in (lead, member):
        around = story.site, story.coverage
        with CaptureQueriesContext(connection) as queries:
            (found,) = question.ask(number=story.pk)
            assert (found.site, found.coverage) == around
        assert len(queries) == 1
        assert found == story
        plain = Story.objects.get(pk=story.pk)
        names = [field.attname for field in Story._meta.concrete_fields]
        assert {name: getattr(found, name) for name in names} == {
            name: getattr(plain, name) for name in names
        }
        assert not found._state.adding
    alone = make_story()
    assert question.ask(number=alone.pk)[0].coverage is None
    assert question.ask(number=0) == []


def test_gives_what_was_annotated() -> None:
    story = make_story()
    first = Change.objects.create(site=story.site, story=story, verb=Verb.EDIT, actor_name="Kim")
    Change.objects.create(
        site=story.site, story=story, verb=Verb.UNDO, actor_name="Kim", undoes=first
    )
    question = Prepared(lambda: Change.objects.of_story(NUMBER).knowing_undone()[:4])
    found = question.ask(number=story.pk)
    assert [(change.verb, change.is_undone) for change in found] == [
        (Verb.UNDO, False),
        (Verb.EDIT, True),
    ]


def test_gives_the_rows_of_a_list_as_django_does() -> None:
    make_group(3)
    make_story(published_at=None, snoozed_until=timezone.now() + timedelta(days=1))
    wanted = list(Story.objects.values_list("pk", flat=True))
    question = Prepared(lambda: Story.objects.filter(pk__in=prepared.ids()).for_list())
    by_id = lambda row: row["id"]  # noqa: E731
    assert sorted(question.ask(ids=prepared.listed(wanted)), key=by_id) == sorted(
        Story.objects.for_list(), key=by_id
    )
    below = ("SELECT id FROM articles_story WHERE queue = %s AND id <> %s", (Queue.BELOW.value, 0))
    assert question.ask(ids=below) == list(Story.objects.in_queue(Queue.BELOW).for_list())
    assert question.ask(ids=prepared.listed([])) == []


def test_asks_for_the_moment_of_asking() -> None:
    now = timezone.now()
    story = make_story(snoozed_until=now)
    question = Prepared(lambda: Story.objects.due(MOMENT).values_list("pk"))
    before, after = now - timedelta(microseconds=1), now + timedelta(microseconds=1)
    assert question.ask(moment=before) == []
    assert question.ask(moment=now) == question.ask(moment=after) == [(story.pk,)]


def test_writes_the_statement_once() -> None:
    written: list[Any] = []

    def question() -> Any:
        written.append(1)
        return Topic.objects.filter(site=NUMBER)

    topics = Prepared(question)
    sites = make_site(), make_site("west")
    for site in sites:
        assert topics.ask(number=site.pk) == list(Topic.objects.filter(site=site))
    assert len(written) == 1


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns as often as the interpreter lets them."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_is_written_whole_while_many_threads_ask_first(
    restless: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def question() -> Any:
        others = "site", "coverage", "decided_by"
        return Story.objects.filter(pk=NUMBER).select_related(*others).order_by()

    class Ended(Exception):
        """Instead of a database, which threads of a test do not share."""

    def end(cursor: Any, sql: str, parameters: Any) -> None:
        asked.append(sql)
        raise Ended

    def ask() -> None:
        start.wait()
        with suppress(Ended), closing(connection):
            first.ask(number=1)

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", end)
    whole, _ = question().query.sql_with_params()
    asked: list[str] = []
    for _ in range(30):
        first, start = Prepared(question), Barrier(8)
        threads = [Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(asked) == 30 * 8
    assert set(asked) == {whole}


def test_refuses_a_question_about_ids_with_other_parameters() -> None:
    question = Prepared(lambda: Story.objects.filter(pk__in=prepared.ids(), quality=7))
    with pytest.raises(ValueError, match="no other parameters"):
        question.ask(ids=prepared.listed([1]))
