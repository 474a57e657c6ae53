"""What a story is made of, as tables below its form: pictures, and what was found odd about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.http import HttpRequest
from django.utils.translation import gettext as _

from articles.admin.base import TABLE
from articles.models import Story, StoryImage, StoryProblem

MOST_IMAGES = 200
"""More pictures than this are shown, not edited: a form cannot carry thousands."""


class PictureFormSet(forms.models.BaseInlineFormSet):  # type: ignore[type-arg]  # as below
    """Every field says what it is and of which picture: the heads of a table do not."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """The fields of one picture, with their labels."""
        super().add_fields(form, index)
        for field in form.fields.values():
            place = "" if index is None else f" {index + 1}"
            words = _("%(field)s of picture%(place)s") % {"field": field.label, "place": place}
            field.widget.attrs["aria-label"] = words


class ImageInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    """Pictures, written by `desk.edit` with the rest of the story."""

    model = StoryImage
    formset = PictureFormSet
    template = TABLE
    fields = ("url", "width", "height", "title", "is_cached")
    extra = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the story, unless there are too many."""
        if obj is not None and _has_too_many(obj):
            return False
        return request.user.has_perm("articles.change_story")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As changing."""
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As changing."""
        return self.has_change_permission(request, obj)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Addresses and titles on one line."""
        if db_field.name in {"url", "title"}:
            kwargs["widget"] = AdminTextInputWidget()
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def _has_too_many(story: Story) -> bool:
    """Whether there are too many to edit; counted once a page, for which Django asks often."""
    known = getattr(story, "_has_too_many_images", None)
    if known is None:
        known = story.images.order_by()[: MOST_IMAGES + 1].count() > MOST_IMAGES
        story._has_too_many_images = known  # type: ignore[attr-defined]
    return bool(known)


class ProblemInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    """What was found odd about the story, with the line in its file."""

    model = StoryProblem
    template = TABLE
    fields = ("code", "line", "message")
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: problems are found, not written."""
        return False

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission
