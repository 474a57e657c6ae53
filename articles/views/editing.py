"""Editing a story: the whole form, one field in place, and the way back to what the file says."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from articles import desk, story_page
from articles.forms import IMAGE_FIELDS, FieldForm, ImageFormSet, StoryForm, image_values
from articles.http import back, is_fragment, person, whole_number
from articles.labels import IN_FILE
from articles.models import Story
from articles.story_fields import IN_PLACE
from articles.views.answers import (
    after_verb,
    current_value,
    edit_conflict,
    fragments,
    stale_decision,
)
from articles.views.permissions import editors_only
from articles.views.stories import get_story
from articles.views.story import address_in_list, query_of


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def story_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit headline, excerpt, topics, type, addresses and pictures."""
    story = _editable(pk)
    topics = [topic.name for topic in story_page.topics_of(story)]
    pictures = image_values(list(story.images.all()))
    initial = StoryForm.initial_of(story, topics)
    data = _posted(request, initial, pictures)
    form = StoryForm(data, story=story, initial=initial)
    images = ImageFormSet(data, initial=pictures, prefix="images")
    if request.method == "POST" and form.is_valid() and images.is_valid():
        return _save(request, story, form, images, pictures)
    return _edit_page(request, story, form, images)


def _edit_page(request: HttpRequest, story: Story, form: StoryForm, images: Any) -> HttpResponse:
    """The form; 422 where what was posted is not accepted."""
    context = {"story": story, "form": form, "images": images}
    status = 422 if request.method == "POST" else 200
    return render(request, "articles/story_edit.html", context, status=status)


def _posted(
    request: HttpRequest, initial: dict[str, Any], pictures: list[dict[str, Any]]
) -> QueryDict | None:
    """What was posted; from the 409 page, the story as it is now with what the person took."""
    if request.method != "POST":
        return None
    if not any(name.startswith("take-") for name in request.POST):
        return request.POST
    data = _resolved(request.POST, initial)
    data.update({"images-TOTAL_FORMS": str(len(pictures)), "images-INITIAL_FORMS": "0"})
    for number, picture in enumerate(pictures):
        for name, value in picture.items():
            data[f"images-{number}-{name}"] = "" if value is None else str(value)
    return data


def _resolved(posted: QueryDict, initial: dict[str, Any]) -> QueryDict:
    """The edit form after a choice between two versions, field by field."""
    data = QueryDict(mutable=True)
    data["base"] = json.dumps(initial["base"])
    data["version"] = posted.get("version", "")
    for name, value in initial["base"].items():
        theirs = "\n".join(value) if isinstance(value, list) else value
        mine = posted.get(f"take-{name}") == "mine"
        data[name] = posted.get(f"mine-{name}", "") if mine else theirs
    return data


def _save(
    request: HttpRequest, story: Story, form: StoryForm, images: Any, pictures: list[dict[str, Any]]
) -> HttpResponse:
    changes = form.changes
    wanted = [_picture(image) for image in images.cleaned_data if image.get("url")]
    if wanted != [_picture(picture) for picture in pictures]:
        changes["images"] = wanted
    try:
        change = desk.edit(story, changes, by=person(request), version=form.cleaned_data["version"])
    except desk.Stale as stale:
        return edit_conflict(request, stale.story, form, changes.get("images"))
    except desk.DeskError as error:
        form.add_error(None, str(error))
        return _edit_page(request, story, form, images)
    if change:
        messages.success(request, _("Saved “%s”.") % story, extra_tags="undo")
    else:
        messages.info(request, _("Nothing was different, so nothing was saved."))
    return redirect(story)


def _picture(values: dict[str, Any]) -> dict[str, Any]:
    """A picture's values alike, whether they come from the database or a form."""
    return {name: values.get(name) or None for name in IMAGE_FIELDS}


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def story_field(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Edit one field where it stands; a page of its own without scripts."""
    if name not in IN_PLACE:
        raise Http404("This field is not edited on the desk.")
    story = _editable(pk)
    initial = StoryForm.initial_of(story, current_value(story, "topics"))
    form = FieldForm(request.POST or None, story=story, initial=initial, name=name)
    if request.method == "POST" and form.is_valid():
        return _save_field(request, story, form)
    if request.method == "POST" and _is_in_list(request):
        return _refused_in_list(request, story, form)
    return _field_page(request, story, form, status=422 if request.method == "POST" else 200)


def _editable(pk: int) -> Story:
    story = get_story(pk)
    if not story.has_file or story.locked:
        raise Http404("A story without a file, or with a locked one, cannot be edited.")
    return story


def _save_field(request: HttpRequest, story: Story, form: FieldForm) -> HttpResponse:
    version = form.cleaned_data["version"]
    try:
        change = desk.edit(story, form.changes, by=person(request), version=version)
    except desk.Stale as stale:
        if _is_in_list(request):
            return stale_decision(request, stale.story, {})
        theirs = current_value(stale.story, form.name)
        return _field_page(request, stale.story, form, status=409, theirs=theirs)
    except desk.DeskError as error:
        form.add_error(None, str(error))
        if _is_in_list(request):
            return _refused_in_list(request, story, form)
        return _field_page(request, story, form, status=422)
    if change:
        messages.success(request, _("Saved “%s”.") % story, extra_tags="undo")
    if _is_in_list(request):
        return after_verb(request, story)
    return redirect(address_in_list(story.pk, query_of(request), edited=form.name))


def _is_in_list(request: HttpRequest) -> bool:
    """Whether a dialog of the list asks, which is answered with the row."""
    return is_fragment(request) and "in_list" in request.GET


def _refused_in_list(request: HttpRequest, story: Story, form: FieldForm) -> HttpResponse:
    for errors in form.errors.values():
        messages.error(request, " ".join(str(error) for error in errors))
    return fragments(request, story, status=422)


def _field_page(
    request: HttpRequest, story: Story, form: FieldForm, *, status: int, theirs: Any = None
) -> HttpResponse:
    """The form of one field; after somebody saved first, with what they wrote beside it."""
    context = {
        "story": story,
        "form": form,
        "version": story.version if status == 409 else form["version"].value(),
        "is_stale": status == 409,
        "theirs": ", ".join(theirs) if isinstance(theirs, list) else theirs,
        "list_query": query_of(request),
        "story_url": address_in_list(story.pk, query_of(request), edited=form.name),
    }
    part = "#form" if is_fragment(request) else ""
    response = render(request, f"articles/story_field.html{part}", context, status=status)
    if status != 200:
        response["HX-Retarget"] = f"#field-{form.name}"
        response["HX-Reswap"] = "innerHTML"
        response["HX-Reselect"] = ".field-form"
    return response


@require_POST
@editors_only
def story_original(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Let a field say again what the file says, and follow the robot from now on."""
    if name not in (*IN_PLACE, "images", "published_at"):
        raise Http404("This field is not edited on the desk.")
    story = get_story(pk)
    version = whole_number(request.POST, "version")
    try:
        change = desk.give_back(story, [name], by=person(request), version=version)
    except desk.Stale as stale:
        return stale_decision(request, stale.story, {name: _("what the file says")})
    except desk.DeskError as error:
        messages.error(request, str(error))
    else:
        _say_given_back(request, story, name, given=change is not None)
    return back(request, story.get_absolute_url())


def _say_given_back(request: HttpRequest, story: Story, name: str, *, given: bool) -> None:
    if given:
        words = _("%(field)s of “%(story)s” is the file's again.")
        said = words % {"field": IN_FILE[name], "story": story}
        messages.success(request, said, extra_tags="undo")
    else:
        messages.info(request, _("It is the file's already."))
