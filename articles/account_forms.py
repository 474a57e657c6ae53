"""Forms of the account pages."""

from __future__ import annotations

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from articles.roles import EDITOR, ROLES

ROLE_CHOICES = [(role, role) for role in ROLES]


class InvitationForm(forms.Form):
    """Whom a chief invites, and as what."""

    username = forms.CharField(
        label=_("Login name"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_("Letters, digits and @ . + - _"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    full_name = forms.CharField(
        label=_("Name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("For your own use: Newsdesk sends no mail."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES, initial=EDITOR)

    def clean_username(self) -> str:
        """A name nobody holds yet, whatever its case: `Anna` and `anna` would be confused."""
        username: str = User.normalize_username(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(_("There already is a person of this name."))
        return username


class RoleForm(forms.Form):
    """A person's role."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES)
