"""Conflicts: where robot and editor disagree on a field, and what is done about it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from articles import conflict_page, desk
from articles.http import back, newest_page, person, site_named, whole_number, whole_numbers
from articles.models import Conflict, Site, StandingAnswer
from articles.models.conflict import ConflictQuerySet
from articles.views.permissions import publishers_only


@require_safe
def conflict_list(request: HttpRequest) -> HttpResponse:
    """The open conflicts, newest first, fifty a page; and where nobody is asked any more."""
    found, site = _asked(request.GET.get("site", ""))
    shown, page = newest_page(request, found.select_related("story"), conflict_page.PAGE_SIZE)
    answers = StandingAnswer.objects.select_related("story", "by")
    context = {
        "rows": conflict_page.rows(shown),
        "newest": shown[0].pk if shown else 0,
        "count": found.count(),
        "site": site,
        "answers": conflict_page.labelled(answers[: conflict_page.PAGE_SIZE]),
        "page": page,
    }
    return render(request, "articles/conflict_list.html", context)


@require_POST
@publishers_only
def conflict_settle(request: HttpRequest) -> HttpResponse:
    """Settle one, the ticked, or all conflicts: take, keep, keep always."""
    chosen, answer = _chosen(request)
    if answer not in set(desk.Answer) or not chosen:
        messages.warning(request, _("Tick the conflicts first, then say what is to be done."))
        return back(request, reverse("articles:conflict_list"))
    seen = dict(each.split(":", 1) for each in request.POST.getlist("seen") if ":" in each)
    result = desk.settle_conflicts(
        Conflict.objects.filter(pk__in=chosen).select_related("story", "coverage__lead"),
        desk.Answer(answer),
        by=person(request),
        seen={number: token for pk, token in seen.items() for number in whole_numbers([pk])},
    )
    _report(request, result)
    return back(request, reverse("articles:conflict_list"))


@require_POST
@publishers_only
def answer_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask again from now on in a field where the desk's value was always kept."""
    desk.forget_answer(get_object_or_404(StandingAnswer, pk=pk), by=person(request))
    messages.success(request, _("From now on you are asked again."))
    return back(request, reverse("articles:conflict_list"))


def _asked(slug: str) -> tuple[ConflictQuerySet, Site | None]:
    site = site_named(slug)
    found = Conflict.objects.open()
    return (found.filter(site=site) if site else found), site


def _chosen(request: HttpRequest) -> tuple[list[int], str]:
    """The conflicts a button means, and what it says of them."""
    one, _colon, answer = request.POST.get("one", "").partition(":")
    if number := whole_numbers([one]):
        return number, answer
    if answer := request.POST.get("all", ""):
        found, _site = _asked(request.POST.get("site", ""))
        newest = whole_number(request.POST, "newest") or 0
        ids = found.filter(pk__lte=newest).order_by("-pk").values_list("pk", flat=True)
        return list(ids[: conflict_page.MOST_AT_ONCE]), answer
    ticked = whole_numbers(request.POST.getlist("conflict"))
    return ticked[: conflict_page.MOST_AT_ONCE], request.POST.get("answer", "")


def _report(request: HttpRequest, result: desk.BulkResult) -> None:
    if result.done:
        words = ngettext("%d conflict settled.", "%d conflicts settled.", result.done)
        messages.success(request, words % result.done, extra_tags="undo")
    for _pk, title, why in result.refused[:5]:
        messages.warning(request, f"{title}: {why}")
