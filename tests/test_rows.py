"""The rows of a list: one a group, with what each of them shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.listing import Listing
from articles.models import Story
from tests.factories import NOON, make_group, make_story

pytestmark = pytest.mark.django_db


def shown(query: str = "") -> list[dict[str, Any]]:
    listing = Listing(QueryDict(query))
    assert listing.filter.form.is_valid(), listing.filter.form.errors
    return listing.page.rows


def titles(query: str = "") -> list[str]:
    return [row["title"] for row in shown(query)]


def test_shows_a_group_by_its_lead_and_a_single_story_by_itself() -> None:
    make_group()
    make_story(title="Alone")
    assert sorted(titles()) == ["Alone", "Lead"]


def test_names_the_lead_of_a_member_that_alone_matches() -> None:
    make_group()
    (row,) = shown('q="Member+1"')
    assert row["title"] == "Member 1"
    assert row["coverage__lead__title"] == "Lead"


def test_folds_members_that_match_beneath_their_lead() -> None:
    make_group(published_at=NOON - timedelta(days=1))
    (row,) = shown("q=is:article")
    assert row["title"] == "Lead"
    assert [match["title"] for match in row["matches"]] == ["Member 0", "Member 1", "Member 2"]


def test_folds_members_that_match_beneath_the_first_where_the_lead_does_not() -> None:
    make_group()
    (row,) = shown("q=Member")
    assert row["title"] == "Member 0"
    assert len(row["matches"]) == 2


def test_keeps_a_row_for_a_member_that_is_live_of_its_own() -> None:
    lead = make_group()
    member = Story.objects.get(title="Member 2")
    Story.objects.filter(pk=member.pk).update(published=True, queue=2)
    (row,) = shown()
    assert row["id"] == lead.pk
    assert [match["id"] for match in row["matches"]] == [member.pk]
    assert titles("quality_max=48") == ["Member 2"]


def test_shows_superseded_stories_in_their_own_queue() -> None:
    make_group(members=1)
    assert titles("queue=superseded") == ["Member 0"]


def test_says_how_many_joined_since_the_decision() -> None:
    lead = make_group()
    Story.objects.filter(pk=lead.pk).update(decision="published", decided_at=timezone.now())
    assert shown()[0]["grown"] == 0
    late = timezone.now() + timedelta(minutes=5)
    for member in Story.objects.filter(is_lead=False)[:2]:
        Story.objects.filter(pk=member.pk).update(created_at=late)
    assert shown()[0]["grown"] == 2


def test_asks_five_questions_whatever_the_page_holds() -> None:
    def questions() -> int:
        listing = Listing(QueryDict(f"open={lead.pk}"))
        with CaptureQueriesContext(connection) as asked:
            assert listing.page.rows
        return len(asked)

    lead = make_group(topics=["Ferries"], images=["https://i.example/1"])
    Story.objects.update(decision="published", decided_at=timezone.now())
    few = questions()
    for _ in range(10):
        make_group(members=2, topics=["Trains"], images=["https://i.example/1"])
    Story.objects.update(decision="published", decided_at=timezone.now())
    assert questions() == few == 5
