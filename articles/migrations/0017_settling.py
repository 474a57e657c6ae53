"""A verb for settling conflicts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0016_arrivals"),
    ]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="verb",
            field=models.CharField(
                choices=[
                    ("publish", "published"),
                    ("unpublish", "unpublished"),
                    ("decline", "declined"),
                    ("remove", "removed"),
                    ("restore", "restored"),
                    ("edit", "edited"),
                    ("link", "linked"),
                    ("unlink", "unlinked"),
                    ("lead", "made the lead"),
                    ("keep_apart", "kept apart"),
                    ("allow_together", "allowed together"),
                    ("merge", "merged"),
                    ("split", "split"),
                    ("promote", "gave a file to"),
                    ("snooze", "snoozed"),
                    ("wake", "brought back"),
                    ("propose", "proposed publishing"),
                    ("settle", "settled"),
                    ("imported", "updated from the file"),
                    ("exported", "wrote to the file"),
                    ("undo", "undid"),
                ],
                max_length=16,
                verbose_name="what",
            ),
        ),
    ]
