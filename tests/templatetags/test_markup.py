"""Filling texts into markup."""

from __future__ import annotations

import pytest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from articles.pagination import Count
from articles.templatetags._markup import fill, joined

HOSTILE = "<script>&\"'{0}{name}%s\N{RIGHT-TO-LEFT OVERRIDE}"
TEXTS = [
    HOSTILE,
    SafeString("<b>bold</b>"),
    7,
    None,
    Count(1000, is_exact=False),
    gettext_lazy("Inbox"),
]


@pytest.mark.parametrize("text", TEXTS)
def test_escapes_what_django_escapes(text: object) -> None:
    pattern = '<a title="{}">{name}</a>'
    filled = fill(pattern, text, name=text)
    assert filled == format_html(pattern, text, name=text)
    assert isinstance(filled, SafeString)


def test_joins_markup_and_escapes_text() -> None:
    assert joined([SafeString("<b>"), "<i>", SafeString("</b>")]) == "<b>&lt;i&gt;</b>"
    assert isinstance(joined([]), SafeString)
