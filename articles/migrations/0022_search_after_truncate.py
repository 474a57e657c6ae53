"""Who empties the table of stories empties the full-text index with it.

On PostgreSQL TRUNCATE (`manage.py flush`) fires no trigger of single rows. SQLite knows no TRUNCATE.
"""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "articles_story_search"

CREATE = (
    f"""CREATE FUNCTION {TABLE}_empty() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      TRUNCATE {TABLE};
      RETURN NULL;
    END $$""",
    f"""CREATE TRIGGER {TABLE}_truncate AFTER TRUNCATE ON articles_story
    FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_empty()""",
    f"DELETE FROM {TABLE} WHERE story_id NOT IN (SELECT id FROM articles_story)",
)


def create(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the trigger, and forget stories that are gone."""
    if editor.connection.vendor == "postgresql":
        for statement in CREATE:
            editor.execute(statement, params=None)


def drop(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop it again."""
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP FUNCTION {TABLE}_empty() CASCADE", params=None)


class Migration(migrations.Migration):
    """Search after TRUNCATE."""

    dependencies: ClassVar = [("articles", "0021_leads_dated")]
    operations: ClassVar = [migrations.RunPython(create, drop)]
