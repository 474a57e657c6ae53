"""A topic stands once at a story; "biggest group first" reads an index.

The constraint is written as expressions: so SQLite gets an index, and the table is not made anew,
which would lose its triggers.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A constraint and an index."""

    dependencies: ClassVar = [("articles", "0005_lead_chosen")]
    operations: ClassVar = [
        migrations.AddConstraint(
            model_name="storytopic",
            constraint=models.UniqueConstraint("story", "topic", name="story_topic_once"),
        ),
        migrations.AddIndex(
            model_name="story",
            index=models.Index(fields=["-related_count", "-id"], name="story_biggest"),
        ),
    ]
