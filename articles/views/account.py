"""Login, passwords, invitations, and the people of the desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.models import User
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from articles import accounts, roles
from articles.account_forms import InvitationForm, RoleForm
from articles.http import person
from articles.views.permissions import chiefs_only


class Answers422:
    """A form that is not accepted answers 422, so that nobody mistakes it for success."""

    def form_invalid(self, form: Form) -> HttpResponse:
        """The same page with the form's errors."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class LoginView(Answers422, auth_views.LoginView):
    """Login, throttled by django-axes; who is logged in already goes on at once."""

    redirect_authenticated_user = True


class PasswordChangeView(Answers422, auth_views.PasswordChangeView):
    """One's own password. Every other session of the person ends."""

    title = gettext_lazy("Change your password")


class InvitationView(Answers422, auth_views.PasswordResetConfirmView):
    """The one-time link: set a password, be logged in. A dead link answers 410."""

    template_name = "registration/invitation.html"
    title = gettext_lazy("Choose your password")
    success_url = reverse_lazy("articles:home")
    post_reset_login = True
    post_reset_login_backend = "django.contrib.auth.backends.ModelBackend"

    def get_user(self, uidb64: str) -> User | None:
        """The invited person, unless the account was deactivated meanwhile."""
        user: User | None = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The form, or the words that this link is dead."""
        status = 200 if self.validlink else 410
        return super().render_to_response(context, status=status, **kwargs)


@require_GET
@chiefs_only
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with a role, and the form to invite one more."""
    return _people(request, InvitationForm())


@require_POST
@chiefs_only
def people_invite(request: HttpRequest) -> HttpResponse:
    """Create an account and show its link."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _people(request, form, status=422)
    user = accounts.invite(**form.cleaned_data, by=person(request))
    _keep_link(request, user, accounts.invitation_path(user))
    return redirect("people")


@require_POST
@chiefs_only
def people_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A fresh link for somebody who lost theirs or their password."""
    user = get_object_or_404(User, pk=pk)
    with _refusals_said(request):
        _keep_link(request, user, accounts.renew_invitation(user, by=person(request)))
    return redirect("people")


@require_POST
@chiefs_only
def people_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person another role."""
    user = get_object_or_404(User, pk=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _people(request, InvitationForm(), status=422)
    role = form.cleaned_data["role"]
    with _refusals_said(request):
        if accounts.set_role(user, role, by=person(request)):
            text = _("“%(name)s” is now %(role)s.") % {"name": user, "role": role}
            messages.success(request, text)
    return redirect("people")


@require_POST
@chiefs_only
def people_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """End a person's access at once."""
    user = get_object_or_404(User, pk=pk)
    with _refusals_said(request):
        if accounts.deactivate(user, by=person(request)):
            text = _("“%(name)s” is deactivated and logged out everywhere.") % {"name": user}
            messages.success(request, text)
    return redirect("people")


@require_POST
@chiefs_only
def people_reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person access again, with a link to set a new password."""
    user = get_object_or_404(User, pk=pk)
    if accounts.reactivate(user, by=person(request)):
        _keep_link(request, user, accounts.invitation_path(user))
    return redirect("people")


def _people(request: HttpRequest, form: InvitationForm, *, status: int = 200) -> HttpResponse:
    chief = person(request)
    context = {
        "people": [
            {
                "user": user,
                "role": accounts.role_of(user),
                "may_manage": accounts.may_manage(chief, user),
            }
            for user in accounts.people()
        ],
        "form": form,
        "roles": list(roles.ROLES),
        "link": accounts.take_link(request.session) if request.method == "GET" else None,
    }
    return render(request, "articles/people.html", context, status=status)


@contextmanager
def _refusals_said(request: HttpRequest) -> Iterator[None]:
    try:
        yield
    except accounts.AccountRefused as refusal:
        messages.error(request, str(refusal))


def _keep_link(request: HttpRequest, user: User, path: str) -> None:
    accounts.keep_link(request.session, user, request.build_absolute_uri(path))
