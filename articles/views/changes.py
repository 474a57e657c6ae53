"""Activity: who or which robot did what, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from articles import desk
from articles.activity import Activity
from articles.http import back, is_fragment, person, press_of, whole_numbers
from articles.models import Change
from articles.views.answers import rows_of_changes
from articles.views.permissions import editors_only

MOST_TICKED = 200
"""So many entries are taken back at once."""

REASONS_SHOWN = 5


@require_safe
def change_list(request: HttpRequest) -> HttpResponse:
    """What people, the robot and the rule did, newest first, fifty entries a page."""
    activity = Activity(request.GET, request.user)
    context = {
        "activity": activity,
        "entries": activity.entries,
        "filter": activity.filter,
        "page": activity.pager,
    }
    status = 200 if activity.is_valid else 422
    return render(request, "articles/change_list.html", context, status=status)


@require_POST
@editors_only
def change_revert(request: HttpRequest) -> HttpResponse:
    """Take back every ticked entry, newest first; say how many, which not, and why."""
    ticked = set(whole_numbers(request.POST.getlist("change")))
    if not ticked or len(ticked) > MOST_TICKED:
        messages.warning(request, _("Tick 1 to %d entries first.") % MOST_TICKED)
        return back(request, reverse("articles:change_list"))
    done, refused = 0, []
    for change in Change.objects.filter(pk__in=ticked).order_by("-pk"):
        try:
            done += len(desk.undo(change, by=person(request)))
        except (desk.DeskError, PermissionDenied) as error:
            refused.append(f"{_what(change)}: {error}")
    _report(request, done, refused)
    return back(request, reverse("articles:change_list"))


def _report(request: HttpRequest, done: int, refused: list[str]) -> None:
    if done:
        words = ngettext("%d change taken back.", "%d changes taken back.", done) % done
        messages.success(request, words)
    if refused:
        rest = len(refused) - REASONS_SHOWN
        tail = _(" And %d more.") % rest if rest > 0 else ""
        messages.warning(
            request, f"{_('Left as it is:')} {'; '.join(refused[:REASONS_SHOWN])}{tail}"
        )


@require_POST
@editors_only
def change_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one change back, and all of its batch."""
    change = get_object_or_404(Change, pk=pk)
    page = change.story.get_absolute_url() if change.story else "/"
    return _carry_out(request, partial(desk.undo, change), _("Undone"), page)


@require_POST
@editors_only
def undo(request: HttpRequest) -> HttpResponse:
    """Take back the person's own newest decision that still stands."""
    return _carry_out(request, desk.undo_last, _("Undone"))


@require_POST
@editors_only
def redo(request: HttpRequest) -> HttpResponse:
    """Do again what the person undid last."""
    return _carry_out(request, desk.redo_last, _("Done again"))


def _carry_out(
    request: HttpRequest, verb: Callable[..., list[Change]], words: str, page: str = "/"
) -> HttpResponse:
    try:
        done = verb(by=person(request), press=press_of(request))
    except desk.DeskError as error:
        messages.error(request, str(error))
        done = []
    else:
        messages.success(request, f"{words}: {'; '.join(_what(c) for c in done[:3])}.")
    return rows_of_changes(request, done) if is_fragment(request) else back(request, page)


def _what(change: Change) -> str:
    first = change.undoes or change
    return f"{first.get_verb_display()} “{change.story}”"
