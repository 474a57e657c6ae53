"""What came in since a moment is found without reading all stories."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One index."""

    dependencies: ClassVar = [("articles", "0015_activity_indexes")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="story",
            index=models.Index(fields=["created_at"], name="story_arrived"),
        ),
    ]
