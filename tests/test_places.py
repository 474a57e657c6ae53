"""Addresses that are looked up once a process."""

from __future__ import annotations

import pytest
from django.template import engines
from django.urls import NoReverseMatch, reverse, set_script_prefix

from articles.places import place, place_of


@pytest.mark.parametrize("name", ["articles:home", "articles:story_list", "logout"])
def test_is_the_address_that_django_gives(name: str) -> None:
    assert place(name) == reverse(name)


@pytest.mark.parametrize("pk", [0, 7, 10**12])
def test_holds_the_number_of_a_row(pk: int) -> None:
    assert place_of("articles:story_detail", pk) == reverse("articles:story_detail", args=[pk])


def test_stands_under_the_prefix_of_the_request() -> None:
    plain = place("articles:story_list"), place_of("articles:story_detail", 7)
    try:
        set_script_prefix("/100%/desk/")
        moved = reverse("articles:story_list"), reverse("articles:story_detail", args=[7])
        assert (place("articles:story_list"), place_of("articles:story_detail", 7)) == moved
        assert moved != plain
    finally:
        set_script_prefix("/")


def test_refuses_a_page_that_does_not_exist() -> None:
    with pytest.raises(NoReverseMatch):
        place("articles:nowhere")


@pytest.mark.parametrize(
    ("tag", "address"),
    [
        ("{% url 'articles:story_list' %}", "/stories/"),
        ("{% url 'articles:story_detail' pk %}", "/stories/7/"),
        ("{% url 'articles:story_detail' 8 %}", "/stories/8/"),
        ("{% url 'articles:story_detail' pk=pk %}", "/stories/7/"),
        ("{% url 'articles:story_detail' text %}", "/stories/9/"),
        ("{% url 'articles:story_field' pk 'topics' %}", "/stories/7/field/topics/"),
        ("{% url name %}", "/stories/"),
        ("{% url 'articles:story_list' as here %}[{{ here }}]", "[/stories/]"),
        ("{% url 'admin:index' %}", "/admin/"),
    ],
)
def test_writes_every_kind_of_url_tag(tag: str, address: str) -> None:
    context = {"pk": 7, "text": "9", "name": "articles:story_list"}
    assert engines["django"].from_string(tag).render(context) == address


def test_escapes_the_prefix_as_django_does() -> None:
    try:
        set_script_prefix("/a&b/")
        shown = engines["django"].from_string("{% url 'articles:story_list' %}").render({})
        assert shown == "/a&amp;b/stories/"
    finally:
        set_script_prefix("/")
