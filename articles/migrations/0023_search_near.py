"""PostgreSQL finds the words of some weeks in one index: what suggestions ask for.

The index of migration 0003 has words alone, so that each word was read in the whole archive. This
one has the week of each story beside its words, and serves every other search as well.
"""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "articles_story_search"
WEEKS = "articles_search_weeks"

CREATE = (
    # An array, since GIN knows arrays without an extension; of an interval, whose epoch is immutable;
    # not safe for parallel work: to start workers takes longer than such a search.
    f"""CREATE FUNCTION {WEEKS}(listed_at timestamptz) RETURNS integer[]
    LANGUAGE sql IMMUTABLE AS $$
      SELECT ARRAY[
        floor(extract(epoch FROM listed_at - '1970-01-01T00:00Z'::timestamptz) / 604800)::integer
      ]
    $$""",
    f"CREATE INDEX {TABLE}_near ON {TABLE} USING gin (words, {WEEKS}(listed_at))",
    f"DROP INDEX {TABLE}_words",
    f"ALTER INDEX {TABLE}_near RENAME TO {TABLE}_words",
    # The function counts as a column of its own, whose frequencies plans are made from.
    f"ANALYZE {TABLE}",
)
DROP = (
    f"DROP INDEX {TABLE}_words",
    f"DROP FUNCTION {WEEKS}(timestamptz)",
    f"CREATE INDEX {TABLE}_words ON {TABLE} USING gin (words) WITH (fastupdate = on)",
)


def create(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the weeks into the index."""
    _execute(editor, CREATE)


def drop(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take them out again."""
    _execute(editor, DROP)


def _execute(editor: BaseDatabaseSchemaEditor, statements: tuple[str, ...]) -> None:
    if editor.connection.vendor == "postgresql":
        for statement in statements:
            editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """The index of words by weeks."""

    dependencies: ClassVar = [("articles", "0022_search_after_truncate")]
    operations: ClassVar = [migrations.RunPython(create, drop)]
