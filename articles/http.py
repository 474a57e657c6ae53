"""Small shapes of requests and answers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from articles.models import Site

Row = TypeVar("Row", bound=Model)


def person(request: HttpRequest) -> User:
    """Who sent the request; the login middleware lets nobody else in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page."""
    return bool(getattr(request, "htmx", False)) and not request.htmx.boosted  # type: ignore[attr-defined]


def local_address(request: HttpRequest, default: str) -> str:
    """The `next` of a form if it stays on this desk, else `default`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return default


def back(request: HttpRequest, default: str) -> HttpResponse:
    """Go back to where the form was."""
    return HttpResponseRedirect(local_address(request, default))


def site_named(slug: str) -> Site | None:
    """The site of that name, if there is one; PostgreSQL is not asked for what it cannot hold."""
    return Site.objects.filter(slug=slug).first() if slug and slug.isprintable() else None


def reason_of(request: HttpRequest) -> str:
    """Why a person does something, as the form says it; without what no database holds."""
    return request.POST.get("reason", "").replace("\0", "").strip()[:500]


def press_of(request: HttpRequest) -> uuid.UUID | None:
    """Which press of a button this is, None where the form does not say: the same number comes
    again where a proxy sends a request again (`press` in `articles/context.py`).
    """
    with suppress(ValueError):
        return uuid.UUID(request.POST.get("press", ""))
    return None


def newest_page(
    request: HttpRequest, rows: QuerySet[Row], size: int
) -> tuple[list[Row], dict[str, str]]:
    """Rows by falling id below that of `?before=`, and their pager: what arrives meanwhile moves
    no row to another page. Where nothing is below it (any more), the newest rows.
    """
    parameters, rows = request.GET.copy(), rows.order_by("-pk")
    before = whole_number(parameters, "before")
    found = list(rows.filter(pk__lt=before)[: size + 1]) if before else []
    if not found:
        parameters.pop("before", None)
        found = list(rows[: size + 1])
    last = found[size - 1].pk if len(found) > size else None
    return found[:size], older_pager(parameters, "before", last)


def older_pager(parameters: QueryDict, name: str, last: int | None) -> dict[str, str]:
    """The pager of a list that is read from its newest row on (`articles/_shared.html#older`).

    `name` is the parameter that says below which id a page begins, `last` the id of the last row
    here, None at the end of the list.
    """
    query = parameters.copy()
    newest = f"?{query.urlencode()}" if query.pop(name, None) else ""
    query[name] = str(last)
    return {"newest_url": newest, "next_url": f"?{query.urlencode()}" if last else ""}


def page_number(request: HttpRequest, most: int = 10_000) -> int:
    """The page of a list that is asked for, the first one where none is."""
    return min(max(whole_number(request.GET, "page") or 1, 1), most)


def numbered_page(request: HttpRequest, number: int, *, has_next: bool) -> dict[str, str]:
    """The pager of a list whose pages are numbered (`articles/_shared.html#pager`)."""
    return {
        "label": _("Page %d") % number,
        "next_url": _page_address(request, number + 1) if has_next else "",
        "previous_url": _page_address(request, number - 1) if number > 1 else "",
    }


def _page_address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


def whole_number(values: Any, name: str) -> int | None:
    """A whole number from a form or query string, None if it is missing or none."""
    return next(iter(whole_numbers([str(values.get(name, ""))])), None)


def whole_numbers(texts: Iterable[str]) -> list[int]:
    """The whole numbers among some texts that a database can hold; whatever is none is left out."""
    return [int(t) for t in texts if t.isascii() and t.isdecimal() and len(t) <= 18]
