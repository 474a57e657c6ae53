"""Keep the repeated columns of `StoryTopic` in step with the story, whoever writes it."""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = """
CREATE TRIGGER articles_story_topic_columns
AFTER UPDATE OF published_at, queue, published ON articles_story
WHEN NEW.listed_at IS NOT OLD.listed_at
  OR NEW.queue IS NOT OLD.queue
  OR NEW.published IS NOT OLD.published
BEGIN
  UPDATE articles_storytopic
  SET listed_at = NEW.listed_at, queue = NEW.queue, published = NEW.published
  WHERE story_id = NEW.id;
END
"""

POSTGRESQL = """
CREATE FUNCTION articles_story_topic_columns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE articles_storytopic
  SET listed_at = NEW.listed_at, queue = NEW.queue, published = NEW.published
  WHERE story_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER articles_story_topic_columns
AFTER UPDATE OF published_at, queue, published ON articles_story
FOR EACH ROW
WHEN (NEW.listed_at IS DISTINCT FROM OLD.listed_at
  OR NEW.queue IS DISTINCT FROM OLD.queue
  OR NEW.published IS DISTINCT FROM OLD.published)
EXECUTE FUNCTION articles_story_topic_columns();
"""


def create(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the trigger of this database."""
    editor.execute(POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def drop(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop it again."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION articles_story_topic_columns() CASCADE")
    else:
        editor.execute("DROP TRIGGER articles_story_topic_columns")


class Migration(migrations.Migration):
    """One trigger."""

    dependencies: ClassVar = [("articles", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(create, drop)]
