"""One verb on one story, from `story_publish` to `story_promote`: each a POST with its version."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import desk, later
from articles.http import back, is_fragment, person, reason_of, whole_number
from articles.models import Change, Story
from articles.views.answers import after_verb, fragments, stale_decision
from articles.views.permissions import editors_only, publishers_only
from articles.views.stories import get_story

Verb = Callable[..., Change | None]


@require_POST
@publishers_only
def story_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the site show the story."""
    options = {"both": "both" in request.POST}
    if "override" in request.POST:
        options["override"] = True
    return _say(request, pk, desk.publish, _("Published “%s”."), {"published": True}, **options)


@require_POST
@publishers_only
def story_unpublish(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the story off the site."""
    return _say(request, pk, desk.unpublish, _("Unpublished “%s”."), {"published": False})


@require_POST
@editors_only
def story_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the story is not for this site; said again with a reason, that is why."""
    verb = desk.give_reason if reason_of(request) else desk.decline
    return _say(request, pk, verb, _("Declined “%s”."), {"published": False})


@require_POST
@editors_only
def story_snooze(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the story to sleep until a moment; without one, ask until when."""
    until = later.instant_of(request.POST.get("until", ""), request.POST.get("date", ""))
    if until is None:
        return _ask_until_when(request, get_story(pk))
    words = _("“%%s” sleeps until %s.") % later.moment(until)
    return _say(request, pk, desk.snooze, words, {}, until=until)


@require_POST
@editors_only
def story_wake(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a sleeping story back now."""
    return _say(request, pk, desk.wake, _("“%s” is back in the inbox."), {})


@require_POST
@publishers_only
def story_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the story as taken down."""
    return _say(request, pk, desk.remove, _("Removed “%s”."), {"removed": True})


@require_POST
@publishers_only
def story_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the removal back."""
    return _say(request, pk, desk.restore, _("Restored “%s”."), {"removed": False})


@require_POST
@editors_only
def story_lead(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the story lead its group."""
    return _say(request, pk, desk.choose_lead, _("“%s” leads its group now."), {"is_lead": True})


@require_POST
@editors_only
def story_unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the story out of its group; out of the robot's it is kept apart, unless `plain`."""
    group = get_story(pk).coverage
    keep = group is not None and not group.edited and "plain" not in request.POST
    apart = _("“%s” is unlinked, and kept apart from the lead of its group.")
    words = apart if keep else _("“%s” is no longer linked.")
    return _say(request, pk, desk.unlink, words, {"related_count": 0}, keep_apart=keep)


@require_POST
@editors_only
def story_keep_apart(request: HttpRequest, pk: int) -> HttpResponse:
    """Remember that the story and the `other` one are not about one event."""
    other = get_story(whole_number(request.POST, "other") or 0)
    verb = partial(_with_other, desk.keep_apart, other)
    return _say(request, pk, verb, _("“%s” is kept apart now."), {})


@require_POST
@editors_only
def story_allow_together(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget that the story and the `other` one are kept apart."""
    other = get_story(whole_number(request.POST, "other") or 0)
    verb = partial(_with_other, desk.allow_together, other)
    return _say(request, pk, verb, _("“%s” may be linked again."), {})


def _with_other(verb: Verb, other: Story, story: Story, **options: Any) -> Change | None:
    return verb(story, other, **options)


@require_POST
@publishers_only
def story_promote(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a story without a file one of its own."""
    return _say(request, pk, desk.promote, _("“%s” gets a file with the next export."), {})


def _say(
    request: HttpRequest, pk: int, verb: Verb, words: str, wanted: dict[str, Any], **options: Any
) -> HttpResponse:
    story = get_story(pk)
    if any(value == "theirs" for name, value in request.POST.items() if name.startswith("take-")):
        messages.info(request, _("Left as it is now."))
        return back(request, story.get_absolute_url())
    reason = reason_of(request)
    if reason:
        options["reason"] = reason
    version = whole_number(request.POST, "version")
    try:
        change = verb(story, by=person(request), version=version, **options)
    except desk.Stale as stale:
        return stale_decision(request, stale.story, wanted)
    except desk.NeedsChoice:
        return _choose(request, story)
    except desk.DeskError as error:
        return _refused(request, story, error)
    if change:
        messages.success(request, words % story, extra_tags="undo")
    else:
        messages.info(request, _("Nothing to do: “%s” already is as you want it.") % story)
    return after_verb(request, story, change)


def _ask_until_when(request: HttpRequest, story: Story) -> HttpResponse:
    context = {"story": story, "choices": later.choices()}
    return render(request, "articles/story_snooze.html", context, status=422)


def _choose(request: HttpRequest, story: Story) -> HttpResponse:
    if is_fragment(request):
        messages.warning(request, _("“%s” does not lead its group: open it to choose.") % story)
        return fragments(request, story)
    context = {"story": story, "lead": story.coverage.lead if story.coverage else None}
    return render(request, "articles/story_choice.html", context)


def _refused(request: HttpRequest, story: Story, error: desk.DeskError) -> HttpResponse:
    messages.error(request, str(error))
    if is_fragment(request):
        return fragments(request, story)
    return back(request, story.get_absolute_url())
