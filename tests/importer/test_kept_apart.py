"""What people keep apart stays apart, whatever the files say."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from articles import desk
from articles.models import KeptApart
from tests.importer.newsroom import Checkout, found, groups

pytestmark = pytest.mark.django_db


def test_does_not_join_a_pair_kept_apart_and_says_who_asked(
    checkout: Checkout, editor: User
) -> None:
    for name in ("a", "b"):
        checkout.write(name)
    checkout.run()
    desk.keep_apart(found("a"), found("b"), by=editor)
    checkout.write("a", ["b"])
    checkout.write("b", ["a"])
    report = checkout.run()

    assert groups() == []
    assert [p.code for p in report.problems] == ["coverage.kept_apart"]
    assert "editor keeps apart since" in report.problems[0].message
    assert KeptApart.objects.get().asked_again == 1


def test_counts_only_new_requests(checkout: Checkout, editor: User) -> None:
    for name in ("a", "b"):
        checkout.write(name)
    checkout.run()
    desk.keep_apart(found("a"), found("b"), by=editor)
    for heat, related in ((60, ["b"]), (61, ["b"]), (62, []), (63, ["b"])):
        checkout.write("a", related, heat=heat)
        checkout.run()

    assert KeptApart.objects.get().asked_again == 2


def test_keeps_the_groups_of_a_pair_apart_when_a_new_story_ties_them(
    checkout: Checkout, editor: User
) -> None:
    checkout.write("a", ["a2"])
    checkout.write("a2", ["a"])
    checkout.write("b", ["b2"])
    checkout.write("b2", ["b"])
    checkout.run()
    desk.keep_apart(found("a"), found("b2"), by=editor)
    checkout.write("bridge", ["a2", "b"])
    report = checkout.run()

    assert groups() == [["a", "a2", "bridge"], ["b", "b2"]]
    assert [p.path for p in report.problems if p.code == "coverage.kept_apart"] == [
        "_news/2026-03-02-bridge.md"
    ]
    assert KeptApart.objects.get().asked_again == 1


def test_leaves_alone_what_a_person_unlinked_though_the_file_says_so_still(
    checkout: Checkout, publisher: User
) -> None:
    checkout.write("a", ["b"], quality=80, heat=100, published=True)
    checkout.write("b", ["a"], heat=-1)
    checkout.run()
    desk.unlink(found("b"), by=publisher, keep_apart=True)
    checkout.write("b", ["a", "c"], heat=-1)
    checkout.write("c", ["b"])
    checkout.run()

    assert groups() == []
    assert KeptApart.objects.get().asked_again == 0
