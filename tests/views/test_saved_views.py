from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles import saved_views
from articles.models import SavedView
from articles.saved_views import Wish

pytestmark = pytest.mark.django_db


def test_keeps_the_present_list_in_one_step(as_reader: Client, reader: User) -> None:
    page = as_reader.get("/stories/?queue=inbox&sort=hottest")
    assert "Save this list" in page.content.decode()
    response = as_reader.post(
        "/views/new/",
        {"name": "Hot", "key": "3", "density": "compact", "query": "queue=inbox&sort=hottest"},
    )
    assert response["Location"] == "/stories/?queue=inbox&sort=hottest&density=compact"
    view = SavedView.objects.get()
    assert (view.owner, view.name, view.key) == (reader, "Hot", 3)
    assert 'data-density="compact"' in as_reader.get(response["Location"]).content.decode()


def test_refuses_a_view_without_a_name_and_goes_back_to_the_list(as_reader: Client) -> None:
    response = as_reader.post("/views/new/", {"name": "", "query": "queue=inbox"}, follow=True)
    assert response.redirect_chain == [("/stories/?queue=inbox", 302)]
    assert "Give the view a name" in response.content.decode()
    assert not SavedView.objects.exists()


def test_keeps_the_teams_views_for_chiefs(as_reader: Client) -> None:
    assert as_reader.post("/views/new/", {"name": "Ours", "team": "yes"}).status_code == 403
    assert not SavedView.objects.exists()


def test_lets_a_chief_keep_one_for_the_team(as_chief: Client) -> None:
    as_chief.post("/views/new/", {"name": "Ours", "team": "yes"})
    assert SavedView.objects.get().is_teams


def test_renames_moves_and_deletes(as_reader: Client, reader: User) -> None:
    first, second = (saved_views.save(Wish(name), "", by=reader) for name in ("a", "b"))
    as_reader.post(f"/views/{first.pk}/", {"name": "c", "key": "2", "density": ""})
    as_reader.post(f"/views/{first.pk}/", {"move": "down"})
    assert [(v.name, v.key) for v in SavedView.objects.of(reader.pk)] == [("b", None), ("c", 2)]
    as_reader.post(f"/views/{second.pk}/delete/")
    assert [v.name for v in SavedView.objects.all()] == ["c"]


def test_says_what_was_wrong_beside_the_view(as_reader: Client, reader: User) -> None:
    view = saved_views.save(Wish("a"), "", by=reader)
    response = as_reader.post(f"/views/{view.pk}/", {"name": "x" * 81, "key": "12"})
    assert response.status_code == 422
    assert 'id="refused"' in response.content.decode()


def test_does_not_find_what_belongs_to_another(as_reader: Client, publisher: User) -> None:
    view = saved_views.save(Wish("a"), "", by=publisher)
    for address in (f"/views/{view.pk}/", f"/views/{view.pk}/delete/"):
        assert as_reader.post(address, {"name": "mine"}).status_code == 404


def test_lets_nobody_but_a_chief_change_the_teams(as_reader: Client, chief: User) -> None:
    view = saved_views.save(Wish("a"), "", by=chief, for_team=True)
    for address in (f"/views/{view.pk}/", f"/views/{view.pk}/delete/"):
        assert as_reader.post(address, {"name": "mine"}).status_code == 403
    assert "Save</button>" not in as_reader.get("/views/").content.decode()


def test_offers_the_views_above_the_list_and_names_the_one_shown(
    as_reader: Client, reader: User, chief: User
) -> None:
    saved_views.save(Wish("Hot", key=3), "queue=inbox&sort=hottest", by=reader)
    saved_views.save(Wish("Ours", key=3), "queue=below", by=chief, for_team=True)
    html = as_reader.get("/stories/?queue=inbox&sort=hottest&page=x").content.decode()
    chooser = html.partition('<details class="menu view-chooser">')[2].partition("</details>")[0]
    assert "Hot" in chooser.partition("</summary>")[0]
    assert chooser.count("<kbd>3</kbd>") == 1  # one's own view goes before the team's
    assert 'href="/stories/?queue=below"' in chooser
    elsewhere = as_reader.get("/stories/?queue=published").content.decode()
    assert '<span class="view-name">Views</span>' in elsewhere
