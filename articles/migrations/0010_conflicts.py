"""Conflicts between file and desk, standing answers, and the bases of edited fields."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0009_kept_apart"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="story",
            name="bases",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=32, verbose_name="field")),
                ("base", models.JSONField(blank=True, null=True, verbose_name="base")),
                ("file", models.JSONField(blank=True, null=True, verbose_name="file")),
                ("desk", models.JSONField(blank=True, null=True, verbose_name="desk")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("settled", "settled")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("taken", "the file's value was taken"),
                            ("kept", "the desk's value was kept"),
                            ("always", "the desk's value is always kept"),
                            ("agreed", "the file agreed with the desk"),
                            ("returned", "the file came back to what it was"),
                            ("moot", "the decision was taken back or changed"),
                        ],
                        max_length=8,
                        verbose_name="how",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="since"),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "coverage",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.coverage",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="articles.syncrun",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conflicts",
                        to="articles.site",
                    ),
                ),
                (
                    "story",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conflicts",
                        to="articles.story",
                    ),
                ),
            ],
            options={
                "verbose_name": "conflict",
                "verbose_name_plural": "conflicts",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["-id"], name="conflict_open"
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["site", "-id"],
                        name="conflict_site",
                    ),
                    models.Index(fields=["story", "-id"], name="conflict_of_story"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open"), ("story__isnull", False)),
                        fields=("story", "field"),
                        name="conflict_open_once_per_field",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("coverage__isnull", False), ("state", "open")),
                        fields=("coverage",),
                        name="conflict_open_once_per_group",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandingAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=32, verbose_name="field")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="since"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "story",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standing_answers",
                        to="articles.story",
                    ),
                ),
            ],
            options={
                "verbose_name": "standing answer",
                "verbose_name_plural": "standing answers",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("story", "field"), name="standing_answer_once")
                ],
            },
        ),
    ]
