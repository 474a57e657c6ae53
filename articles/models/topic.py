"""Topics: what a story is about, a tree with keywords."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def topic_key(name: str) -> str:
    """The stored identity of a topic's name: case and Unicode form do not matter, 32 hex digits."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).strip()
    return hashlib.blake2b(folded.encode(), digest_size=16).hexdigest()


class Topic(models.Model):
    """A topic of one site. `slug` names its public feed (`api/news/<slug>/`)."""

    site = models.ForeignKey("articles.Site", on_delete=models.CASCADE, related_name="topics")
    name = models.TextField(_("name"))
    key = models.CharField(max_length=32, editable=False)
    slug = models.CharField(_("slug"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children"
    )
    keywords = models.JSONField(_("keywords"), default=list, blank=True)
    hashtags = models.JSONField(_("hashtags"), default=list, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    is_listed = models.BooleanField(
        _("has a feed"), default=False, help_text=_("Named in the repository's _data/topics.")
    )

    class Meta:
        ordering: ClassVar = ["position", "name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "key"], name="topic_key_unique_per_site")
        ]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the stored identity in step with the name."""
        self.key = topic_key(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        """The list of the topic's stories."""
        return f"{reverse('articles:story_list')}?topic={self.pk}"


class StoryTopic(models.Model):
    """A topic of a story, in the order of the file; once, even where the file names it twice.

    `listed_at`, `queue` and `published` repeat the story's, so that a page of one topic is one
    index range; a database trigger keeps them in step whoever writes the story.
    `name` is the file's own spelling where it differs from the topic's.
    """

    story = models.ForeignKey(
        "articles.Story", on_delete=models.CASCADE, related_name="story_topics", db_index=False
    )
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, related_name="story_topics", db_index=False
    )
    position = models.PositiveIntegerField(default=0)
    name = models.TextField(blank=True)
    listed_at = models.DateTimeField(editable=False)
    queue = models.SmallIntegerField(editable=False)
    published = models.BooleanField(editable=False)

    class Meta:
        ordering: ClassVar = ["story", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["story", "position"], name="story_topic_position_unique"
            ),
            models.UniqueConstraint("story", "topic", name="story_topic_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["topic", "-listed_at", "-story"], name="topic_newest"),
            models.Index(
                fields=["topic", "queue", "-listed_at", "-story"], name="topic_queue_newest"
            ),
            models.Index(
                fields=["topic", "published", "-listed_at", "-story"], name="topic_live_newest"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.topic)
