"""Import, work at the desk, export, import again."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from articles import desk
from articles.exporter import export_stories
from articles.models import Site, Story
from tests.importer.newsroom import Checkout, dump, found, groups, known_by

pytestmark = pytest.mark.django_db


def export(checkout: Checkout) -> None:
    export_stories(Site.objects.get(), checkout.root)


def test_finds_nothing_changed_after_an_export(checkout: Checkout, chief: User) -> None:
    for name in "abcd":
        checkout.write(name, quality=ord(name) - 30)
    checkout.write("e", topics=["Storms"])
    checkout.run()
    desk.publish(found("a"), by=chief)
    desk.edit(found("b"), {"title": "A better headline", "topics": ["Storms", "Ferries"]}, by=chief)
    desk.link(found("c"), [found("d")], by=chief)
    export(checkout)
    before = dump()
    report = checkout.run()

    assert (report.counts.unchanged, report.counts.updated, report.counts.conflict) == (5, 0, 0)
    assert dump() == before
    assert not Story.objects.filter(pending=True).exists()


def test_reads_the_same_from_an_export_as_the_desk_has(checkout: Checkout, chief: User) -> None:
    for name in "abcd":
        checkout.write(name, quality=ord(name) - 30)
    checkout.run()
    desk.link(found("a"), [found("b"), found("c")], by=chief)
    desk.unlink(found("c"), by=chief)
    export(checkout)
    groups_of_the_desk = groups()
    heats = dict(Story.objects.values_list("path", "heat"))
    checkout.run(slug="again")
    again = Story.objects.filter(site__slug="again")

    assert groups() == sorted([*groups_of_the_desk, *groups_of_the_desk])
    assert dict(again.values_list("path", "heat")) == heats


def test_gives_a_promoted_story_its_exported_file(checkout: Checkout, chief: User) -> None:
    checkout.write("a", ["lost"])
    checkout.run()
    story = known_by("lost")
    desk.promote(story, by=chief)
    checkout.run()
    export(checkout)
    report = checkout.run()

    assert report.counts.unchanged == 2
    assert report.counts.missing == 0
    assert Story.objects.get(pk=story.pk).path
    assert (checkout.root / (Story.objects.get(pk=story.pk).path or "")).exists()


def test_settles_what_the_robot_does_meanwhile(checkout: Checkout, chief: User) -> None:
    checkout.write("a", heat=80, quality=80, published=True)
    checkout.write("b")
    checkout.run()
    desk.unpublish(found("a"), by=chief)
    export(checkout)
    checkout.write("a", heat=90, quality=80, published=True)
    report = checkout.run()

    assert report.counts.conflict == 1
    assert not found("a").published
    assert found("a").conflict


def test_keeps_the_group_of_the_desk_when_a_new_story_lists_it(
    checkout: Checkout, chief: User
) -> None:
    for name in "ab":
        checkout.write(name)
    checkout.run()
    desk.link(found("a"), [found("b")], by=chief)
    export(checkout)
    checkout.write("c", ["a", "b"])
    report = checkout.run()

    assert (report.counts.created, report.counts.conflict) == (1, 0)
    assert len(groups()) == 1
    assert found("c").coverage is None
