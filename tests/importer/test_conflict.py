"""A story that a person edited, and a file that changed the same value."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from articles import desk
from articles.exporter import export_stories
from articles.models import Change, Conflict, Coverage, Site, Story
from tests.importer.newsroom import Checkout, contents, found, groups, url

pytestmark = pytest.mark.django_db


def edit(name: str, *, pending: bool = True, **fields: Any) -> Story:
    """What a verb of the desk leaves behind."""
    edited = sorted({*found(name).edited_fields, *fields})
    Story.objects.filter(pk=found(name).pk).update(
        **fields, edited_fields=edited, pending=pending, version=7
    )
    return found(name)


def test_keeps_the_desks_version_and_says_so(checkout: Checkout) -> None:
    checkout.write("a", title="Base")
    checkout.run()
    edit("a", title="Desk")
    path = checkout.write("a", title="File", heat=99)
    report = checkout.run()
    story, conflict = found("a"), Conflict.objects.get()

    assert (report.counts.conflict, report.counts.updated, report.exit_code) == (1, 0, 0)
    assert [(p.path, p.code) for p in report.problems] == [("_news/2026-03-02-a.md", "conflict")]
    assert "title" in report.problems[0].message
    assert (story.title, story.heat) == ("Desk", 99)
    assert story.conflict
    assert story.pending
    assert contents(story) == path.read_bytes()
    assert Change.objects.get().after == {"heat": 99}
    assert (conflict.story, conflict.field, conflict.is_open) == (story, "title", True)
    assert (conflict.base, conflict.file, conflict.desk) == ("Base", "File", "Desk")
    assert conflict.run is not None


def test_stays_in_conflict_without_writing_again(checkout: Checkout) -> None:
    checkout.write("a")
    checkout.run()
    edit("a", title="Desk")
    checkout.write("a", title="File")
    checkout.run()
    version = found("a").version
    report = checkout.run()

    assert report.counts.unchanged == 1
    assert found("a").version == version
    assert found("a").conflict


def test_is_none_where_the_file_changed_another_value(checkout: Checkout) -> None:
    checkout.write("a")
    checkout.run()
    edit("a", title="Desk")
    checkout.write("a", heat=99)
    report = checkout.run()
    story = found("a")

    assert (report.counts.conflict, report.counts.merged) == (0, 1)
    assert (story.title, story.heat) == ("Desk", 99)
    assert (story.pending, story.conflict) == (True, False)


def test_follows_the_file_while_it_waits(checkout: Checkout) -> None:
    checkout.write("a", title="Base")
    checkout.run()
    edit("a", title="Desk")
    checkout.write("a", title="File")
    checkout.run()
    checkout.write("a", title="Another", heat=99)
    checkout.run()
    conflict = Conflict.objects.get()

    assert (conflict.base, conflict.file, conflict.desk) == ("Base", "Another", "Desk")
    assert found("a").heat == 99


def test_is_settled_when_the_file_says_what_the_desk_says(checkout: Checkout) -> None:
    checkout.write("a")
    checkout.run()
    edit("a", title="Desk")
    checkout.write("a", title="File")
    checkout.run()
    checkout.write("a", title="Desk", heat=99)
    report = checkout.run()
    story = found("a")

    assert (report.counts.conflict, report.counts.updated) == (0, 1)
    assert (story.conflict, story.pending, story.heat) == (False, False, 99)
    assert Conflict.objects.get().how == Conflict.How.AGREED


def test_is_settled_when_the_file_is_again_what_was_read(checkout: Checkout) -> None:
    path = checkout.write("a")
    base = path.read_bytes()
    checkout.run()
    edit("a", title="Desk")
    checkout.write("a", title="File")
    checkout.run()
    path.write_bytes(base)
    report = checkout.run()
    story = found("a")

    assert (report.counts.merged, report.counts.conflict) == (1, 0)
    assert (story.conflict, story.pending, story.title) == (False, True, "Desk")
    assert Conflict.objects.get().how == Conflict.How.RETURNED


def test_does_not_come_back_when_the_robot_wavers(checkout: Checkout) -> None:
    path = checkout.write("a", published=False, heat=60)
    base = path.read_bytes()
    checkout.run()
    edit("a", published=True)
    checkout.write("a", published=True, heat=99)
    checkout.run()
    path.write_bytes(base)
    report = checkout.run()

    assert report.counts.conflict == 0
    assert (found("a").published, found("a").pending) == (True, True)


def test_leaves_an_edited_story_alone_whose_file_did_not_change(checkout: Checkout) -> None:
    checkout.write("a", ["b"])
    checkout.write("b", ["a"])
    checkout.run()
    edit("a", title="Desk")
    checkout.write("b", ["a", "c"])
    report = checkout.run()

    assert (report.counts.conflict, report.counts.updated) == (0, 1)
    assert found("a").title == "Desk"
    assert found("a").related_count == 2


def test_follows_a_file_that_leaves_the_persons_values_alone(checkout: Checkout) -> None:
    checkout.write("a", title="Desk")
    checkout.run()
    edit("a", title="Desk", pending=False)
    checkout.write("a", title="Desk", heat=99)

    assert checkout.run().counts.updated == 1
    assert found("a").heat == 99


def test_defends_what_a_person_set_after_it_was_written_to_the_file(checkout: Checkout) -> None:
    checkout.write("a", title="Desk")
    checkout.run()
    edit("a", title="Desk", pending=False)
    checkout.write("a", title="Robot")

    assert checkout.run().counts.conflict == 1
    assert found("a").title == "Desk"


def test_never_undoes_a_persons_decision_on_published(checkout: Checkout) -> None:
    checkout.write("a", published=False)
    checkout.run()
    Story.objects.update(decision="declined", decided_at=timezone.now())
    checkout.write("a", published=True)

    assert checkout.run().counts.conflict == 1
    assert not found("a").published


@pytest.mark.parametrize(
    ("field", "value", "in_file"),
    [
        ("published_at", "2026-03-01T12:00:00Z", {"date": "2026-02-01T12:00:00Z"}),
        ("quality", 12, {"quality": 13}),
        ("excerpt", "Desk.", {"excerpt": "Robot."}),
    ],
)
def test_compares_every_kind_of_value(
    checkout: Checkout, field: str, value: Any, in_file: dict[str, Any]
) -> None:
    checkout.write("a")
    checkout.run()
    edit("a", **{field: value})
    checkout.write("a", **in_file)

    assert checkout.run().counts.conflict == 1


def test_merges_topics_and_images_item_by_item(checkout: Checkout, chief: User) -> None:
    one, two = "https://img.example/1.jpg", "https://img.example/2.jpg"
    checkout.write("a", topics=["Ferries", "Storms"], images=[one])
    checkout.run()
    desk.edit(found("a"), {"topics": ["Storms"], "images": []}, by=chief)
    checkout.write("a", topics=["Ferries", "Harbour"], images=[one, two])
    report = checkout.run()
    story = found("a")

    assert (report.counts.conflict, report.counts.merged) == (0, 1)
    assert [topic.name for topic in story.topics.all()] == ["Harbour"]
    assert [image.url for image in story.images.all()] == [two]
    assert story.pending


def test_defends_the_items_of_a_list_after_they_were_written(
    checkout: Checkout, chief: User
) -> None:
    checkout.write("a", topics=["Ferries", "Storms"])
    checkout.run()
    desk.edit(found("a"), {"topics": ["Storms"]}, by=chief)
    export_stories(Site.objects.get(), checkout.root)
    checkout.run()
    checkout.write("a", topics=["Ferries", "Storms", "Harbour"])
    checkout.run()

    assert {topic.name for topic in found("a").topics.all()} == {"Storms", "Harbour"}
    assert found("a").pending


def group_by_hand(*names: str) -> Coverage:
    """A group as a person made it: the files do not say so yet."""
    stories = [found(name) for name in names]
    group = Coverage.objects.create(
        site=stories[0].site, lead=stories[0], member_count=len(stories), edited=True
    )
    for story in stories:
        Coverage.objects.filter(pk=story.coverage_id or 0, edited=False).delete()
        Story.objects.filter(pk=story.pk).update(
            coverage=group, is_lead=story == stories[0], related_count=len(stories) - 1
        )
    return group


def test_does_not_regroup_what_a_person_grouped(checkout: Checkout) -> None:
    for name in "abcd":
        checkout.write(name)
    checkout.run()
    group_by_hand("a", "b")
    checkout.write("c", ["a", "d"])
    checkout.write("d", ["c", "b"])
    report = checkout.run()

    assert report.counts.conflict == 0
    assert groups() == [["a", "b"], ["c", "d"]]


def test_is_a_conflict_when_a_file_relinks_what_a_person_grouped(checkout: Checkout) -> None:
    for name in "abc":
        checkout.write(name)
    checkout.run()
    group_by_hand("a", "b")
    checkout.write("a", ["c"])
    report = checkout.run()

    assert report.counts.conflict == 1
    assert "related" in report.problems[0].message
    assert groups() == [["a", "b"]]
    assert found("c").coverage is None


def test_makes_one_conflict_of_a_group_whose_lead_the_robot_moves(
    checkout: Checkout, chief: User
) -> None:
    checkout.write("a", ["b"], quality=80, heat=100, published=True)
    checkout.write("b", ["a"], quality=60, heat=-1)
    checkout.write("c", quality=50)
    checkout.run()
    desk.link(found("a"), [found("c")], by=chief)
    checkout.write("a", ["b"], quality=80, heat=-1)
    checkout.write("b", ["a"], quality=90, heat=110, published=True)
    report = checkout.run()
    conflict = Conflict.objects.get()

    assert report.counts.conflict == 2
    assert (conflict.field, conflict.coverage) == ("coverage", found("a").coverage)
    assert [found(name).published for name in "abc"] == [True, False, False]
    assert [found(name).conflict for name in "abc"] == [True, True, True]
    assert groups() == [["a", "b", "c"]]
    assert found("b").quality == 90


def test_dissolves_when_the_robot_gives_the_group_back_its_lead(
    checkout: Checkout, chief: User
) -> None:
    path = checkout.write("a", quality=80, heat=80, published=True)
    data = path.read_bytes()
    checkout.write("c", quality=50)
    checkout.run()
    desk.link(found("a"), [found("c")], by=chief)
    checkout.write("a", quality=80, heat=-1)
    checkout.run()
    assert found("c").conflict
    path.write_bytes(data)
    checkout.run()

    assert not Conflict.objects.open().exists()
    assert not Story.objects.in_conflict().exists()


def test_follows_other_changes_of_a_grouped_story(checkout: Checkout) -> None:
    for name in "ab":
        checkout.write(name)
    checkout.run()
    group_by_hand("a", "b")
    checkout.write("a", title="New")
    report = checkout.run()

    assert (report.counts.conflict, report.counts.updated) == (0, 1)
    assert found("a").title == "New"
    assert (found("a").is_lead, found("b").is_lead) == (True, False)
    assert groups() == [["a", "b"]]


def test_agrees_when_the_files_say_what_the_person_grouped(checkout: Checkout) -> None:
    for name in "ab":
        checkout.write(name)
    checkout.run()
    group_by_hand("a", "b")
    Story.objects.update(edited_fields=["related"], pending=True)
    checkout.write("a", ["b"])
    checkout.write("b", ["a"])
    report = checkout.run()

    assert (report.counts.conflict, report.counts.updated) == (0, 2)
    assert not found("a").pending
    assert groups() == [["a", "b"]]


def test_keeps_a_story_parted_that_a_person_parted(checkout: Checkout) -> None:
    checkout.write("a", ["b"])
    checkout.write("b", ["a"])
    checkout.run()
    Story.objects.update(coverage=None, is_lead=True, related_count=0, edited_fields=["related"])
    Coverage.objects.all().delete()
    checkout.write("c", ["a"])
    checkout.run()

    assert groups() == []


def test_follows_a_renaming_even_in_conflict(checkout: Checkout) -> None:
    checkout.write("old")
    checkout.run()
    edit("old", title="Desk")
    checkout.remove("old")
    checkout.write("new", title="File", url=url("old"))
    report = checkout.run()

    assert report.counts.conflict == 1
    assert found("new").title == "Desk"
    assert found("new").conflict


def test_does_not_overwrite_a_story_without_file_that_a_person_edited(checkout: Checkout) -> None:
    checkout.write("a", ["lost"])
    checkout.run()
    Story.objects.filter(path=None).update(title="Desk", edited_fields=["title"], pending=True)
    checkout.write("a", ['  - title: "Robot"\n    webUrl: "https://www.herald.example/lost"\n'])
    checkout.run()

    assert Story.objects.get(path=None).title == "Desk"
