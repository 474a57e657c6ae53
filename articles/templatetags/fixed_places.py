"""`{% url %}` for every template, quicker where the place is written out: `{% url 'logout' %}`.

Such a place is the same for every page of a process, but for the number of a row in it, and a page
of the desk has forty of them. Everything else is Django's own tag. The settings load it for all
templates (`builtins`).
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.utils.html import conditional_escape

from articles.places import place, place_of

register = template.Library()


class FixedPlace(template.Node):
    """The address of a view that is written out, without arguments or with the number of a row."""

    child_nodelists = ()

    def __init__(self, plain: URLNode, name: str) -> None:
        self.plain = plain
        self.name = name
        self.number = plain.args[0] if plain.args else None

    def render(self, context: Context) -> str:
        """As `{% url %}` writes it."""
        if self.number is None:
            return _written(place(self.name), context)
        number = self.number.resolve(context)
        if type(number) is not int:
            return str(self.plain.render(context))
        return _written(place_of(self.name, number), context)


def _written(address: str, context: Context) -> str:
    return conditional_escape(address) if context.autoescape else address


@register.tag
def url(parser: Parser, token: Token) -> template.Node:
    """Django's tag, or the quick one where nothing else depends on the page."""
    node = django_url(parser, token)
    return FixedPlace(node, str(node.view_name.var)) if _is_fixed(node) else node


def _is_fixed(node: URLNode) -> bool:
    """A name written out, with one argument at the most; an admin's name may mean another site."""
    name: Any = node.view_name
    is_written_out = isinstance(name.var, str) and not name.filters
    has_more = len(node.args) > 1 or node.kwargs or node.asvar
    return is_written_out and not has_more and not name.var.startswith("admin:")
