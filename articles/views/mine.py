"""A person's own things at a story: the shelf, a claim."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from articles import claims, shelf
from articles.http import back, person
from articles.views.answers import after_verb
from articles.views.permissions import editors_only
from articles.views.stories import get_story


@require_POST
def story_shelf(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the story on the person's shelf, or take it off: as the button says (`to`), so that a
    request which comes twice does the same.
    """
    story, user = get_story(pk), person(request)
    try:
        if request.POST.get("to") == "off":
            shelf.take(story, by=user)
            messages.success(request, _("“%s” is off your shelf.") % story)
        else:
            shelf.put(story, by=user)
            messages.success(request, _("“%s” is on your shelf.") % story)
    except shelf.FullShelfError as error:
        messages.error(request, str(error))
    return after_verb(request, story)


@require_POST
def shelf_clear(request: HttpRequest) -> HttpResponse:
    """Empty the person's shelf."""
    number = shelf.clear(by=person(request))
    words = ngettext("%d story is off your shelf.", "%d stories are off your shelf.", number)
    messages.success(request, words % number)
    return back(request, reverse("articles:home"))


@require_POST
@editors_only
def story_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one works on the story; a second person is told who does."""
    story = get_story(pk)
    try:
        claims.claim(story, by=person(request))
    except claims.ClaimedError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("You work on “%s” now; the others see it.") % story)
    return after_verb(request, story)


@require_POST
@editors_only
def story_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let go of a claimed story."""
    story = get_story(pk)
    if claims.release(story, by=person(request)):
        messages.success(request, _("“%s” is free for everybody again.") % story)
    else:
        messages.info(request, _("Nobody works on “%s”.") % story)
    return after_verb(request, story)
