"""An index from which the histogram of dates counts leads and single stories."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0020_leads_newest"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                condition=models.Q(("queue", 4), _negated=True),
                fields=["published_at", "queue"],
                name="story_leads_dated",
            ),
        ),
    ]
