"""Sites and the three numbers of their heat rule."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.base import DeskAdmin, moment
from articles.answers import precision
from articles.forms import ReasonsField
from articles.models import Site

RULE = ("related_weight", "quality_floor", "publish_threshold")
HIGHEST = 10_000


@admin.register(Site)
class SiteAdmin(DeskAdmin):
    """One content repository each. A site with a history is never deleted."""

    place = 5
    list_display = (
        "__str__", "slug", "url", "related_weight", "quality_floor", "publish_threshold",
        "serves_public_json", "first_imported",
    )  # fmt: skip
    search_fields = ("slug", "title", "url")
    fieldsets = (
        (None, {"fields": ("slug", "title", "url", "baseurl", "web_url", "locale", "topic")}),
        (
            _("Heat rule"),
            {
                "fields": (RULE,),
                "description": _(
                    "heat = quality + weight × related stories, from the quality floor up; "
                    "published from the threshold on. New numbers apply when coverage changes; "
                    "what stands in the files stays."
                ),
            },
        ),
        (_("Desk"), {"fields": ("decline_reasons",)}),
        (
            _("Suggested coverage"),
            {
                "fields": (("auto_link", "auto_link_score"), "suggestions_right"),
                "description": _(
                    "Links by rule only where people's answers to suggestions of this score show "
                    "that at least 95 % were right; until then new stories wait as suggestions."
                ),
            },
        ),
        (_("Public JSON"), {"fields": ("serves_public_json",)}),
        (
            _("Repository"),
            {
                "fields": (
                    "location",
                    "branch",
                    "release_automatically",
                    ("author_name", "author_email"),
                    "repository",
                    "first_imported",
                )
            },
        ),
    )
    readonly_fields = ("first_imported", "suggestions_right")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """The numbers of the rule within reason: both databases can hold them."""
        if db_field.name in RULE:
            kwargs["max_value"] = HIGHEST
        if db_field.name == "decline_reasons":
            return ReasonsField(label=db_field.verbose_name, help_text=db_field.help_text)
        if db_field.name == "serves_public_json":  # the admin shows help texts as markup
            kwargs["help_text"] = _("Readers' pages under /site/…/, without login.")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The slug is part of public addresses: fixed once the site exists."""
        return (*self.readonly_fields, *(("slug",) if obj else ()))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: stories, groups and history hang on it."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nobody has answered suggestions of a site that is only being made."""
        found = super().get_fieldsets(request, obj)
        return [each for each in found if obj or "suggestions_right" not in each[1]["fields"]]

    @admin.display(description=_("suggestions accepted"))
    def suggestions_right(self, site: Site) -> str:
        """The share of right suggestions from the site's score on, with its lower end."""
        found = precision(site)
        if found.share is None:
            return str(_("nobody answered one of this score yet"))
        words = _("%(accepted)d of %(answers)d, %(share).0f %% (at least %(low).0f %%): %(so)s")
        values = {
            "accepted": found.accepted,
            "answers": found.answers,
            "share": 100 * found.share,
            "low": 100 * found.low,
            "so": _("enough") if found.suffices else _("not enough to link by rule"),
        }
        return str(words) % values

    @admin.display(description=_("first imported"), ordering="first_imported_at")
    def first_imported(self, site: Site) -> str:
        """In the person's zone."""
        return moment(site.first_imported_at)
