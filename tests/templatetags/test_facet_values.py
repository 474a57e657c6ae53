"""The values of the filters as HTML."""

from __future__ import annotations

from articles.narrowing import Bin, Facet, FacetValue
from articles.pagination import Count
from articles.templatetags._facets import facet_values, histogram

EVIL = '"><script>alert(1)</script>'


def bins(*numbers: int) -> list[Bin]:
    return [
        Bin(f"{n * 10}–{n * 10 + 9}", Count(number, is_exact=True), f"/stories/?q={n}", n > 0)
        for n, number in enumerate(numbers)
    ]


def test_draws_a_bar_for_every_count_that_leads_to_its_span() -> None:
    html = histogram(bins(0, 4, 1), "Stories by quality")
    assert html.count('class="bar') == 3
    assert html.count('class="bar on"') == 2
    assert 'href="/stories/?q=1"' in html
    assert "<title>10–19: 4</title>" in html
    assert 'aria-label="Stories by quality"' in html


def test_keeps_narrow_bars_out_of_the_way_of_the_keyboard() -> None:
    html = histogram(bins(1, 2), "x")
    assert html.count("<a ") == html.count('tabindex="-1"') == 2
    assert "style=" not in html


def test_draws_no_counts_at_all() -> None:
    assert "<svg" in histogram([], "Nothing")
    assert "<svg" in histogram(bins(0), "Nothing")


def test_ticks_what_is_chosen_and_strikes_what_is_left_out() -> None:
    number = Count(1_000, is_exact=False)
    chosen = FacetValue("7", "Ferries", number, selected=True, exclude_url="/stories/?not_topic=7")
    left_out = FacetValue("8", "Trains", number, excluded=True, exclude_url="/stories/")
    html = facet_values(Facet("topic", "Topic", "ticks", True, [chosen, left_out]))
    assert 'name="topic" value="7" checked' in html
    assert "1,000+" in html
    assert 'aria-label="Everything but Ferries"' in html
    assert 'class="facet-value not"' in html
    assert 'aria-label="Take in again Trains"' in html


def test_leads_to_single_values_by_links() -> None:
    value = FacetValue("yes", "with an image", Count(3, is_exact=True), True, url="/stories/")
    html = facet_values(Facet("has_image", "Image", "links", True, [value]))
    assert '<a class="choice" href="/stories/" aria-current="true">' in html
    assert "checkbox" not in html


def test_shows_hostile_names_as_text() -> None:
    value = FacetValue(EVIL, EVIL, Count(1, is_exact=True), url=EVIL, exclude_url=EVIL)
    for shape in ("ticks", "links"):
        assert "<script" not in facet_values(Facet(EVIL, EVIL, shape, True, [value]))
    hostile = [Bin(EVIL, Count(1, is_exact=True), EVIL, included=True)]
    assert "<script" not in histogram(hostile, EVIL)
