"""The command bar: what a few typed words or a pasted address mean at this desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from articles.http import back, is_fragment, person
from articles.models import Preferences, Provider, Site, Story, Topic
from articles.search.language import MAX_LENGTH, is_url
from articles.suggestions import spellings
from articles.weburl import url_key

SHOWN = 5
"""At most so many of a kind."""

HEADLINE = 4
"""From so many words on a text may be a headline somebody pasted."""

FRONT_PAGE, LETTERS = "front page", 3
"""Who types so many of its letters may mean a site's front page."""

Option = dict[str, str]


@require_safe
def command_list(request: HttpRequest) -> HttpResponse:
    """What the words in the command bar may mean, the likeliest first, as JSON."""
    text = request.GET.get("q", "").strip()[:2000]
    found = _about_address(text) if is_url(text) else _about_words(text[:MAX_LENGTH])
    return JsonResponse({"options": list(found)})


def _option(kind: str, label: str, url: str) -> Option:
    return {"kind": kind, "label": label, "url": url}


def _about_address(url: str) -> Iterator[Option]:
    """Who has the story of an address: its group, the story, or nobody."""
    keys = [url_key(form) for form in sorted(spellings(url))]
    stories = Story.objects.filter(url_key__in=keys).select_related("coverage")
    for story in stories.defer("excerpt", "body", "featured_content")[:SHOWN]:
        group = story.coverage
        if group is None:
            kind = _("Already here")
        else:
            words = ngettext(
                "Already covered: group of %d", "Already covered: group of %d", group.member_count
            )
            kind = words % group.member_count
        yield _option(kind, str(story), story.get_absolute_url())
    search = f"{reverse('articles:story_list')}?{urlencode({'q': url})}"
    yield _option(_("Search"), _("every story with this address"), search)
    yield _covered(url)


def _covered(text: str) -> Option:
    """The page that compares a text with every story."""
    page = f"{reverse('articles:covered')}?{urlencode({'q': text})}"
    return _option(_("Compare"), _("is the event covered already?"), page)


def _about_words(text: str) -> Iterator[Option]:
    if not text:
        return
    yield from _front_pages(text)
    for topic in Topic.objects.filter(name__icontains=text)[:SHOWN]:
        yield _option(_("Topic"), topic.name, topic.get_absolute_url())
    for provider in Provider.objects.filter(name__icontains=text)[:SHOWN]:
        yield _option(_("Provider"), str(provider), provider.get_absolute_url())
    search = f"{reverse('articles:story_list')}?{urlencode({'q': text})}"
    yield _option(_("Search"), _("stories with “%s”") % text, search)
    if len(text.split()) >= HEADLINE:
        yield _covered(text)


def _front_pages(text: str) -> Iterator[Option]:
    """The connected sites' front pages: of a day that was typed, or of any."""
    with suppress(ValueError):
        day = parse_date(text)
        if day or (len(text) >= LETTERS and FRONT_PAGE.startswith(text.lower())):
            query = f"?{urlencode({'date': day.isoformat()})}" if day else ""
            when = date_format(day) if day else _("on any day")
            for site in Site.objects.connected()[:SHOWN]:
                url = reverse("articles:front_page", args=[site.slug])
                yield _option(_("Front page"), f"{site}, {when}", f"{url}{query}")


@require_POST
def tour_done(request: HttpRequest) -> HttpResponse:
    """The person has seen the first steps: they do not come back."""
    Preferences.objects.update_or_create(user=person(request), defaults={"tour_done": True})
    if is_fragment(request):
        return HttpResponse(status=204)
    return back(request, reverse("articles:story_list"))
