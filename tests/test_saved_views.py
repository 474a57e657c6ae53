from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from articles import saved_views
from articles.models import SavedView
from articles.saved_views import Wish

pytestmark = pytest.mark.django_db


def names(user: User) -> list[str]:
    return [view.name for view in SavedView.objects.for_person(user.pk)]


def test_keeps_what_lasts_of_a_list(reader: User) -> None:
    view = saved_views.save(
        Wish("Hot", "compact", 1),
        "queue=inbox&page=after~1~2&story=7&open=7&sort=hottest&topic=1&topic=2",
        by=reader,
    )
    assert view.query == "queue=inbox&sort=hottest&topic=1&topic=2"
    assert view.get_absolute_url() == f"/stories/?{view.query}&density=compact"


def test_shows_a_person_their_own_and_then_the_teams(reader: User, chief: User) -> None:
    saved_views.save(Wish("Team's"), "", by=chief, for_team=True)
    saved_views.save(Wish("Mine"), "", by=reader)
    saved_views.save(Wish("Chief's"), "", by=chief)
    assert names(reader) == ["Mine", "Team's"]


def test_hands_a_key_over(reader: User, chief: User) -> None:
    first = saved_views.save(Wish("First", key=1), "", by=reader)
    teams = saved_views.save(Wish("Team's", key=1), "", by=chief, for_team=True)
    second = saved_views.save(Wish("Second"), "", by=reader)
    saved_views.change(second, Wish("Second", key=1), by=reader)
    keys = dict(SavedView.objects.values_list("name", "key"))
    assert keys == {"First": None, "Second": 1, "Team's": 1}
    assert (first.owner, teams.owner) == (reader, None)


def test_keeps_keys_apart_in_the_database_too(reader: User) -> None:
    for owner in (reader, None):
        SavedView.objects.create(owner=owner, name="One", key=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.create(owner=owner, name="Another", key=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(owner=reader, name="Ten", key=10)


def test_puts_views_in_order(reader: User) -> None:
    a, b, _c = (saved_views.save(Wish(name), "", by=reader) for name in "abc")
    saved_views.move(a, 1, by=reader)
    assert names(reader) == ["b", "a", "c"]
    saved_views.move(b, -1, by=reader)
    assert names(reader) == ["b", "a", "c"]
    saved_views.move(b, 5, by=reader)
    assert names(reader) == ["a", "c", "b"]


def test_belongs_to_its_owner_and_the_teams_to_chiefs(
    reader: User, publisher: User, chief: User
) -> None:
    mine = saved_views.save(Wish("Mine"), "", by=reader)
    teams = saved_views.save(Wish("Team's"), "", by=chief, for_team=True)
    for view in (mine, teams):
        with pytest.raises(PermissionDenied):
            saved_views.delete(view, by=publisher)
        with pytest.raises(PermissionDenied):
            saved_views.change(view, Wish("Taken"), by=publisher)
        with pytest.raises(PermissionDenied):
            saved_views.move(view, 1, by=publisher)
    with pytest.raises(PermissionDenied):
        saved_views.save(Wish("Team's"), "", by=publisher, for_team=True)
    saved_views.delete(mine, by=reader)
    saved_views.delete(teams, by=chief)
    assert not SavedView.objects.exists()


def test_says_when_there_are_too_many(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.saved_views.MOST", 1)
    saved_views.save(Wish("One"), "", by=reader)
    with pytest.raises(saved_views.ViewRefusedError):
        saved_views.save(Wish("Two"), "", by=reader)
