"""What readers' pages fetch without login: the public JSON of each site."""

from __future__ import annotations

from hashlib import blake2b

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.models import Site
from articles.sitejson import Feed, encode, find_feed
from newsdesk.replica import served_by_replica

MAX_AGE = 60
"""Seconds a reader's browser may keep an answer: how late a published story can appear."""


@login_not_required
@require_safe
@served_by_replica
def site_index_json(request: HttpRequest, slug: str, number: int = 1) -> HttpResponseBase:
    """Answer with a page of a site's live stories, newest first."""
    return _answer(request, Feed(_public_site(slug)), number)


@login_not_required
@require_safe
@served_by_replica
def site_topic_json(
    request: HttpRequest, slug: str, topic: str, number: int = 1
) -> HttpResponseBase:
    """Answer with a page of the live stories of one topic, newest first."""
    feed = find_feed(_public_site(slug), topic)
    if feed is None:
        raise Http404(_("This site has no such topic."))
    return _answer(request, feed, number)


def _public_site(slug: str) -> Site:
    if not settings.NEWSDESK_SERVE_SITE:
        raise Http404(_("This desk serves no public pages."))
    return get_object_or_404(Site, slug=slug, serves_public_json__in=[True])


def _answer(request: HttpRequest, feed: Feed, number: int) -> HttpResponseBase:
    page = feed.page(number)
    if page is None:
        raise Http404(_("There are not so many pages."))
    data = encode(page)
    fresh = HttpResponse(data, content_type="application/json; charset=utf-8")
    fresh["ETag"] = quote_etag(blake2b(data, digest_size=16).hexdigest())
    fresh["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response = get_conditional_response(request, fresh["ETag"], response=fresh) or fresh
    # The readers' pages stand on another host; what they read here is public.
    response["Access-Control-Allow-Origin"] = "*"
    return response
