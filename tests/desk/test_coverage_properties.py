"""Laws of coverage, whatever people, undo and the robot do in whatever order."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from django.contrib.auth.models import Group, User
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles import desk
from articles.exporter.rendering import NotWritable, Renderer, renderings
from articles.models import Coverage, KeptApart, Story
from tests.importer.newsroom import Checkout, dump, url
from tests.laws import tried

NAMES = "abcdefg"
QUALITY = dict(zip(NAMES, (90, 80, 75, 60, 60, 55, 40), strict=True))
FIRST = {"a": "bc", "b": "ac", "c": "ab", "d": "e", "e": "d", "f": "", "g": ""}
"""Whom each file lists at first."""

Links = dict[str, str]
Verb = Callable[[Story, Story, User], object]
Step = tuple[str, str, str]


def _merge(a: Story, b: Story, by: User) -> object:
    return desk.merge([group for group in (a.coverage, b.coverage) if group], by=by)


def _take_over(a: Story, b: Story, by: User) -> object:
    return desk.adopt(a.coverage, by=by) if a.coverage else None


def _split(a: Story, b: Story, by: User) -> object:
    if a.coverage is None:
        return None
    ids = sorted(a.coverage.members.values_list("pk", flat=True))
    parts = [ids[: len(ids) // 2], [ids[-1]]]
    return desk.split(a.coverage, parts[: 1 + b.pk % 2], by=by, keep_apart=b.pk % 3 == 0)


VERBS: Mapping[str, Verb] = {
    "join": lambda a, b, by: desk.link(a, [b], by=by),
    "leave": lambda a, b, by: desk.unlink(a, by=by),
    "part": lambda a, b, by: desk.unlink(a, by=by, keep_apart=True),
    "merge": _merge,
    "split": _split,
    "lead": lambda a, b, by: desk.choose_lead(a, by=by),
    "take over": _take_over,
    "keep apart": lambda a, b, by: desk.keep_apart(a, b, by=by),
    "allow": lambda a, b, by: desk.allow_together(a, b, by=by),
    "undo": lambda a, b, by: desk.undo_last(by=by),
    "redo": lambda a, b, by: desk.redo_last(by=by),
}
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*VERBS, "join", "import"]), st.sampled_from(NAMES), st.sampled_from(NAMES)
    ),
    max_size=6,
)


ROBOT = st.lists(
    st.tuples(st.just("import"), st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=2
)


class Newsroom:
    """A repository and a publisher; `checkout` is imported as it was at first."""

    def __init__(self, checkout: Checkout, by: User) -> None:
        self.checkout = checkout
        self.by = by
        self.links = dict(FIRST)
        self.write_all()

    def write_all(self) -> None:
        for name, related in self.links.items():
            self.checkout.write(name, related, quality=QUALITY[name], heat=QUALITY[name])

    def import_all(self) -> None:
        self.write_all()
        self.checkout.run()

    def robot_links(self, one: str, other: str) -> None:
        """The robot lists two stories in each other's files, or lists them no more."""
        if one != other:
            for mine, its in ((one, other), (other, one)):
                self.links[mine] = "".join(sorted(set(self.links[mine]) ^ {its}))
        self.import_all()

    def take(self, step: Step) -> None:
        verb, one, other = step
        if verb == "import":
            self.robot_links(one, other)
            return
        a, b = (Story.objects.get(web_url=url(name)) for name in (one, other))
        try:
            VERBS[verb](a, b, self.by)
        except desk.DeskError:
            return


def check() -> None:
    """What holds at every moment."""
    stories = list(Story.objects.select_related("site"))
    for pair in KeptApart.objects.select_related("first", "second"):
        assert {pair.first.coverage_id, pair.second.coverage_id} == {None} or (
            pair.first.coverage_id != pair.second.coverage_id
        )
    for group in Coverage.objects.all():
        members = [story for story in stories if story.coverage_id == group.pk]
        assert [story.pk for story in members if story.is_lead] == [group.lead_id]
        assert group.member_count == len(members) >= 2
        if group.edited:
            check_edited(members)


def check_edited(members: list[Story]) -> None:
    """The files of a group of the desk list each other, and heat follows the rule."""
    for story, rendering in renderings(members, Renderer()):
        assert not isinstance(rendering, NotWritable)
        listed = {entry.web_url for entry in rendering.record.related}
        assert listed == {other.web_url for other in members if other.pk != story.pk}
        rule = story.site.rule.heat(story.quality, len(members) - 1)
        assert rendering.record.heat == (rule if story.is_lead else -1)


class CoverageLaws(TestCase):
    """Each example is a transaction of its own, and begins with the same newsroom."""

    checkout: Checkout
    by: User

    @classmethod
    def setUpTestData(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.by = User.objects.create_user("publisher")
        cls.by.groups.set(Group.objects.filter(name="publisher"))
        cls.checkout = Checkout(Path(folder.name) / "harbour")
        Newsroom(cls.checkout, cls.by).import_all()

    @tried()
    @given(STEPS)
    def test_keeps_every_group_whole_whatever_happens(self, steps: list[Step]) -> None:
        newsroom = Newsroom(self.checkout, self.by)
        for step in steps:
            newsroom.take(step)
            check()

    @tried()
    @given(STEPS, ROBOT)
    def test_undone_to_the_end_leaves_what_the_imports_alone_leave(
        self, steps: list[Step], robot: list[Step]
    ) -> None:
        newsroom = Newsroom(self.checkout, self.by)
        alone = self.imports_alone(newsroom, robot)
        for step in steps:
            if step[0] != "import":
                newsroom.take(step)
        assert self.undo_all(newsroom)
        for step in robot:
            newsroom.take(step)
        assert dump() == alone
        assert not KeptApart.objects.exists()

    @tried(100)
    @given(STEPS)
    def test_undone_after_imports_leaves_what_the_imports_alone_leave(
        self, steps: list[Step]
    ) -> None:
        """Whatever came in meanwhile; the next import, of the same files, ties what was held."""
        newsroom = Newsroom(self.checkout, self.by)
        alone = self.imports_alone(newsroom, [step for step in steps if step[0] == "import"])
        for step in steps:
            newsroom.take(step)
        if self.undo_all(newsroom):
            newsroom.import_all()
            assert dump() == alone

    def undo_all(self, newsroom: Newsroom) -> bool:
        """Whether nothing of the desk is left; what the robot changed since may be in the way."""
        while True:
            try:
                desk.undo_last(by=newsroom.by)
            except desk.NotUndoable as refusal:
                return "nothing to take back" in str(refusal)

    def imports_alone(self, newsroom: Newsroom, robot: list[Step]) -> object:
        with transaction.atomic():
            for step in robot:
                newsroom.take(step)
            found = dump()
            transaction.set_rollback(True)
        newsroom.links = dict(FIRST)
        newsroom.write_all()
        return found
