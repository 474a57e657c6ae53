"""When the database cannot save: busy, full, or gone. The person is told, and keeps their text.

Sentences and codes follow SQLite's messages and PostgreSQL's SQLSTATE. Errors inside a view come
through `BusyMiddleware`, errors outside of it (saving the session, another middleware) through
`server_error`; both answer with the same page, which asks no database.
"""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error as plain_server_error

from articles.patience import TooSlowError

logger = logging.getLogger(__name__)

MAX_FIELDS, MAX_TEXT = 300, 200_000
"""How much of a form is handed back: more than any form of the desk holds."""

NOT_HANDED_BACK = ("csrfmiddlewaretoken", "password")
"""Parts of names whose values never come back in a page."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which saving fails; `retry_after` in seconds."""

    status: int
    title: str | Promise
    sentence: str | Promise
    retry_after: int


BUSY = Fault(
    503,
    _("Another save is running, try again"),
    _("Nothing was saved."),
    2,
)
SLOW = Fault(
    503,
    _("That took too long"),
    _("The database stopped the request, and nothing was saved. Narrow the search or the filters."),
    5,
)
FULL = Fault(
    507,
    _("The disk is full, nothing was saved"),
    _("The database has no room left. Tell whoever looks after this desk."),
    60,
)
UNREACHABLE = Fault(
    503,
    _("The database does not answer"),
    _("Nothing was saved. Try again in a minute."),
    10,
)

SQLSTATES = {
    "55P03": BUSY,  # lock_not_available: lock_timeout ran out
    "40001": BUSY,  # serialization_failure
    "40P01": BUSY,  # deadlock_detected
    "53300": BUSY,  # too_many_connections
    "53100": FULL,  # disk_full
    "57014": SLOW,  # query_canceled: statement_timeout
    "57P01": UNREACHABLE,  # admin_shutdown
    "57P02": UNREACHABLE,  # crash_shutdown
    "57P03": UNREACHABLE,  # cannot_connect_now
    "25006": UNREACHABLE,  # read_only_sql_transaction: a standby
}
SQLITE_WORDS = (
    ("is locked", BUSY),
    ("is busy", BUSY),
    ("is full", FULL),
    ("unable to open database", UNREACHABLE),
    ("readonly database", UNREACHABLE),
    ("disk i/o error", UNREACHABLE),
)
POSTGRESQL_WORDS = ("connection", "server closed", "pool")


def fault_of(error: BaseException | None) -> Fault | None:
    """Which fault an error means; None for anything that is a mistake of the program."""
    if isinstance(error, TooSlowError):
        return SLOW
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return FULL
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    state = getattr(error.__cause__, "sqlstate", None)
    if state:
        return SQLSTATES.get(state) or (UNREACHABLE if state.startswith("08") else None)
    text = str(error).lower()
    for words, fault in SQLITE_WORDS:
        if words in text:
            return fault
    return UNREACHABLE if any(word in text for word in POSTGRESQL_WORDS) else None


class BusyMiddleware:
    """Answers an error of the database in a view with words instead of a 500."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of the fault, or None: not ours."""
        fault = fault_of(error)
        return answer(request, fault, error) if fault else None


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """The handler of every error nobody caught (`handler500`)."""
    error = sys.exc_info()[1]
    fault = fault_of(error)
    return answer(request, fault, error) if fault else plain_server_error(request)


def answer(request: HttpRequest, fault: Fault, error: BaseException | None) -> HttpResponse:
    """The page of a fault with everything the person had typed, and a button to send it again."""
    logger.warning("%s %s: %s", request.method, request.path, error)
    fields = typed_fields(request)
    context = {
        "fault": fault,
        "fields": fields,
        "shown": [(name, value) for name, value in fields if _is_text(value)],
        "action": request.get_full_path(),
        "may_retry": bool(fields) and not _holds_password(request),
        "is_post": request.method == "POST",
        "csrf_token": get_token(request),
    }
    html = loader.get_template("articles/fault.html").render(context)
    response = HttpResponse(html, status=fault.status)
    response["Retry-After"] = str(fault.retry_after)
    response["Cache-Control"] = "no-store"
    return response


def typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What the form sent, except passwords and the token; nothing if it is out of all measure."""
    if request.method != "POST":
        return []
    pairs = [
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if not _is_held_back(name)
    ]
    size = sum(len(value) for _name, value in pairs)
    return pairs if len(pairs) <= MAX_FIELDS and size <= MAX_TEXT else []


def _is_held_back(name: str) -> bool:
    return any(part in name for part in NOT_HANDED_BACK)


def _holds_password(request: HttpRequest) -> bool:
    return any("password" in name for name in request.POST)


def _is_text(value: str) -> bool:
    """Worth showing: somebody may have typed it (ids, versions and flags are short or numbers)."""
    return len(value) > 3 and not value.isdigit()
