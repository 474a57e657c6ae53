"""A person's own settings of the desk."""

from __future__ import annotations

import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


def validate_time_zone(name: str) -> None:
    """Accept only zones this machine knows."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a known time zone."), params={"name": name})


class Density(models.TextChoices):
    """How much of a list fits on the screen."""

    COMFORTABLE = "comfortable", _("comfortable")
    COMPACT = "compact", _("compact")


class Preferences(models.Model):
    """How one person wants the desk: zone, theme, density, keys, whether pictures are loaded.

    `keys` holds the keys a person changed: command -> key (`articles.keymap`). `last_seen_at` is
    when the person last opened Home, `last_visit` when the visit before the present one ended.
    """

    class Theme(models.TextChoices):
        """Colours of the desk."""

        SYSTEM = "system", _("as the system")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences"
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    theme = models.CharField(_("theme"), max_length=8, choices=Theme, default=Theme.SYSTEM)
    load_images = models.BooleanField(
        _("load pictures of stories"),
        default=False,
        help_text=_("Pictures come from the publishers' servers, which then see your address."),
    )
    density = models.CharField(
        _("density of lists"), max_length=12, choices=Density, default=Density.COMFORTABLE
    )
    keys_on = models.BooleanField(
        _("single keys"),
        default=True,
        help_text=_("Off: only the mouse, Tab and Enter work."),
    )
    keys = models.JSONField(default=dict, blank=True, editable=False)
    tour_done = models.BooleanField(default=False, editable=False)
    last_visit = models.DateTimeField(null=True, blank=True, editable=False)
    last_seen_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("preferences")
        verbose_name_plural = _("preferences")

    def __str__(self) -> str:
        return str(self.user)
