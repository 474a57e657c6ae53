"""Stories: found like on the desk, edited and decided through the desk's verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import desk, roles, search
from articles.admin.base import TableAdmin, change_link, headline, moment
from articles.admin.filters import AttentionFilter, LiveFilter, PeriodFilter
from articles.admin.story_form import StoryAdminForm, images_of
from articles.admin.story_parts import ImageInline, ProblemInline
from articles.http import person
from articles.listing import BULK_LIMIT
from articles.models import HEAVY_COLUMNS, Story, StoryImage
from articles.spreadsheet import StoryColumns

SHOWN_REFUSALS = 10

LIST_COLUMNS = (
    "title", "site", "provider", "published_at", "listed_at", "quality", "quality_rank", "heat",
    "heat_rank", "published", "queue", "issue_count",
)  # fmt: skip

Verb = Callable[..., "desk.BulkResult"]


class StoryChangeList(ChangeList):
    """The list reads its columns and no text of a story."""

    def get_queryset(  # type: ignore[override]
        self, request: HttpRequest, **kwargs: Any
    ) -> QuerySet[Story]:
        """Rows without excerpt, body and the rest."""
        stories: QuerySet[Story] = super().get_queryset(request, **kwargs)
        sites = ("site__slug", "site__title", "provider__name", "provider__domain")
        return stories.only(*LIST_COLUMNS, *sites)


@admin.register(Story)
class StoryAdmin(TableAdmin):
    """Every story. Created and deleted in the repository alone."""

    place = 1
    table = StoryColumns
    form = StoryAdminForm
    change_list_template = "admin/articles/story_list.html"  # type: ignore[misc]
    list_display = (
        "title_text", "site", "provider", "listed", "quality_number", "heat_number", "live_text",
        "queue", "issues",
    )  # fmt: skip
    list_display_links = ("title_text",)
    list_filter = (PeriodFilter, "queue", LiveFilter, AttentionFilter, "site")
    list_select_related = ("site", "provider")
    ordering = ("-listed_at", "-id")
    search_fields = ("title",)
    search_help_text = gettext_lazy(
        "Words, “phrases”, -exclusions, provider: topic: is: url: quality> heat> after: before:"
    )
    actions = ("publish", "unpublish", "decline")
    inlines = (ImageInline, ProblemInline)
    readonly_fields = (
        "quality", "heat", "state", "coverage_link", "decision_text", "proposal", "site",
        "provider", "file", "published_moment", "publish_gate", "seen", "changed", "history",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("title", "excerpt", "about", "kind", "seen_version")}),
        (
            gettext_lazy("Addresses"),
            {"fields": ("web_url", "original_url", "amp_url", "cdn_amp_url")},
        ),
        (
            gettext_lazy("On the desk"),
            {
                "fields": (
                    "state", ("quality", "heat"), "coverage_link", "decision_text", "proposal",
                    "history",
                ),
            },
        ),
        (
            gettext_lazy("In the repository"),
            {
                "fields": (
                    ("site", "provider"), "file", "published_moment",
                    "publish_gate", ("seen", "changed"),
                ),
            },
        ),
    )  # fmt: skip

    # The list

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Of light rows."""
        return StoryChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Story]:
        """Without the columns that no page of the admin shows."""
        stories: QuerySet[Story] = super().get_queryset(request)
        return stories.defer(*HEAVY_COLUMNS)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The desk's search and its small language; errors are said, and find nothing."""
        if not search_term:
            return queryset, False
        query = search.parse(search_term[:200])
        for error in query.errors:
            messages.warning(request, error.message)
        return search.matching(queryset, query), False

    @admin.display(description=gettext_lazy("headline"))
    def title_text(self, story: Story) -> str:
        """Cut to a line or two."""
        return headline(story.title)

    @admin.display(description=gettext_lazy("published"), ordering="listed_at")
    def listed(self, story: Story) -> str:
        """By the provider, in the person's zone."""
        return moment(story.published_at)

    @admin.display(description=gettext_lazy("quality"), ordering="quality_rank")
    def quality_number(self, story: Story) -> int | None:
        """Sorted with an index."""
        return story.quality

    @admin.display(description=gettext_lazy("heat"), ordering="heat_rank")
    def heat_number(self, story: Story) -> int | None:
        """Sorted with an index."""
        return story.heat

    @admin.display(description=gettext_lazy("live"), empty_value="")
    def live_text(self, story: Story) -> str:
        """What the site shows."""
        return _("live") if story.published else ""

    @admin.display(description=gettext_lazy("issues"), empty_value="")
    def issues(self, story: Story) -> str:
        """A number, or nothing."""
        return str(story.issue_count or "")

    # Decisions

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Who may publish on the desk."""
        return roles.can_publish(request.user)

    def has_edit_permission(self, request: HttpRequest) -> bool:
        """Who may decline on the desk."""
        return roles.can_edit(request.user)

    @admin.action(description=gettext_lazy("Publish"), permissions=["publish"])
    def publish(self, request: HttpRequest, stories: QuerySet[Story]) -> None:
        """Make the site show the selected stories."""
        self._decide(request, stories, desk.publish_many)

    @admin.action(description=gettext_lazy("Unpublish"), permissions=["publish"])
    def unpublish(self, request: HttpRequest, stories: QuerySet[Story]) -> None:
        """Take the selected stories off the site."""
        self._decide(request, stories, desk.unpublish_many)

    @admin.action(description=gettext_lazy("Decline"), permissions=["edit"])
    def decline(self, request: HttpRequest, stories: QuerySet[Story]) -> None:
        """Say no to the selected stories."""
        self._decide(request, stories, desk.decline_many)

    def _decide(self, request: HttpRequest, stories: QuerySet[Story], verb: Verb) -> None:
        ids = list(stories.order_by().values_list("pk", flat=True)[: BULK_LIMIT + 1])
        if len(ids) > BULK_LIMIT:
            text = _("At most %(limit)s stories at once: narrow the filters.")
            messages.error(request, text % {"limit": f"{BULK_LIMIT:,}"})
            return
        result = verb(Story.objects.filter(pk__in=ids), by=person(request))
        _report(request, result)

    # One story

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: stories come from the repository."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: decline or remove a story."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A story without a file of its own, or with a locked one, is only looked at."""
        if obj is not None and (obj.path is None or obj.locked):
            return False
        return bool(super().has_change_permission(request, obj))

    def get_form(  # type: ignore[override]
        self, request: HttpRequest, obj: Any = None, **kwargs: Any
    ) -> Any:
        """The form, which says why the desk refused the first attempt."""
        form = super().get_form(request, obj, **kwargs)
        form.refusal = getattr(request, "desk_refusal", None)  # type: ignore[attr-defined]
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Where nothing may be edited, the topics are shown as text."""
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return fieldsets
        first = (None, {"fields": ("title", "excerpt", "topic_names", "kind")})
        return (first, *fieldsets[1:])

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form. What the desk refuses comes back with the reason and everything typed:
        409 when somebody saved first, 422 otherwise.
        """
        try:
            response = super().changeform_view(request, object_id, form_url, extra_context)
        except desk.DeskError as refusal:
            request.desk_refusal = refusal  # type: ignore[attr-defined]
            response = super().changeform_view(request, object_id, form_url, extra_context)
        return _with_status(response)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing yet: `save_related` knows the pictures as well."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """One `desk.edit` with everything that changed."""
        changes = form.changes()
        for formset in formsets:
            formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
            if formset.model is StoryImage and formset.has_changed():
                changes["images"] = images_of(formset)
        request.desk_changes = changes  # type: ignore[attr-defined]
        if changes:
            story = Story.objects.get(pk=form.instance.pk)
            desk.edit(story, changes, by=person(request), version=form.cleaned_data["seen_version"])

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Say so when there was nothing to save."""
        if getattr(request, "desk_changes", None) == {}:
            messages.info(request, _("Nothing was different, so nothing was saved."))
            return self.response_post_save_change(request, obj)
        return super().response_change(request, obj)

    @admin.display(description=gettext_lazy("topics"))
    def topic_names(self, story: Story) -> str:
        """In the order and spelling of the file."""
        rows = story.story_topics.select_related("topic").order_by("position")
        return ", ".join(str(row) for row in rows) or "–"

    @admin.display(description=gettext_lazy("state"))
    def state(self, story: Story) -> str:
        """Everything that is true of the story now, in words."""
        facts = {
            _("live"): story.published,
            _("not live"): not story.published,
            _("removed"): story.removed,
            _("to be written"): story.pending,
            _("in conflict"): story.conflict,
            _("locked"): story.locked,
        }
        words = [word for word, is_so in facts.items() if is_so]
        return ", ".join([*words, _("queue: %s") % story.get_queue_display()])

    @admin.display(description=gettext_lazy("coverage"))
    def coverage_link(self, story: Story) -> str:
        """The group, where there is one."""
        return change_link(story.coverage)

    @admin.display(description=gettext_lazy("decision"))
    def decision_text(self, story: Story) -> str:
        """Who said what, when and why."""
        if not story.decision:
            return _("none yet")
        words = f"{story.get_decision_display()}, {story.decided_by}, {moment(story.decided_at)}"
        return f"{words}: {story.decision_reason}" if story.decision_reason else words

    @admin.display(description=gettext_lazy("file"))
    def file(self, story: Story) -> str:
        """Its path in the repository."""
        return story.path or _("no file of its own")

    @admin.display(description=gettext_lazy("published by the provider"))
    def published_moment(self, story: Story) -> str:
        """In the person's zone."""
        return moment(story.published_at)

    @admin.display(description=gettext_lazy("first seen"))
    def seen(self, story: Story) -> str:
        """In the person's zone."""
        return moment(story.created_at)

    @admin.display(description=gettext_lazy("last changed"))
    def changed(self, story: Story) -> str:
        """In the person's zone."""
        return moment(story.updated_at)

    @admin.display(description=gettext_lazy("history"))
    def history(self, story: Story) -> str:
        """Its lines in the log of changes."""
        address = reverse("admin:articles_change_changelist")
        return format_html(
            '<a href="{}?story__id__exact={}">{}</a>', address, story.pk, _("every change")
        )


def _with_status(response: HttpResponse) -> HttpResponse:
    context = getattr(response, "context_data", None) or {}
    form = getattr(context.get("adminform"), "form", None)
    if form is not None and context.get("errors"):
        response.status_code = 409 if form.is_stale else 422
    return response


def _report(request: HttpRequest, result: desk.BulkResult) -> None:
    """What a bulk action did, and why it left some stories alone."""
    done = ngettext("%(n)s story changed.", "%(n)s stories changed.", result.done)
    words = [done % {"n": result.done}]
    if result.unchanged:
        words.append(_("%(n)s were so already.") % {"n": result.unchanged})
    messages.success(request, " ".join(words))
    for _pk, title, reason in result.refused[:SHOWN_REFUSALS]:
        messages.warning(request, f"“{title[:80]}”: {reason}")
    if len(result.refused) > SHOWN_REFUSALS:
        rest = len(result.refused) - SHOWN_REFUSALS
        messages.warning(request, _("%(n)s more were refused.") % {"n": rest})
