"""Who published a story."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Provider(models.Model):
    """A publisher, known by its registrable domain; one without a domain by its name."""

    domain = models.CharField(_("domain"), max_length=253, blank=True, db_index=True)
    name = models.CharField(_("name"), max_length=255)
    description = models.TextField(_("description"), blank=True)
    images = models.JSONField(_("logos"), default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["domain"], condition=~Q(domain=""), name="provider_domain_unique"
            ),
            models.UniqueConstraint(
                fields=["name"], condition=Q(domain=""), name="provider_name_unique_without_domain"
            ),
        ]
        verbose_name = _("provider")
        verbose_name_plural = _("providers")

    def __str__(self) -> str:
        return self.name or self.domain

    def get_absolute_url(self) -> str:
        """The list of the provider's stories."""
        return f"{reverse('articles:story_list')}?provider={self.pk}"
