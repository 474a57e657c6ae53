"""Small indexes for small queues: to be written, in conflict, a site's stories to repair."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Three partial indexes."""

    dependencies: ClassVar = [("articles", "0006_list_indexes")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                fields=["site", "-listed_at", "-id"],
                condition=models.Q(("issue_count__gt", 0)),
                name="story_site_with_issues",
            ),
        ),
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                fields=["-listed_at", "-id"],
                condition=models.Q(("pending", True)),
                name="story_pending_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                fields=["-listed_at", "-id"],
                condition=models.Q(("conflict", True)),
                name="story_conflict_newest",
            ),
        ),
    ]
