from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import NOON, make_site, make_story, make_topic

pytestmark = pytest.mark.django_db

LIST = "/stories/"


def titles(response: object) -> list[str]:
    page = response.context["page"]  # type: ignore[attr-defined]
    return [row["title"] for row in page.rows]


def test_shows_stories_newest_first(as_reader: Client) -> None:
    old = make_story(published_at=NOON - timedelta(days=1))
    new = make_story(published_at=NOON)
    response = as_reader.get(LIST)
    assert response.status_code == 200
    assert titles(response) == [new.title, old.title]


def test_sends_anonymous_visitors_to_the_login(client: Client) -> None:
    make_story(title="Not for everybody")
    response = client.get(LIST)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


def test_filters_by_what_the_address_says(as_reader: Client) -> None:
    live = make_story(quality=90, topics=["Ferries"])
    make_story(quality=40, topics=["Ferries"])
    topic = make_topic(name="Ferries")
    response = as_reader.get(LIST, {"queue": "published", "topic": topic.pk, "quality_min": 80})
    assert titles(response) == [live.title]
    labels = [chip.label for chip in response.context["chips"]]
    assert labels == ["Quality 80+", "Ferries"]


def test_says_which_filter_it_did_not_understand(as_reader: Client) -> None:
    make_story()
    response = as_reader.get(LIST, {"quality_min": "high"})
    assert response.status_code == 422
    assert titles(response) == []
    assert b"were not understood.</b> Quality from: Enter a number" in response.content


def test_marks_the_part_of_a_search_that_means_nothing(as_reader: Client) -> None:
    response = as_reader.get(LIST, {"q": "ferry quality>high <b>"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "<mark><bdi>quality&gt;high</bdi></mark>" in html
    assert "<b></bdi>" not in html
    assert "These filters were not understood" not in html


def test_explains_the_search_by_examples_that_work(as_reader: Client) -> None:
    examples = as_reader.get(LIST).context["search_examples"]
    assert len(examples) >= 8
    for example in examples:
        assert as_reader.get(LIST + example["url"]).status_code == 200, example


def test_leaves_out_the_topic_that_every_story_has(as_reader: Client) -> None:
    make_story(make_site(topic="Ferries"), topics=["Ferries", "Storms"])
    row = as_reader.get(LIST).context["page"].rows[0]
    assert row["topics"] == ["Storms"]


def test_looks_for_new_stories_without_script_by_a_link(as_reader: Client) -> None:
    make_story()
    html = as_reader.get(f"{LIST}?queue=inbox&choose=all").content.decode()
    assert 'no-js-only" href="/stories/?queue=inbox"' in html


def test_finds_words_and_addresses(as_reader: Client) -> None:
    whale = make_story(title="Whales return to the sound")
    make_story(title="Budget agreed")
    assert titles(as_reader.get(LIST, {"q": "whales"})) == [whale.title]
    assert titles(as_reader.get(LIST, {"q": whale.web_url})) == [whale.title]


def test_pages_through_everything_once(as_reader: Client) -> None:
    for _ in range(120):
        make_story()
    seen: list[str] = []
    address: str | None = LIST
    while address:
        response = as_reader.get(address)
        seen += titles(response)
        following = response.context["page"].next_url
        address = LIST + following if following else None
    assert len(seen) == len(set(seen)) == 120


def test_needs_four_queries_for_its_rows_at_any_length(as_reader: Client) -> None:
    def rows_queries() -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            as_reader.get(LIST)
        return [query["sql"] for query in queries]

    for _ in range(10):
        make_story(topics=["Ferries"], images=["https://images.example/a.jpg"])
    rows_queries()
    few = rows_queries()
    for _ in range(40):
        make_story(topics=["Ferries"], images=["https://images.example/a.jpg"])
    assert len(rows_queries()) == len(few)


def test_loads_no_heavy_column_for_its_rows(as_reader: Client) -> None:
    make_story(excerpt="A long text that no row shows")
    with CaptureQueriesContext(connection) as queries:
        as_reader.get(LIST, {"story": "999999"})
    lists = [
        q["sql"] for q in queries if 'FROM "articles_story"' in q["sql"] and "LIMIT 51" in q["sql"]
    ]
    assert lists
    assert not [sql for sql in lists if re.search(r'"(excerpt|body|featured_content)"', sql)]


def test_offers_no_actions_to_readers(as_reader: Client) -> None:
    make_story()
    content = as_reader.get(LIST).content
    assert b'name="verb"' not in content
    assert b'name="story"' not in content


def test_keeps_sites_apart(as_reader: Client) -> None:
    here = make_story(make_site("harbour"))
    make_story(make_site("valley"))
    assert titles(as_reader.get(LIST, {"site": "harbour"})) == [here.title]


def test_begins_again_when_a_page_is_lost(as_reader: Client) -> None:
    story = make_story()
    response = as_reader.get(LIST, {"page": "after~nonsense~1"})
    assert titles(response) == [story.title]
    assert b"no longer there" in response.content


def test_escapes_what_comes_from_files(as_reader: Client) -> None:
    make_story(title="<script>alert(1)</script>", excerpt="<img src=x onerror=alert(2)>")
    content = as_reader.get(LIST).content.decode()
    assert "<script>alert(1)" not in content
    assert "<img src=x" not in content


def test_counts_queues_and_facets(as_reader: Client) -> None:
    make_story(quality=90, topics=["Ferries"])
    make_story(quality=30, topics=["Ferries"])
    context = as_reader.get(LIST).context
    assert {q.name: q.count.number for q in context["queues"]}["published"] == 1
    topics = next(f for f in context["facets"] if f.name == "topic")
    assert [(v.label, v.count.number) for v in topics.values] == [("Ferries", 2)]


def test_exports_the_list_as_csv(as_reader: Client) -> None:
    make_story(title="=1+1")
    response = as_reader.get("/stories/stories.csv")
    assert response["Content-Disposition"] == 'attachment; filename="stories.csv"'
    assert "'=1+1" in response.content.decode()


def test_knows_no_other_export(as_reader: Client) -> None:
    assert as_reader.get("/stories/stories.pdf").status_code == 404


def test_previews_a_story_as_a_page_and_for_the_list_as_a_part(as_editor: Client) -> None:
    story = make_story()
    address = f"{LIST}{story.pk}/preview/"
    page = as_editor.get(address).content.decode()
    assert "<!doctype html>" in page.lower()
    part = as_editor.get(address, headers={"HX-Request": "true"}).content.decode().strip()
    assert part.startswith('<section class="pane"')
    assert part in page


def test_offers_snooze_claim_and_link_in_a_row_without_script(as_editor: Client) -> None:
    story = make_story(queue=1)
    html = as_editor.get(LIST).content.decode()
    menu = html.partition('<details class="menu row-more">')[2].partition("</details>")[0]
    for verb in ("snooze", "claim", "link"):
        assert f"/stories/{story.pk}/{verb}/" in menu
