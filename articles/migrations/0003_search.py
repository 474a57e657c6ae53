"""Full-text search in the database, kept current by triggers whoever writes the story.

Both databases index the same words of headline, excerpt and provider (the first 20,000
characters of each): zero-width characters are dropped, case and accents do not matter, everything
that is neither letter nor digit separates words.

SQLite: a contentless FTS5 table whose rowid is the story's place in date order,
`(seconds since 1970 << 25) + id`, so that "newest first" reads the index backwards and stops at a
page; a story whose id needs more than 25 bits is refused. PostgreSQL: a table of its own with the
story's date, a `tsvector` and a GIN index, so that the story table stays narrow, and rare words (by
GIN) and common words newest first (by date) both stop early; without a foreign key, which would
forbid TRUNCATE.
"""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ZERO_WIDTH = (0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)
LARGEST_ID = 2**25 - 1
LONGEST = 20_000
"""Characters of a text that are searched."""


def sqlite_text(column: str) -> str:
    """SQL of the indexed text of a column."""
    text = f"substr({column}, 1, {LONGEST})"
    for character in ZERO_WIDTH:
        text = f"replace({text}, char({character}), '')"
    return text


def sqlite_values(row: str) -> str:
    """SQL of rowid and columns of the index for `NEW` or `OLD`."""
    rowid = f"(CAST(strftime('%s', {row}.listed_at) AS INTEGER) << 25) + {row}.id"
    return ", ".join(
        (
            rowid,
            sqlite_text(f"{row}.title"),
            sqlite_text(f"{row}.excerpt"),
            sqlite_text(f"{row}.provider_name"),
        )
    )


FIELDS = "rowid, title, excerpt, provider"
TABLE = "articles_story_search"
DELETE_OLD = f"INSERT INTO {TABLE} ({TABLE}, {FIELDS}) VALUES ('delete', {sqlite_values('OLD')});"
INSERT_NEW = f"INSERT INTO {TABLE} ({FIELDS}) VALUES ({sqlite_values('NEW')});"
WATCHED = "title, excerpt, provider_name, published_at"

SQLITE = [
    f"""CREATE VIRTUAL TABLE {TABLE} USING fts5(
        title, excerpt, provider, content='',
        tokenize="unicode61 remove_diacritics 2"
    )""",
    f"""CREATE TRIGGER {TABLE}_insert AFTER INSERT ON articles_story
    BEGIN
      SELECT RAISE(ABORT, 'SQLite holds stories up to number {LARGEST_ID}: use PostgreSQL.')
      WHERE NEW.id > {LARGEST_ID};
      {INSERT_NEW}
    END""",
    f"""CREATE TRIGGER {TABLE}_delete AFTER DELETE ON articles_story BEGIN {DELETE_OLD} END""",
    f"""CREATE TRIGGER {TABLE}_update AFTER UPDATE OF {WATCHED} ON articles_story
    WHEN NEW.title IS NOT OLD.title OR NEW.excerpt IS NOT OLD.excerpt
      OR NEW.provider_name IS NOT OLD.provider_name OR NEW.listed_at IS NOT OLD.listed_at
    BEGIN {DELETE_OLD} {INSERT_NEW} END""",
]

PG_STRIPPED = "".join(chr(character) for character in ZERO_WIDTH)
BETWEEN = "ʬ"
"""Stands between the columns, so that no phrase runs from one into the next; never stored."""

POSTGRESQL = [
    # Plain ASCII, most of the texts, has neither accents nor zero-width characters.
    f"""CREATE FUNCTION articles_search_text(content text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT regexp_replace(
        CASE WHEN content ~ '[^\\x01-\\x7f]' THEN
          normalize(
            regexp_replace(
              normalize(translate(content, '{PG_STRIPPED}', ''), NFD), '[\u0300-\u036f]', '', 'g'
            ),
            NFC
          )
        ELSE content END,
        '[^[:alnum:]]+', ' ', 'g'
      )
    $$""",
    f"""CREATE FUNCTION articles_search_words(title text, excerpt text, provider text)
    RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT ts_delete(
        to_tsvector(
          'simple',
          articles_search_text(substr(title, 1, {LONGEST})) || ' {BETWEEN} '
          || articles_search_text(substr(excerpt, 1, {LONGEST})) || ' {BETWEEN} '
          || articles_search_text(substr(provider, 1, {LONGEST}))
        ),
        '{BETWEEN}'
      )
    $$""",
    f"""CREATE TABLE {TABLE} (
        story_id bigint PRIMARY KEY,
        listed_at timestamptz NOT NULL,
        words tsvector NOT NULL
    )""",
    f"CREATE INDEX {TABLE}_words ON {TABLE} USING gin (words) WITH (fastupdate = on)",
    f"CREATE INDEX {TABLE}_newest ON {TABLE} (listed_at DESC, story_id DESC)",
    f"""CREATE FUNCTION {TABLE}_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO {TABLE} (story_id, listed_at, words) VALUES (
        NEW.id,
        NEW.listed_at,
        articles_search_words(NEW.title, NEW.excerpt, NEW.provider_name)
      )
      ON CONFLICT (story_id) DO UPDATE
      SET listed_at = EXCLUDED.listed_at, words = EXCLUDED.words;
      RETURN NULL;
    END $$""",
    f"""CREATE FUNCTION {TABLE}_drop() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      DELETE FROM {TABLE} WHERE story_id = OLD.id;
      RETURN NULL;
    END $$""",
    f"""CREATE TRIGGER {TABLE}_delete AFTER DELETE ON articles_story
    FOR EACH ROW EXECUTE FUNCTION {TABLE}_drop()""",
    f"""CREATE TRIGGER {TABLE}_insert AFTER INSERT ON articles_story
    FOR EACH ROW EXECUTE FUNCTION {TABLE}_keep()""",
    f"""CREATE TRIGGER {TABLE}_update
    AFTER UPDATE OF {WATCHED} ON articles_story
    FOR EACH ROW WHEN (NEW.title IS DISTINCT FROM OLD.title
      OR NEW.excerpt IS DISTINCT FROM OLD.excerpt
      OR NEW.provider_name IS DISTINCT FROM OLD.provider_name
      OR NEW.listed_at IS DISTINCT FROM OLD.listed_at)
    EXECUTE FUNCTION {TABLE}_keep()""",
]

SQLITE_DROP = [
    f"DROP TRIGGER {TABLE}_insert",
    f"DROP TRIGGER {TABLE}_delete",
    f"DROP TRIGGER {TABLE}_update",
    f"DROP TABLE {TABLE}",
]
POSTGRESQL_DROP = [
    f"DROP FUNCTION {TABLE}_keep() CASCADE",
    f"DROP FUNCTION {TABLE}_drop() CASCADE",
    f"DROP TABLE {TABLE}",
    "DROP FUNCTION articles_search_words(text, text, text)",
    "DROP FUNCTION articles_search_text(text)",
]


def create(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the index and its triggers. Without parameters a percent sign stays what it is."""
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement, params=None)


def drop(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop both again."""
    for statement in POSTGRESQL_DROP if editor.connection.vendor == "postgresql" else SQLITE_DROP:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Search."""

    dependencies: ClassVar = [("articles", "0002_topic_columns")]
    operations: ClassVar = [migrations.RunPython(create, drop)]
