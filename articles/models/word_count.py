"""In how many stories of a site each word stands: what makes a shared word a reason."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class WordCount(models.Model):
    """How many stories of a site hold a stem (`textmatch.stem`) in headline or excerpt.

    The empty word counts the stories themselves. Together with `UncountedText` exact at any moment.
    """

    pk = models.CompositePrimaryKey("site_id", "word")
    site_id = models.BigIntegerField()
    word = models.CharField(max_length=40)
    stories = models.IntegerField()

    class Meta:
        verbose_name = "word count"
        verbose_name_plural = "word counts"

    def __str__(self) -> str:
        return f"{self.word}: {self.stories}"


class UncountedText(models.Model):
    """A text that came to the archive (`sign` 1) or left it (-1) and is not in the counts yet.

    Written by database triggers (migration 0011) whoever writes the story, in the same
    transaction; `articles.word_counts` adds it up. No foreign key: a site may go first.
    """

    site_id = models.BigIntegerField(db_index=True)
    sign = models.SmallIntegerField()
    title = models.TextField()
    excerpt = models.TextField()

    class Meta:
        ordering: ClassVar = ["id"]
        verbose_name = "uncounted text"
        verbose_name_plural = "uncounted texts"

    def __str__(self) -> str:
        return f"{self.sign:+d} {self.title}"
