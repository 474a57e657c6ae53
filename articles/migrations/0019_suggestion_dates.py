"""Suggestions remember whether both dates were known."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0018_copies_differ"),
    ]

    operations = [
        migrations.AddField(
            model_name="suggestion",
            name="dated",
            field=models.BooleanField(db_default=True, default=True),
        ),
    ]
