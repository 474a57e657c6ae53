"""Suggestions: word counts of every site's archive, the answers people gave, linking by rule.

Triggers note every text that comes or goes (`UncountedText`), whoever writes the story;
`articles.word_counts` adds them up, at the latest when the importer's batch ends.
"""

from __future__ import annotations

from typing import ClassVar

import django.core.validators
import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LONGEST = 1_000
"""Characters of a text that are compared (`textmatch.LONGEST`)."""
TABLE = "articles_uncountedtext"
INTO = f"INSERT INTO {TABLE} (site_id, sign, title, excerpt)"


def noted(sign: int, row: str) -> str:
    """SQL of the values noted for a row."""
    texts = f"substr({row}.title, 1, {LONGEST}), substr({row}.excerpt, 1, {LONGEST})"
    return f"{row}.site_id, {sign}, {texts}"


CHANGED = """NEW.title {differs} OLD.title OR NEW.excerpt {differs} OLD.excerpt
      OR NEW.site_id {differs} OLD.site_id"""

SQLITE = [
    f"""CREATE TRIGGER {TABLE}_insert AFTER INSERT ON articles_story
    BEGIN {INTO} VALUES ({noted(1, "NEW")}); END""",
    f"""CREATE TRIGGER {TABLE}_delete AFTER DELETE ON articles_story
    BEGIN {INTO} VALUES ({noted(-1, "OLD")}); END""",
    f"""CREATE TRIGGER {TABLE}_update AFTER UPDATE OF title, excerpt, site_id ON articles_story
    WHEN {CHANGED.format(differs="IS NOT")}
    BEGIN {INTO} VALUES ({noted(-1, "OLD")}), ({noted(1, "NEW")}); END""",
]

POSTGRESQL = [
    f"""CREATE FUNCTION {TABLE}_came() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {INTO} SELECT {noted(1, "came")} FROM came; RETURN NULL; END $$""",
    f"""CREATE FUNCTION {TABLE}_went() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {INTO} SELECT {noted(-1, "went")} FROM went; RETURN NULL; END $$""",
    f"""CREATE FUNCTION {TABLE}_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      {INTO} VALUES ({noted(-1, "OLD")}), ({noted(1, "NEW")});
      RETURN NULL;
    END $$""",
    f"""CREATE TRIGGER {TABLE}_insert AFTER INSERT ON articles_story
    REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_came()""",
    f"""CREATE TRIGGER {TABLE}_delete AFTER DELETE ON articles_story
    REFERENCING OLD TABLE AS went FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_went()""",
    f"""CREATE TRIGGER {TABLE}_update AFTER UPDATE OF title, excerpt, site_id ON articles_story
    FOR EACH ROW WHEN ({CHANGED.format(differs="IS DISTINCT FROM")})
    EXECUTE FUNCTION {TABLE}_changed()""",
]

SQLITE_DROP = [f"DROP TRIGGER {TABLE}_{event}" for event in ("insert", "delete", "update")]
POSTGRESQL_DROP = [
    f"DROP FUNCTION {TABLE}_{name}() CASCADE" for name in ("came", "went", "changed")
]

EARLIER = f"{INTO} SELECT {noted(1, 'articles_story')} FROM articles_story ORDER BY id"


def create(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers, and note the stories that are there already."""
    statements = POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE
    for statement in [*statements, EARLIER]:
        editor.execute(statement, params=None)


def drop(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop them again."""
    for statement in POSTGRESQL_DROP if editor.connection.vendor == "postgresql" else SQLITE_DROP:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Suggestions."""

    dependencies: ClassVar = [
        ("articles", "0010_conflicts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="UncountedText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("site_id", models.BigIntegerField(db_index=True)),
                ("sign", models.SmallIntegerField()),
                ("title", models.TextField()),
                ("excerpt", models.TextField()),
            ],
            options={
                "verbose_name": "uncounted text",
                "verbose_name_plural": "uncounted texts",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="WordCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "site_id",
                        "word",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("site_id", models.BigIntegerField()),
                ("word", models.CharField(max_length=40)),
                ("stories", models.IntegerField()),
            ],
            options={"verbose_name": "word count", "verbose_name_plural": "word counts"},
        ),
        migrations.AddField(
            model_name="site",
            name="auto_link",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Only where the answers to suggestions show that nearly all were right.",
                verbose_name="link new stories by rule",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="auto_link_score",
            field=models.FloatField(
                db_default=0.35,
                default=0.35,
                help_text="Between 0.2 and 1; the higher, the fewer and the surer.",
                validators=[
                    django.core.validators.MinValueValidator(0.2),
                    django.core.validators.MaxValueValidator(1.0),
                ],
                verbose_name="score to link from",
            ),
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score", models.FloatField(verbose_name="score")),
                ("same_provider", models.BooleanField(default=False)),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("accepted", "accepted"),
                            ("refused", "refused"),
                            ("linked", "linked by the rule"),
                        ],
                        default="waiting",
                        editable=False,
                        max_length=8,
                        verbose_name="answer",
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="articles.change",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.story",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="articles.site",
                    ),
                ),
                (
                    "story",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="articles.story",
                    ),
                ),
            ],
            options={
                "verbose_name": "suggestion",
                "verbose_name_plural": "suggestions",
                "ordering": ["-score", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("answer", "waiting")),
                        fields=["site", "-score", "id"],
                        name="suggestion_waiting",
                    ),
                    models.Index(fields=["site", "answer", "score"], name="suggestion_answers"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("story", "other"), name="suggestion_once_a_pair"
                    )
                ],
            },
        ),
        migrations.RunPython(create, drop),
    ]
