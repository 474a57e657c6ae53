"""Django's own admin as a part of the desk: one login, one password page, 403 for the others."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.options import TO_FIELD_VAR, IncorrectLookupParameters
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

View = Callable[..., HttpResponseBase]


class DeskAdminSite(AdminSite):
    """The admin. Its pages answer 403, not another login, to people without access."""

    site_header = "Newsdesk admin"
    site_title = "Newsdesk admin"
    index_title = "Admin"
    enable_nav_sidebar = False  # the header names every list; the width belongs to the tables

    def admin_view(  # type: ignore[override]
        self, view: View, cacheable: bool = False
    ) -> View:
        """The view behind the check of the person."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            if "" in {request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)}:
                raise BadRequest("There is no field without a name.")
            try:
                return guarded(request, *args, **kwargs)
            except IncorrectLookupParameters as error:
                raise BadRequest("The list knows no such filter.") from error

        return update_wrapper(inner, guarded)

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """The lists in the order of their `place`, not of the alphabet."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=self._place)
        return sorted(apps, key=lambda app: min(map(self._place, app["models"])))

    def _place(self, entry: dict[str, Any]) -> int:
        return int(getattr(self._registry[entry["model"]], "place", 99))

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The desk's login, which is throttled."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next", reverse("admin:index")))
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect("admin:index")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The desk's own page."""
        return redirect("password_change")
