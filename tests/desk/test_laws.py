"""Laws of the desk, over random days of work."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import count

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from articles import desk
from articles.exporter.rendering import NotWritable, Renderer, renderings
from articles.models import Change, Coverage, KeptApart, Story, StoryTopic
from articles.rules import Queue, Standing, queue_of, related_count
from tests.desk.dumps import dump
from tests.factories import make_coverage, make_story, make_story_without_file, make_topic

pytestmark = pytest.mark.django_db

SEEDS = range(6)
STEPS = 14

Act = Callable[[Story, Story, User, random.Random], object]
_numbers = count(1)


def _edit(a: Story, b: Story, by: User, dice: random.Random) -> object:
    changes = {
        "title": f"Headline {next(_numbers)}",
        "topics": dice.sample(["Ferries", "Ports", "Weather"], 2),
        "images": [{"url": "https://img.example/new.jpg", "width": 3, "height": 2}],
        "web_url": f"https://www.herald.example/edited/{next(_numbers)}",
        "kind": dice.choice(["article", "video"]),
    }
    return desk.edit(a, dict(dice.sample(sorted(changes.items()), 2)), by=by)


def _split(a: Story, b: Story, by: User, dice: random.Random) -> object:
    group = a.coverage or b.coverage
    if group is None:
        return None
    members = list(group.members.order_by("pk").values_list("pk", flat=True))
    dice.shuffle(members)
    at = dice.randint(0, len(members))
    parts = [members[:at], members[at : at + 2]]
    return desk.split(group, parts, by=by, keep_apart=dice.random() < 0.5)


ACTS: list[Act] = [
    lambda a, b, by, dice: desk.publish(a, by=by, both=dice.random() < 0.5),
    lambda a, b, by, dice: desk.unpublish(a, by=by),
    lambda a, b, by, dice: desk.decline(a, by=by),
    lambda a, b, by, dice: desk.remove(a, by=by),
    lambda a, b, by, dice: desk.restore(a, by=by),
    lambda a, b, by, dice: desk.propose(a, by=by),
    lambda a, b, by, dice: desk.link(a, [b], by=by),
    lambda a, b, by, dice: desk.link(a, [b], by=by),
    lambda a, b, by, dice: desk.unlink(a, by=by),
    lambda a, b, by, dice: desk.choose_lead(a, by=by),
    lambda a, b, by, dice: desk.promote(a, by=by),
    lambda a, b, by, dice: desk.publish_many([a, b], by=by),
    lambda a, b, by, dice: desk.decline_many([a, b], by=by),
    _edit,
    _split,
    lambda a, b, by, dice: desk.merge([g for g in (a.coverage, b.coverage) if g], by=by),
    lambda a, b, by, dice: desk.keep_apart(a, b, by=by),
    lambda a, b, by, dice: desk.keep_apart(a, b, by=by),
    lambda a, b, by, dice: desk.allow_together(a, b, by=by),
    lambda a, b, by, dice: desk.unlink(a, by=by, keep_apart=True),
]


def newsroom() -> None:
    for topic in ("Ferries", "Ports", "Weather"):
        make_topic(name=topic)
    singles = [make_story(quality=q, topics=["Ferries"]) for q in (40, 60, 75)]
    make_story(web_url=singles[0].web_url, quality=65)
    make_story_without_file(quality=80)
    make_coverage(make_story(quality=90), make_story(quality=55), make_story_without_file())
    make_coverage(make_story(quality=60), make_story(quality=60, images=["https://i.example/a"]))


def day_of_work(dice: random.Random, by: User) -> list[dict[str, list[tuple[object, ...]]]]:
    """Random decisions; the dump before each one that changed something."""
    dumps = []
    for _ in range(STEPS):
        before, changes = dump(), Change.objects.count()
        a, b = (Story.objects.get(pk=pk) for pk in dice.sample(story_ids(), 2))
        try:
            dice.choice(ACTS)(a, b, by, dice)
        except desk.DeskError:
            assert dump() == before
        if Change.objects.count() > changes:
            dumps.append(before)
        else:
            assert dump() == before
        check()
    return dumps


def story_ids() -> list[int]:
    return list(Story.objects.order_by("pk").values_list("pk", flat=True))


def check() -> None:
    """What holds at every moment."""
    stories = list(Story.objects.all())
    for story, rendering in renderings([s for s in stories if s.has_file], Renderer()):
        assert not isinstance(rendering, NotWritable), (story, rendering)
        assert story.pending is rendering.is_changed, (story, story.edited_fields)
    for story in stories:
        assert story.queue == queue_of(
            Standing(
                is_lead=story.is_lead,
                published=story.published,
                removed=story.removed,
                gone=False,
                decision=story.decision,
                recent=story.recent,
                snoozed=story.snoozed_until is not None,
                woken=story.woke_at is not None,
            )
        )
        assert story.has_file or not (story.pending or story.published)
        assert story.coverage_id or (story.is_lead and not story.related_count)
        assert not (story.removed and story.published)
    for group in Coverage.objects.all():
        members = [story for story in stories if story.coverage_id == group.pk]
        assert [story.pk for story in members if story.is_lead] == [group.lead_id]
        assert group.member_count == len(members) >= 2
        addresses = [story.url_key for story in members]
        for story in members:
            if group.edited:
                assert story.related_count == related_count(story.url_key, addresses)
    for pair in KeptApart.objects.select_related("first", "second"):
        groups = {pair.first.coverage_id, pair.second.coverage_id}
        assert len(groups) == 2 or groups == {None}
    for row in StoryTopic.objects.select_related("story"):
        assert (row.queue, row.published) == (row.story.queue, row.story.published)
    assert {story.queue for story in stories} <= set(Queue)


@pytest.mark.parametrize("seed", SEEDS)
def test_takes_a_whole_day_of_work_back(seed: int, publisher: User) -> None:
    newsroom()
    check()
    dumps = day_of_work(random.Random(seed), publisher)
    last = dump()
    for before in reversed(dumps):
        desk.undo_last(by=publisher)
        assert dump() == before
        check()
    for _ in dumps:
        desk.redo_last(by=publisher)
    assert dump() == last
    for _ in dumps:
        desk.undo_last(by=publisher)
    with pytest.raises(desk.NotUndoable):
        desk.undo_last(by=publisher)
    assert not any(Story.objects.values_list("pending", flat=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_keeps_what_editors_may_not_touch(seed: int, editor: User) -> None:
    newsroom()
    live = set(Story.objects.live().values_list("pk", flat=True))
    dice = random.Random(seed)
    acts = [act for act in ACTS if act not in ACTS[:5]]
    for _ in range(STEPS):
        a, b = (Story.objects.get(pk=pk) for pk in dice.sample(story_ids(), 2))
        try:
            dice.choice(acts)(a, b, editor, dice)
        except (desk.DeskError, PermissionDenied):
            continue
    assert set(Story.objects.live().values_list("pk", flat=True)) == live
    check()
