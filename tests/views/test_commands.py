from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Preferences
from tests.factories import make_group, make_provider, make_story, make_topic
from tests.views.conftest import HTMX

pytestmark = pytest.mark.django_db


def options(client: Client, text: str) -> list[dict[str, str]]:
    return list(client.get("/commands/", {"q": text}).json()["options"])


def test_says_that_an_address_is_covered_already(as_reader: Client) -> None:
    lead = make_group(members=6)
    first = options(as_reader, lead.web_url)[0]
    assert first["kind"] == "Already covered: group of 7"
    assert first["url"] == lead.get_absolute_url()


def test_finds_the_single_story_of_an_address(as_reader: Client) -> None:
    story = make_story()
    assert options(as_reader, story.web_url)[0]["kind"] == "Already here"


def test_offers_to_look_further_for_an_address_nobody_has(as_reader: Client) -> None:
    found = options(as_reader, "https://nobody.example/x")
    assert [option["kind"] for option in found] == ["Search", "Compare"]


def test_knows_an_address_whatever_its_tracking_parameters(as_reader: Client) -> None:
    story = make_story(web_url="https://www.herald.example/ferry")
    assert options(as_reader, "http://herald.example/ferry/?utm_source=mail")[0]["url"] == (
        story.get_absolute_url()
    )


def test_offers_to_compare_what_may_be_a_headline(as_reader: Client) -> None:
    kinds = [option["kind"] for option in options(as_reader, "Ferry sinks off the harbour")]
    assert kinds == ["Search", "Compare"]


def test_finds_topics_and_providers_by_a_part_of_their_name(as_reader: Client) -> None:
    topic, provider = make_topic(name="Tidal power"), make_provider("tidewire.example")
    found = options(as_reader, "tid")
    assert {"kind": "Topic", "label": "Tidal power", "url": topic.get_absolute_url()} in found
    assert {"kind": "Provider", "label": str(provider), "url": provider.get_absolute_url()} in found


def test_offers_nothing_before_anything_is_typed(as_reader: Client) -> None:
    assert options(as_reader, " ") == []


def test_remembers_that_the_first_steps_were_seen(as_reader: Client, reader: User) -> None:
    assert 'id="tour"' in as_reader.get("/stories/").content.decode()
    assert as_reader.post("/tour/done/", {"next": "/stories/"}).url == "/stories/"
    assert Preferences.objects.get(user=reader).tour_done
    assert 'id="tour"' not in as_reader.get("/stories/").content.decode()


def test_answers_the_script_without_a_page(as_reader: Client) -> None:
    assert as_reader.post("/tour/done/", headers=HTMX).status_code == 204
