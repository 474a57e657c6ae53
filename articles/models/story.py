"""A story: one file of the repository, or one known only from somebody's related block."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.story_queries import StoryQuerySet
from articles.rules import SUPERSEDED_HEAT, UNKNOWN_DATE, Queue

LISTED_LAST = Value(UNKNOWN_DATE, output_field=models.DateTimeField())
"""Stories of unknown date stand last in every list that is newest first."""

UNKNOWN_RANK = Value(-1_000_000)
"""Stories of unknown heat or quality stand last in every list that is highest first."""


class Story(models.Model):
    """One story with a typed column for every key of its file.

    Four kinds of facts stand side by side:

    * what the file says, or will say after the next export (`title` ... `removed`): the desk's
      version of the story. `edited_fields` names those a person set; `pending` is true until the
      exporter wrote them. What the file said when it was last read stays in `StoryFile`; `bases`
      remembers, of edited fields, what it said before the robot moved it (`merge.Merge.bases`).
    * coverage: `coverage` (empty for a single story), `is_lead` (a single story leads itself) and
      `related_count`, the number of distinct other members.
    * the desk's own: `decision` with who, when and why; `queue`, derived by `rules.queue_of`;
      `proposal`, a change of `published` that waits for a publisher.
      `snoozed_until` puts the story to sleep, `woke_at` says when it came back; `claimed_by` works
      on it until `claimed_until` at the latest.
    * what was found out on reading: `issue_count`, `publish_gate`, `locked`, `conflict`.

    `path` is empty for a story without a file. Identity is by stored digest: `path_key` and
    `url_key` (blake2b of the exact text, 32 hex digits). `version` counts every write of the desk
    and the importer; a write names the version it saw.
    """

    class Kind(models.TextChoices):
        """The file's `type`."""

        ARTICLE = "article", _("article")
        VIDEO = "video", _("video")

    class Decision(models.TextChoices):
        """What a person said of the story; empty until somebody did."""

        PUBLISHED = "published", _("published")
        UNPUBLISHED = "unpublished", _("unpublished")
        DECLINED = "declined", _("declined")

    class Gate(models.TextChoices):
        """Whether the story may be published as it is (see `storyfile.record`)."""

        ALLOWED = "allowed", _("allowed")
        NORMALISE = "normalise", _("allowed, rewrites a value")
        BLOCKED = "blocked", _("blocked")

    site = models.ForeignKey(
        "articles.Site", on_delete=models.PROTECT, related_name="stories", db_index=False
    )
    path = models.TextField(_("file"), null=True, blank=True, editable=False)
    path_key = models.CharField(max_length=32, null=True, blank=True, editable=False)
    url_key = models.CharField(max_length=32, blank=True, editable=False)
    vocabulary = models.CharField(max_length=6, default="web", editable=False)

    title = models.TextField(_("headline"), blank=True)
    excerpt = models.TextField(_("excerpt"), blank=True)
    category = models.CharField(_("category"), max_length=100, default="news", blank=True)
    kind = models.CharField(
        _("type"), max_length=16, choices=Kind, default=Kind.ARTICLE, blank=True
    )
    published_at = models.DateTimeField(_("published by the provider"), null=True, blank=True)
    web_url = models.TextField(_("article"), blank=True)
    original_url = models.TextField(_("original article"), blank=True)
    amp_url = models.TextField(_("AMP page"), blank=True)
    cdn_amp_url = models.TextField(_("cached AMP page"), blank=True)
    provider = models.ForeignKey(
        "articles.Provider",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stories",
        db_index=False,
    )
    provider_name = models.TextField(_("provider as written"), blank=True, editable=False)
    provider_domain = models.TextField(blank=True, editable=False)
    provider_images = models.JSONField(null=True, blank=True, editable=False)
    topics = models.ManyToManyField(
        "articles.Topic", through="articles.StoryTopic", related_name="stories"
    )
    quality = models.IntegerField(_("quality"), null=True, blank=True)
    heat = models.IntegerField(_("heat"), null=True, blank=True)
    published = models.BooleanField(_("live"), default=False)
    removed = models.BooleanField(_("removed"), default=False)
    featured_content = models.TextField(_("featured content"), blank=True, editable=False)
    body = models.TextField(_("body"), blank=True, editable=False)
    extras = models.JSONField(default=dict, blank=True, editable=False)

    coverage = models.ForeignKey(
        "articles.Coverage",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("coverage"),
    )
    is_lead = models.BooleanField(_("lead"), default=True, editable=False)
    related_count = models.PositiveIntegerField(_("related"), default=0, editable=False)

    queue = models.SmallIntegerField(
        _("queue"),
        choices=[(q.value, q.name.lower()) for q in Queue],
        default=Queue.INBOX,
        editable=False,
    )
    recent = models.BooleanField(default=True, editable=False)
    decision = models.CharField(
        _("decision"), max_length=12, choices=Decision, blank=True, editable=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        editable=False,
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    decision_reason = models.TextField(_("reason"), blank=True, editable=False)
    proposal = models.CharField(max_length=12, blank=True, editable=False)

    snoozed_until = models.DateTimeField(_("asleep until"), null=True, blank=True, editable=False)
    snoozed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        editable=False,
    )
    woke_at = models.DateTimeField(_("snoozed back"), null=True, blank=True, editable=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        editable=False,
    )
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)

    edited_fields = models.JSONField(default=list, blank=True, editable=False)
    bases = models.JSONField(null=True, blank=True, editable=False)
    pending = models.BooleanField(_("to be written"), default=False, editable=False)
    conflict = models.BooleanField(_("in conflict"), default=False, editable=False)
    locked = models.BooleanField(_("locked"), default=False, editable=False)
    publish_gate = models.CharField(
        max_length=10, choices=Gate, default=Gate.ALLOWED, editable=False
    )
    issue_count = models.PositiveIntegerField(_("issues"), default=0, editable=False)
    links_stale = models.BooleanField(default=False, editable=False)
    file_digest = models.CharField(max_length=32, blank=True, editable=False)
    missing_since = models.DateTimeField(
        _("file gone since"), null=True, blank=True, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("first seen"), editable=False)
    updated_at = models.DateTimeField(_("last changed"), editable=False)

    # Sort keys without NULL: the same order on both databases, and one index range each.
    listed_at = models.GeneratedField(
        expression=Coalesce("published_at", LISTED_LAST),
        output_field=models.DateTimeField(),
        db_persist=True,
        verbose_name=_("listed by"),
    )
    heat_rank = models.GeneratedField(
        expression=Coalesce("heat", UNKNOWN_RANK),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    quality_rank = models.GeneratedField(
        expression=Coalesce("quality", UNKNOWN_RANK),
        output_field=models.IntegerField(),
        db_persist=True,
    )

    objects = StoryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-listed_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "path_key"], name="story_path_unique_per_site"),
            models.UniqueConstraint(
                fields=["site", "url_key"],
                condition=Q(path_key=None) & ~Q(url_key=""),
                name="story_without_file_unique_by_url",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-listed_at", "-id"], name="story_newest"),
            # One row a group: the list everybody opens, without the members behind their leads.
            models.Index(
                fields=["-listed_at", "-id"],
                condition=~Q(queue=Queue.SUPERSEDED.value),
                name="story_leads_newest",
            ),
            models.Index(
                fields=["published_at", "queue"],
                condition=~Q(queue=Queue.SUPERSEDED.value),
                name="story_leads_dated",
            ),
            models.Index(fields=["queue", "-listed_at", "-id"], name="story_queue_newest"),
            models.Index(fields=["published", "-listed_at", "-id"], name="story_live_newest"),
            models.Index(fields=["provider", "-listed_at", "-id"], name="story_provider_newest"),
            models.Index(
                fields=["provider", "queue", "-listed_at", "-id"], name="story_provider_queue"
            ),
            models.Index(fields=["-heat_rank", "-id"], name="story_hottest"),
            models.Index(fields=["queue", "-heat_rank", "-id"], name="story_queue_hottest"),
            models.Index(fields=["-quality_rank", "-id"], name="story_best"),
            models.Index(fields=["-related_count", "-id"], name="story_biggest"),
            models.Index(fields=["site", "-listed_at", "-id"], name="story_site_newest"),
            models.Index(fields=["site", "queue", "-listed_at", "-id"], name="story_site_queue"),
            models.Index(fields=["site", "published", "-listed_at", "-id"], name="story_site_live"),
            models.Index(fields=["site", "url_key"], name="story_url"),
            models.Index(
                fields=["-listed_at", "-id"],
                condition=Q(issue_count__gt=0),
                name="story_with_issues",
            ),
            models.Index(
                fields=["site", "-listed_at", "-id"],
                condition=Q(issue_count__gt=0),
                name="story_site_with_issues",
            ),
            models.Index(
                fields=["-listed_at", "-id"],
                condition=Q(pending=True),
                name="story_pending_newest",
            ),
            models.Index(
                fields=["-listed_at", "-id"],
                condition=Q(conflict=True),
                name="story_conflict_newest",
            ),
            models.Index(fields=["created_at"], name="story_arrived"),
            models.Index(
                fields=["snoozed_until", "id"],
                condition=Q(snoozed_until__isnull=False),
                name="story_asleep",
            ),
            models.Index(
                fields=["-listed_at", "-id"],
                condition=Q(woke_at__isnull=False),
                name="story_woken_newest",
            ),
            models.Index(
                fields=["claimed_by", "-listed_at", "-id"],
                condition=Q(claimed_by__isnull=False),
                name="story_claimed_newest",
            ),
            models.Index(
                fields=["-listed_at", "-id"],
                condition=Q(publish_gate="blocked"),
                name="story_blocked_newest",
            ),
            models.Index(fields=["site", "id"], condition=Q(pending=True), name="story_pending"),
            models.Index(fields=["site", "id"], condition=Q(conflict=True), name="story_conflict"),
            models.Index(fields=["site", "id"], condition=Q(links_stale=True), name="story_stale"),
        ]
        permissions: ClassVar = [
            ("edit_stories", "Can edit, link, split and decline stories"),
            ("publish_stories", "Can publish, unpublish, remove and release stories"),
            ("run_desk", "Can change rules, sites and team views, invite users, override a block"),
        ]
        verbose_name = _("story")
        verbose_name_plural = _("stories")

    def __str__(self) -> str:
        return self.title or str(_("(no title)"))

    def get_absolute_url(self) -> str:
        """The story's own page."""
        return reverse("articles:story_detail", args=[self.pk])

    @property
    def url(self) -> str:
        """The story's address: webUrl (sourceUrl in older files), else originalUrl."""
        return self.web_url or self.original_url

    @property
    def has_file(self) -> bool:
        """Whether the story has a file of its own."""
        return self.path is not None

    @property
    def remembered(self) -> dict[str, Any]:
        """The bases of edited fields that the file has moved away from."""
        return self.bases or {}

    @property
    def holder(self) -> User | None:
        """Who works on the story now; their claim may have run out."""
        if self.claimed_until is None or self.claimed_until <= timezone.now():
            return None
        return self.claimed_by

    @property
    def is_superseded(self) -> bool:
        """Whether the file hides the story behind the lead of its group."""
        return self.heat == SUPERSEDED_HEAT


class StoryImage(models.Model):
    """A picture of a story, in the order of the file. The address is the file's own text."""

    story = models.ForeignKey(
        Story, on_delete=models.CASCADE, related_name="images", db_index=False
    )
    position = models.PositiveIntegerField(default=0)
    url = models.TextField(_("address"))
    width = models.IntegerField(_("width"), null=True, blank=True)
    height = models.IntegerField(_("height"), null=True, blank=True)
    title = models.TextField(_("title"), null=True, blank=True)
    is_cached = models.BooleanField(_("cached"), null=True, blank=True)
    attribution = models.TextField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["story", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["story", "position"], name="story_image_position_unique"
            )
        ]
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def __str__(self) -> str:
        return self.url


class StoryProblem(models.Model):
    """A doubt about a story, found when its file was read (`storyfile.errors.Issue`) or when the
    stories were tied together (`related.asymmetric`, `story.duplicate_url`, ...).
    """

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="problems")
    code = models.CharField(_("code"), max_length=40, db_index=True)
    line = models.PositiveIntegerField(_("line"), null=True, blank=True)
    message = models.TextField(_("what to do"))

    class Meta:
        ordering: ClassVar = ["story", "line", "id"]
        verbose_name = _("problem")
        verbose_name_plural = _("problems")

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
