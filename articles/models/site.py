"""A site: one content repository and the public pages made from it."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.location import validate_author, validate_branch, validate_location
from articles.rules import HeatRule


def usual_reasons() -> list[str]:
    """Why a new site's stories are declined, until a chief writes its own list."""
    return [
        "off topic",
        "not news",
        "seen before",
        "advertising",
        "weak source",
        "behind a paywall",
    ]


class SiteQuerySet(models.QuerySet["Site"]):
    """Asking for sites."""

    def connected(self) -> SiteQuerySet:
        """Those whose files the desk can fetch by itself."""
        return self.exclude(location="")


class Site(models.Model):
    """One content repository. Groups, topics and the heat rule belong to a site.

    `related_weight`, `quality_floor` and `publish_threshold` are the three numbers of the
    aggregator's rule (`articles.rules.HeatRule`); a chief may change them, and `decline_reasons`.
    """

    slug = models.SlugField(_("slug"), max_length=64, unique=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    url = models.CharField(
        _("address"), max_length=500, blank=True, help_text=_("Scheme and host of the public site.")
    )
    baseurl = models.CharField(
        _("base path"), max_length=200, blank=True, help_text=_("Begins with a slash: /azure")
    )
    web_url = models.CharField(_("reader's address"), max_length=500, blank=True)
    locale = models.CharField(_("locale"), max_length=32, blank=True)
    topic = models.CharField(_("main topic"), max_length=200, blank=True)
    repository = models.CharField(_("repository"), max_length=500, blank=True)
    location = models.CharField(
        _("where the files are"),
        max_length=500,
        blank=True,
        validators=[validate_location],
        help_text=_(
            "A folder on this machine (/srv/news, plain or a git working tree), or the address of "
            "a git repository: /srv/news.git, https://git.example.org/news.git or "
            "ssh://git@git.example.org/news.git. Without passwords: see NEWSDESK_GIT_CREDENTIALS."
        ),
    )
    branch = models.CharField(
        _("branch"),
        max_length=200,
        blank=True,
        validators=[validate_branch],
        help_text=_("Of a git repository; empty: the one it has checked out."),
    )
    author_name = models.CharField(
        _("author of commits"),
        max_length=100,
        blank=True,
        validators=[validate_author],
        help_text=_("Empty: Newsdesk."),
    )
    author_email = models.EmailField(_("their e-mail"), blank=True)
    release_automatically = models.BooleanField(
        _("release automatically"),
        default=False,
        help_text=_("Every sync then ends with a release of what waits."),
    )
    related_weight = models.PositiveSmallIntegerField(
        _("heat per related story"),
        default=20,
        help_text=_("Added for each other story of a group."),
    )
    quality_floor = models.PositiveSmallIntegerField(
        _("quality floor"), default=50, help_text=_("Below it related stories add no heat.")
    )
    publish_threshold = models.PositiveSmallIntegerField(
        _("publishing threshold"), default=70, help_text=_("From this heat on the rule publishes.")
    )
    decline_reasons = models.JSONField(
        _("reasons to decline"),
        default=usual_reasons,
        blank=True,
        help_text=_("At most nine, one a line: the digit of the line picks it."),
    )
    serves_public_json = models.BooleanField(
        _("serves its public JSON"),
        default=True,
        help_text=_("Readers' pages under /site/<slug>/, without login."),
    )
    auto_link = models.BooleanField(
        _("link new stories by rule"),
        default=False,
        db_default=False,
        help_text=_("Only where the answers to suggestions show that nearly all were right."),
    )
    auto_link_score = models.FloatField(
        _("score to link from"),
        default=0.35,
        db_default=0.35,
        validators=[MinValueValidator(0.2), MaxValueValidator(1.0)],
        help_text=_("Between 0.2 and 1; the higher, the fewer and the surer."),
    )
    first_imported_at = models.DateTimeField(_("first imported"), null=True, blank=True)
    newest_at_first_import = models.DateTimeField(null=True, blank=True, editable=False)
    description_digest = models.CharField(
        max_length=32,
        blank=True,
        editable=False,
        help_text=_("Of _config.yml and _data as they were last read."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["slug"]
        verbose_name = _("site")
        verbose_name_plural = _("sites")

    def __str__(self) -> str:
        return self.title or self.slug

    def get_absolute_url(self) -> str:
        """The list of the site's stories."""
        return f"{reverse('articles:story_list')}?site={self.slug}"

    @property
    def rule(self) -> HeatRule:
        """The site's heat rule as a value."""
        return HeatRule(self.related_weight, self.quality_floor, self.publish_threshold)
