"""Addresses of the desk's own pages, looked up once a process instead of once a link.

Django's `reverse` takes twenty microseconds, and a list has some hundred links. The prefix under
which the desk is served belongs to each request, so it is part of what is kept.
"""

from __future__ import annotations

import functools

from django.urls import get_script_prefix, reverse

ANY_ID = 987_654_321_012
"""Stands for the number of a row while the pattern of an address is made."""

KEPT = 256


def place(name: str) -> str:
    """The address of a page without arguments, by the name of its view (`articles:home`)."""
    return _place(name, get_script_prefix())


def place_of(name: str, pk: int, prefix: str | None = None) -> str:
    """The address of a page about one row, whose number is all that its path asks for.

    Whoever makes hundreds asks once for the prefix (`get_script_prefix`) and gives it.
    """
    return _pattern(name, get_script_prefix() if prefix is None else prefix) % pk


@functools.lru_cache(maxsize=KEPT)
def _place(name: str, prefix: str) -> str:
    return reverse(name)


@functools.lru_cache(maxsize=KEPT)
def _pattern(name: str, prefix: str) -> str:
    return reverse(name, args=[ANY_ID]).replace("%", "%%").replace(str(ANY_ID), "%d")
