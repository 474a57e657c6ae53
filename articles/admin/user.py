"""Users and groups: a role, a name, an end of access. Nobody is deleted, nobody's password is set
by another.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import accounts, roles
from articles.account_forms import ROLE_CHOICES
from articles.admin.base import DeskAdmin, moment
from articles.http import person

admin.site.unregister([User, Group])


class UserForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A person's name and role."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLE_CHOICES)

    class Meta:
        model = User
        fields: ClassVar = ["first_name", "last_name", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = accounts.role_of(self.instance)
        self.initial["role"] = held
        if not held and "role" in self.fields:
            self.fields["role"].required = False
            self.fields["role"].choices = [("", _("no role")), *ROLE_CHOICES]  # type: ignore[attr-defined]


@admin.register(User)
class UserAdmin(DeskAdmin):
    """People. Inviting happens on the desk's people page, which shows the one-time link."""

    place = 8
    form = UserForm
    list_display = ("username", "full_name", "role_name", "is_active", "seen")
    list_filter = ("is_active", "groups")
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    actions = ("new_link", "deactivate", "reactivate")
    fields = (
        "login_name", ("first_name", "last_name"), "email", "role", "access", "seen", "joined",
        "history",
    )  # fmt: skip
    readonly_fields = ("login_name", "access", "seen", "joined", "history")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With the roles at hand."""
        users: QuerySet[User] = super().get_queryset(request)
        return users.prefetch_related("groups")

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """The people page."""
        return reverse("people") if obj is not None else None

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The people page, where the link of an invitation is shown."""
        return redirect("people")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who may invite on the desk."""
        return roles.can_run(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A superuser's account is a superuser's business."""
        allowed = bool(super().has_change_permission(request, obj))
        if obj is None or not isinstance(request.user, User):
            return allowed
        return allowed and accounts.may_manage(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: the log of changes names them. Deactivate instead."""
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who may only look sees the role as text."""
        if self.has_change_permission(request, obj):
            return self.fields
        return ["role_name" if name == "role" else name for name in self.fields]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Names are saved, the role is given by the accounts' own verb."""
        obj.save(update_fields=["first_name", "last_name", "email"])
        role = form.cleaned_data["role"]
        try:
            if role:
                accounts.set_role(obj, role, by=person(request))
        except accounts.AccountRefused as refusal:
            messages.error(request, str(refusal))

    @admin.action(description=gettext_lazy("Make a new one-time link"), permissions=["change"])
    def new_link(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        """For one person who lost theirs, or their password; the people page shows it."""
        user = users.first()
        if user is None or users.count() != 1:
            messages.error(request, _("Select one person: every link is shown once."))
            return None
        try:
            link = accounts.renew_invitation(user, by=person(request))
        except accounts.AccountRefused as refusal:
            messages.error(request, str(refusal))
            return None
        accounts.keep_link(request.session, user, request.build_absolute_uri(link))
        return redirect("people")

    @admin.action(description=gettext_lazy("Deactivate"), permissions=["change"])
    def deactivate(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """End the access of the selected people at once."""
        self._each(request, users, accounts.deactivate, _("%(n)s deactivated."))

    @admin.action(description=gettext_lazy("Reactivate"), permissions=["change"])
    def reactivate(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Give access back; each needs a new link."""
        self._each(request, users, accounts.reactivate, _("%(n)s reactivated."))

    def _each(self, request: HttpRequest, users: QuerySet[User], verb: Any, text: str) -> None:
        done = 0
        for user in users:
            try:
                done += verb(user, by=person(request))
            except accounts.AccountRefused as refusal:
                messages.error(request, str(refusal))
        messages.success(request, text % {"n": done})

    @admin.display(description=gettext_lazy("login name"))
    def login_name(self, user: User) -> str:
        """As chosen at the invitation; the log of changes names it."""
        return user.get_username()

    @admin.display(description=gettext_lazy("access"))
    def access(self, user: User) -> str:
        """Whether the account can be used, in words."""
        if not user.is_active:
            return _("deactivated")
        if user.is_superuser:
            return _("superuser: may do everything")
        return _("active") if user.has_usable_password() else _("invited, no password yet")

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def full_name(self, user: User) -> str:
        """First and last."""
        return user.get_full_name()

    @admin.display(description=gettext_lazy("role"))
    def role_name(self, user: User) -> str:
        """The one role."""
        return accounts.role_of(user) or "–"

    @admin.display(description=gettext_lazy("last login"), ordering="last_login")
    def seen(self, user: User) -> str:
        """In the chief's zone."""
        return moment(user.last_login)

    @admin.display(description=gettext_lazy("invited"))
    def joined(self, user: User) -> str:
        """In the chief's zone."""
        return moment(user.date_joined)

    @admin.display(description=gettext_lazy("what they did"))
    def history(self, user: User) -> str:
        """Their lines in the log of changes."""
        address = reverse("admin:articles_change_changelist")
        return format_html(
            '<a href="{}?q={}">{}</a>', address, user.get_username(), _("every change")
        )


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """The roles. `manage.py install_roles` gives each exactly its permissions again."""

    list_display = ("name", "members")
    fields = ("name", "permissions")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        """With the number of members."""
        return super().get_queryset(request).annotate(member_count=Count("user"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who may only look sees the permissions as lines."""
        changes = self.has_change_permission(request, obj)
        return self.fields if changes else ("name", "members", "permission_lines")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The computed ones."""
        return ("members", "permission_lines")

    @admin.display(description=gettext_lazy("members"))
    def members(self, group: Group) -> int:
        """How many people hold the role."""
        return int(getattr(group, "member_count", 0))

    @admin.display(description=gettext_lazy("permissions"))
    def permission_lines(self, group: Group) -> str:
        """What the role may do."""
        names = group.permissions.select_related("content_type").values_list("name", flat=True)
        return ", ".join(names)
