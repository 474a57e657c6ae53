"""Remember that a person chose the lead of a group."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies: ClassVar = [("articles", "0004_site_description_digest")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="coverage",
            name="lead_chosen",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="lead chosen by a person"
            ),
        ),
    ]
