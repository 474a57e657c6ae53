"""An index of the list that everybody opens: leads and single stories, newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0019_suggestion_dates"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                condition=models.Q(("queue", 4), _negated=True),
                fields=["-listed_at", "-id"],
                name="story_leads_newest",
            ),
        ),
    ]
