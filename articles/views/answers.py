"""How the desk answers after a verb: a fragment for htmx, a redirect otherwise, 409 when stale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from articles import history, story_page
from articles.forms import StoryForm, labels
from articles.http import back, is_fragment
from articles.labels import LABELS
from articles.models import Change, Story
from articles.rows import rows_of

CHANGES_SHOWN = 5
ROWS_ANSWERED = 100
TOUCHED_NAMED = 1000


def wants_images(request: HttpRequest) -> bool:
    """Whether this person has pictures of stories loaded."""
    preferences = getattr(request, "preferences", None)
    return bool(preferences and preferences.load_images)


def after_verb(request: HttpRequest, story: Story, change: Change | None = None) -> HttpResponse:
    """The fresh rows of all that the change touched, or back to the page the form was on."""
    if not is_fragment(request):
        return back(request, story.get_absolute_url())
    if change is None or change.batch is None:
        return fragments(request, story)
    return rows_of_changes(request, batch_of(change))


def batch_of(change: Change) -> Iterable[Change]:
    """All that was done together with a change of coverage."""
    return Change.objects.filter(batch=change.batch)


def fragments(request: HttpRequest, story: Story, status: int = 200) -> HttpResponse:
    """The row with the messages beside it, out of band."""
    return rows_and_words(request, [story.pk], status)


def rows_of_changes(request: HttpRequest, changes: Iterable[Change]) -> HttpResponse:
    """The rows of the stories that some changes touched, and the messages.

    The page learns from the header which stories were touched: one that leads no longer folds
    under its lead. A change of very many stories names them without their rows.
    """
    return rows_and_words(request, [c.story_id for c in changes if c.story_id])


def rows_and_words(request: HttpRequest, touched: Sequence[int], status: int = 200) -> HttpResponse:
    """The rows of some stories with the messages beside them; the header names the stories."""
    rows = rows_of(touched[:ROWS_ANSWERED], images=wants_images(request))
    html = render_to_string("articles/story_list.html#story_rows", {"rows": rows}, request)
    words = render_to_string(
        "articles/_shared.html#messages",
        {"messages": messages.get_messages(request), "oob": True},
        request,
    )
    response = HttpResponse(html + words, status=status)
    response["X-Desk-Touched"] = ",".join(str(pk) for pk in touched[:TOUCHED_NAMED])
    return response


def stale_decision(request: HttpRequest, story: Story, wanted: dict[str, Any]) -> HttpResponse:
    """409: somebody changed the story first. Nothing was done; both versions are shown."""
    if is_fragment(request):
        messages.warning(request, _("Somebody changed “%s” first: look again.") % story)
        return fragments(request, story, status=409)
    rows = [
        conflict_row(name, label, getattr(story, name), value)
        for name, value in wanted.items()
        for label in [LABELS.get(name, name)]
    ]
    return _conflict(request, story, rows, post_url=request.path)


def edit_conflict(
    request: HttpRequest, story: Story, form: StoryForm, images: list[dict[str, Any]] | None
) -> HttpResponse:
    """409 for the edit form: what the person changed beside what the story says now."""
    names = labels()
    rows = [
        conflict_row(name, names.get(name, name), current_value(story, name), value)
        for name, value in form.changes.items()
    ]
    if images is not None:
        rows.append(conflict_row("images", names["images"], current_value(story, "images"), images))
    return _conflict(request, story, rows, post_url=request.path)


def conflict_row(name: str, label: str, theirs: Any, mine: Any) -> dict[str, Any]:
    """One line of the 409 page."""
    return {
        "name": name,
        "label": label,
        "theirs": as_text(theirs),
        "mine": as_text(mine),
        "differs": theirs != mine,
    }


def current_value(story: Story, name: str) -> Any:
    """What a story says now, in the shape of the edit form."""
    if name == "topics":
        return [topic.name for topic in story_page.topics_of(story)]
    if name == "images":
        return [image.url for image in story.images.all()]
    return getattr(story, name)


def as_text(value: Any) -> str:
    """A value as the 409 page shows and posts it: lists one item a line."""
    if isinstance(value, list):
        return "\n".join(str(v["url"]) if isinstance(v, dict) else str(v) for v in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


def _conflict(
    request: HttpRequest, story: Story, rows: list[dict[str, Any]], *, post_url: str
) -> HttpResponse:
    recent = story_page.changes_of(story.pk)[:CHANGES_SHOWN]
    context = {
        "story": story,
        "rows": rows,
        "version": story.version,
        "post_url": post_url,
        "changes": history.entries(recent, user=request.user),
    }
    return render(request, "articles/story_conflict.html", context, status=409)
