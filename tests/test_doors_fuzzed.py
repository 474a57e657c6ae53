"""Any parameters on any page: never a page of mistakes, whoever types them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from articles.filters import StoryFilter
from articles.models import Change
from tests.doors import BY_VERB, ENDS_THE_SESSION, READERS, WRITERS, Door
from tests.laws import tried
from tests.test_doors import doors

__all__ = ["doors"]

ROOT = Path(__file__).resolve().parent.parent
ClientOf = Callable[[User], Client]


def names_in(pattern: str) -> set[str]:
    """The parameters that the sources ask for."""
    found: set[str] = set()
    for source in (ROOT / "articles").rglob("*.py"):
        found |= set(re.findall(pattern, source.read_text(encoding="utf-8")))
    return found


ASKED = sorted({
    *names_in(r'(?:GET|params|data|query)(?:\.get(?:list)?\(|\[)"([\w-]+)"'),
    *StoryFilter.base_filters, "page", "story", "order", "o", "p", "all", "e", "id__in", "pk",
    "_changelist_filters", "_popup", "_to_field", "field_name", "app_label", "model_name", "term",
    "listed_at__gte", "published_at__year", "next", "chosen", "until", "date", "one", "seen",
})  # fmt: skip
POSTED = sorted({
    *names_in(r'POST(?:\.get(?:list)?\(|, )"([\w-]+)"'),
    *("version", "base", "title", "topics", "kind"),
    "images-TOTAL_FORMS", "images-INITIAL_FORMS", "images-0-url", "images-0-width", "action",
    "_selected_action", "select_across", "index", "time_zone", "density", "role", "username",
})  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=30),
    st.integers(-(2**70), 2**70).map(str),
    st.sampled_from([
        *("", "\0", "yes", "1", "0", "-1", "9" * 400, "1e400", "Infinity", "٣", "None", "{}"),
        *("[" * 500, '{"a":', "a" * 5_000, "%s%n", "'; DROP TABLE x;--", "../../etc/passwd"),
        *("2026-02-30", "0001-01-01", "9999-12-31T23:59:59-14:00", "after~x~1", "1:1", "1:x:2"),
        *("NEAR(a b)", '"', "-", "title:", "quality>" + "9" * 30, "after:9999-99-99", "\u202e"),
        *("https://[", "http://a:b@c", "\ud7ff\U0010ffff", "id", "-password", "user__password"),
    ]),
)  # fmt: skip


def parameters(names: list[str]) -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.lists(st.tuples(st.sampled_from(names), VALUES), min_size=1, max_size=5)


def data_of(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    data: dict[str, list[str]] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return data


@pytest.fixture
def client(chief: User, client_of: ClientOf) -> Client:
    return client_of(chief)


def test_knows_what_to_ask() -> None:
    assert {"q", "site", "sort", "queue", "next", "check"} <= set(ASKED)
    assert {"other", "reason", "verb", "conflict", "knot", "rows"} <= set(POSTED)


@pytest.mark.parametrize(
    "address", ["story/export/?about=x", "story/export/?id__in=x", "site/1/change/?_to_field="]
)
def test_answers_400_where_the_admin_of_django_would_fail(client: Client, address: str) -> None:
    assert client.get(f"/admin/articles/{address}").status_code == 400


@tried()
@given(number=st.integers(0, 999), pairs=parameters(ASKED), htmx=st.booleans())
def test_opens_any_page_with_any_parameters(
    doors: list[Door], client: Client, number: int, pairs: list[tuple[str, str]], htmx: bool
) -> None:
    pages = [door for door in doors if door.name in READERS or door.is_admin]
    door = pages[number % len(pages)]
    headers = {"HX-Request": "true"} if htmx else {}
    answer = client.get(door.path, data_of(pairs), headers=headers)
    assert answer.status_code < 500, door


@tried()
@given(number=st.integers(0, 999), pairs=parameters(POSTED), htmx=st.booleans())
def test_takes_any_form_at_any_address(
    doors: list[Door], client: Client, number: int, pairs: list[tuple[str, str]], htmx: bool
) -> None:
    named = WRITERS.keys() | BY_VERB | {"articles:release_new"}
    open_doors = [
        door
        for door in doors
        if (door.name in named or door.is_admin) and door.name not in ENDS_THE_SESSION
    ]
    door = open_doors[number % len(open_doors)]
    newest = Change.objects.order_by("-pk").values_list("pk", flat=True).first()
    headers = {"HX-Request": "true"} if htmx else {}
    answer = client.post(door.path, data_of(pairs), headers=headers)
    assert answer.status_code < 500, door
    made = Change.objects.filter(pk__gt=newest or 0)
    assert {change.actor for change in made} <= {User.objects.get(username="chief")}
