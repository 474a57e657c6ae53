"""The panel of suggestions, its two answers, and “already covered?”."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.models import KeptApart, Story, Suggestion
from articles.suggestions import spellings, words_of_address
from tests.factories import key, make_site, make_story

pytestmark = pytest.mark.django_db
YACHT = "Driverless ferry pilot paused after nudge with moored yacht"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def pair(db: None) -> tuple[Story, Story]:
    for n in range(9):
        make_story(title=f"Council votes on homes in part {n}", excerpt="")
    one, other = (make_story(title=YACHT, excerpt="", domain=f"{n}.example") for n in "ab")
    return one, other


def test_shows_reasons_and_two_buttons(as_editor: Client, pair: tuple[Story, Story]) -> None:
    html = as_editor.get(f"/stories/{pair[0].pk}/suggestions/").content.decode()
    assert "wire copy, very likely" in html
    assert "shares" in html
    assert "0 hours apart" in html
    for command in ("accept-1", "refuse-1"):
        assert f'data-command="{command}"' in html


def test_is_a_fragment_for_htmx_and_a_page_otherwise(
    as_reader: Client, pair: tuple[Story, Story]
) -> None:
    path = f"/stories/{pair[0].pk}/suggestions/"
    fragment = as_reader.get(path, headers=HTMX).content.decode()
    assert "<html" not in fragment
    assert "<button" not in fragment
    assert "<html" in as_reader.get(path).content.decode()


def test_accept_links_and_says_what_followed(as_editor: Client, pair: tuple[Story, Story]) -> None:
    one, other = pair
    data = {"other": other.pk, "version": one.version}
    response = as_editor.post(f"/stories/{one.pk}/suggestions/accept/", data, follow=True)
    assert "heat 60 → 80" in response.content.decode()
    assert Story.objects.get(pk=one.pk).related_count == 1


def test_tells_what_linking_would_do_before_it_is_done(
    as_editor: Client, pair: tuple[Story, Story]
) -> None:
    one, other = pair
    link = f"/stories/{one.pk}/follows/link/?story={other.pk}&amp;suggested"
    assert link in as_editor.get(f"/stories/{one.pk}/suggestions/").content.decode()
    html = as_editor.get(link.replace("&amp;", "&")).content.decode()
    assert "heat 60 → 80" in html
    assert "file will be written" in html or "files will be written" in html
    assert not Suggestion.objects.exists()
    assert f'<input type="hidden" name="other" value="{other.pk}">' in html
    assert f'action="/stories/{one.pk}/suggestions/accept/"' in html


def test_refuse_keeps_apart(as_editor: Client, pair: tuple[Story, Story]) -> None:
    one, other = pair
    data = {"other": other.pk, "version": one.version}
    response = as_editor.post(f"/stories/{one.pk}/suggestions/refuse/", data, follow=True)
    assert "is not suggested here again" in response.content.decode()
    assert KeptApart.objects.count() == 1
    assert "accept-1" not in as_editor.get(f"/stories/{one.pk}/suggestions/").content.decode()


def test_answers_with_rows_in_the_list(as_editor: Client, pair: tuple[Story, Story]) -> None:
    one, other = pair
    data = {"other": other.pk, "version": one.version}
    response = as_editor.post(f"/stories/{one.pk}/suggestions/accept/", data, headers=HTMX)
    assert f'id="story-{one.pk}"' in response.content.decode()


def test_says_when_somebody_was_first(as_editor: Client, pair: tuple[Story, Story]) -> None:
    one, other = pair
    data = {"other": other.pk, "version": one.version + 7}
    assert as_editor.post(f"/stories/{one.pk}/suggestions/accept/", data).status_code == 409


@pytest.mark.parametrize("answer", ["accept", "refuse"])
def test_an_answer_needs_two_stories(as_editor: Client, answer: str) -> None:
    path = f"/stories/{make_story().pk}/suggestions/{answer}/"
    assert as_editor.post(path, {"other": "x"}).status_code == 404


def test_a_pasted_address_is_found_in_any_form(
    as_reader: Client, pair: tuple[Story, Story]
) -> None:
    url = pair[0].url.replace("https", "http").replace("www.", "") + "/?utm_source=mail#top"
    html = as_reader.get("/covered/", {"q": url}).content.decode()
    assert "already covered" in html
    assert pair[0].get_absolute_url() in html


def test_where_the_very_address_is_known_comes_first(as_reader: Client) -> None:
    alike = make_story(make_site("anchorage"), title=YACHT)
    known = make_story(make_site("quay"), title="Ferry stops")
    address = f"{known.url}/driverless-ferry-pilot-paused-after-nudge-with-moored-yacht"
    Story.objects.filter(pk=known.pk).update(web_url=address, url_key=key(address))
    html = as_reader.get("/covered/", {"q": address}).content.decode()
    assert html.index(known.get_absolute_url()) < html.index(alike.get_absolute_url())


def test_an_unknown_address_is_looked_up_by_its_words(
    as_reader: Client, pair: tuple[Story, Story]
) -> None:
    url = "https://c.example/2026/driverless-ferry-nudges-moored-yacht-8812345.html"
    html = as_reader.get("/covered/", {"q": url}, headers=HTMX).content.decode()
    assert YACHT in html
    assert "<html" not in html


def test_a_headline_nobody_has_is_not_covered(as_reader: Client, pair: tuple[Story, Story]) -> None:
    assert "Not covered" in as_reader.get("/covered/", {"q": "Zebra"}).content.decode()


def test_addresses_are_read_as_words() -> None:
    url = "https://c.example/news/12345/ferry-returns_home-1234567.html?x=1"
    assert words_of_address(url) == "ferry returns home"
    assert spellings("javascript:x") == {"javascript:x"}


@pytest.mark.parametrize(
    "pasted",
    ["https://[", "https://[::1", "http://a]b/", "https://a:x/", "https://a:" + "9" * 5_000],
)
def test_finds_nothing_at_what_is_hardly_an_address(as_reader: Client, pasted: str) -> None:
    make_site()
    response = as_reader.get("/covered/", {"q": pasted})
    assert response.status_code == 200
