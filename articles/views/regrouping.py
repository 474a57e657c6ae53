"""Changing a group on its page: what will follow is shown first, and done once it is confirmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from articles import desk
from articles.http import is_fragment, person, whole_number, whole_numbers
from articles.models import Change, Coverage, Story
from articles.views.answers import batch_of, rows_of_changes
from articles.views.permissions import editors_only

PARTING = ("split", "split_at", "unlink")
"""Actions after which the parts may be kept apart."""
MOST_TICKED = 1_000
MOST_MERGED = 20


@dataclass(frozen=True, slots=True)
class Action:
    """A change of groups that somebody asked for: in words, what follows, and how it is done."""

    group: Coverage
    question: str
    done: str
    foresee: Callable[[], desk.Consequences]
    carry_out: Callable[[], Change | None]


@require_POST
@editors_only
def coverage_regroup(request: HttpRequest, pk: int) -> HttpResponse:
    """Split, unlink, keep apart or choose the lead in one group."""
    group = get_object_or_404(Coverage, pk=pk)
    action = _action(request, group)
    if action is None:
        messages.info(request, _("Tick the stories first."))
        return redirect(group)
    return _answer(request, action)


@require_POST
@editors_only
def coverage_merge(request: HttpRequest) -> HttpResponse:
    """Make one group of the ticked ones."""
    ticked = _numbers(request.POST.getlist("group"))[:MOST_MERGED]
    groups = list(Coverage.objects.filter(pk__in=ticked).order_by("-member_count", "pk"))
    if len(groups) < 2:
        messages.info(request, _("Tick two groups or more."))
        return redirect("articles:coverage_list")
    return _answer(request, _merge(request, groups))


def _answer(request: HttpRequest, action: Action) -> HttpResponse:
    """What will follow, or the deed."""
    try:
        if "confirm" not in request.POST:
            return _ask(request, action)
        change = action.carry_out()
    except desk.Stale:
        messages.warning(request, _("Somebody changed the group first: look again."))
    except desk.DeskError as error:
        messages.error(request, str(error))
    else:
        tags = "undo" if change else ""
        messages.success(request, action.done if change else _("Nothing to do."), extra_tags=tags)
        if is_fragment(request):
            return rows_of_changes(request, batch_of(change) if change else [])
    if is_fragment(request):
        return rows_of_changes(request, [])
    there = Coverage.objects.filter(pk=action.group.pk).exists()
    return redirect(action.group if there else "articles:coverage_list")


def _ask(request: HttpRequest, action: Action) -> HttpResponse:
    found = action.foresee()
    rows = sorted(found.stories, key=lambda each: (not _is_visible(each), not each.leads_after))
    context = {
        "group": action.group,
        "question": action.question,
        "found": found,
        "rows": [each for each in rows if _is_visible(each)],
        "others": [each for each in rows if not _is_visible(each)],
        "rescued": sum(_is_rescued(each) for each in found.stories),
        "posted": [(name, value) for name, values in request.POST.lists() for value in values
                   if name not in {"csrfmiddlewaretoken", "keep"}],
        "keeps": "parts" in request.POST or request.POST.get("action") in PARTING,
        "keep": "keep" in request.POST,
    }  # fmt: skip
    return render(request, "articles/coverage_confirm.html", context)


def _is_visible(each: desk.Consequence) -> bool:
    """Whether a reader or editor would see a difference, besides lines in files."""
    return each.published_before != each.published_after or each.led_before != each.leads_after


def _is_rescued(each: desk.Consequence) -> bool:
    story = each.story
    rule = story.site.rule
    return not each.led_before and each.leads_after and rule.publishes(story.quality)


def _action(request: HttpRequest, group: Coverage) -> Action | None:
    """What the form of the group page asks for; None where nothing is ticked."""
    by, posted = person(request), request.POST.copy()
    if "one" in request.GET:
        posted["one"] = request.GET["one"]
    version, keep = whole_number(posted, "version"), "keep" in posted
    name = posted.get("action", "")
    if name == "lead":
        return _lead(group, whole_number(posted, "one") or 0, request)
    parts = _parts(posted, group, alone=name == "apart")
    if not parts:
        return None
    keep = keep or name == "apart"
    count = sum(len(part) for part in parts)
    words = ngettext("Split %d story off", "Split %d stories off", count) % count
    return Action(
        group,
        words,
        ngettext("Split %d story off.", "Split %d stories off.", count) % count,
        lambda: desk.consequences_of_split(group, parts, by=by, keep_apart=keep),
        lambda: desk.split(group, parts, by=by, version=version, keep_apart=keep),
    )


def _parts(posted: QueryDict, group: Coverage, *, alone: bool) -> list[list[int]]:
    """The parts that are to leave: proposed ones, all from one story on, one story, the ticked."""
    if "parts" in posted:
        return [_numbers(part.split(",")) for part in posted.get("parts", "").split(";")]
    if posted.get("action") == "split_at":
        return [from_on(group, whole_number(posted, "one") or 0)]
    if "one" in posted:
        return [_numbers(posted.getlist("one"))]
    ticked = _numbers(posted.getlist("story"))
    return [[pk] for pk in ticked] if alone else [ticked] if ticked else []


def from_on(group: Coverage, pk: int) -> list[int]:
    """The members of a group from one story on, in the order of the time line."""
    ordered = Story.objects.filter(coverage=group).order_by("listed_at", "id")
    ids = list(ordered.values_list("pk", flat=True))
    return ids[ids.index(pk) :] if pk in ids else []


def _numbers(values: Sequence[str]) -> list[int]:
    return list(dict.fromkeys(whole_numbers(values)))[:MOST_TICKED]


def _lead(group: Coverage, pk: int, request: HttpRequest) -> Action:
    story = get_object_or_404(Story.objects.select_related("site"), pk=pk, coverage=group)
    by = person(request)
    return Action(
        group,
        _("Make “%s” the lead") % story,
        _("“%s” leads its group now.") % story,
        lambda: desk.consequences([story], "lead", by=by),
        lambda: desk.choose_lead(story, by=by),
    )


def _merge(request: HttpRequest, groups: list[Coverage]) -> Action:
    by = person(request)
    ids = [group.lead_id for group in groups]
    found = Story.objects.select_related("site").in_bulk([pk for pk in ids if pk])
    leads = [found[pk] for pk in ids if pk]
    return Action(
        groups[0],
        _("Make one group of %d") % len(groups),
        _("Made one group of %d.") % len(groups),
        lambda: desk.consequences(leads, "link", by=by),
        lambda: desk.merge(groups, by=by),
    )
