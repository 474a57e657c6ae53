"""Stories of one event, tied by the links of their files."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from articles import desk
from articles.importer.network import Group, Node, tied
from articles.models import Conflict, Coverage, Story
from articles.repository.parsing import Reference
from articles.rules import Queue
from tests.importer.newsroom import Checkout, codes, dump, entry, found, groups, known_by

pytestmark = pytest.mark.django_db


def test_ties_stories_that_list_each_other(checkout: Checkout) -> None:
    checkout.write("a", ["b", "c"], quality=90, heat=130, published=True)
    checkout.write("b", ["a", "c"], heat=-1)
    checkout.write("c", ["a", "b"], heat=-1)
    checkout.write("alone")
    checkout.run()
    group = Coverage.objects.get()

    assert groups() == [["a", "b", "c"]]
    assert (group.member_count, group.lead) == (3, found("a"))
    assert group.first_at == group.last_at == found("a").published_at
    assert [found(n).is_lead for n in ("a", "b", "c", "alone")] == [True, False, False, True]
    assert [found(n).related_count for n in ("a", "b", "alone")] == [2, 2, 0]
    assert [found(n).queue for n in ("a", "b", "alone")] == [
        Queue.INBOX,
        Queue.SUPERSEDED,
        Queue.INBOX,
    ]
    assert not found("a").links_stale


def test_follows_a_link_that_is_not_returned_and_says_so(checkout: Checkout) -> None:
    checkout.write("a", ["b"])
    checkout.write("b")
    checkout.run()

    assert groups() == [["a", "b"]]
    assert codes(found("a")) == codes(found("b")) == ["related.asymmetric"]
    assert found("a").issue_count == 1


def test_does_not_call_a_story_without_file_asymmetric(checkout: Checkout) -> None:
    checkout.write("a", ["lost"])
    checkout.run()

    assert codes(found("a")) == []


def test_leads_with_the_story_no_file_supersedes(checkout: Checkout) -> None:
    checkout.write("a", ["b"], quality=99, heat=-1)
    checkout.write("b", ["a"], quality=50, heat=70)
    checkout.run()

    assert groups() == [["b", "a"]]


def test_keeps_two_files_of_one_address_and_ties_them(checkout: Checkout) -> None:
    checkout.write("first", url="https://www.herald.example/same", title="One")
    checkout.write("second", url="https://www.herald.example/same", title="Two")
    checkout.write("third", ["https"], quality=10)
    checkout.write("third", [entry("x", url="https://www.herald.example/same")], quality=10)
    checkout.run()

    assert groups() == [["first", "second", "third"]]
    assert codes(found("first")) == ["related.asymmetric", "story.duplicate_url"]
    assert codes(found("second")) == ["related.asymmetric", "story.duplicate_url"]


def test_names_two_files_of_the_same_bytes(checkout: Checkout) -> None:
    checkout.write("copy")
    checkout.path("copy-2").write_bytes(checkout.path("copy").read_bytes())
    checkout.run()

    assert codes(found("copy")) == ["story.duplicate_file", "story.duplicate_url"]
    assert codes(found("copy-2")) == ["story.duplicate_file", "story.duplicate_url"]
    assert "copy-2.md" in found("copy").problems.first().message  # type: ignore[union-attr]


def test_names_two_live_leads_of_one_event_and_unpublishes_neither(checkout: Checkout) -> None:
    checkout.write("a", ["b", "c"], heat=100, published=True)
    checkout.write("b", ["a", "c"], heat=90, published=True)
    checkout.write("c", ["a", "b"], heat=-1, published=False)
    checkout.run()

    assert codes(found("a")) == codes(found("b")) == ["cluster.two_leads"]
    assert codes(found("c")) == []
    assert found("a").published
    assert found("b").published


def test_takes_the_cure_of_a_doubt_into_account(checkout: Checkout) -> None:
    checkout.write("a", ["b"])
    checkout.write("b")
    checkout.run()
    checkout.write("b", ["a"])
    checkout.run()

    assert codes(found("a")) == codes(found("b")) == []
    assert found("a").issue_count == 0


def test_lets_a_story_join_a_group(checkout: Checkout) -> None:
    checkout.write("a", ["b"], quality=70, heat=90)
    checkout.write("b", ["a"], heat=-1)
    checkout.run()
    group = Coverage.objects.get()
    checkout.write("c", ["a"], quality=90, heat=110)
    checkout.run()

    assert groups() == [["c", "a", "b"]]
    assert Coverage.objects.get() == group
    assert Coverage.objects.get().version == group.version + 1
    assert not found("a").is_lead
    assert found("b").related_count == 2


def test_lets_groups_grow_together_and_fall_apart(checkout: Checkout) -> None:
    for pair in ("ab", "cd"):
        checkout.write(pair[0], [pair[1]], quality=80)
        checkout.write(pair[1], [pair[0]], heat=-1)
    checkout.run()
    assert groups() == [["a", "b"], ["c", "d"]]

    checkout.write("b", ["a", "c"], heat=-1)
    checkout.run()
    assert groups() == [["a", "b", "c", "d"]]

    checkout.write("b", ["a"], heat=-1)
    checkout.run()
    assert groups() == [["a", "b"], ["c", "d"]]
    assert found("c").is_lead
    assert found("c").related_count == 1


def test_dissolves_a_group_of_which_one_story_is_left(checkout: Checkout) -> None:
    checkout.write("a", ["b"])
    checkout.write("b", ["a"], heat=-1)
    checkout.run()
    checkout.write("a")
    checkout.write("b")
    checkout.run()

    assert not Coverage.objects.exists()
    assert found("b").coverage is None
    assert found("b").is_lead
    assert found("b").queue == Queue.INBOX


def test_gives_a_story_its_file_when_that_arrives(checkout: Checkout) -> None:
    checkout.write("a", ["late"])
    checkout.run()
    late = known_by("late")
    checkout.write("late", ["a"], title="Late, but here", heat=-1)
    report = checkout.run()

    assert report.counts.created == 1
    assert found("late").pk == late.pk
    assert found("late").title == "Late, but here"
    assert groups() == [["a", "late"]]
    assert not Story.objects.filter(path=None).exists()


def test_gives_the_file_to_the_first_of_two_that_arrive_together(checkout: Checkout) -> None:
    checkout.write("a", ["late"])
    checkout.run()
    late = known_by("late")
    for name in ("z", "m"):
        checkout.write(name, url=late.web_url)
    checkout.run()

    assert found("m").pk == late.pk
    assert found("z").pk != late.pk
    assert groups() == [["a", "m", "z"]]


def test_describes_a_story_without_file_as_the_files_do_now(checkout: Checkout) -> None:
    checkout.write("a", [entry("lost", title="Before")])
    checkout.run()
    checkout.write("a", [entry("lost", title="After", quality=50)])
    report = checkout.run()

    assert known_by("lost").title == "After"
    assert known_by("lost").quality == 50
    assert (report.counts.updated, report.counts.embedded) == (1, 0)


def test_keeps_a_story_that_no_file_lists_any_more_as_gone(checkout: Checkout) -> None:
    checkout.write("a", ["lost"])
    checkout.run()
    checkout.write("a")
    checkout.run()

    assert known_by("lost").missing_since
    assert known_by("lost").queue == Queue.GONE
    assert known_by("lost").coverage is None
    assert groups() == []

    checkout.write("b", ["lost"])
    checkout.run()
    assert known_by("lost").missing_since is None
    assert groups() == [["b", "lost"]]


def test_links_only_by_the_exact_address(checkout: Checkout) -> None:
    checkout.write("a", [entry("b", url="https://www.herald.example/b?utm_source=x")])
    checkout.write("b")
    checkout.run()

    assert found("b").coverage is None


def test_does_not_tie_the_stories_of_two_sites(checkout: Checkout) -> None:
    checkout.write("a", ["b"])
    checkout.run(slug="north")
    checkout.remove("a")
    checkout.write("b", ["a"])
    checkout.run(slug="south")

    assert groups() == [["a", "b"], ["b", "a"]]
    assert Story.objects.count() == 4


def test_follows_a_chain_of_any_length() -> None:
    length = 5_000
    nodes = [
        Node(None, f"{n:05}.md", f"{n}", "", links=(Reference(f"{n + 1}", "", None, None),))
        for n in range(length)
    ]
    (chain,) = tied(nodes)

    assert len(chain) == length
    assert Group.of(chain).lead.path == "00000.md"


def test_reads_links_again_from_files_that_could_not_be_cut(checkout: Checkout) -> None:
    checkout.path("odd").write_bytes(
        b'---\ntitle: Odd\nwebUrl: "https://www.herald.example/odd"\npublished: false\n'
        b'related: [{title: B, webUrl: "https://www.herald.example/b"}]\n---\n'
    )
    checkout.run()
    assert groups() == [["b", "odd"]] or groups() == [["odd", "b"]]

    checkout.write("b", ["c"])
    checkout.run()
    assert sorted(groups()[0]) == ["b", "c", "odd"]


def test_follows_what_the_robot_regrouped_before_a_decision_was_taken_back(
    checkout: Checkout, chief: User
) -> None:
    checkout.write("a", ["b"], quality=80, heat=100, published=True)
    checkout.write("b", ["a"], quality=60, heat=-1)
    checkout.write("c", quality=50)
    checkout.run()
    desk.link(found("a"), [found("c")], by=chief)
    # The robot puts a newcomer beside b, and takes a away.
    checkout.write("a", quality=80, heat=80, published=True)
    checkout.write("b", ["d"], quality=60, heat=-1)
    checkout.write("d", ["b"], quality=90, heat=110, published=True)
    checkout.run()
    assert groups() == [["a", "b", "c"]]

    desk.undo_last(by=chief)
    checkout.run()
    assert groups() == [["d", "b"]]
    assert (found("a").coverage, found("c").coverage) == (None, None)
    before = dump()
    checkout.run()
    assert dump() == before


def test_ties_what_was_listed_while_a_person_held_it(checkout: Checkout, publisher: User) -> None:
    checkout.write("a", ["b"], quality=90, heat=110)
    checkout.write("b", ["a"], heat=-1)
    checkout.write("c")
    checkout.run()
    desk.unlink(found("b"), by=publisher)
    checkout.write("b", ["other"], heat=-1)
    checkout.write("c", ["b"])
    checkout.run()
    assert groups() == []
    desk.settle_conflicts(Conflict.objects.open(), desk.Answer.TAKE, by=publisher)
    checkout.run()

    assert groups() == [["c", "b", "other"]]
    assert not Story.objects.filter(links_stale=True).exists()
