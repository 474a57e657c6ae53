"""The full-text index: the same stories on every database, whoever wrote them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Story
from articles.search import Words, matching, parse, with_words
from articles.selection import Selection
from tests.factories import NOON, make_site, make_story
from tests.laws import tried

pytestmark = pytest.mark.django_db

STORIES = {
    "minister": "The prime\u00a0minister rides the ferry",
    "prime": "Prime time for the minister",
    "invisible": "A zero\u200bwidth space and a soft\u00adware hyphen",
    "accents": "L'été à Malmö: naïve cafés",
    "decomposed": "Cafe\u0301 by the harbour",
    "languages": "C++ and C# on .NET 4.5",
    "korean": "한국 소식",
    "russian": "Паром вернулся в гавань",
    "hyphens": "A well-known e-mail, ferry/boat",
    "quotes": "“Ferry” said 'nothing' and \"all\"",
    "signs": "Xbox™ costs 100% & more_or_less",
}


@pytest.fixture
def stories() -> None:
    for name, title in STORIES.items():
        make_story(title=title, excerpt="", path=f"_news/2026-03-02-{name}.md")


def found(text: str) -> set[str]:
    """The names of the stories a search text finds."""
    paths = matching(Story.objects.all(), parse(text)).values_list("path", flat=True)
    return {str(path).removeprefix("_news/2026-03-02-").removesuffix(".md") for path in paths}


FINDS: dict[str, set[str]] = {
    "prime minister": {"minister", "prime"},
    '"prime minister"': {"minister"},
    '"prime\u00a0minister"': {"minister"},
    "PRIME": {"minister", "prime"},
    "zerowidth": {"invisible"},
    "zero\u200bwidth": {"invisible"},
    "software": {"invisible"},
    "zero": set(),
    "ete": {"accents"},
    "été": {"accents"},
    "malmo naive": {"accents"},
    "cafe": {"decomposed"},
    "café": {"decomposed"},
    "cafe*": {"decomposed", "accents"},
    "C++": {"languages"},
    '"C C NET"': set(),
    '"C and C"': {"languages"},
    "4.5": {"languages"},
    "한국": {"korean"},
    "ПАРОМ": {"russian"},
    "well-known": {"hyphens"},
    "well known": {"hyphens"},
    "known-well": set(),
    "ferry": {"minister", "hyphens", "quotes"},
    "ferry -boat": {"minister", "quotes"},
    'ferry -"prime minister" -boat': {"quotes"},
    "ferry -boat -said": {"minister"},
    "-ferry -prime": set(STORIES) - {"minister", "hyphens", "quotes", "prime"},
    "-fer*": set(STORIES) - {"minister", "hyphens", "quotes"},
    "ferr*": {"minister", "hyphens", "quotes"},
    '"': set(),
    "“Ferry”": {"minister", "hyphens", "quotes"},
    "all'": {"quotes"},
    "xbox": {"signs"},
    "100%": {"signs"},
    "more_or_less": {"signs"},
    "or AND": set(),
    "NEAR(ferry)": set(),
    "nothing*": {"quotes"},
    "herald": set(STORIES),
    "nowhere": set(),
}


@pytest.mark.usefixtures("stories")
def test_finds() -> None:
    assert {text: found(text) for text in FINDS} == FINDS


def test_does_not_run_a_phrase_from_headline_into_excerpt() -> None:
    make_story(title="The prime", excerpt="minister")
    assert found("prime minister")
    assert not found('"prime minister"')


@tried()
@given(text=st.text(max_size=60), prefix=st.booleans(), exclude=st.booleans())
def test_takes_any_text_as_words(text: str, prefix: bool, exclude: bool) -> None:
    words = [Words("ferry"), Words(text, prefix=prefix, exclude=exclude)]
    assert list(Story.objects.filter(with_words(words))) == []
    assert list(Selection().with_half_typed(text).newest(5)) == []


@tried()
@given(text=st.text(st.characters(max_codepoint=0x2FF, exclude_characters="\0"), max_size=40))
def test_finds_every_story_by_its_own_headline(text: str) -> None:
    story = make_story(title=text)
    if any(character.isalpha() for character in text):
        assert story in Story.objects.filter(with_words([Words(text, phrase=True)]))
    Story.objects.filter(pk=story.pk).delete()


def test_finds_words_half_typed() -> None:
    story = make_story(title="Ferry strike in the harbour")
    make_story(make_site("west"), title="Ferry strike in the harbour")

    def found(text: str) -> list[Story]:
        return list(Selection(site_id=story.site_id).with_half_typed(text).newest(5))

    assert found("strike harb") == [story]
    assert found("stri harbour") == []
    assert found("strike ha") == []
    assert found("?! --") == []
    assert found("") == []
    assert found("C++ \0 harb") == []


def test_knows_what_bulk_create_wrote() -> None:
    story = make_story()
    times = {"created_at": NOON, "updated_at": NOON}
    Story.objects.bulk_create(
        Story(site=story.site, title=f"Lighthouse {n}", path_key=f"{n}", **times) for n in range(3)
    )
    assert matching(Story.objects.all(), parse("lighthouse")).count() == 3


def test_knows_what_an_update_changed() -> None:
    story = make_story(title="Ferry", excerpt="Boat")
    Story.objects.filter(pk=story.pk).update(title="Lighthouse", provider_name="Gazette")
    assert not found("ferry")
    assert not found("herald")
    assert found("lighthouse boat gazette")


def test_forgets_what_was_deleted() -> None:
    story = make_story(title="Lighthouse")
    Story.objects.filter(pk=story.pk).delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM articles_story_search")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_is_empty_after_the_tables_were_flushed() -> None:
    make_story(title="Lighthouse")
    call_command("flush", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM articles_story_search")
        assert cursor.fetchone() == (0,)


def test_searches_the_first_twenty_thousand_characters() -> None:
    make_story(title="Ferry", excerpt="word " * 4_000 + "lighthouse")
    assert found("word")
    assert not found("lighthouse")


def test_stands_in_the_order_of_dates() -> None:
    moments = [
        NOON,
        NOON + timedelta(seconds=1),
        None,
        datetime(1969, 7, 20, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(1, 1, 2, tzinfo=UTC),
        NOON,
    ]
    for moment in moments:
        make_story(title="Ferry", published_at=moment)
    moved = make_story(title="Ferry", published_at=NOON)
    Story.objects.filter(pk=moved.pk).update(published_at=NOON - timedelta(days=1))
    assert indexed_order() == list(Story.objects.newest_first().values_list("id", flat=True))


def indexed_order() -> list[int]:
    """The ids in the order of the index itself."""
    sql = (
        "SELECT story_id FROM articles_story_search ORDER BY listed_at DESC, story_id DESC"
        if connection.vendor == "postgresql"
        else "SELECT rowid & 33554431 FROM articles_story_search "
        "WHERE articles_story_search MATCH 'ferry' ORDER BY rowid DESC"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]


def test_keeps_its_triggers_through_all_migrations() -> None:
    """SQLite drops the triggers of a table that a migration makes anew."""
    if connection.vendor == "sqlite":
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = {row[0] for row in cursor.fetchall()}
    assert names >= {
        "articles_story_search_insert",
        "articles_story_search_update",
        "articles_story_search_delete",
        "articles_story_topic_columns",
    }


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the rowid is SQLite's")
def test_refuses_a_story_whose_number_does_not_fit() -> None:
    with pytest.raises((IntegrityError, OperationalError), match="use PostgreSQL"):
        make_story(id=2**25)
