"""Coverage groups: their members to look at, their lead to choose."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import desk, search
from articles.admin.base import TABLE, DeskAdmin, change_link, headline, moment
from articles.http import person
from articles.models import HEAVY_COLUMNS, Coverage, Story


class LeadForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Which member leads the group."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Coverage
        fields = ("lead",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen_version"] = self.instance.version
        self.lead_was = self.instance.lead_id
        if "lead" in self.fields:
            members = Story.objects.filter(coverage=self.instance.pk).order_by("-quality_rank")
            self.fields["lead"].queryset = members.only("title")  # type: ignore[attr-defined]
            self.fields["lead"].empty_label = None  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Nobody changed the group in between; it stays locked until this save is done."""
        cleaned = super().clean() or self.cleaned_data
        now = Coverage.objects.select_for_update(of=("self",)).filter(pk=self.instance.pk).first()
        if now is not None and now.version != cleaned.get("seen_version"):
            self.data = {**self.data, "seen_version": str(now.version)}
            self.add_error(
                None, _("The group was changed after you opened it. Look at it again, then save.")
            )
        return cleaned


class MemberInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    """The stories of the group, best first."""

    model = Story
    template = TABLE
    fk_name = "coverage"
    fields = ("story_link", "provider", "published_moment", "quality", "heat", "live_text")
    readonly_fields = fields
    ordering = ("-quality_rank", "id")
    extra = 0
    verbose_name_plural = gettext_lazy("stories of the group")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Story]:
        """Rows with their publishers, without texts."""
        stories: QuerySet[Story] = super().get_queryset(request)
        return stories.select_related("provider").only(
            "title", "coverage", "published_at", "quality", "heat", "published", "provider__name",
            "provider__domain",
        )  # fmt: skip

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: stories are linked on the desk, which shows what will follow."""
        return False

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission

    @admin.display(description=gettext_lazy("story"))
    def story_link(self, story: Story) -> str:
        """The admin's page of the story."""
        return change_link(story, story.title)

    @admin.display(description=gettext_lazy("live"))
    def live_text(self, story: Story) -> str:
        """What the site shows."""
        return _("live") if story.published else ""

    @admin.display(description=gettext_lazy("published"))
    def published_moment(self, story: Story) -> str:
        """By the provider, in the person's zone."""
        return moment(story.published_at)


@admin.register(Coverage)
class CoverageAdmin(DeskAdmin):
    """Groups. Stories are linked and unlinked on the desk, which shows what will follow."""

    place = 2
    form = LeadForm
    list_display = ("headline_text", "site", "member_count", "first", "last", "edited_text")
    list_display_links = ("headline_text",)
    list_filter = ("site",)
    list_select_related = ("site", "lead", "edited_by")
    ordering = ("-last_at", "-id")
    sortable_by = ()
    search_fields = ("lead__title",)
    search_help_text = gettext_lazy("Words of any story of the group.")
    fields = (
        "lead",
        "site",
        "member_count",
        "first",
        "last",
        "edited_text",
        "seen_version",
    )
    readonly_fields = ("site", "member_count", "first", "last", "edited_text")
    inlines = (MemberInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Coverage]:
        """Without the texts of the leads."""
        groups: QuerySet[Coverage] = super().get_queryset(request)
        return groups.defer(*(f"lead__{name}" for name in ("excerpt", *HEAVY_COLUMNS)))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Groups with a story that the desk's search finds."""
        if not search_term:
            return queryset, False
        found = search.matching(Story.objects.all(), search.parse(search_term[:200]))
        grouped = found.order_by().filter(coverage__isnull=False)
        return queryset.filter(pk__in=grouped.values("coverage_id")), False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Where nothing may be changed there is no version to send."""
        if self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": [name for name in self.fields if name != "seen_version"]})]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """The lead is chosen among the members: no pop-ups beside it."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "lead":
            field.widget = field.widget.widget
        return field

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: linking two stories makes a group."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: unlinking its stories dissolves a group."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The desk makes the chosen story the lead, with all that follows for heat and state."""
        chosen = form.cleaned_data.get("lead")
        if chosen is not None and chosen.pk != form.lead_was:
            desk.choose_lead(Story.objects.get(pk=chosen.pk), by=person(request))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; a refusal of the desk is said in a message."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except desk.DeskError as refusal:
            messages.error(request, str(refusal))
            return self.response_post_save_change(
                request, self.get_object(request, object_id or "")
            )

    @admin.display(description=gettext_lazy("lead"))
    def headline_text(self, group: Coverage) -> str:
        """Of the lead."""
        return headline(group.lead.title if group.lead else _("(no lead)"))

    @admin.display(description=gettext_lazy("edited on the desk"))
    def edited_text(self, group: Coverage) -> str:
        """By whom and when, if a person made it what it is."""
        return f"{group.edited_by}, {moment(group.edited_at)}" if group.edited else _("no")

    @admin.display(description=gettext_lazy("first story"))
    def first(self, group: Coverage) -> str:
        """In the person's zone."""
        return moment(group.first_at)

    @admin.display(description=gettext_lazy("last story"), ordering="last_at")
    def last(self, group: Coverage) -> str:
        """In the person's zone."""
        return moment(group.last_at)
