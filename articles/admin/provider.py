"""Publishers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.admin.base import TableAdmin
from articles.models import Provider
from articles.spreadsheet import ProviderColumns


@admin.register(Provider)
class ProviderAdmin(TableAdmin):
    """Known by their domain. The name here is the desk's; files keep what they say."""

    place = 4
    table = ProviderColumns
    list_display = ("__str__", "domain", "stories")
    search_fields = ("name", "domain")
    fields = ("name", "domain", "description", "stories")
    readonly_fields = ("stories",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The domain is the identity: fixed once the provider exists."""
        return (*self.readonly_fields, *(("domain",) if obj else ()))

    @admin.display(description=_("stories"))
    def stories(self, provider: Provider) -> str:
        """The provider's stories in the admin."""
        if provider.pk is None:
            return "–"
        address = reverse("admin:articles_story_changelist")
        return format_html(
            '<a href="{}?provider__id__exact={}">{}</a>', address, provider.pk, _("stories")
        )
