"""Topics: a tree for each site, with keywords."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.base import TableAdmin
from articles.forms import LinesField
from articles.models import Site, Topic
from articles.spreadsheet import TopicColumns

DEEPEST = 20


class TopicForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A topic; keywords and hashtags one a line."""

    keywords = LinesField(required=False, widget=forms.Textarea(attrs={"rows": 5}))
    hashtags = LinesField(required=False, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = Topic
        fields: ClassVar = [
            "site", "name", "slug", "parent", "keywords", "hashtags", "position", "is_listed",
        ]  # fmt: skip
        widgets: ClassVar = {"name": forms.TextInput(attrs={"class": "vTextField"})}

    def clean(self) -> dict[str, Any]:
        """A parent of the same site, and no topic above itself."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        parent, site = cleaned.get("parent"), cleaned.get("site") or self._site()
        if parent and site and parent.site_id != site.pk:
            self.add_error("parent", _("The parent belongs to another site."))
        elif parent and self.instance.pk and self._is_below_itself(parent):
            self.add_error("parent", _("A topic cannot stand below itself."))
        return cleaned

    def _site(self) -> Site | None:
        return self.instance.site if self.instance.site_id else None

    def _is_below_itself(self, parent: Topic) -> bool:
        above: Topic | None = parent
        for _step in range(DEEPEST):
            if above is None:
                return False
            if above.pk == self.instance.pk:
                return True
            above = above.parent
        raise ValidationError(_("The tree of topics is too deep."))


@admin.register(Topic)
class TopicAdmin(TableAdmin):
    """The tree, its keywords, and which topics have a public feed."""

    place = 3
    table = TopicColumns
    form = TopicForm
    list_display = ("name", "site", "parent", "slug", "position", "is_listed")
    list_filter = ("site", "is_listed")
    list_select_related = ("site", "parent")
    search_fields = ("name", "slug")
    autocomplete_fields = ("parent",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A topic that stories carry keeps its name and site: both stand in their files."""
        return ("site", "name") if obj and obj.story_topics.exists() else ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Autocompletes of a story offer the topics of its own site (`?site=`)."""
        site = request.GET.get("site", "")
        if request.path.endswith("/autocomplete/") and site.isdecimal() and len(site) < 10:
            queryset = queryset.filter(site=int(site))
        return super().get_search_results(request, queryset, search_term)
