"""The Conflicts page: three versions side by side, and settling them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import conflict_page, desk
from articles.models import Conflict, StandingAnswer
from tests.importer.newsroom import Checkout, found

pytestmark = pytest.mark.django_db

PAGE = "/conflicts/"
SETTLE = "/conflicts/settle/"


@pytest.fixture
def disputed(tmp_path: Path, publisher: User) -> Callable[[int], list[Conflict]]:
    """Stories whose headline desk and robot changed."""
    checkout = Checkout(tmp_path / "harbour")

    def make(count: int) -> list[Conflict]:
        names = [f"n{number}" for number in range(count)]
        for name in names:
            checkout.write(name, title=f"Base {name}")
        checkout.run()
        for name in names:
            desk.edit(found(name), {"title": f"Desk {name}"}, by=publisher)
            checkout.write(name, title=f"File {name}")
        checkout.run()
        return list(Conflict.objects.open().order_by("pk"))

    return make


@pytest.fixture
def as_publisher(publisher: User, client: Client) -> Client:
    client.force_login(publisher)
    return client


def test_shows_base_file_and_desk(
    disputed: Callable[[int], list[Conflict]], as_publisher: Client
) -> None:
    disputed(1)
    page = as_publisher.get(PAGE).content.decode()

    for words in ("Base n0", "File n0", "Desk n0", "Headline", "1 to settle"):
        assert words in page


def test_shows_a_reader_no_button(
    disputed: Callable[[int], list[Conflict]], client: Client, reader: User
) -> None:
    disputed(1)
    client.force_login(reader)
    page = client.get(PAGE).content.decode()

    assert "File n0" in page
    assert 'name="one"' not in page


@pytest.mark.parametrize(
    ("answer", "title"), [("take", "File n0"), ("keep", "Desk n0"), ("keep-always", "Desk n0")]
)
def test_settles_one(
    disputed: Callable[[int], list[Conflict]], as_publisher: Client, answer: str, title: str
) -> None:
    (conflict,) = disputed(1)
    response = as_publisher.post(SETTLE, {"one": f"{conflict.pk}:{answer}"}, follow=True)

    page = response.content.decode()
    assert "1 conflict settled." in page
    assert 'data-command="undo">Undo' in page
    assert found("n0").title == title
    assert not Conflict.objects.open().exists()


def test_settles_the_ticked(
    disputed: Callable[[int], list[Conflict]], as_publisher: Client
) -> None:
    first, second, third = disputed(3)
    as_publisher.post(SETTLE, {"conflict": [first.pk, third.pk], "answer": "take"})

    assert Conflict.objects.open().get() == second


def test_settles_all_that_were_there(
    disputed: Callable[[int], list[Conflict]], as_publisher: Client
) -> None:
    _first, second, third = disputed(3)
    as_publisher.post(SETTLE, {"all": "keep", "newest": second.pk})

    assert list(Conflict.objects.open()) == [third]


def test_refuses_what_changed_since_the_page_was_shown(
    disputed: Callable[[int], list[Conflict]], as_publisher: Client
) -> None:
    (conflict,) = disputed(1)
    response = as_publisher.post(
        SETTLE, {"one": f"{conflict.pk}:take", "seen": f"{conflict.pk}:other"}, follow=True
    )

    assert "look at it again" in response.content.decode()
    assert found("n0").title == "Desk n0"


def test_keeps_the_site_from_page_to_page(
    disputed: Callable[[int], list[Conflict]],
    as_publisher: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conflict_page, "PAGE_SIZE", 1)
    first, second = disputed(2)
    page = as_publisher.get(PAGE, {"site": "harbour"}).content.decode()
    assert f'href="?site=harbour&amp;before={second.pk}"' in page

    last = as_publisher.get(PAGE, {"site": "harbour", "before": second.pk}).content.decode()
    assert f"conflict-{first.pk}" in last
    assert 'href="?site=harbour"' in last


def test_goes_on_with_the_newest_where_a_page_is_settled(
    disputed: Callable[[int], list[Conflict]],
    as_publisher: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conflict_page, "PAGE_SIZE", 1)
    first, second = disputed(2)
    older = f"{PAGE}?site=harbour&before={second.pk}"
    response = as_publisher.post(
        SETTLE, {"one": f"{first.pk}:keep", "next": older}, follow=True
    ).content.decode()

    assert f"conflict-{second.pk}" in response
    assert "Nothing to settle" not in response


def test_asks_for_a_choice(disputed: Callable[[int], list[Conflict]], as_publisher: Client) -> None:
    disputed(1)
    response = as_publisher.post(SETTLE, {"answer": "take"}, follow=True)

    assert "Tick the conflicts first" in response.content.decode()
    assert Conflict.objects.open().count() == 1


def test_forgets_a_standing_answer(
    disputed: Callable[[int], list[Conflict]], as_publisher: Client
) -> None:
    (conflict,) = disputed(1)
    as_publisher.post(SETTLE, {"one": f"{conflict.pk}:keep-always"})
    assert "Always kept" in as_publisher.get(PAGE).content.decode()
    answer = StandingAnswer.objects.get()
    as_publisher.post(reverse("articles:answer_forget", args=[answer.pk]))

    assert not StandingAnswer.objects.exists()
    assert as_publisher.post(reverse("articles:answer_forget", args=[answer.pk])).status_code == 404


def test_shows_a_conflict_of_a_group_as_one(
    tmp_path: Path, as_publisher: Client, publisher: User
) -> None:
    checkout = Checkout(tmp_path / "harbour")
    checkout.write("a", quality=80, heat=80, published=True)
    checkout.write("c", quality=50)
    checkout.run()
    desk.link(found("a"), [found("c")], by=publisher)
    checkout.write("a", quality=80, heat=-1)
    checkout.run()
    page = as_publisher.get(PAGE).content.decode()

    assert "the whole group" in page
    assert "superseded" in page
    assert "not live" in page


def test_asks_as_often_for_many_as_for_few(
    disputed: Callable[[int], list[Conflict]], as_publisher: Client
) -> None:
    disputed(2)
    as_publisher.get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as few:
        as_publisher.get(PAGE)
    disputed(12)
    with CaptureQueriesContext(connection) as many:
        as_publisher.get(PAGE)

    assert len(few) == len(many)
