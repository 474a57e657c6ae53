"""What a decision costs in a filled desk, with its commit, on one story and on a hundred."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from articles import desk
from articles.models import Story, StoryTopic
from articles.rules import Queue
from tests.benchmarks.paging import publisher
from tests.benchmarks.timing import Seconds, fastest

MANY = 100

Verb = Callable[[Sequence[int]], object]


def measure(times: int) -> dict[str, Seconds]:
    """Publish `times` stories one by one and as many hundreds, each way with stories of its own."""
    by = publisher()
    ids = iter(_waiting(times * 3 * (1 + MANY)))
    ones: dict[str, Verb] = {
        "decide": lambda ids: desk.publish(Story.objects.get(pk=ids[0]), by=by),
        "decide update": _update,
        "plain decide": lambda ids: _save(ids, by),
    }
    many: dict[str, Verb] = {
        "decide many": lambda ids: _publish_many(ids, by),
        "decide many update": _update,
        "plain decide many": lambda ids: _save(ids, by),
    }

    def each(verb: Verb, count: int) -> Callable[[], object]:
        return lambda: verb(list(islice(ids, count)))

    return {
        **fastest({name: each(verb, 1) for name, verb in ones.items()}, times),
        **fastest({name: each(verb, MANY) for name, verb in many.items()}, times),
    }


def _waiting(count: int) -> list[int]:
    """Stories that can be published, the newest first. Raises LookupError where too few."""
    found = Story.objects.filter(queue__in=[Queue.INBOX, Queue.BELOW], is_lead__in=[True])
    found = found.exclude(publish_gate=Story.Gate.BLOCKED)
    ids = list(found.newest_first().values_list("pk", flat=True)[:count])
    if len(ids) < count:
        raise LookupError(
            f"Only {len(ids)} of {count} stories wait: choose larger --sizes or fewer --times."
        )
    return ids


def _publish_many(ids: Sequence[int], by: User) -> None:
    result = desk.publish_many(Story.objects.filter(pk__in=ids), by=by)
    if result.refused:
        raise LookupError(f"{len(result.refused)} were refused: {result.refused[0]}")


def _update(ids: Sequence[int]) -> None:
    """The rows themselves: nothing asked, checked or recorded."""
    with transaction.atomic():
        values = {"published": True, "queue": Queue.PUBLISHED}
        Story.objects.filter(pk__in=ids).update(**values)
        StoryTopic.objects.filter(story__in=ids).update(**values)


def _save(ids: Sequence[int], by: User) -> None:
    """Instances, saved one after the other, with a line in the admin's log."""
    kind = ContentType.objects.get_for_model(Story)
    with transaction.atomic():
        for story in Story.objects.filter(pk__in=ids):
            story.published, story.queue = True, Queue.PUBLISHED
            story.save()
            for row in story.story_topics.all():
                row.published, row.queue = True, Queue.PUBLISHED
                row.save()
            LogEntry.objects.create(
                user=by, content_type=kind, object_id=str(story.pk), object_repr=story.title[:200],
                action_flag=CHANGE, change_message="published",
            )  # fmt: skip
