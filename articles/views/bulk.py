"""One verb on many stories: the selected ones, or all that match."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from articles import choosing, desk, later, roles, shelf
from articles.http import back, is_fragment, person, reason_of, whole_numbers
from articles.models import Story
from articles.views.answers import rows_and_words
from articles.views.coverage import MOST_LINKED

REFUSALS_SHOWN = 5

Verb = Callable[..., desk.BulkResult]

VERBS: Mapping[str, tuple[Verb, Callable[[User], bool], str, str]] = {
    "publish": (desk.publish_many, roles.can_publish, "%d story published", "%d stories published"),
    "unpublish": (
        desk.unpublish_many, roles.can_publish, "%d story unpublished", "%d stories unpublished"
    ),
    "decline": (desk.decline_many, roles.can_edit, "%d story declined", "%d stories declined"),
    "snooze": (desk.snooze_many, roles.can_edit, "%d story snoozed", "%d stories snoozed"),
    "wake": (
        desk.wake_many, roles.can_edit, "%d story is back in the inbox",
        "%d stories are back in the inbox",
    ),
}  # fmt: skip


@require_POST
def story_bulk(request: HttpRequest) -> HttpResponse:
    """Carry a verb out on the chosen stories, and say how many, which not, and why."""
    if request.POST.get("verb") == "shelf":
        return _shelve(request)
    if request.POST.get("verb") == "link":
        return _ask_to_link(request)
    chosen = VERBS.get(request.POST.get("verb", ""))
    if chosen is None:
        raise BadRequest("Choose publish, unpublish, decline, snooze, wake, shelf or link.")
    verb, allowed, one, many = chosen
    if not allowed(person(request)):
        raise PermissionDenied
    versions = _wanted(request)
    if not versions:
        messages.warning(request, _("No story was selected."))
        return _answer(request, [])
    stories = Story.objects.filter(pk__in=list(versions))
    try:
        result = verb(stories, by=person(request), versions=versions, **_options(request))
    except desk.Invalid as error:
        messages.error(request, str(error))
    else:
        _report(request, result, one, many)
    return _answer(request, list(versions))


def _answer(request: HttpRequest, touched: list[int]) -> HttpResponse:
    if is_fragment(request):
        return rows_and_words(request, touched)
    return back(request, reverse("articles:story_list"))


def _shelve(request: HttpRequest) -> HttpResponse:
    """Put the chosen stories on the person's own shelf."""
    versions = _wanted(request)
    stories = Story.objects.filter(pk__in=list(versions)).only("pk")
    try:
        number = shelf.put_many(stories, by=person(request))
    except shelf.FullShelfError as error:
        messages.error(request, str(error))
    else:
        words = ngettext("Put %d story on your shelf.", "Put %d stories on your shelf.", number)
        messages.success(request, words % number if number else _("All lie on your shelf already."))
    return _answer(request, list(versions))


def _ask_to_link(request: HttpRequest) -> HttpResponse:
    """Ask before the chosen stories become one group: the best of them stands for all."""
    ids = list(_wanted(request))
    best = Story.objects.filter(pk__in=ids).order_by("-quality_rank", "id").only("pk").first()
    if best is None or len(ids) < 2:
        messages.warning(request, _("Select at least two stories to link."))
        return back(request, reverse("articles:story_list"))
    address = reverse("articles:story_follows", args=[best.pk, "link"])
    others = [("story", pk) for pk in ids[: MOST_LINKED + 1] if pk != best.pk]
    return redirect(f"{address}?{urlencode(others)}")


def _options(request: HttpRequest) -> dict[str, Any]:
    """Why, and for a snooze until when. Raises Invalid where no moment is named."""
    reason = reason_of(request)
    options: dict[str, Any] = {"reason": reason} if reason else {}
    if request.POST.get("verb") == "snooze":
        options["until"] = later.instant_of(
            request.POST.get("until", ""), request.POST.get("date", "")
        )
        if options["until"] is None:
            raise desk.Invalid({"until": _("Choose until when the stories sleep.")})
    return options


def _wanted(request: HttpRequest) -> dict[int, int | None]:
    """Ids and versions of the stories that are meant."""
    return _chosen(request) or _selected(request)


def _chosen(request: HttpRequest) -> dict[int, int | None]:
    """What was chosen at once, exactly as it was then (`choosing`); nothing if nothing was."""
    token = request.POST.get("chosen", "")
    try:
        return {**choosing.read(token)} if token else {}
    except choosing.UnreadableChoiceError as error:
        raise BadRequest("This desk did not write that choice: choose again.") from error


def _selected(request: HttpRequest) -> dict[int, int | None]:
    """Ids and versions of the ticked stories, as they were when the page was made."""
    versions: dict[int, int | None] = {}
    for value in request.POST.getlist("story"):
        pair = whole_numbers(value.split(":", 1))
        if len(pair) != 2:
            raise BadRequest("A selected story is named by its number and version.")
        versions[pair[0]] = pair[1]
    return versions


def _report(request: HttpRequest, result: desk.BulkResult, one: str, many: str) -> None:
    words = [ngettext(one, many, result.done) % result.done]
    if result.unchanged:
        words.append(_("%d already were") % result.unchanged)
    text = ", ".join(words) + "."
    messages.success(request, text, extra_tags="undo" if result.done else "")
    if not result.refused:
        return
    shown = [f"“{title}”: {reason}" for _pk, title, reason in result.refused[:REFUSALS_SHOWN]]
    rest = len(result.refused) - len(shown)
    count = ngettext(
        "%d was left as it is.", "%d were left as they are.", len(result.refused)
    ) % len(result.refused)
    tail = _(" And %d more.") % rest if rest else ""
    messages.warning(request, f"{count} {' '.join(shown)}{tail}")
