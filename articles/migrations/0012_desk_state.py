"""Snoozes, claims, shelves, presence, saved views and a person's keys.

Whatever a story gains may be empty: so SQLite adds columns, and the table is not made anew, which
would lose its triggers.
"""

from __future__ import annotations

from typing import ClassVar

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import articles.models.site
import articles.rules


class Migration(migrations.Migration):
    """Columns, tables and partial indexes."""

    dependencies: ClassVar = [
        ("articles", "0011_suggestions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("query", models.TextField(blank=True, verbose_name="list")),
                (
                    "density",
                    models.CharField(
                        blank=True,
                        choices=[("comfortable", "comfortable"), ("compact", "compact")],
                        max_length=12,
                        verbose_name="density",
                    ),
                ),
                (
                    "key",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(9),
                        ],
                        verbose_name="key",
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="ShelfItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="put there"
                    ),
                ),
            ],
            options={
                "verbose_name": "story on a shelf",
                "verbose_name_plural": "stories on shelves",
            },
        ),
        migrations.AddField(
            model_name="preferences",
            name="density",
            field=models.CharField(
                choices=[("comfortable", "comfortable"), ("compact", "compact")],
                default="comfortable",
                max_length=12,
                verbose_name="density of lists",
            ),
        ),
        migrations.AddField(
            model_name="preferences",
            name="keys",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="preferences",
            name="keys_on",
            field=models.BooleanField(
                default=True,
                help_text="Off: only the mouse, Tab and Enter work.",
                verbose_name="single keys",
            ),
        ),
        migrations.AddField(
            model_name="preferences",
            name="last_visit",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="preferences",
            name="tour_done",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="site",
            name="decline_reasons",
            field=models.JSONField(
                blank=True,
                default=articles.models.site.usual_reasons,
                help_text="At most nine, one a line: the digit of the line picks it.",
                verbose_name="reasons to decline",
            ),
        ),
        migrations.AddField(
            model_name="story",
            name="claimed_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="story",
            name="claimed_until",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="story",
            name="snoozed_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="story",
            name="snoozed_until",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="asleep until"
            ),
        ),
        migrations.AddField(
            model_name="story",
            name="woke_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="snoozed back"
            ),
        ),
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
                    ("imported", "updated from the file"),
                    ("exported", "wrote to the file"),
                    ("undo", "undid"),
                ],
                max_length=16,
                verbose_name="what",
            ),
        ),
        migrations.AlterField(
            model_name="story",
            name="queue",
            field=models.SmallIntegerField(
                choices=[
                    (1, "inbox"),
                    (2, "published"),
                    (3, "below"),
                    (4, "superseded"),
                    (5, "declined"),
                    (6, "removed"),
                    (7, "gone"),
                    (8, "snoozed"),
                ],
                default=articles.rules.Queue["INBOX"],
                editable=False,
                verbose_name="queue",
            ),
        ),
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                condition=models.Q(("snoozed_until__isnull", False)),
                fields=["snoozed_until", "id"],
                name="story_asleep",
            ),
        ),
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                condition=models.Q(("woke_at__isnull", False)),
                fields=["-listed_at", "-id"],
                name="story_woken_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                condition=models.Q(("claimed_by__isnull", False)),
                fields=["claimed_by", "-listed_at", "-id"],
                name="story_claimed_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                condition=models.Q(("publish_gate", "blocked")),
                fields=["-listed_at", "-id"],
                name="story_blocked_newest",
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="story",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="articles.story"
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="saved_views",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="shelfitem",
            name="story",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="shelves",
                to="articles.story",
            ),
        ),
        migrations.AddField(
            model_name="shelfitem",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="shelf",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(fields=("user", "story"), name="presence_once"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                fields=("owner", "key"), name="view_key_once_a_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("owner", None)),
                fields=("key",),
                name="view_key_once_in_the_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(("key", None), ("key__range", (1, 9)), _connector="OR"),
                name="view_key_is_a_digit",
            ),
        ),
        migrations.AddConstraint(
            model_name="shelfitem",
            constraint=models.UniqueConstraint(fields=("user", "story"), name="shelf_story_once"),
        ),
    ]
