"""What no template of the desk may contain."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

FOLDER = Path(settings.BASE_DIR) / "templates"
PAGES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
OWN_ADDRESS = re.compile(r"(\.|_)url$|\.get_absolute_url$|^heads\.\w+$|^action$|^step\.link$")


def source(template: str) -> str:
    return (FOLDER / template).read_text(encoding="utf-8")


@pytest.mark.parametrize("template", PAGES)
def test_compiles(template: str) -> None:
    get_template(template)


@pytest.mark.parametrize("template", PAGES)
@pytest.mark.parametrize(
    "forbidden",
    [r"\|\s*safe\b(?!_)", r"autoescape\s+off", r"\sstyle=", r"<style", r"\son[a-z]+=", r"<script>"],
)
def test_contains_nothing_the_security_policy_forbids(template: str, forbidden: str) -> None:
    assert not re.search(forbidden, source(template)), forbidden


@pytest.mark.parametrize("template", PAGES)
def test_links_only_to_addresses_of_the_desk_itself(template: str) -> None:
    hrefs = re.findall(r'(?:href|src|action)="\{\{\s*(.*?)\s*\}\}"', source(template))
    assert [href for href in hrefs if not OWN_ADDRESS.search(href)] == []


@pytest.mark.parametrize("template", PAGES)
def test_gives_every_htmx_request_a_way_without_script(template: str) -> None:
    for tag in re.findall(r"<(?:a|form|button)\b[^>]*\bhx-(?:get|post)=[^>]*>", source(template)):
        assert re.search(r"\b(href|action|formaction|method)=", tag), tag


@pytest.mark.parametrize("template", PAGES)
def test_sends_a_token_with_every_form_that_changes_something(template: str) -> None:
    for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", source(template), re.DOTALL):
        assert "{% csrf_token %}" in form
