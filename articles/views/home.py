"""Home and a person's own settings."""

from __future__ import annotations

import zoneinfo
from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from articles import desk, history, presence
from articles.forms import PreferencesForm
from articles.home_page import SHOWN, HomePage
from articles.http import person
from articles.keys_form import KeysForm
from articles.models import Change, Preferences

NEW_VISIT = timedelta(hours=1)
"""Somebody who was away for so long begins a new visit."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What came in since the last visit, what waits, what is wrong, what happened."""
    desk.wake_due()
    user = person(request)
    recent = Change.objects.select_related("story").knowing_undone().order_by("-pk")
    context = {
        "greeting": _greeting(user),
        "home": HomePage(user, _since(request)),
        "activity": history.entries(recent[:SHOWN], user=user, with_story=True),
    }
    return render(request, "articles/home.html", context)


def _greeting(user: User) -> str:
    hour = timezone.localtime().hour
    words = (
        _("Good morning") if hour < 12 else _("Good afternoon") if hour < 18 else _("Good evening")
    )
    return f"{words}, {user.get_short_name() or user.get_username()}"


def _since(request: HttpRequest) -> datetime | None:
    """When the person's visit before this one ended; an hour away begins a new one."""
    preferences: Preferences = request.preferences  # type: ignore[attr-defined]
    now, last = timezone.now(), preferences.last_seen_at
    if last is None or now - last > NEW_VISIT:
        preferences.last_visit = last
        presence.forget_old()
    elif now - last < timedelta(minutes=1):
        return preferences.last_visit
    values = {"last_seen_at": now, "last_visit": preferences.last_visit}
    Preferences.objects.update_or_create(user=person(request), defaults=values)
    return preferences.last_visit


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Time zone, colours, density, pictures and keys."""
    mine: Preferences = request.preferences  # type: ignore[attr-defined]
    posted = request.POST if request.method == "POST" else None
    form, keys = PreferencesForm(posted, instance=mine), KeysForm(posted, keys=mine.keys)
    if posted and "reset" in posted:
        return _save_keys(mine, {}, request)
    if posted and form.is_valid() and keys.is_valid():
        return _save_keys(form.save(commit=False), keys.changed, request)
    context = {"form": form, "keys_form": keys, "zones": sorted(zoneinfo.available_timezones())}
    status = 200 if posted is None else 422
    return render(request, "articles/preferences.html", context, status=status)


def _save_keys(mine: Preferences, keys: dict[str, str], request: HttpRequest) -> HttpResponse:
    mine.keys = keys
    mine.save()
    messages.success(request, _("Your settings are saved."))
    return redirect("articles:preferences")
